"""The Python interface: load a problem, draw it anew, solve it, render it, build an exam from a blueprint."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fullmarks.errors import FullmarksError, OperatorFault, nearest
from fullmarks.problem.model import Instance, Problem

if TYPE_CHECKING:
    from fullmarks.document.blocks import Document
    from fullmarks.exam.build import Exam
    from fullmarks.marking.allocation import MarkedSolution
    from fullmarks.math.expression import Array

DOCUMENTS = ("solution", "question", "scheme")
MOST_PLACES = 12
MOST_VARIANTS = 10_000
MOST_INDEX = 10**9
MOST_WIDTH = 10_000
LARGEST_SEED = 10**60
RENDER_OPTIONS = ("width", "colour")
_SOURCES = "a bank id, a problem file, an operator's name or formulas"


@contextmanager
def _slips_refused() -> Iterator[None]:
    """Turn the slip of an operator's author into the error that everything refused here has."""
    try:
        yield
    except OperatorFault as slip:
        raise FullmarksError(str(slip)) from slip


class Exercise(Struct, frozen=True):
    """A problem that can be solved as printed, or drawn anew."""

    problem: Problem

    @_slips_refused()
    def draw(self, seed: int | str, index: int = 0) -> Instance:
        """Return the problem with new numbers; the same seed and index give the same ones for ever.

        Raises ``FullmarksError`` where its conditions are never met.
        """
        from fullmarks.problem.drawing import draw
        from fullmarks.solution.walk import evaluate_instance

        index = _whole(index, "index", 0, MOST_INDEX)
        return draw(
            self.problem, _seed(seed), index, evaluate=lambda values: evaluate_instance(values, self.problem.where)
        )


class Solution(Struct, frozen=True):
    """A worked problem. ``solution["y2"]`` and ``solution["Z.weights"]`` are arrays, full precision.

    What its operator says in words comes as words: ``solution["argmax"]`` is the label where there are labels.
    """

    marked: "MarkedSolution"

    @_slips_refused()
    def __getitem__(self, name: str) -> "Array | Any":
        """Return a quantity by name: a NumPy array, or the list of marking points of a discussion."""
        from fullmarks.document.tables import headings_of
        from fullmarks.math.expression import Expr
        from fullmarks.math.history import exact_values
        from fullmarks.math.number_arrays import as_floats

        worked = self.marked.solution.worked
        quantities = worked.quantities
        if not isinstance(name, str):
            raise FullmarksError(f"there is no quantity {_found(name)}; expected a name such as 'y'")
        said = worked.in_words(name)
        if said is not None:
            return said
        if name in quantities:
            value = quantities[name]
            headings = headings_of(value)
            if headings is not None:
                from fullmarks.record.json import records

                return records(value, headings)
            if not isinstance(value, Expr):
                return value
            numbers = exact_values(value)
            return numbers if any(isinstance(one, str) for one in numbers.flat) else as_floats(numbers)
        for part in self.marked.parts:
            if part.solved.discussion_operator is not None and part.solved.discussion_operator.name == name:
                return [point.point.words for point in part.points]
        raise FullmarksError(f"there is no quantity {name!r}{nearest(name, quantities)}")

    @_slips_refused()
    def to_dict(self) -> dict[str, Any]:
        """Return what ``--format json`` prints: numbers, steps, marks, accepted ranges and known wrong answers."""
        from fullmarks.record.json import solution_dict

        return solution_dict(self.marked)


@_slips_refused()
def load(what: str | Path) -> Exercise:
    """Load a bank id, a problem file, an operator's name or formulas without givens.

    Raises ``FullmarksError`` for what is none of these, or a file that is wrong.
    """
    from fullmarks.problem.loading import load_problem

    if not isinstance(what, str | Path):
        raise FullmarksError(f"there is nothing to load in {_found(what)}; expected {_SOURCES}")
    return Exercise(load_problem(str(what)))


@_slips_refused()
def solve(
    what: str | Path | Exercise | Instance | Problem, places: int = 3, *, exact: bool = False, **givens: Any
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

    places = _whole(places, "places", 0, MOST_PLACES)
    match what:
        case str() | Path():
            instance = as_printed(load_problem(str(what), givens))
        case Instance():
            if givens:
                raise FullmarksError("a drawn problem has its numbers already: give them to its problem instead")
            instance = what
        case Exercise() | Problem():
            problem = what.problem if isinstance(what, Exercise) else what
            values = {name: checked_value(value, name) for name, value in givens.items()}
            instance = as_printed(with_given_values(problem, values))
        case _:
            raise FullmarksError(
                f"there is nothing to solve in {_found(what)}; expected {_SOURCES}, or what load gives"
            )
    return Solution(mark(solve_instance(instance, places, exact=exact)))


@_slips_refused()
def render(
    solution: Solution,
    format_name: str = "md",
    document: str = "solution",
    *,
    pictures: bool = True,
    **options: Any,
) -> str | bytes:
    """Render a solution, its ``question`` or its marking ``scheme`` as ``md``, ``tex``, ``pdf``, ``html`` or others.

    ``json`` gives the data of the question, or of the solution with all that its scheme has; ``toml`` a problem file
    with these numbers and no answer. Without ``pictures`` none is drawn; ``md`` describes them in words. ``options``
    are the renderer's, such as ``width=100`` for ``terminal``.
    """
    _check_rendering(solution, format_name, options)
    _refuse_unknown(document)
    if format_name == "json":
        return json_text(solution.to_dict() if document != "question" else question_dict(solution))
    if format_name == "toml":
        from fullmarks.record.toml import toml_text

        return toml_text(solution.marked, question_only=document == "question")
    from fullmarks.problem.text_fields import naming_the_field
    from fullmarks.render import render_document

    with naming_the_field(solution.marked.solution.instance.problem):
        return render_document(composed(solution.marked, document, pictures=pictures), format_name, **options)


def _check_rendering(solution: Any, format_name: Any, options: Mapping[str, Any]) -> None:
    if not isinstance(solution, Solution):
        raise FullmarksError(f"there is nothing to render in {_found(solution)}; expected what solve gives")
    if not isinstance(format_name, str):
        raise FullmarksError(f"the format is {_found(format_name)}; expected text such as 'md'")
    for option in options:
        if option not in RENDER_OPTIONS:
            expected = ", ".join(RENDER_OPTIONS)
            raise FullmarksError(
                f"there is no option {option!r}{nearest(option, RENDER_OPTIONS)} (they are {expected})"
            )
    _whole(options.get("width", 1), "width", 1, MOST_WIDTH)


def composed(marked: "MarkedSolution", document: str, *, pictures: bool = True) -> "Document":
    """Return the question, the worked solution or the marking scheme as a document."""
    _refuse_unknown(document)
    match document:
        case "question":
            from fullmarks.document.question import question_document

            return question_document(marked)
        case "solution":
            from fullmarks.document.solution import solution_document

            return solution_document(marked, pictures=pictures)
        case _:
            from fullmarks.document.scheme import scheme_document

            return scheme_document(marked, pictures=pictures)


def _refuse_unknown(document: str) -> None:
    if not isinstance(document, str):
        raise FullmarksError(f"the document is {_found(document)}; expected one of {', '.join(DOCUMENTS)}")
    if document not in DOCUMENTS:
        expected = f"expected one of {', '.join(DOCUMENTS)}{nearest(document, DOCUMENTS)}"
        raise FullmarksError(f"there is no document {_found(document)}, {expected}")


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


@_slips_refused()
def build_exam(
    blueprint: str | Path,
    *,
    variants: int = 1,
    seed: int | str | None = None,
    advance: Callable[[], None] = lambda: None,
) -> "Exam":
    """Build the papers of a blueprint; ``exam.write(folder)`` writes them with their marking schemes.

    Paper number k of a key is the same however many there are; ``advance`` is called after each. Without ``seed`` the
    key is random. A paper that cannot be set is missing: ``exam.failures`` says why. Raises ``FullmarksError`` where
    the blueprint is wrong, or no paper can be set.
    """
    from fullmarks.exam.build import build

    if not isinstance(blueprint, str | Path):
        raise FullmarksError(f"the blueprint is {_found(blueprint)}; expected the name of a file")
    variants = _whole(variants, "variants", 1, MOST_VARIANTS)
    return build(str(blueprint), variants=variants, seed=None if seed is None else _seed(seed), advance=advance)


def _whole(value: Any, name: str, least: int, most: int) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most:
        return int(value)
    raise FullmarksError(f"{name} is {_found(value)}; expected a whole number from {least} to {most:,}")


def _seed(value: Any) -> int | str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral) and not isinstance(value, bool) and abs(int(value)) < LARGEST_SEED:
        return int(value)
    raise FullmarksError(f"seed is {_found(value)}; expected a whole number of at most 60 digits, or text")


def _found(value: Any) -> str:
    """Write an argument for a message, however large it is or whatever its ``repr`` does."""
    from reprlib import Repr

    try:
        return Repr().repr(value)
    except Exception:  # noqa: BLE001 - an object of the caller's, which is refused like any other
        return f"a {type(value).__name__}"
