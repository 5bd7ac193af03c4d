"""The commands there are, and how a wrong call is reported."""

import typer

from fullmarks.cli.exam import exam
from fullmarks.cli.generate import generate
from fullmarks.cli.listing import list_command
from fullmarks.cli.show import show
from fullmarks.cli.solve import solve

app = typer.Typer(
    name="fullmarks",
    help="Solve, generate, set and mark exercises on neural networks.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(solve)
app.command()(generate)
app.command()(exam)
app.command("list")(list_command)
app.command()(show)


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
