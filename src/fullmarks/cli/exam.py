"""``fullmarks exam``: question papers and marking schemes from a blueprint."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.cli.completion import complete_blueprint, complete_exam_formats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
LONGEST_KEY = 10_000  # characters

Blueprint = Annotated[
    str,
    typer.Argument(
        metavar="BLUEPRINT", help="A blueprint's id in the bank, or its file.", autocompletion=complete_blueprint
    ),
]
SeedOption = Annotated[str | None, typer.Option("--seed", metavar="N", help="For rehearsal; else the key is random.")]
KeyOption = Annotated[
    str | None, typer.Option("--key-file", metavar="F", help="A file that holds the exam's key, or a lock file.")
]
VariantsOption = Annotated[
    int | None,
    typer.Option("--variants", min=1, max=10_000, help="How many different papers; else 1, or as many as there are."),
]
FormatsOption = Annotated[
    str,
    typer.Option("--format", "-f", metavar="F", help="Some of pdf,tex,md,html.", autocompletion=complete_exam_formats),
]
FolderOption = Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="The folder to write to.")]


def exam(
    blueprint: Blueprint,
    seed: SeedOption = None,
    key_file: KeyOption = None,
    variants: VariantsOption = None,
    formats: FormatsOption = "pdf",
    output: FolderOption = "exam",
) -> None:
    """Set an exam: papers, marking schemes and the lock file; or continue the one in the folder.

    Example: fullmarks exam ee6427-part4 --seed 2026 -o out
    """
    from pathlib import Path

    from fullmarks.api import build_exam
    from fullmarks.cli import harmless
    from fullmarks.cli.progress import progress
    from fullmarks.cli.solve import whole_seed
    from fullmarks.errors import FullmarksError, IncompleteError
    from fullmarks.exam.lock import to_continue

    if seed is not None and key_file is not None:
        raise FullmarksError("--seed and --key-file: expected at most one of them")
    if not output.strip():
        raise FullmarksError("-o is empty; expected the name of a folder")
    key: int | str | None = whole_seed(seed) if seed is not None else None
    if key_file is not None:
        key = _key(key_file)
    wanted = _formats(formats)
    key, count, held = to_continue(Path(output), blueprint, key, variants)
    inputs = [key_file] if key_file is not None else []
    try:
        with progress(f"exam {blueprint}", 2 * count) as advance:
            built = build_exam(blueprint, variants=count, seed=key, advance=advance)
            files = built.write(output, wanted, inputs=inputs, advance=advance)
    except IncompleteError as missing:
        _print(missing.made)
        raise
    _print(files)
    if held:
        papers = f"{held} paper{'s' if held > 1 else ''}"
        typer.echo(harmless(f"{output}: continued the exam of {papers} that it held, with the same key"), err=True)


def _print(files: "Iterable[Path]") -> None:
    from fullmarks.characters import with_escapes

    for path in files:
        typer.echo(with_escapes(str(path)))


def _formats(text: str) -> tuple[str, ...]:
    from fullmarks.errors import FullmarksError, nearest
    from fullmarks.exam.build import FORMATS

    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for one in wanted:
        if one not in FORMATS:
            raise FullmarksError(f"--format {one}: expected some of {', '.join(FORMATS)}{nearest(one, FORMATS)}")
    if not wanted:
        raise FullmarksError(f"--format is empty, expected some of {', '.join(FORMATS)}")
    return wanted


def _key(path: str) -> str:
    from pathlib import Path

    from fullmarks.errors import FullmarksError
    from fullmarks.exam.lock import LARGEST_LOCK, read_lock
    from fullmarks.problem.files import read_text

    key = read_text(Path(path), LARGEST_LOCK).strip()
    if key.startswith("{"):  # a lock file, whatever its name
        hint = "expected a file that holds the exam's key, or its lock file as it was written"
        return str(read_lock(Path(path), hint)["key"])
    if not 0 < len(key) <= LONGEST_KEY:
        found = f"holds {len(key):,} characters" if key else "is empty"
        raise FullmarksError(f"--key-file {path}: {found}; expected the exam's key, of at most {LONGEST_KEY:,}")
    return key
