"""The commands there are, and how a wrong call is reported."""

from typing import Any

import typer
from typer.core import TyperCommand

from fullmarks.cli.check import check
from fullmarks.cli.exam import exam
from fullmarks.cli.generate import generate
from fullmarks.cli.listing import list_command
from fullmarks.cli.show import show
from fullmarks.cli.solve import solve
from fullmarks.errors import FullmarksError


class OnceCommand(TyperCommand):
    """A command that refuses an option given twice, since it cannot know which was meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; raises ``FullmarksError`` naming the option that is there twice."""
        if not ctx.resilient_parsing:  # shell completion reads half a line
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            options = [parameter for parameter in order if parameter.param_type_name == "option"]
            for option in options:
                if options.count(option) > 1:
                    raise FullmarksError(f"{option.opts[0]}: is given twice; give it once")
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="fullmarks",
    help="Solve, generate, set and mark exercises on neural networks.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=OnceCommand)(solve)
app.command(cls=OnceCommand)(generate)
app.command(cls=OnceCommand)(exam)
app.command(cls=OnceCommand)(check)
app.command("list", cls=OnceCommand)(list_command)
app.command(cls=OnceCommand)(show)


def _version(wanted: bool) -> None:
    if wanted:
        from fullmarks import __version__

        typer.echo(f"fullmarks {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    del version


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; a wrong call is reported with the usage, status 2."""
    try:
        app(arguments, prog_name="fullmarks")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
