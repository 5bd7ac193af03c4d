"""Print, as JSON, a hash of whatever the bank and the operators' samples give: the same on every computer.

``python tests/same_everywhere/every_output.py [--part K/N] [--texts FILE]`` needs nothing but the package: no test
tools. Each entry is named after its problem and seed, and is made of the terminal's text, the scheme as Markdown and
the JSON. ``--part 3/20`` takes the third of every twenty; ``--texts`` also writes what was hashed.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.bank import bank_ids, blueprint_files

SEEDS = (0, 1)


def every_output() -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield every output's name and what makes it."""
    for problem in bank_ids():
        exercise = fm.load(problem)
        yield f"{problem}/printed", lambda exercise=exercise: written(exercise)
        if any(given.draw is not None for given in exercise.problem.given.values()):
            for seed in SEEDS:
                yield f"{problem}/{seed}", lambda exercise=exercise, seed=seed: written(exercise.draw(seed))
    for name in sorted(operator_names()):
        if load_operator(name).sample is not None:
            for level in LEVELS:
                source = find_source(name, level, topics_too=False)
                yield f"{name}/{level}", lambda source=source: written(new_exercise(source, 0))
    for path in blueprint_files().values():
        yield f"{path.stem}/lock", lambda path=path: fm.build_exam(str(path), variants=2, seed=0).lock_text()


def written(what: Any) -> str:
    """Return what a person and a program read of a solution, or the refusal."""
    try:
        solution = fm.solve(what)
        texts = [fm.render(solution, "terminal"), fm.render(solution, "md", "scheme"), fm.render(solution, "json")]
    except FullmarksError as refusal:
        return f"refused: {refusal}"
    return "\n".join(str(text) for text in texts)


def main() -> None:
    """Print the hashes of the outputs asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--texts", type=Path)
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    texts = {name: make() for place, (name, make) in enumerate(every_output()) if place % parts == part - 1}
    if chosen.texts:
        chosen.texts.write_text(json.dumps(texts, indent=0), encoding="utf-8")
    hashes = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}
    json.dump(hashes, sys.stdout, indent=0)


if __name__ == "__main__":
    main()
