"""``fullmarks solve``: a problem with every step worked."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.completion import complete_document, complete_format, complete_problem, complete_value

if TYPE_CHECKING:
    from pathlib import Path

Problem = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM",
        help="A bank id, a problem file, -, an operator's name, or formulas.",
        autocompletion=complete_problem,
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=VALUE]...", help='Givens, such as x="4 0; 1 2".', autocompletion=complete_value),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="F",
        help="terminal, md, tex, pdf, html, json or toml.",
        autocompletion=complete_format,
    ),
]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for stdout.")
]
PlacesOption = Annotated[int, typer.Option("--places", min=0, max=12, help="Decimal places of the answers.")]
ExactOption = Annotated[bool, typer.Option("--exact", help="Print exact forms, 1/(1+e^4), beside decimals.")]
SeedOption = Annotated[str | None, typer.Option("--seed", metavar="N", help="Draw new numbers from this seed.")]
DocumentOption = Annotated[
    str | None,
    typer.Option("--document", metavar="D", help="question, solution or scheme.", autocompletion=complete_document),
]


def solve(
    problem: Problem,
    values: Values = None,
    document: DocumentOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
    places: PlacesOption = 3,
    seed: SeedOption = None,
    exact: ExactOption = False,
) -> None:
    """Solve a problem, every step worked.

    Example: fullmarks solve conv2d x="4 0 1; 4 0 2; 0 2 2" kernel=sobel_x stride=2 padding=1
    """
    from fullmarks.api import Exercise
    from fullmarks.api import solve as solved
    from fullmarks.cli.output import chosen_format, refuse_binary_on_terminal, write_output
    from fullmarks.cli.present import chosen_document, presented
    from fullmarks.exam.choosing import find_source, new_exercise
    from fullmarks.problem.assignment import file_named, read_assignments
    from fullmarks.problem.loading import load_problem_with_texts

    chosen = chosen_format(format_name, output)
    wanted = chosen_document(document, "solution")
    refuse_binary_on_terminal(chosen, output)
    texts = read_assignments(values or [])
    if seed is not None and not texts:
        solution = solved(new_exercise(find_source(problem, topics_too=False), whole_seed(seed)), places, exact=exact)
    else:
        exercise = Exercise(load_problem_with_texts(problem, texts))
        solution = solved(exercise if seed is None else exercise.draw(whole_seed(seed)), places, exact=exact)
    read = [file for text in texts.values() if (file := file_named(text)) is not None]
    inputs: list[str | Path] = [solution.marked.solution.instance.problem.path, *read]
    write_output(presented(solution, chosen, wanted, output), output, inputs)


def whole_seed(text: str) -> int:
    """Return a seed; raises ``FullmarksError`` for what is no whole number."""
    import re

    from fullmarks.errors import FullmarksError

    if not re.fullmatch(r"[+-]?[0-9]{1,60}", text):
        raise FullmarksError(f"--seed {text[:80]}: expected a whole number, such as 7 (of at most 60 digits)")
    return int(text)
