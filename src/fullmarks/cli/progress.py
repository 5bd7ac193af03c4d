"""How far long work has got: a bar on standard error, where that is a terminal, and nothing anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Yield what is to be called after each of ``total`` steps; the bar is gone when the work is done."""
    if total == 1 or sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    from fullmarks.characters import with_escapes

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(with_escapes(label)), total=total)
        yield lambda: bar.advance(task)
