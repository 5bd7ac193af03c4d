"""The Python interface: load a problem, draw it anew, solve it, render it, build an exam from a blueprint."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.model import Instance, Problem

if TYPE_CHECKING:
    from fullmarks.exam.build import Exam
    from fullmarks.marking.allocation import MarkedSolution
    from fullmarks.math.expression import Array

DOCUMENTS = ("solution", "question", "scheme")


class Exercise(Struct, frozen=True):
    """A problem that can be solved as printed, or drawn anew."""

    problem: Problem

    def draw(self, seed: int | str, index: int = 0) -> Instance:
        """Return the problem with new numbers; the same seed and index give the same ones for ever.

        Raises ``FullmarksError`` where its conditions are never met.
        """
        from fullmarks.problem.drawing import draw
        from fullmarks.solution.walk import evaluate_instance

        return draw(self.problem, seed, index, evaluate=lambda values: evaluate_instance(values, self.problem.where))


class Solution(Struct, frozen=True):
    """A worked problem. ``solution["y2"]`` and ``solution["Z.weights"]`` are arrays, full precision.

    What its operator says in words comes as words: ``solution["argmax"]`` is the label where there are labels.
    """

    marked: "MarkedSolution"

    def __getitem__(self, name: str) -> "Array | Any":
        """Return a quantity by name: a NumPy array, or the list of marking points of a discussion."""
        from fullmarks.document.tables import headings_of
        from fullmarks.math.expression import Expr
        from fullmarks.math.history import exact_values

        worked = self.marked.solution.worked
        quantities = worked.quantities
        said = worked.in_words(name)
        if said is not None:
            return said
        if name in quantities:
            value = quantities[name]
            headings = headings_of(value)
            if headings is not None:
                from fullmarks.record.json import records

                return records(value, headings)
            return exact_values(value) if isinstance(value, Expr) else value
        for part in self.marked.parts:
            if part.solved.discussion_operator is not None and part.solved.discussion_operator.name == name:
                return [point.point.words for point in part.points]
        raise FullmarksError(f"there is no quantity {name!r}{nearest(name, quantities)}")

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--format json`` prints: numbers, steps, marks, accepted ranges and known wrong answers."""
        from fullmarks.record.json import solution_dict

        return solution_dict(self.marked)


def load(what: str | Path) -> Exercise:
    """Load a bank id, a problem file, an operator's name or formulas without givens.

    Raises ``FullmarksError`` for what is none of these, or a file that is wrong.
    """
    from fullmarks.problem.loading import load_problem

    return Exercise(load_problem(str(what)))


def solve(
    what: str | Exercise | Instance | Problem, places: int = 3, *, exact: bool = False, **givens: Any
) -> Solution:
    """Solve a problem; ``givens`` are its numbers: nested lists, NumPy arrays, words; letters stand for numbers.

    ``exact`` prints exact forms, such as ``1/(1+e^4)``, beside the decimals.

    Raises ``FullmarksError`` for input that does not fit.
    """
    from fullmarks.marking.allocation import mark
    from fullmarks.problem.drawing import as_printed
    from fullmarks.problem.loading import load_problem, with_given_values
    from fullmarks.problem.values import checked_value
    from fullmarks.solution.solve import solve_instance

    match what:
        case str():
            instance = as_printed(load_problem(what, givens))
        case Instance():
            if givens:
                raise FullmarksError("a drawn problem has its numbers already: give them to its problem instead")
            instance = what
        case Exercise() | Problem():
            problem = what.problem if isinstance(what, Exercise) else what
            values = {name: checked_value(value, name) for name, value in givens.items()}
            instance = as_printed(with_given_values(problem, values))
    return Solution(mark(solve_instance(instance, places, exact=exact)))


def render(
    solution: Solution,
    format_name: str = "md",
    document: str = "solution",
    *,
    pictures: bool = True,
    **options: Any,
) -> str | bytes:
    """Render a solution, its ``question`` or its marking ``scheme`` as ``md``, ``tex``, ``pdf``, ``html`` or others.

    ``json`` gives the solution's data, ``toml`` a problem file with these numbers and no answer. Without
    ``pictures`` none is drawn. ``options`` are the renderer's, such as ``width=100`` for ``terminal``.
    """
    if format_name == "json":
        return json_text(solution.to_dict() if document != "question" else question_dict(solution))
    if format_name == "toml":
        from fullmarks.record.toml import toml_text

        return toml_text(solution.marked, question_only=document == "question")
    from fullmarks.render import render_document

    return render_document(composed(solution.marked, document, pictures=pictures), format_name, **options)


def composed(marked: "MarkedSolution", document: str, *, pictures: bool = True) -> Any:
    """Return the question, the worked solution or the marking scheme as a document."""
    match document:
        case "question":
            from fullmarks.document.question import question_document

            return question_document(marked)
        case "solution":
            from fullmarks.document.solution import solution_document

            return solution_document(marked, pictures=pictures)
        case "scheme":
            from fullmarks.document.scheme import scheme_document

            return scheme_document(marked, pictures=pictures)
        case unknown:
            raise FullmarksError(f"there is no document {unknown!r}, expected one of {', '.join(DOCUMENTS)}")


def question_dict(solution: Solution) -> dict[str, Any]:
    """Return the question alone as data: nothing of it tells an answer."""
    from fullmarks.record.json import question_only

    return question_only(solution.marked)


def json_text(data: Mapping[str, Any]) -> str:
    """Write data as JSON for people and programs: an array of numbers stands on one line."""
    return _json(data, "") + "\n"


def _json(value: Any, indent: str) -> str:
    import json

    from fullmarks.characters import json_escaped

    deeper = indent + " "
    if isinstance(value, dict) and value:
        items = [f"{deeper}{json.dumps(key)}: {_json(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict | str) for item in value):
        return "[\n" + ",\n".join(f"{deeper}{_json(item, deeper)}" for item in value) + f"\n{indent}]"
    return json_escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def build_exam(blueprint: str | Path, *, variants: int = 1, seed: int | str | None = None) -> "Exam":
    """Build the papers of a blueprint; ``exam.write(folder)`` writes them with their marking schemes.

    Without ``seed`` the exam's key is random. Raises ``FullmarksError`` where the blueprint is wrong.
    """
    from fullmarks.exam.build import build

    return build(str(blueprint), variants=variants, seed=seed)
