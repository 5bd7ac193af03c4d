"""What ``show`` and ``list`` tell about a blueprint."""

from fullmarks.exam.blueprint import Blueprint, QuestionPlan
from fullmarks.problem.description import Description, Entry, Section
from fullmarks.problem.typed import quoted


def describe_blueprint(blueprint: Blueprint, called: str) -> Description:
    """Describe a blueprint's cover and questions; ``called`` is how commands name it."""
    facts = (blueprint.session, blueprint.date, blueprint.duration, marks_text(blueprint))
    paragraphs = [f"{called}: {blueprint.title}", ", ".join(filter(None, facts))]
    sections = (
        Section("Instructions", tuple(Entry(instruction) for instruction in blueprint.instructions)),
        Section(
            "Questions",
            tuple(Entry(_question_text(plan), f"{place}.") for place, plan in enumerate(blueprint.questions, 1)),
        ),
        Section("Example", commands=(("fullmarks", "exam", quoted(called), "--seed", "2026", "-o", "out"),)),
    )
    return Description(tuple(filter(None, paragraphs)), tuple(one for one in sections if one.entries or one.commands))


def marks_text(blueprint: Blueprint) -> str:
    """Say how many marks a paper has: as the blueprint states them, or the sum of what its questions state."""
    marks = [plan.marks for plan in blueprint.questions]
    total = blueprint.total if blueprint.total is not None else sum(mark or 0 for mark in marks)
    return f"{total} marks" if blueprint.total is not None or None not in marks else ""


def _question_text(plan: QuestionPlan) -> str:
    what = ", ".join(problem.id for problem in plan.problems)
    if plan.pool:
        each = ", another for each paper" if plan.per_paper else ""
        what = f"one of {', '.join(plan.pool)}{each}"
    numbers = " as printed" if plan.as_printed else ""
    return f"{what}{numbers}" + (f" [{plan.marks}]" if plan.marks is not None else "")
