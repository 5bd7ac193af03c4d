"""``fullmarks list``: the problems, operators and exams there are."""

from typing import Annotated

import typer

Kind = Annotated[str, typer.Argument(metavar="[problems|operators|exams]", help="What to list.")]
TopicOption = Annotated[str | None, typer.Option("--topic", metavar="T", help="Only problems of this topic.")]
KINDS = ("problems", "operators", "exams")


def list_command(kind: Kind = "problems", topic: TopicOption = None) -> None:
    """List what there is.

    Example: fullmarks list operators
    """
    from fullmarks.errors import FullmarksError, nearest

    match kind:
        case "problems":
            rows = _problems(topic)
        case "operators":
            rows = _operators()
        case "exams":
            rows = _exams()
        case unknown:
            raise FullmarksError(f"list {unknown}: expected one of {', '.join(KINDS)}{nearest(unknown, KINDS)}")
    width = max((len(name) for name, _ in rows), default=0)
    for name, words in rows:
        typer.echo(f"{name.ljust(width)}  {words}".rstrip())


def _problems(topic: str | None) -> list[tuple[str, str]]:
    from fullmarks.errors import FullmarksError, nearest
    from fullmarks.problem.bank import bank_ids, find_problem, topics

    if topic is not None and topic not in topics():
        raise FullmarksError(f"--topic {topic}: expected one of {', '.join(topics())}{nearest(topic, topics())}")
    problems = [find_problem(name) for name in bank_ids()]
    return [(one.id, f"{one.title} ({one.topic}, {one.level})") for one in problems if topic in (None, one.topic)]


def _operators() -> list[tuple[str, str]]:
    from fullmarks.operators import load_operator, operator_names

    return [(name, load_operator(name).summary.split("\n")[0].partition(": ")[2]) for name in sorted(operator_names())]


def _exams() -> list[tuple[str, str]]:
    import tomllib

    from fullmarks.problem.bank import blueprint_files

    return [(name, tomllib.loads(path.read_text())["title"]) for name, path in blueprint_files().items()]
