"""What ``show`` tells about an operator or a problem, as sections of entries; how they are set is the printer's."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, assert_never

from msgspec import Struct

from fullmarks.math.kernels import KERNELS
from fullmarks.operators import Operator
from fullmarks.operators._arguments import Argument
from fullmarks.operators._binding import bind, floats
from fullmarks.operators._describing import default_in_words, kind_in_words, shared_letters
from fullmarks.operators._operator import Level
from fullmarks.operators._shapes import shape_text
from fullmarks.problem.files import STANDARD_INPUT
from fullmarks.problem.formula_text import condition_text, formula_text
from fullmarks.problem.model import Choice, Decimals, Draw, Given, Integers, Part, Problem, Value
from fullmarks.problem.stream import Stream
from fullmarks.problem.typed import quoted, solve_command, typed_value
from fullmarks.problem.values import shape_of

_MARKED = re.compile(r"``([^`]*)``|\$([^$\\]*)\$")
SAMPLES_TRIED = 6  # of which the shortest is the example
CHANNEL_AXES = 3
LONGEST_VALUE = 60  # characters of a given that are shown


class Entry(Struct, frozen=True):
    """One line of a section: a text, after the ``term`` that it explains where there is one."""

    text: str
    term: str = ""


class Section(Struct, frozen=True):
    """Entries under a heading. ``commands`` are lists of words, each of which may be pasted into a shell."""

    heading: str
    entries: tuple[Entry, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()


class Description(Struct, frozen=True):
    """What a thing is, in a paragraph or several, and its sections."""

    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]


def describe_operator(operator: Operator) -> Description:
    """Describe what an operator takes and gives, with an example, its usual mistakes and its source."""
    arguments = [Entry(_argument_text(argument), argument.name) for argument in operator.arguments]
    if shared_letters(operator.arguments):
        arguments.append(Entry("Equal letters are equal lengths."))
    sections = [
        Section("Takes", tuple(arguments)),
        Section("Gives", tuple(_results(operator))),
        Section("Example", commands=_examples(operator)),
        Section("Usual mistakes", tuple(Entry(_plain(mistake.because)) for mistake in operator.mistakes)),
        Section("Source", (Entry(operator.source),)),
    ]
    return Description(_paragraphs(operator.summary), _filled(sections))


def _argument_text(argument: Argument) -> str:
    default = default_in_words(argument)
    return f"{argument.meaning}: {kind_in_words(argument.kind)}{f' ({default})' if default else ''}"


def example_of(operator: Operator) -> tuple[str, dict[str, Any]]:
    """Return what to solve for an example, and its givens: the shortest of some of the operator's own easy samples.

    It is the operator itself, or formulas that call it where it looks at how a quantity came about.
    """
    return min(_samples(operator, "easy"), key=_length, default=(operator.name, {}))


def _samples(operator: Operator, level: Level) -> list[tuple[str, dict[str, Any]]]:
    streams = [Stream("example", operator.name, place) for place in range(SAMPLES_TRIED)]
    if operator.graph is not None:
        return [operator.graph(level, stream) for stream in streams]
    if operator.sample is not None:
        return [(operator.name, operator.sample(level, stream)) for stream in streams]
    return []


def _length(example: tuple[str, dict[str, Any]]) -> int:
    return len(" ".join(solve_command(*example)))


def _examples(operator: Operator) -> tuple[tuple[str, ...], ...]:
    called, values = example_of(operator)
    if not values:
        return ()
    commands = [tuple(solve_command(called, values))]
    if not _has_channels(values):
        others = [sample for sample in _samples(operator, "hard") if _has_channels(sample[1])]
        commands += [tuple(solve_command(*sample)) for sample in sorted(others, key=_length)[:1]]
    if operator.sample is not None:
        commands.append(("fullmarks", "generate", operator.name))
    return tuple(commands)


def _has_channels(values: Mapping[str, Any]) -> bool:
    return any(len(shape_of(value)) == CHANNEL_AXES for value in values.values())


def _results(operator: Operator) -> Iterator[Entry]:
    if operator.evaluate is None:
        yield Entry("Marking points in words: ask for them with discuss in a problem file, or call it by its name.")
        return
    shapes = _result_shapes(operator)
    main, *others = operator.results
    named = f"Y = {operator.name}(…)"
    here = {name: f" ({shape} in the example)" for name, shape in shapes.items()}
    yield Entry(f"the main result{here.get(main, '')}; {named} names it Y" if others else
                f"One result{here.get(main, '')}; in formulas {named} names it Y.", main if others else "")  # fmt: skip
    for name in others:
        yield Entry(f"reached as Y.{name}{here.get(name, '')}", name)


def _result_shapes(operator: Operator) -> dict[str, str]:
    called, values = example_of(operator)
    if operator.evaluate is None or called != operator.name or not values:
        return {}
    bound = bind(operator.name, operator.arguments, values)
    found = operator.evaluate(**{name: floats(value) for name, value in bound.items()})
    arrays = found if isinstance(found, dict) else {operator.results[0]: found}
    return {name: shape_text(array.shape) for name, array in arrays.items()}


def describe_problem(problem: Problem, called: str) -> Description:
    """Describe a problem's givens, formulas, conditions and parts; ``called`` is how commands name it."""
    marks = [part.marks for part in problem.parts if part.marks is not None]
    facts = [problem.topic, problem.level, f"{sum(marks)} marks" if len(marks) == len(problem.parts) else ""]
    sections = [
        Section("Given", tuple(Entry(_given_text(given), name) for name, given in problem.given.items())),
        Section(
            "Works out",
            tuple(Entry(f"{name} = {formula_text(formula)}") for name, formula in problem.where.items()),
        ),
        Section("Drawn numbers meet", tuple(Entry(condition_text(condition)) for condition in problem.require)),
        Section("Asks", tuple(Entry(_part_text(part), f"{place}.") for place, part in enumerate(problem.parts, 1))),
        Section("Example", commands=_problem_examples(problem, called)),
        Section("Tags", (Entry(", ".join(problem.tags)),) if problem.tags else ()),
        Section("Source", (Entry(problem.source),) if problem.source else ()),
    ]
    return Description((f"{problem.id}: {problem.title} ({', '.join(filter(None, facts))})",), _filled(sections))


def _problem_examples(problem: Problem, called: str) -> tuple[tuple[str, ...], ...]:
    if called == STANDARD_INPUT:
        return ()
    commands = [tuple(solve_command(called, {}))]
    replaced = {name: _as_written(given.value) for name, given in problem.given.items() if _is_array(given.value)}
    for name, value in list(replaced.items())[:1]:
        commands.append(tuple(solve_command(called, {name: value})))
    if any(given.draw is not None for given in problem.given.values()):
        commands.append(("fullmarks", "generate", quoted(called), "--seed", "7", "--solution"))
    if not all(given.stated for given in problem.given.values()):
        commands = commands[-1:]
    return tuple(commands)


def _given_text(given: Given) -> str:
    parts = [_plain(given.label)] if given.label else []
    if given.stated:
        text = typed_value(_as_written(given.value))
        shown = quoted(text) if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
        parts.append(f"{_size_text(given.value)}{shown}")
    if given.draw is not None:
        parts.append(f"drawn: {_draw_text(given.draw)}")
    return "; ".join(parts)


def _size_text(value: Value) -> str:
    if not _is_array(value):
        return ""
    shape = shape_of(value)
    return f"{'vector of ' if len(shape) == 1 else ''}{shape_text(shape)}, "


def _is_array(value: Value) -> bool:
    return shape_of(value) != () and not (isinstance(value, list) and isinstance(value[0], str))


def _as_written(value: Value) -> Value:
    """Return the name of a kernel for its numbers."""
    return next((name for name, rows in KERNELS.items() if isinstance(value, list) and value == rows), value)


def _draw_text(draw: Draw) -> str:
    nonzero = ", not 0" if draw.nonzero else ""
    match draw.source:
        case Integers(low=low, high=high):
            return f"whole numbers from {low} to {high}{nonzero}"
        case Decimals(low=low, high=high, step=step):
            ends = f"{typed_value(Fraction(low))} to {typed_value(Fraction(high))}"
            return f"decimals from {ends} in steps of {typed_value(Fraction(step))}{nonzero}"
        case Choice(values=values):
            return f"one of {', '.join(_option(value) for value in values)}{nonzero}"
        case _:
            assert_never(draw.source)


def _option(value: Value) -> str:
    text = typed_value(_as_written(value))
    return f"({text})" if " " in text else text


def _part_text(part: Part) -> str:
    asked = [f"find {part.find}"] if part.find else []
    asked += [f"discuss {formula_text(part.discuss)}"] if part.discuss is not None else []
    count = len(part.points)
    asked += [f"explain in words ({count} point{'s' if count > 1 else ''})"] if count else []
    return ", ".join(asked) + (f" [{part.marks}]" if part.marks is not None else "")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(_plain(paragraph).split()) for paragraph in text.split("\n\n") if paragraph.strip())


def _plain(text: str) -> str:
    """Take the marks of code and simple formulas from a sentence: ``d_k`` for ``$d_k$``."""
    return _MARKED.sub(r"\1\2", text)


def _filled(sections: list[Section]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.entries or section.commands)
