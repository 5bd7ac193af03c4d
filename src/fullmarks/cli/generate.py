"""``fullmarks generate``: new problems in the format of an old one."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.completion import complete_level, complete_source
from fullmarks.cli.solve import DocumentOption, FormatOption, OutputOption, PlacesOption, SeedOption

if TYPE_CHECKING:
    from fullmarks.cli.output import Content
    from fullmarks.exam.choosing import Source
    from fullmarks.problem.model import Instance, Level

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
SolutionOption = Annotated[bool, typer.Option("--solution", help="The same as --document solution.")]


def generate(
    problem: What,
    seed: SeedOption = None,
    count: CountOption = 1,
    level: LevelOption = None,
    solution: SolutionOption = False,
    document: DocumentOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
    places: PlacesOption = 3,
) -> None:
    """Draw new problems like a given one; the same seed gives the same problems for ever.

    Example: fullmarks generate cnn-pipeline --seed 7 --solution
    """
    from itertools import islice

    from fullmarks.api import solve as solved
    from fullmarks.cli.output import chosen_format, refuse_binary_on_terminal, write_output, write_outputs
    from fullmarks.cli.present import chosen_document, presented
    from fullmarks.cli.progress import progress
    from fullmarks.cli.solve import whole_seed
    from fullmarks.errors import FullmarksError
    from fullmarks.exam.choosing import find_source, new_exercises

    chosen = chosen_format(format_name, output)
    if solution and document is not None:
        raise FullmarksError("--solution and --document: expected at most one of them")
    wanted = chosen_document(document, "solution" if solution else "question")
    refuse_binary_on_terminal(chosen, output)
    if count > 1 and output in (None, "-"):
        _refuse_apart(chosen, count)
    key = random_seed() if seed is None else whole_seed(seed)
    source = find_source(problem, checked_level(level))
    items, contents = [], []
    with progress(f"generate {problem}", count) as advance:
        for item in islice(new_exercises(source, key), count):
            items.append(item)
            contents.append(presented(solved(item, places), chosen, wanted, output))
            advance()
    if output is None or output == "-":
        write_output(joined(contents, chosen), output)
    else:
        write_outputs(contents, output, [item.problem.path for item in items])
    typer.echo("\n".join([f"seed {key}", *_commands(problem, source, items)]), err=True)
    if not source.varies:
        typer.echo("no given of it has a draw = { … }, so these are the printed numbers", err=True)


def _commands(what: str, source: "Source", items: "list[Instance]") -> list[str]:
    """Return for every item the command that gives it alone; one item of one problem is that of the seed itself."""
    from fullmarks.cli import harmless
    from fullmarks.problem.typed import quoted

    if len(items) == 1 and not source.is_topic:
        return []
    commands = []
    for place, item in enumerate(items, 1):
        call = f"solve {quoted(item.problem.id if source.is_topic else what)}"
        if source.operator is not None and source.level is not None:  # solve draws its samples of medium level
            call = f"generate {quoted(what)} --level {source.level}"
        commands.append(harmless(f"{place}: fullmarks {call} --seed {item.seed}"))
    return commands


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
