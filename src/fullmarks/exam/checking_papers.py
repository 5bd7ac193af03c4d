"""Whether a blueprint may be set: every problem it may ask, and papers whose marks add up to its total."""

from collections.abc import Callable

from msgspec import Struct

from fullmarks.exam.blueprint import Blueprint, QuestionPlan, load_blueprint
from fullmarks.exam.build import FORMATS, build, whole_paper
from fullmarks.exam.checking import Report, check_marking, check_source, source_of
from fullmarks.exam.choosing import Source
from fullmarks.exam.failures import reason_text
from fullmarks.problem.bank import find_problem
from fullmarks.problem.model import Problem

PAPERS = 20  # built and composed, the first one in every format; a blueprint's marks vary only with what it picks


class BlueprintReport(Struct, frozen=True):
    """What was found about a blueprint; without ``faults`` here and in the ``problems`` it may be set."""

    blueprint: Blueprint
    problems: tuple[Report, ...]  # of every question in order; one asked twice is there once
    papers: int
    totals: tuple[int, ...]  # the marks that a paper may have
    faults: tuple[str, ...]


def check_blueprint(what: str, draws: int, advance: Callable[[], None] = lambda: None) -> BlueprintReport:
    """Check every problem that a blueprint may ask with ``draws`` draws, and the papers of some seeds.

    ``advance`` is called after each draw and each paper. Raises ``FullmarksError`` where the blueprint cannot be read.
    """
    blueprint = load_blueprint(what)
    reports = tuple(check_source(source, draws, advance) for source in sources_of(blueprint))
    totals: set[int] = set()
    faults: list[str] = []
    for seed in range(1, PAPERS + 1):
        try:
            (paper,) = build(what, seed=seed).papers
            for question in paper.questions:
                for marked in question.problems:
                    check_marking(marked)
            whole_paper(blueprint, paper, FORMATS if seed == 1 else ())
            totals.add(sum(question.marks for question in paper.questions))
        except MemoryError:
            raise
        except Exception as reason:  # noqa: BLE001 - whatever a paper brings to light would ruin an exam
            faults.append(f"seed {seed}: {reason_text(reason)}")
            break
        advance()
    if len(totals) > 1:
        faults.append(f"the papers have {' or '.join(map(str, sorted(totals)))} marks; give every question its marks")
    return BlueprintReport(blueprint, reports, PAPERS, tuple(sorted(totals)), tuple(faults))


def sources_of(blueprint: Blueprint) -> list[Source]:
    """Return every problem that a blueprint may ask, each once, in the order of its questions."""
    sources: dict[tuple[str, bool], Source] = {}
    for question in blueprint.questions:
        for problem in _problems(question):
            key = (problem.path or problem.id, question.as_printed)
            sources.setdefault(key, source_of(problem, as_printed=question.as_printed))
    return list(sources.values())


def _problems(question: QuestionPlan) -> list[Problem]:
    return [*question.problems, *(find_problem(name) for name in question.pool)]
