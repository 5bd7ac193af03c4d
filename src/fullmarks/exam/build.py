"""Building an exam: drawing every paper's numbers, checking totals, and writing papers, schemes and the lock file."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from fullmarks.document.paper import CoverText, Question, paper_document, scheme_of_paper
from fullmarks.errors import FullmarksError
from fullmarks.exam.blueprint import Blueprint, QuestionPlan, load_blueprint
from fullmarks.exam.failures import PaperError, blaming, nothing_set, some_missing
from fullmarks.exam.lock import (
    ELSEWHERE,
    LARGEST_LOCK,
    LOCK,
    lock_head,
    lock_text,
    problem_hashes,
    refuse_other_exam,
)
from fullmarks.files import files_together
from fullmarks.marking.allocation import mark, natural_or_stated, share
from fullmarks.problem.bank import bank_files, find_problem
from fullmarks.problem.drawing import as_printed, draw
from fullmarks.problem.files import read_bytes
from fullmarks.problem.model import Instance, Problem
from fullmarks.problem.stream import Stream
from fullmarks.problem.text_fields import naming_the_field
from fullmarks.record.lock import locked_problem
from fullmarks.render import document_files
from fullmarks.solution.solve import Solution, solve_instance
from fullmarks.solution.walk import evaluate_instance

FORMATS = ("pdf", "tex", "md", "html")


class Paper(Struct, frozen=True):
    """One question paper with its worked questions."""

    name: str  # the stem of its files
    version: str  # printed on the page
    questions: tuple[Question, ...]


class Exam(Struct, frozen=True):
    """All papers of a blueprint that can be set, and why the others cannot."""

    blueprint: Blueprint
    key: str
    drawn_from: str  # how a message names the key, which it does not tell
    variants: int
    papers: tuple[Paper, ...]
    failures: tuple[PaperError, ...] = ()

    def write(
        self,
        folder: str | Path,
        formats: tuple[str, ...] = ("pdf",),
        *,
        inputs: Iterable[str | Path] = (),
        advance: Callable[[], None] = lambda: None,
    ) -> list[Path]:
        """Write ``papers/``, ``schemes/`` and ``exam.lock.json`` below ``folder``; return the files.

        Everything is rendered before the first file is written; ``advance`` is called after each paper. ``inputs`` are
        files that must not be overwritten, besides the blueprint and its problems. Raises ``FullmarksError`` where a
        file cannot be written, or the folder holds another exam or a paper that would change; ``IncompleteError`` once
        all papers are written but some, which cannot be set.
        """
        _refuse_no_formats(formats)
        top = _named_folder(folder)
        files: dict[Path, bytes] = {}
        records: list[dict[str, Any]] = []
        failures = list(self.failures)
        for paper in self.papers:
            try:
                rendered, paper_record = whole_paper(self.blueprint, paper, formats)
            except PaperError as failure:
                failures.append(failure)
            else:
                records.append(paper_record)
                files |= {top / name: data for name, data in rendered.items()}
            advance()
        if not records:
            raise nothing_set(failures, self.drawn_from)
        record = self._record(records, failures)
        files[top / LOCK] = lock_text(record).encode()
        with files_together(top, inputs=[*_files_read(self.blueprint), *inputs], make_folders=True) as write:
            refuse_other_exam(top, record)
            for path, data in files.items():
                if path.name != LOCK:
                    _refuse_other_file(path, data)
                write(path, data)
        if failures:
            raise some_missing(failures, len(records), self.drawn_from, list(files))
        return list(files)

    def lock_text(self) -> str:
        """Return the lock file: every drawn number, answer, range, wrong answer and mark, with the key and a hash."""
        return lock_text(self._record([_paper_record(paper) for paper in self.papers], self.failures))

    def _record(self, papers: list[dict[str, Any]], failures: Sequence[PaperError]) -> dict[str, Any]:
        failed = {"failed": [failure.record() for failure in failures]} if failures else {}
        return {
            **lock_head(self.blueprint, self.key, self.variants),
            "problems": problem_hashes(_problems_of(self.papers), self.blueprint),
            "papers": papers,
            **failed,
        }


def _named_folder(folder: Any) -> Path:
    if isinstance(folder, str | Path):
        return Path(folder)
    raise FullmarksError(f"the folder of the exam is {type(folder).__name__}; expected its name")


def _refuse_no_formats(formats: Any) -> None:
    known = ", ".join(FORMATS)
    if not isinstance(formats, tuple | list) or not formats:
        raise FullmarksError(f"formats is {formats!r}; expected a tuple of some of {known}")
    for one in formats:
        if one not in FORMATS:
            raise FullmarksError(f"formats: {one!r}: expected some of {known}")


def _refuse_other_file(path: Path, data: bytes) -> None:
    """Raise ``FullmarksError`` where a paper was changed by hand; what a link leads to is nobody's paper."""
    if path.is_file() and not path.is_symlink() and read_bytes(path, LARGEST_LOCK) != data:
        raise FullmarksError(f"{path}: differs from what would be written now; move it away, or {ELSEWHERE}")


def _files_read(plan: Blueprint) -> list[str]:
    """Return the files of a blueprint and of every problem that it may ask."""
    bank = bank_files()
    fixed = [problem.path for question in plan.questions for problem in question.problems]
    return [plan.path, *fixed, *(str(bank[name]) for question in plan.questions for name in question.pool)]


def _problems_of(papers: Iterable[Paper]) -> Iterator[Problem]:
    for paper in papers:
        for question in paper.questions:
            yield from (marked.solution.instance.problem for marked in question.problems)


def whole_paper(plan: Blueprint, paper: Paper, formats: tuple[str, ...]) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return a paper's and its scheme's files by their names, and its record for the lock file.

    Raises ``PaperError`` naming the problem that cannot be written.
    """
    try:
        return _rendered(plan, paper, formats), _paper_record(paper)
    except MemoryError:
        raise
    except Exception as reason:
        for number, question in enumerate(paper.questions, 1):
            for marked in question.problems:
                alone = replace(paper, questions=(Question((marked,)),))
                with blaming(paper.name, number, marked.solution.instance.problem.id):
                    _rendered(plan, alone, formats)
                    _paper_record(alone)
        raise PaperError(paper.name, 0, "all of it", reason) from reason


def _rendered(plan: Blueprint, paper: Paper, formats: tuple[str, ...]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    cover = _cover(plan, paper)
    documents = {
        "papers": paper_document(cover, paper.questions),
        "schemes": scheme_of_paper(cover, paper.questions),
    }
    for format_name in formats:
        for kind, document in documents.items():
            with naming_the_field(plan, *_problems_of([paper])):
                made = document_files(document, format_name, f"{paper.name}.{format_name}")
            files |= {f"{kind}/{name}": data for name, data in made.items()}
    return files


def _paper_record(paper: Paper) -> dict[str, Any]:
    questions = [
        {"marks": question.marks, "problems": [locked_problem(problem) for problem in question.problems]}
        for question in paper.questions
    ]
    return {"name": paper.name, "version": paper.version, "questions": questions}


def build(
    blueprint: str,
    *,
    variants: int = 1,
    seed: int | str | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Exam:
    """Build the papers of a blueprint; every paper's numbers are drawn from (key, paper, question, problem, given).

    ``advance`` is called after each paper. Without ``seed`` the key is random. Raises ``FullmarksError`` where the
    blueprint is wrong, its marks do not add up to its total, or no paper can be drawn.
    """
    plan = load_blueprint(blueprint)
    key = secrets.token_hex(16) if seed is None else str(seed)
    drawn_from = f"seed {seed}" if isinstance(seed, int) else "the exam's own key"
    papers: list[Paper] = []
    failures: list[PaperError] = []
    for number in range(1, variants + 1):
        name = f"paper-{number}"
        try:
            paper = Paper(name, str(number), _questions(plan, key, name))
        except PaperError as failure:
            failures.append(failure)
        else:
            _check_total(plan, paper)
            papers.append(paper)
        advance()
    if not papers:
        raise nothing_set(failures, drawn_from)
    return Exam(plan, key, drawn_from, variants, tuple(papers), tuple(failures))


def _check_total(plan: Blueprint, paper: Paper) -> None:
    found = [question.marks for question in paper.questions]
    if plan.total is not None and sum(found) != plan.total:
        listed = " + ".join(str(marks) for marks in found) + " = " if len(found) > 1 else ""
        raise FullmarksError(f"{plan.path}: total is {plan.total}, but the questions add up to {listed}{sum(found)}")


def _questions(plan: Blueprint, key: str, candidate: str) -> tuple[Question, ...]:
    questions = []
    taken: set[str] = {problem.id for question in plan.questions for problem in question.problems}
    for number, question in enumerate(plan.questions, 1):
        problems = question.problems or (_pick(question, key, candidate, number, taken, plan.path),)
        taken.update(problem.id for problem in problems)
        asked = sum(len(problem.parts) for problem in problems)
        if question.marks is not None and question.marks < asked:
            raise FullmarksError(
                f"{plan.path}: question {number}: marks is {question.marks}, which cannot be shared out among its "
                f"{asked} parts; expected at least {asked}"
            )
        solutions = []
        for place, problem in enumerate(problems, 1):
            with blaming(candidate, number, problem.id):
                drawn_for = f"{number}.{place}"
                instance = as_printed(problem) if question.as_printed else _drawn(problem, key, candidate, drawn_for)
                solutions.append(solve_instance(instance))
        with blaming(candidate, number, ", ".join(problem.id for problem in problems)):
            questions.append(_marked(question, solutions))
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


def _marked(question: QuestionPlan, solutions: list[Solution]) -> Question:
    if question.marks is None:
        return Question(tuple(mark(solution) for solution in solutions))
    own = [sum(natural_or_stated(part) for part in solution.parts) for solution in solutions]
    shares = share(question.marks, own)
    return Question(tuple(mark(solution, marks) for solution, marks in zip(solutions, shares, strict=True)))


def _cover(plan: Blueprint, paper: Paper) -> CoverText:
    return CoverText(plan.title, plan.session, plan.date, plan.duration, plan.instructions, paper.version)
