"""Building an exam: drawing every paper's numbers, checking totals, and writing papers, schemes and the lock file."""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from msgspec import Struct

from fullmarks.document.paper import CoverText, Question, paper_document, scheme_of_paper
from fullmarks.errors import FullmarksError
from fullmarks.exam.blueprint import Blueprint, QuestionPlan, load_blueprint
from fullmarks.files import files_together
from fullmarks.marking.allocation import mark, natural_or_stated, share
from fullmarks.problem.bank import find_problem
from fullmarks.problem.drawing import as_printed, draw
from fullmarks.problem.model import Instance, Problem
from fullmarks.problem.stream import Stream
from fullmarks.problem.text_fields import naming_the_field
from fullmarks.record.json import solution_dict
from fullmarks.render import document_files
from fullmarks.solution.solve import solve_instance
from fullmarks.solution.walk import evaluate_instance

LOCK_FORMAT = "fullmarks/exam/1"
FORMATS = ("pdf", "tex", "md", "html")


class Paper(Struct, frozen=True):
    """One question paper with its worked questions."""

    name: str  # the stem of its files
    version: str  # printed on the page; empty for the only one
    questions: tuple[Question, ...]


class Exam(Struct, frozen=True):
    """All papers of a blueprint."""

    blueprint: Blueprint
    key: str
    papers: tuple[Paper, ...]

    def write(self, folder: str | Path, formats: tuple[str, ...] = ("pdf",)) -> list[Path]:
        """Write ``papers/``, ``schemes/`` and ``exam.lock.json`` below ``folder``; return the files.

        Everything is rendered before the first file is written. Raises ``FullmarksError`` where that fails.
        """
        files: dict[Path, bytes] = {}
        top = Path(folder)
        for paper in self.papers:
            cover = _cover(self.blueprint, paper)
            for format_name in formats:
                documents = (
                    ("papers", paper_document(cover, paper.questions)),
                    ("schemes", scheme_of_paper(cover, paper.questions)),
                )
                for kind, document in documents:
                    with naming_the_field(self.blueprint, *_problems(paper)):
                        made = document_files(document, format_name, f"{paper.name}.{format_name}")
                    files.update({top / kind / name: data for name, data in made.items()})
        files[top / "exam.lock.json"] = self.lock_text().encode()
        _write_all(files)
        return list(files)

    def lock_text(self) -> str:
        """Return the lock file: every drawn number, answer and mark, the key, the version and a hash of them all."""
        from fullmarks import __version__

        record: dict[str, Any] = {
            "format": LOCK_FORMAT,
            "version": __version__,
            "blueprint": Path(self.blueprint.path).name,
            "title": self.blueprint.title,
            "key": self.key,
            "papers": [_paper_record(paper) for paper in self.papers],
        }
        canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False)
        record["hash"] = hashlib.sha256(canonical.encode()).hexdigest()
        return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _problems(paper: Paper) -> list[Problem]:
    return [marked.solution.instance.problem for question in paper.questions for marked in question.problems]


def _write_all(files: dict[Path, bytes]) -> None:
    with files_together(make_folders=True) as write:
        for path, data in files.items():
            write(path, data)


def _paper_record(paper: Paper) -> dict[str, Any]:
    kept = ("id", "seed", "given", "quantities")
    questions = []
    for question in paper.questions:
        problems = []
        for problem in question.problems:
            solved = solution_dict(problem)
            parts = [{key: part[key] for key in ("find", "discuss", "marks", "answer") if key in part}
                     for part in solved["parts"]]  # fmt: skip
            problems.append({key: solved[key] for key in kept} | {"parts": parts})
        questions.append({"marks": question.marks, "problems": problems})
    return {"name": paper.name, "version": paper.version, "questions": questions}


def build(blueprint: str, *, variants: int = 1, seed: int | str | None = None) -> Exam:
    """Build the papers of a blueprint; every paper's numbers are drawn from (key, paper, question, problem, given).

    Without ``seed`` the key is random. Raises ``FullmarksError`` where the blueprint is wrong or its marks do not
    add up to its total.
    """
    plan = load_blueprint(blueprint)
    key = secrets.token_hex(16) if seed is None else str(seed)
    names = [f"paper-{number:0{len(str(variants))}d}" for number in range(1, variants + 1)]
    papers = tuple(
        Paper(name, str(number) if variants > 1 else "", _questions(plan, key, name))
        for number, name in enumerate(names, 1)
    )
    for paper in papers:
        _check_total(plan, paper)
    return Exam(plan, key, papers)


def _check_total(plan: Blueprint, paper: Paper) -> None:
    found = [question.marks for question in paper.questions]
    if plan.total is not None and sum(found) != plan.total:
        listed = " + ".join(str(marks) for marks in found)
        raise FullmarksError(f"{plan.path}: total is {plan.total}, but the questions add up to {listed} = {sum(found)}")


def _questions(plan: Blueprint, key: str, candidate: str) -> tuple[Question, ...]:
    questions = []
    taken: set[str] = {problem.id for question in plan.questions for problem in question.problems}
    for number, question in enumerate(plan.questions, 1):
        problems = question.problems or (_pick(question, key, candidate, number, taken, plan.path),)
        taken.update(problem.id for problem in problems)
        instances = [
            as_printed(problem) if question.as_printed else _drawn(problem, key, candidate, f"{number}.{place}")
            for place, problem in enumerate(problems, 1)
        ]
        asked = sum(len(instance.problem.parts) for instance in instances)
        if question.marks is not None and question.marks < asked:
            raise FullmarksError(
                f"{plan.path}: question {number}: marks is {question.marks}, which cannot be shared out among its "
                f"{asked} parts; expected at least {asked}"
            )
        questions.append(_marked(question, instances))
    return tuple(questions)


def _pick(question: QuestionPlan, key: str, candidate: str, number: int, taken: set[str], path: str) -> Problem:
    """Pick a problem that no other question of the paper asks; the same one for all papers unless ``per_paper``."""
    free = [name for name in question.pool if name not in taken]
    if not free:
        raise FullmarksError(f"{path}: question {number}: every problem to pick from is asked already")
    stream = Stream(key, candidate if question.per_paper else "", "pick", str(number))
    return find_problem(stream.choice(free))


def _drawn(problem: Problem, key: str, candidate: str, question: str) -> Instance:
    return draw(
        problem,
        key,
        candidate=candidate,
        question=question,
        evaluate=lambda values: evaluate_instance(values, problem.where),
    )


def _marked(question: QuestionPlan, instances: list[Instance]) -> Question:
    solutions = [solve_instance(instance) for instance in instances]
    if question.marks is None:
        return Question(tuple(mark(solution) for solution in solutions))
    own = [sum(natural_or_stated(part) for part in solution.parts) for solution in solutions]
    shares = share(question.marks, own)
    return Question(tuple(mark(solution, marks) for solution, marks in zip(solutions, shares, strict=True)))


def _cover(plan: Blueprint, paper: Paper) -> CoverText:
    return CoverText(plan.title, plan.session, plan.date, plan.duration, plan.instructions, paper.version)
