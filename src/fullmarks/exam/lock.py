"""The lock file: what an exam is made of, and whether a folder that holds an exam may be continued."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fullmarks.errors import FullmarksError
from fullmarks.exam.blueprint import Blueprint, load_blueprint
from fullmarks.files import held
from fullmarks.problem.bank import bank_files
from fullmarks.problem.files import LARGEST_PROBLEM, read_bytes, read_text
from fullmarks.problem.model import Problem

LOCK = "exam.lock.json"
LOCK_FORMAT = "fullmarks/exam/1"
LARGEST_LOCK = 2_000_000_000  # bytes
_FIELDS = {"version": str, "blueprint": str, "blueprint_hash": str, "problems": dict, "key": str, "variants": int,
           "papers": list}  # fmt: skip
_OUR_PAPER = re.compile(r"paper-[0-9]+[.-]")
ELSEWHERE = "write to another folder with -o"


def lock_head(blueprint: Blueprint, key: str, variants: int) -> dict[str, Any]:
    """Return what a lock file says of an exam before any of its papers is drawn."""
    from fullmarks import __version__

    return {
        "format": LOCK_FORMAT,
        "version": __version__,
        "blueprint": Path(blueprint.path).name,
        "blueprint_hash": blueprint.hash,
        "title": blueprint.title,
        "key": key,
        "variants": variants,
    }


def problem_hashes(problems: Iterable[Problem], blueprint: Blueprint) -> dict[str, str]:
    """Return the hashes of the problems' files, by their ids in the bank or their paths from the blueprint."""
    ids = {str(path): name for name, path in bank_files().items()}
    folder = Path(blueprint.path).parent
    found = {}
    for path in sorted({problem.path for problem in problems}):
        name = ids.get(path) or (str(Path(path).relative_to(folder)) if Path(path).is_relative_to(folder) else path)
        found[name] = hashlib.sha256(read_bytes(Path(path), LARGEST_PROBLEM)).hexdigest()
    return found


def lock_text(record: Mapping[str, Any]) -> str:
    """Return the text of a lock file: the record, and a hash of all of it."""
    return json.dumps({**record, "hash": _hash(record)}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _hash(record: Mapping[str, Any]) -> str:
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_lock(path: Path, hint: str = ELSEWHERE) -> dict[str, Any]:
    """Return the record in a lock file; raises ``FullmarksError`` with a hint for what is none or was changed."""
    try:
        record: dict[str, Any] = json.loads(read_text(path, LARGEST_LOCK))
    except (ValueError, RecursionError):
        record = {}
    known = isinstance(record, dict) and record.get("format") == LOCK_FORMAT
    if not known or not all(isinstance(record.get(name), kind) for name, kind in _FIELDS.items()):
        raise FullmarksError(f"{path}: is not a lock file of this version of fullmarks; {hint}")
    if _hash({name: value for name, value in record.items() if name != "hash"}) != record.get("hash"):
        raise FullmarksError(f"{path}: was changed after it was written: its hash does not fit; {hint}")
    return record


class Continued(NamedTuple):
    """The key and the number of papers to set an exam with; without a key it is random."""

    key: int | str | None
    variants: int
    held: int  # papers that the folder has already


def to_continue(folder: Path, blueprint: str, key: int | str | None, variants: int | None) -> Continued:
    """Return the key and the number of papers of an exam for ``folder``: those asked for, else those of the exam there.

    A write that was killed is finished first. Raises ``FullmarksError`` where the folder holds another exam.
    """
    plan = load_blueprint(blueprint)
    old = None
    if folder.is_dir():
        with held(folder):
            old = _exam_in(folder)
    if old is None:
        return Continued(key, variants or 1, 0)
    key = old["key"] if key is None else key
    variants = variants or old["variants"]
    _refuse_other(f"{folder}: holds an exam", old, lock_head(plan, str(key), variants))
    return Continued(key, variants, old["variants"])


def refuse_other_exam(folder: Path, new: Mapping[str, Any]) -> None:
    """Raise ``FullmarksError`` unless ``new`` continues the exam that a folder, held by the caller, may hold."""
    old = _exam_in(folder)
    if old is not None:
        _refuse_other(f"{folder}: holds an exam", old, new)
        _refuse_other_papers(f"{folder}: holds an exam", old, new)


def _exam_in(folder: Path) -> dict[str, Any] | None:
    path = folder / LOCK
    if path.exists():
        return read_lock(path)
    for kind in ("papers", "schemes"):
        for path in (folder / kind).glob("paper-*"):
            if _OUR_PAPER.match(path.name):
                raise FullmarksError(f"{path}: belongs to an exam whose {LOCK} is missing; {ELSEWHERE}")
    return None


def _refuse_other(holds: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    if old["version"] != new["version"]:
        versions = f"was set by fullmarks {old['version']}; this is {new['version']}, whose pages may differ"
        raise FullmarksError(f"{holds} that {versions}; {ELSEWHERE}")
    if old["blueprint_hash"] != new["blueprint_hash"]:
        same = old["blueprint"] == new["blueprint"]
        why = f"that was set before {old['blueprint']} changed" if same else f"of another blueprint, {old['blueprint']}"
        raise FullmarksError(f"{holds} {why}; {ELSEWHERE}")
    if old["key"] != new["key"]:
        raise FullmarksError(
            f"{holds} with another key; leave out --seed and --key-file to continue it, or {ELSEWHERE}"
        )
    if old["variants"] > new["variants"]:
        raise FullmarksError(
            f"{holds} of {old['variants']} papers, and {new['variants']} are asked for; "
            f"expected --variants {old['variants']} or more, or {ELSEWHERE}"
        )


def _refuse_other_papers(holds: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name, found in old["problems"].items():
        if new["problems"].get(name, found) != found:
            raise FullmarksError(f"{holds} that was set before {name} changed; {ELSEWHERE}")
    papers = {paper["name"]: paper for paper in json.loads(json.dumps(new["papers"]))}
    failed = {paper["name"]: paper["reason"] for paper in new.get("failed", [])}
    for paper in old["papers"]:
        if paper["name"] in failed:
            raise FullmarksError(f"{holds} whose {paper['name']} cannot be written now: {failed[paper['name']]}")
        if papers.get(paper["name"]) != paper:
            raise FullmarksError(f"{holds} whose {paper['name']} would change; {ELSEWHERE}")
