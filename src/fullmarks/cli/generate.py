"""``fullmarks generate``: new problems in the format of an old one."""

from typing import Annotated

import typer

from fullmarks.cli.solve import FormatOption, OutputOption, PlacesOption, Problem, SeedOption

CountOption = Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many problems.")]
SolutionOption = Annotated[bool, typer.Option("--solution", help="With the worked solution.")]


def generate(
    problem: Problem,
    seed: SeedOption = None,
    count: CountOption = 1,
    solution: SolutionOption = False,
    format_name: FormatOption = None,
    output: OutputOption = None,
    places: PlacesOption = 3,
) -> None:
    """Draw new problems like a given one; the same seed gives the same problems for ever.

    Example: fullmarks generate cnn-pipeline --seed 7 --solution
    """
    from fullmarks.api import load
    from fullmarks.api import solve as solved
    from fullmarks.cli.output import chosen_format, numbered, refuse_binary_on_terminal, write_output
    from fullmarks.cli.present import presented
    from fullmarks.cli.solve import whole_seed
    from fullmarks.errors import FullmarksError

    chosen = chosen_format(format_name, output)
    refuse_binary_on_terminal(chosen, output)
    if count > 1 and output in (None, "-") and chosen not in ("terminal", "md"):
        raise FullmarksError(f"--count {count}: {chosen} holds one problem a file; say -o FILE.{chosen}")
    exercise = load(problem)
    key = random_seed() if seed is None else whole_seed(seed)
    document = "solution" if solution else "question"
    for index in range(count):
        drawn = solved(exercise.draw(key, index), places)
        write_output(presented(drawn, chosen, document, output), numbered(output, index + 1, count))
    typer.echo(f"seed {key}", err=True)


def random_seed() -> int:
    """Return a seed that nobody foresees."""
    import secrets

    return secrets.randbelow(10**6)
