"""What `make bench` prints: speed as ratios to something measured in the same run."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import fullmarks as fm
from fullmarks.exam.checking import source_of, worked_draw
from fullmarks.problem.bank import find_problem

REPEATS = 9
DRAWS = 50
IMPORTS = "import numpy, typer, rich.console"
TYPER = "import typer"
COMMAND = "from fullmarks.cli import main; main({arguments})"


def fastest(*actions: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return the shortest of several runs of each action, in seconds, taking turns so that all meet the same load."""
    best = [float("inf")] * len(actions)
    for _ in range(repeats):
        for place, action in enumerate(actions):
            start = time.perf_counter()
            action()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


def program(code: str) -> Callable[[], object]:
    """Return an action that runs ``code`` in a new interpreter."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own code


def command(*arguments: str) -> Callable[[], object]:
    """Return an action that runs a command in a new interpreter."""
    return program(COMMAND.format(arguments=list(arguments)))


def say(line: str = "") -> None:
    """Print a line of the report."""
    print(line)  # noqa: T201 - this is a report


def starting() -> None:
    """Measure commands against the imports that nobody can do without."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = str(Path(folder) / "solution.pdf")
        imports, typer, solve, to_pdf, usage = fastest(
            program(IMPORTS),
            program(TYPER),
            command("solve", "cnn-pipeline"),
            command("solve", "cnn-pipeline", "-o", pdf),
            command("--help"),
        )
    for name, seconds, base, what, aim in (
        ("solve cnn-pipeline", solve, imports, IMPORTS, 1.3),
        ("solve cnn-pipeline -o FILE.pdf", to_pdf, imports, IMPORTS, 1.6),
        ("--help", usage, typer, TYPER, 1.5),
    ):
        say(f"{name:<32} {seconds / base:5.2f} × `{what}` (aim: at most {aim})")


def drawing() -> None:
    """Measure draws of the CNN problem: their numbers on both routes, and every line of the working laid out."""
    exercise = fm.load("cnn-pipeline")
    source = source_of(find_problem("cnn-pipeline"))
    fm.solve(exercise.draw(0))

    def per_draw(action: Callable[[int], object]) -> float:
        return fastest(lambda: [action(index) for index in range(DRAWS)], repeats=3)[0] / DRAWS

    numbers = per_draw(lambda index: worked_draw(source, 0, index))
    solved = per_draw(lambda index: fm.solve(exercise.draw(0, index)))
    say(f"{'draws with answers, both routes':<32} {1 / numbers:5.0f} a second")
    say(f"{'draws with full solutions':<32} {1 / solved:5.0f} a second (aim: 1000), {solved / numbers:.1f} × answers")


def growing() -> None:
    """Measure how the time to solve grows when an input doubles."""
    numbers = np.random.default_rng(0)

    def whole(*shape: int) -> Any:
        return numbers.integers(-3, 4, size=shape)

    def conv(side: int, channels: int) -> Mapping[str, Any]:
        return {"x": whole(channels, side, side), "kernel": whole(2, channels, 3, 3)}

    def rnn(steps: int) -> Mapping[str, Any]:
        return {"x": whole(steps, 2), "h": whole(2), "W_xh": whole(2, 2) / 10, "W_hh": whole(2, 2) / 10}

    def attention(tokens: int) -> Mapping[str, Any]:
        return {"Q": whole(tokens, 4) / 4, "K": whole(tokens, 4) / 4, "V": whole(tokens, 4)}

    for what, operator, small, large in (
        ("image 32 → 64 pixels a side", "conv2d", conv(32, 2), conv(64, 2)),
        ("channels 4 → 8", "conv2d", conv(16, 4), conv(16, 8)),
        ("steps 8 → 16", "rnn", rnn(8), rnn(16)),
        ("tokens 8 → 16", "attention", attention(8), attention(16)),
    ):
        before, after = fastest(
            lambda operator=operator, values=small: fm.solve(operator, **values),
            lambda operator=operator, values=large: fm.solve(operator, **values),
            repeats=3,
        )
        say(f"{what:<32} {after / before:5.2f} × the time")


if __name__ == "__main__":
    starting()
    say()
    drawing()
    say()
    growing()
