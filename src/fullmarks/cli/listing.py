"""``fullmarks list``: the problems, operators and exams there are."""

from typing import Annotated

import typer

from fullmarks.cli.completion import complete_kind, complete_topic

Kind = Annotated[
    str,
    typer.Argument(
        metavar="[problems|operators|exams]", help="What to list; else an overview.", autocompletion=complete_kind
    ),
]
TopicOption = Annotated[
    str | None,
    typer.Option("--topic", metavar="T", help="Only problems of this topic.", autocompletion=complete_topic),
]
KINDS = ("problems", "operators", "exams")


def list_command(kind: Kind = "", topic: TopicOption = None) -> None:
    """List what there is.

    Example: fullmarks list operators
    """
    from fullmarks.cli.columns import width
    from fullmarks.errors import FullmarksError, nearest

    if topic is not None and kind not in ("", "problems"):
        raise FullmarksError(f"--topic {topic}: goes with problems; expected list problems --topic {topic}")
    columns = width()
    match kind:
        case "problems":
            lines = _problem_lines(topic, columns)
        case "operators":
            lines = _operator_lines(columns)
        case "exams":
            lines = _exam_lines(columns)
        case "":
            lines = _problem_lines(topic, columns) if topic is not None else _overview_lines(columns)
        case unknown:
            raise FullmarksError(f"list {unknown}: expected one of {', '.join(KINDS)}{nearest(unknown, KINDS)}")
    typer.echo("\n".join(lines))


def _overview_lines(columns: int) -> list[str]:
    from fullmarks.cli.columns import wrapped
    from fullmarks.operators import operator_names
    from fullmarks.problem.bank import blueprint_files

    exams = ", ".join(blueprint_files())
    return [
        *_problem_lines(None, columns),
        "",
        f"{len(operator_names())} operators: fullmarks list operators",
        wrapped("Exams: ", exams, columns),
        "",
        wrapped("", "What one is and takes: fullmarks show NAME. Solve it: fullmarks solve NAME.", columns),
    ]


def _problem_lines(topic: str | None, columns: int) -> list[str]:
    from fullmarks.cli.columns import set_rows
    from fullmarks.errors import FullmarksError, nearest
    from fullmarks.problem.bank import topics
    from fullmarks.problem.catalogue import listed_problems

    if topic is not None and topic not in topics():
        raise FullmarksError(f"--topic {topic}: expected one of {', '.join(topics())}{nearest(topic, topics())}")
    problems = listed_problems(topic)
    rows = set_rows(
        [(one.id, one.level, "" if one.marks is None else f"{one.marks:2}", one.title) for one in problems], columns
    )
    lines = [f"{len(problems)} problem{'s' if len(problems) != 1 else ''} (name, level, marks, title)"]
    for heading in dict.fromkeys(one.topic for one in problems):
        lines += ["", heading, *(row for one, row in zip(problems, rows, strict=True) if one.topic == heading)]
    return lines


def _operator_lines(columns: int) -> list[str]:
    from fullmarks.cli.columns import set_rows
    from fullmarks.operators import load_operator, operator_names
    from fullmarks.operators._describing import grouped

    groups = grouped(map(load_operator, sorted(operator_names())))
    lines = [f"{len(operator_names())} operators: fullmarks show NAME has more on each"]
    for heading, members in groups.items():
        rows = set_rows([(one.name, _first_sentence(one.summary)) for one in members], columns)
        lines += ["", heading, *rows]
    return lines


def _first_sentence(summary: str) -> str:
    return summary.split("\n", maxsplit=1)[0].partition(": ")[2].removesuffix(".")


def _exam_lines(columns: int) -> list[str]:
    from fullmarks.cli.columns import set_rows
    from fullmarks.exam.blueprint import load_blueprint
    from fullmarks.exam.description import marks_text
    from fullmarks.problem.bank import blueprint_files

    blueprints = {name: load_blueprint(name) for name in blueprint_files()}
    rows = [(name, one.duration, marks_text(one), one.title) for name, one in blueprints.items()]
    return [f"{len(rows)} exams: fullmarks exam NAME -o DIR", "", *set_rows(rows, columns)]
