"""How far long work has got, told on standard error: a bar where that is a terminal, else lines now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from fullmarks.cli import harmless

SECONDS = 5.0  # between two lines


@contextmanager
def progress(label: str, total: int, *, in_lines: bool = False) -> Iterator[Callable[[], None]]:
    """Yield what is to be called after each of ``total`` steps; the bar is gone when the work is done.

    Without a terminal nothing is told, or with ``in_lines`` a line every few seconds.
    """
    if sys.stderr is None or total == 1:
        yield lambda: None
    elif not sys.stderr.isatty():
        yield _in_lines(harmless(label), total) if in_lines else lambda: None
    else:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(escape(harmless(label)), total=total)
            yield lambda: bar.advance(task)


def _in_lines(label: str, total: int) -> Callable[[], None]:
    done, told = 0, time.monotonic()

    def advance() -> None:
        nonlocal done, told
        done += 1
        if time.monotonic() - told >= SECONDS:
            told = time.monotonic()
            with suppress(OSError, ValueError):  # closed or full: there is nobody left to tell
                print(f"{label}: {done:,} of {total:,}", file=sys.stderr, flush=True)  # noqa: T201 - the command line prints

    return advance
