"""The command line: one command a module; each parses, makes one call and prints."""

import errno
import sys
from collections.abc import Sequence

from fullmarks.errors import FullmarksError

WRONG_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 2 the input or the call is wrong, 1 anything else."""
    from fullmarks.cli.app import run

    try:
        return run(list(sys.argv[1:] if arguments is None else arguments))
    except FullmarksError as problem:
        print(f"fullmarks: {problem}", file=sys.stderr)  # noqa: T201 - the command line prints
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence_standard_output()
        return INTERRUPTED
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        _silence_standard_output()
        print("fullmarks: standard output: no space is left to write to", file=sys.stderr)  # noqa: T201 - the same
        return WRONG_INPUT


def _silence_standard_output() -> None:
    """Point standard output at nothing, so that closing it at exit does not complain of the closed pipe again."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
