"""Where the problems and blueprints that come with the program are, found by their ids."""

from pathlib import Path

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.model import Problem
from fullmarks.problem.reading import read_problem

BLUEPRINTS = "exams"


def bank_folder() -> Path:
    """Return the folder of the problem bank: inside the installed package, else at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    folders = (package / "problem_bank", package.parent.parent / "problem_bank")
    for folder in folders:
        if folder.is_dir():
            return folder
    raise FullmarksError(f"the problem bank is missing; expected the folder {folders[0]}; install fullmarks again")


def bank_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the file of every problem by its id (the file's stem), sorted by topic, then id."""
    top = folder or bank_folder()
    return {path.stem: path for path in sorted(top.glob("*/*.toml")) if path.parent.name != BLUEPRINTS}


def blueprint_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the file of every exam blueprint by its id (the file's stem)."""
    top = folder or bank_folder()
    return {path.stem: path for path in sorted((top / BLUEPRINTS).glob("*.toml"))}


def bank_ids() -> list[str]:
    """Return the ids of the bank's problems, sorted by topic, then id."""
    return list(bank_files())


def topics() -> list[str]:
    """Return the topics of the bank: its folders that hold problems."""
    return list(dict.fromkeys(path.parent.name for path in bank_files().values()))


def find_problem(problem_id: str) -> Problem:
    """Read the bank's problem of that id; an unknown one is refused with the nearest."""
    files = bank_files()
    if problem_id not in files:
        raise FullmarksError(f"there is no problem {problem_id!r} in the bank{nearest(problem_id, files)}")
    return read_problem(files[problem_id])
