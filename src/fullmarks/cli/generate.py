"""``fullmarks generate``: new problems in the format of an old one."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.solve import FormatOption, OutputOption, PlacesOption, SeedOption

if TYPE_CHECKING:
    from fullmarks.problem.model import Level

What = Annotated[
    str, typer.Argument(metavar="PROBLEM|TOPIC|OPERATOR", help="A bank id, a problem file, a topic, or an operator.")
]
LevelOption = Annotated[str | None, typer.Option("--level", metavar="L", help="easy, medium or hard.")]
CountOption = Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many problems.")]
SolutionOption = Annotated[bool, typer.Option("--solution", help="With the worked solution.")]


def generate(
    problem: What,
    seed: SeedOption = None,
    count: CountOption = 1,
    level: LevelOption = None,
    solution: SolutionOption = False,
    format_name: FormatOption = None,
    output: OutputOption = None,
    places: PlacesOption = 3,
) -> None:
    """Draw new problems like a given one; the same seed gives the same problems for ever.

    Example: fullmarks generate cnn-pipeline --seed 7 --solution
    """
    from fullmarks.api import solve as solved
    from fullmarks.cli.output import chosen_format, numbered, refuse_binary_on_terminal, write_output
    from fullmarks.cli.present import presented
    from fullmarks.cli.solve import whole_seed
    from fullmarks.errors import FullmarksError
    from fullmarks.exam.choosing import new_exercise

    chosen = chosen_format(format_name, output)
    refuse_binary_on_terminal(chosen, output)
    if count > 1 and output in (None, "-") and chosen not in ("terminal", "md"):
        raise FullmarksError(f"--count {count}: {chosen} holds one problem a file; say -o FILE.{chosen}")
    key = random_seed() if seed is None else whole_seed(seed)
    document = "solution" if solution else "question"
    for index in range(count):
        drawn = solved(new_exercise(problem, key, index, checked_level(level)), places)
        write_output(presented(drawn, chosen, document, output), numbered(output, index + 1, count))
    typer.echo(f"seed {key}", err=True)


def checked_level(text: str | None) -> "Level | None":
    """Return a level; raises ``FullmarksError`` for what is none."""
    from fullmarks.errors import FullmarksError, nearest
    from fullmarks.exam.choosing import LEVELS

    if text is None:
        return None
    for level in LEVELS:
        if text == level:
            return level
    raise FullmarksError(f"--level {text}: expected one of {', '.join(LEVELS)}{nearest(text, LEVELS)}")


def random_seed() -> int:
    """Return a seed that nobody foresees."""
    import secrets

    return secrets.randbelow(10**6)
