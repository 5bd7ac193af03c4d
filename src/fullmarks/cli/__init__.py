"""The command line: one command a module; each parses, makes one call and prints. Here is how each way to fail ends."""

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from fullmarks.characters import with_escapes
from fullmarks.errors import FullmarksError, IncompleteError, OperatorFault

OUR_FAULT = 1
WRONG_INPUT = 2
INTERRUPTED = 130
MOST_LINES = 8  # of a message
LONGEST_LINE = 600  # characters of a message's line: enough for two paths and a list of names
LONGEST_OPTION = 200
SHOW_TRACEBACK = "FULLMARKS_TRACEBACK"  # set it to see where a fault of fullmarks comes from


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 2 the input or the call is wrong, 1 anything else."""
    try:
        _prepare_streams()
        with _ended_like_an_interrupt(), _written_to_the_end():
            return _run(list(sys.argv[1:] if arguments is None else arguments))
    except IncompleteError as problem:
        _complain(str(problem))
        return OUR_FAULT
    except (FullmarksError, OperatorFault) as problem:
        return _refused(str(problem))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence_standard_output()
        return INTERRUPTED
    except MemoryError:
        return _refused("this takes more memory than there is; use smaller arrays")
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO):
            return _our_fault(problem)
        _silence_standard_output()
        reason = "no space is left to write to" if problem.errno == errno.ENOSPC else os.strerror(problem.errno)
        return _refused(f"standard output: {reason}")
    except Exception as fault:  # noqa: BLE001 - whatever else happens is ours, and no reader of it wants a traceback
        return _our_fault(fault)


def _run(arguments: list[str]) -> int:
    for text in arguments:
        if text.startswith("-") and len(text) > LONGEST_OPTION:
            raise FullmarksError(
                f"{text[:20]}…: is no option, and a formula must not begin with a minus here: write 0 - x"
            )
    from fullmarks.cli.app import run

    return run(arguments)


def _refused(message: str) -> int:
    _complain(message)
    return WRONG_INPUT


def _our_fault(fault: Exception) -> int:
    """Say plainly that the program is wrong, not its reader: such as two routes that disagree."""
    if os.environ.get(SHOW_TRACEBACK):
        raise fault
    noted = "".join(f"\n{note}" for note in getattr(fault, "__notes__", ()))
    _complain(
        f"this is a fault of fullmarks, not of your input; nothing was written\n"
        f"{type(fault).__name__}: {fault}{noted}\n"
        f"Please report it together with the call. ({SHOW_TRACEBACK}=1 shows where it happened.)"
    )
    return OUR_FAULT


def _complain(message: str) -> None:
    """Print a message of a few lines to standard error, with nothing in it that a terminal would act upon."""
    lines = message.split("\n")
    shown = [harmless(line) for line in lines[:MOST_LINES]] + (["…"] if len(lines) > MOST_LINES else [])
    if sys.stderr is not None:  # it is, where it was closed before the start; print would turn to standard output then
        with suppress(OSError, ValueError):  # closed or full: there is nobody left to tell
            print("fullmarks: " + "\n".join(shown), file=sys.stderr)  # noqa: T201 - the command line prints


def harmless(line: str) -> str:
    """Return a line with nothing in it that a terminal would act upon, and not too long to be read."""
    return with_escapes(line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "…")


def _prepare_streams() -> None:
    if sys.stdout is None:
        raise FullmarksError("standard output: is closed; expected one that can be written to")
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):  # an ASCII-only stream gets ? for ×, where else there would be no output
            stream.reconfigure(errors=errors)


@contextmanager
def _ended_like_an_interrupt() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that temporary files are removed."""
    if threading.current_thread() is not threading.main_thread():  # elsewhere Python allows no handlers
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _written_to_the_end() -> Iterator[None]:
    """Buffer standard output where PYTHONUNBUFFERED has it unbuffered: such a stream writes a part and says nothing."""
    stream = sys.stdout
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        yield
        return
    buffered = io.BufferedWriter(raw)
    whole = io.TextIOWrapper(buffered, stream.encoding, stream.errors, write_through=True)
    sys.stdout = whole
    try:
        yield
        whole.flush()
    finally:
        sys.stdout = stream
        with suppress(OSError, ValueError):  # full: that has been raised already
            whole.detach()
            buffered.detach()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _silence_standard_output() -> None:
    """Point standard output at nothing, so that closing it at exit does not complain of the closed pipe again."""
    with suppress(OSError, ValueError):  # a stream without a descriptor, as tests have
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
