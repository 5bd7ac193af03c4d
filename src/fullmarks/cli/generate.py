"""``fullmarks generate``: new problems in the format of an old one."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.completion import complete_level, complete_source
from fullmarks.cli.solve import FormatOption, OutputOption, PlacesOption, SeedOption

if TYPE_CHECKING:
    from fullmarks.cli.output import Content
    from fullmarks.problem.model import Level

What = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM|TOPIC|OPERATOR",
        help="A bank id, a problem file, a topic, or an operator.",
        autocompletion=complete_source,
    ),
]
LevelOption = Annotated[
    str | None, typer.Option("--level", metavar="L", help="easy, medium or hard.", autocompletion=complete_level)
]
CountOption = Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many problems.")]
TOGETHER = ("terminal", "md", "json")  # formats in which several problems can stand in one text
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
    from fullmarks.cli.output import (
        chosen_format,
        numbered,
        refuse_binary_on_terminal,
        refuse_input_as_output,
        write_output,
        write_outputs,
    )
    from fullmarks.cli.present import presented
    from fullmarks.cli.progress import progress
    from fullmarks.cli.solve import whole_seed
    from fullmarks.exam.choosing import find_source, new_exercise

    chosen = chosen_format(format_name, output)
    refuse_binary_on_terminal(chosen, output)
    if count > 1 and output in (None, "-"):
        _refuse_apart(chosen, count)
    key = random_seed() if seed is None else whole_seed(seed)
    source = find_source(problem, checked_level(level))
    document = "solution" if solution else "question"
    contents = []
    with progress(f"generate {problem}", count) as advance:
        for index in range(count):
            drawn = solved(new_exercise(source, key, index), places)
            refuse_input_as_output([drawn.marked.solution.instance.problem.path], [numbered(output, index + 1, count)])
            contents.append(presented(drawn, chosen, document, output))
            advance()
    if output is None or output == "-":
        write_output(joined(contents, chosen), output)
    else:
        write_outputs(contents, output)
    typer.echo(f"seed {key}", err=True)
    if not source.varies:
        typer.echo("no given of it has a draw = { … }, so these are the printed numbers", err=True)


def _refuse_apart(format_name: str, count: int) -> None:
    """Raise ``FullmarksError`` where several problems cannot be written one after another."""
    from fullmarks.errors import FullmarksError

    if format_name not in TOGETHER:
        raise FullmarksError(f"--count {count}: {format_name} holds one problem a file; say -o FILE.{format_name}")


def joined(contents: "list[Content]", format_name: str) -> "Content":
    """Return several problems in one text: a list of them in JSON, else one after another."""
    from fullmarks.cli.output import as_bytes

    if len(contents) == 1:
        return contents[0]
    texts = [as_bytes(content).decode() for content in contents]
    if format_name == "json":
        return "[\n" + ",\n".join(text.rstrip("\n") for text in texts) + "\n]\n"
    return "\n".join(texts)


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
