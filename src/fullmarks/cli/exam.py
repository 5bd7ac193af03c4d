"""``fullmarks exam``: question papers and marking schemes from a blueprint."""

from typing import Annotated

import typer

from fullmarks.cli.completion import complete_blueprint, complete_exam_formats

Blueprint = Annotated[
    str,
    typer.Argument(
        metavar="BLUEPRINT", help="A blueprint's id in the bank, or its file.", autocompletion=complete_blueprint
    ),
]
SeedOption = Annotated[str | None, typer.Option("--seed", metavar="N", help="For rehearsal; else the key is random.")]
KeyOption = Annotated[str | None, typer.Option("--key-file", metavar="F", help="A file that holds the exam's key.")]
VariantsOption = Annotated[int, typer.Option("--variants", min=1, max=10_000, help="How many different papers.")]
FormatsOption = Annotated[
    str,
    typer.Option("--format", "-f", metavar="F", help="Some of pdf,tex,md,html.", autocompletion=complete_exam_formats),
]
FolderOption = Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="The folder to write to.")]


def exam(
    blueprint: Blueprint,
    seed: SeedOption = None,
    key_file: KeyOption = None,
    variants: VariantsOption = 1,
    formats: FormatsOption = "pdf",
    output: FolderOption = "exam",
) -> None:
    """Set an exam: papers, marking schemes and the lock file.

    Example: fullmarks exam ee6427-part4 --seed 2026 -o out
    """
    from fullmarks.api import build_exam
    from fullmarks.characters import with_escapes
    from fullmarks.cli.solve import whole_seed
    from fullmarks.errors import FullmarksError

    if seed is not None and key_file is not None:
        raise FullmarksError("--seed and --key-file: expected at most one of them")
    if not output.strip():
        raise FullmarksError("-o is empty; expected the name of a folder")
    key: int | str | None = whole_seed(seed) if seed is not None else None
    if key_file is not None:
        key = _key(key_file)
    wanted = _formats(formats)
    for path in build_exam(blueprint, variants=variants, seed=key).write(output, wanted):
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
    from fullmarks.problem.files import read_text

    key = read_text(Path(path), 10_000).strip()
    if not key:
        raise FullmarksError(f"--key-file {path}: is empty, expected the exam's key")
    return key
