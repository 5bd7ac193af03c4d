"""What `make bench` prints: speed as ratios to something measured in the same run."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

REPEATS = 7
IMPORTS = "import numpy, typer, rich.console"
SOLVE = "from fullmarks.cli import main; main(['solve', 'cnn-pipeline'{output}])"


def fastest(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def program(code: str) -> Callable[[], object]:
    """Return an action that runs ``code`` in a new interpreter."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own code


def main() -> None:
    """Measure and print."""
    import fullmarks as fm

    imports = fastest(program(IMPORTS))
    with tempfile.TemporaryDirectory() as folder:
        to_pdf = SOLVE.format(output=f", '-o', {str(Path(folder) / 'solution.pdf')!r}")
        rows = [
            ("solve cnn-pipeline", fastest(program(SOLVE.format(output="")))),
            ("solve cnn-pipeline to PDF", fastest(program(to_pdf))),
            ("--help", fastest(program("from fullmarks.cli import main; main(['--help'])"))),
        ]
    for name, seconds in rows:
        print(f"{name:<28} {seconds / imports:5.2f} × `{IMPORTS}`")  # noqa: T201 - this is a report
    exercise = fm.load("cnn-pipeline")
    fm.solve(exercise.draw(0))
    evaluated = fastest(lambda: [exercise.draw(0, index) for index in range(20)]) / 20
    solved = fastest(lambda: [fm.solve(exercise.draw(0, index)) for index in range(20)]) / 20
    print(f"{'a draw with its solution':<28} {solved / evaluated:5.2f} × the draw alone ({1 / solved:.0f} a second)")  # noqa: T201


if __name__ == "__main__":
    main()
