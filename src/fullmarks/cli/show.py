"""``fullmarks show``: what a problem or an operator takes and gives, its source and its usual mistakes."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fullmarks.operators import Operator
    from fullmarks.problem.model import Problem

Name = Annotated[str, typer.Argument(metavar="PROBLEM|OPERATOR", help="A bank id, a problem file or an operator.")]


def show(name: Name) -> None:
    """Show what a problem or an operator is.

    Example: fullmarks show conv2d
    """
    from fullmarks.operators import load_operator, operator_names
    from fullmarks.problem.loading import load_problem

    if name in operator_names():
        typer.echo("\n".join(_operator_lines(load_operator(name))))
    else:
        typer.echo("\n".join(_problem_lines(load_problem(name))))


def _operator_lines(operator: "Operator") -> list[str]:
    lines = [operator.summary, "", "Takes"]
    for argument in operator.arguments:
        default = "" if argument.required or argument.default is None else f" (default {_text(argument.default)})"
        optional = "" if argument.required else ", optional"
        lines.append(f"  {argument.name}{optional}: {argument.meaning}{default}")
    if not operator.is_discussion:
        lines += ["Gives", f"  {', '.join(operator.results)}"]
    lines += ["Source", f"  {operator.source}"]
    if operator.mistakes:
        lines += ["Usual mistakes", *(f"  {mistake.because}" for mistake in operator.mistakes)]
    return lines


def _text(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(list(default)) if isinstance(default, tuple) else str(default)


def _problem_lines(problem: "Problem") -> list[str]:
    from fullmarks.problem.formula_text import formula_text

    lines = [f"{problem.id}: {problem.title}", f"  {problem.topic}, {problem.level}"]
    if problem.source:
        lines.append(f"  source: {problem.source}")
    lines.append("Given")
    for name, given in problem.given.items():
        drawn = ", drawn anew by generate" if given.draw else ""
        lines.append(f"  {name}{f': {given.label}' if given.label else ''}{drawn}")
    lines.append("Works out")
    lines += [f"  {name} = {formula_text(formula)}" for name, formula in problem.where.items()]
    lines.append("Asks")
    for part in problem.parts:
        asked = [f"find {part.find}"] if part.find else []
        asked += [f"discuss {formula_text(part.discuss)}"] if part.discuss else []
        marks = f" [{part.marks}]" if part.marks is not None else ""
        lines.append(f"  {', '.join(asked)}{marks}")
    return lines
