"""Composing the question: setting, givens and parts with their marks, and no answer anywhere."""

import inspect
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from fullmarks.document.blocks import Block, Code, Document, Given, Givens, Inlines, Labelled, Paragraph, Picture, Words
from fullmarks.document.prose import inlines, paragraphs
from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.math import expansions
from fullmarks.math.expression import Expr, entry
from fullmarks.math.notation import Node, Number, Row, Sign, Text
from fullmarks.math.symbols import with_below
from fullmarks.math.writing import planes, times
from fullmarks.operators import Operator
from fullmarks.operators._arguments import Pair, Sizes
from fullmarks.operators._operator import named_lines
from fullmarks.problem import model
from fullmarks.problem.resolving import arguments_of
from fullmarks.problem.shown import hidden_givens, mentioned_names
from fullmarks.problem.syntax import Name, calls_in
from fullmarks.solution.solve import PartSolution, Solution

MOST_SIZES = 3  # C × H × W


class Label(Struct, frozen=True):
    """What a part is called on this paper, and on which level it stands."""

    text: str
    kind: Literal["part", "subpart"]


def question_document(marked: MarkedSolution) -> Document:
    """Return the question alone."""
    problem = marked.solution.instance.problem
    blocks = [*statement(marked.solution), *(question_part(marked.solution, part) for part in marked.parts)]
    return Document(problem.title, tuple(blocks), subtitle=provenance(marked.solution), kind="question")


def provenance(solution: Solution) -> str:
    """Return where the exercise comes from, and the seed of a drawn one."""
    problem, seed = solution.instance.problem, solution.instance.seed
    parts = [f"After {problem.source}" if seed is not None and problem.source else problem.source]
    if seed is not None:
        parts.append(f"seed {seed}")
    return " · ".join(part for part in parts if part)


def statement(solution: Solution) -> list[Block]:
    """Return the setting and the givens."""
    problem = solution.instance.problem
    blocks: list[Block] = [
        Paragraph(inlines(text, lambda name: shown_in_prose(solution, name))) for text in paragraphs(problem.setting)
    ]
    givens = _givens(solution)
    if givens:
        blocks.append(Givens(tuple(givens)))
    return blocks + _listings(solution)


def stated_names(solution: Solution) -> list[str]:
    """Return the quantities whose values the question states: what is given and not hidden, then what is shown."""
    problem = solution.instance.problem
    hidden = hidden_givens(problem) if problem.shown else frozenset[str]()
    return [*(name for name in solution.instance.values if name not in hidden), *problem.shown]


def _listings(solution: Solution) -> list[Block]:
    """Return the givens that are a text of several lines or a list of phrases, each as a listing."""
    problem = solution.instance.problem
    blocks: list[Block] = []
    for name in solution.instance.values:
        text = _listing(solution.worked.quantities[name])
        stated = problem.given.get(name)
        label = stated.label if stated else ""
        if text and (label or not problem.setting):
            blocks += [Paragraph((*inlines(label or name.replace("_", " ")), Words(":"))), Code(text)]
    return blocks


def _listing(value: Any) -> str:
    """Return a given as the lines of a listing, or nothing where it is none."""
    if isinstance(value, list | tuple) and any(" " in str(item) for item in value):
        return "\n".join(str(item) for item in value)
    return value if isinstance(value, str) and "\n" in value else ""


def shown_in_prose(solution: Solution, name: str) -> Node | str:
    """Return how ``{name}`` in prose is shown: a given number as its value, all else as its symbol."""
    value = solution.worked.quantities.get(name)
    problem = solution.instance.problem
    if name in solution.instance.values or name in problem.shown:
        if isinstance(value, Expr):
            return solution.layout.value_node(value) if value.size == 1 else solution.symbols[name]
        return word(value, _wording(solution))
    return solution.symbols.get(name) or (solution.layout.symbol(value) if isinstance(value, Expr) else name)


def _wording(solution: Solution) -> Mapping[str, str]:
    """Return how the words are printed that the problem's operators take."""
    operators = [part.discussion_operator for part in solution.parts if part.discussion_operator is not None]
    operators += [step.operator for step in solution.worked.steps if step.operator is not None]
    return {name: text for operator in operators for name, text in operator.wording.items()}


def word(value: Any, wording: Mapping[str, str] | None = None) -> str:
    """Write a given that is a word or a list of words, as ``wording`` has it or with blanks for underscores."""
    if isinstance(value, list | tuple):
        items = [word(item, wording) for item in value]
        return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return (wording or {}).get(str(value), str(value).replace("_", " "))


def _needs_a_line(stated: model.Given, mentioned: set[str]) -> bool:
    """Tell whether a number must be listed: nobody could say in the setting what is drawn, unless by ``{name}``."""
    unsaid = stated.name not in mentioned and (stated.draw is not None or isinstance(stated.value, list | tuple))
    return bool(stated.symbol) or unsaid


def _givens(solution: Solution) -> list[Given]:
    problem = solution.instance.problem
    mentioned = mentioned_names(problem)
    items = []
    for name in stated_names(solution):
        value = solution.worked.quantities[name]
        stated = problem.given.get(name)
        label = stated.label if stated else problem.shown.get(name, "")
        if not isinstance(value, Expr):
            if not problem.setting and not _listing(value):  # nobody wrote a sentence that says it
                items.append(
                    Given((), Row((Text(name.replace("_", " ")), Sign("="), Text(word(value, _wording(solution))))))
                )
            continue
        if label or (stated and _needs_a_line(stated, mentioned)) or value.size > 1 or not problem.setting:
            first, *others = equations(solution, name, value)
            items += [Given(inlines(label), first), *(Given((), other) for other in others)]
    return items


def equations(solution: Solution, name: str, value: Expr) -> list[Node]:
    """Write ``symbol = value``, an equation for each matrix of an array with more than two axes."""
    symbol = solution.symbols[name]
    size = _size_node(solution, name, value)
    return [
        Row((
            with_below(symbol, _places(plane)) if plane else symbol,
            Sign("="),
            size or solution.layout.value_node(value, plane),
        ))
        for plane in planes(value.shape)
    ]  # fmt: skip


def _size_node(solution: Solution, name: str, value: Expr) -> Node | None:
    """Write a given that an operator takes as a size as C × H × W, or return ``None`` where it is no size."""
    if value.ndim != 1 or value.size > MOST_SIZES:
        return None
    taken_as = (
        argument.kind
        for formula in solution.instance.problem.where.values()
        for call in calls_in(formula)
        for argument, body in arguments_of(call, call.operator)
        if body == Name(name)
    )
    if not any(isinstance(kind, Sizes | Pair) for kind in taken_as):
        return None
    return times(tuple(solution.layout.number(entry(value, (place,))).node for place in range(value.size)))


def _places(plane: tuple[int, ...]) -> Node:
    return Number(",".join(str(position + 1) for position in plane))


def question_part(solution: Solution, part: MarkedPart, *more: Block, label: Label | None = None) -> Block:
    """Return one part's question with its marks, and ``more`` below it; a single part has no label."""
    asked = Paragraph(ask(solution, part.solved), marks=f"[{part.marks}]")
    label = label or Label(part.solved.label, "subpart")
    return Labelled(label.text, (asked, *more), label.kind)


def ask(solution: Solution, part: PartSolution) -> tuple[Any, ...]:
    """Return the wording of a part: the problem's own, or its operators'."""
    if part.part.ask:
        return inlines(part.part.ask, lambda name: shown_in_prose(solution, _meant(name, part)))
    words: list[Any] = []
    if part.part.find:
        words += _operator_ask(solution, part, part.operator, part.part.find)
    if part.discussion_operator is not None:
        if words:
            words.append(Words(" "))
        words += _operator_ask(solution, part, part.discussion_operator, "")
    return tuple(words)


def _meant(name: str, part: PartSolution) -> str:
    """Return the quantity that ``{name}`` in a problem's wording is: ``{result}`` is the one to find."""
    return part.part.find or name if name == "result" and part.answer is not None else name


def point_text(solution: Solution, part: PartSolution, words: str) -> Inlines:
    """Return a point of a part's discussion; in the problem's own words ``{name}`` shows a quantity."""
    if not part.part.points:
        return inlines(words)
    return inlines(" ".join(words.split()), lambda name: shown_in_prose(solution, name))


def _operator_ask(solution: Solution, part: PartSolution, operator: Operator | None, find: str) -> list[Any]:
    name, _, result = find.partition(".")
    symbol = solution.symbols.get(name, name)
    if operator is None or (result and result != operator.results[0]):
        target = symbol
        if result and isinstance(part.answer, Expr):
            target = solution.layout.symbol(part.answer)
        return list(inlines("Find {result}.", lambda _name: target))
    step = solution.worked.step_of(name)
    arguments = step.arguments if step is not None and find else part.discussion_arguments

    def shown(mentioned: str) -> Node | str:
        if mentioned == "result":
            return symbol
        value = arguments.get(mentioned)
        if isinstance(value, Expr):
            return solution.layout.symbol(value)
        return word(value, operator.wording)

    return list(inlines(operator.ask, shown))


def picture(part: PartSolution, solution: Solution) -> list[Block]:
    """Return the picture that the part's operator draws of its arguments and lines, where it draws one.

    Of several parts that find its results, the last one has a picture that shows them (it takes the ``lines``), the
    first one a picture of the arguments alone.
    """
    name = _quantity_found(part)
    step = solution.worked.step_of(name) if name else None
    if step is None or step.operator is None or step.operator.figure is None or solution.letters:
        return []  # a picture is drawn from numbers
    finding = [other.part for other in solution.parts if _quantity_found(other) == name]
    shows_results = "lines" in inspect.signature(step.operator.figure).parameters
    if part.part is not finding[-1 if shows_results else 0]:
        return []
    lines = named_lines(step.result, step.arguments)
    try:
        with expansions.bounded():
            figure = step.operator.figure(**step.arguments, lines=lines, writer=solution.layout)
    except expansions.TooManyTermsError:
        return []  # nobody could read a picture of so many numbers
    return [Picture(figure)] if figure is not None else []


def _quantity_found(part: PartSolution) -> str:
    return (part.part.find or "").partition(".")[0]
