"""``fullmarks show``: what a problem, an operator or a blueprint takes and gives, with commands to paste."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.completion import complete_anything

if TYPE_CHECKING:
    from fullmarks.problem.description import Description

Name = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM|OPERATOR|BLUEPRINT",
        help="A bank id, an operator, a problem file or blueprint, or -.",
        autocompletion=complete_anything,
    ),
]


def show(name: Name) -> None:
    """Show what a problem or an operator is, what it takes and gives, and an example.

    Example: fullmarks show conv2d
    """
    from fullmarks.characters import with_escapes
    from fullmarks.cli.columns import set_description, width

    lines = set_description(_described(name), width()).split("\n")
    typer.echo("\n".join(map(with_escapes, lines)))  # a file's name may hold anything


def _described(name: str) -> "Description":
    from fullmarks.cli.check import is_blueprint
    from fullmarks.operators import load_operator, operator_names
    from fullmarks.problem.description import describe_operator, describe_problem
    from fullmarks.problem.loading import load_problem

    if name in operator_names():
        return describe_operator(load_operator(name))
    if is_blueprint(name):
        from fullmarks.exam.blueprint import load_blueprint
        from fullmarks.exam.description import describe_blueprint

        return describe_blueprint(load_blueprint(name), name)
    return describe_problem(load_problem(name), name)
