"""The contract of every operator, read from its file alone: a new operator is tested by being there."""

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr, entry
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import latex
from fullmarks.math.notation.speech import speech
from fullmarks.math.notation.terminal import text
from fullmarks.math.notation.typst import typst
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._operator import Operator, marks_of, named_lines, results_of, wrong_result
from fullmarks.operators._vectors import is_column
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.solution.entries import printed_entries
from fullmarks.solution.solve import Solution, solve_instance
from fullmarks.solution.walk import evaluate_operator
from operator_inputs import Draw, every_draw, lengthened, random_draws, read, sample_draws, shared_axes, wrong_values

MOST_ENTRIES = 40  # of one line that are expanded one by one
# an operator that takes quantities of a graph has its own contract in tests/solution/test_gradients.py
NAMES = sorted(name for name in operator_names() if not load_operator(name).takes_quantities)
COMPUTING = [name for name in NAMES if load_operator(name).working is not None]
DISCUSSING = [name for name in NAMES if load_operator(name).discuss is not None]


@cache
def worked(name: str) -> tuple[tuple[Draw, Expr], ...]:
    """Return every draw with its working; a crash names the draw."""
    operator = load_operator(name)
    assert operator.working is not None
    results = []
    for draw in every_draw(name):
        try:
            results.append((draw, operator.working(**draw.bound)))
        except Exception as crash:
            raise AssertionError(f"{draw} is accepted but cannot be worked") from crash
    return tuple(results)


@pytest.mark.parametrize("name", NAMES)
def test_an_operator_says_what_it_is(name: str) -> None:
    operator = load_operator(name)
    assert operator.summary.startswith(f"{name}: "), f"{name}: its module begins with its name and what it computes"
    assert operator.ask.strip(), f"{name}: has no wording for a question"
    assert operator.source.strip(), f"{name}: names no source"
    assert operator.symbol.strip(), f"{name}: has no symbol"
    assert operator.results, f"{name}: gives no result"
    assert len(set(operator.results)) == len(operator.results), f"{name}: has two results of one name"
    assert operator.sample is not None, f"{name}: has no sample, so nothing can be generated from it"
    assert (operator.discuss is None) == (operator.working is not None), f"{name}: computes or discusses, one of them"
    assert (operator.working is None) == (operator.evaluate is None), f"{name}: has one route to its answer, not two"
    for argument in operator.arguments:
        assert argument.meaning.strip(), f"{name}: {argument.name} has no meaning"


@pytest.mark.parametrize("name", NAMES)
def test_the_functions_of_an_operator_take_its_arguments(name: str) -> None:
    operator = load_operator(name)
    names = [argument.name for argument in operator.arguments]
    assert len(set(names)) == len(names), f"{name}: has two arguments of one name"
    functions = (operator.evaluate, operator.working, operator.check, operator.discuss, operator.figure)
    for function in (function for function in functions if function is not None):
        try:
            more = ("lines", "writer") if function is operator.figure else ()
            inspect.signature(function).bind(**dict.fromkeys([*names, *more]))
        except TypeError as problem:
            pytest.fail(f"{name}: {function.__name__} does not take {names}: {problem}")


@pytest.mark.parametrize("name", NAMES)
def test_required_arguments_come_before_optional_ones(name: str) -> None:
    required = [argument.required for argument in load_operator(name).arguments]
    assert required == sorted(required, reverse=True), f"{name}: an optional argument stands before a required one"


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_every_level_are_accepted_and_differ(name: str) -> None:
    draws = sample_draws(name)
    assert len({str(draw.values) for draw in draws}) > 1, f"{name}: every sample is the same"


@pytest.mark.parametrize("name", COMPUTING)
def test_working_and_evaluate_agree(name: str) -> None:
    operator = load_operator(name)
    for draw, result in worked(name):
        evaluated = evaluate_operator(operator, draw.bound)
        found = results_of(operator, result, draw.bound)
        assert set(found) <= set(evaluated), f"{draw}: evaluate gives {set(evaluated)}, working {set(found)}"
        for part, value in found.items():
            assert value.shape == evaluated[part].shape, f"{draw}: {part}: shapes of the two routes differ"
            assert np.allclose(value.value, evaluated[part], rtol=1e-9, atol=1e-12), (
                f"{draw}: {part}: worked {value.value.tolist()}, evaluated {evaluated[part].tolist()}"
            )


@pytest.mark.parametrize("name", COMPUTING)
def test_every_result_is_a_line_of_the_working_of_every_sample(name: str) -> None:
    operator = load_operator(name)
    sampled = len(sample_draws(name))
    for draw, result in worked(name)[:sampled]:
        found = results_of(operator, result, draw.bound)
        optional = {part for part in operator.results if part not in evaluate_operator(operator, draw.bound)}
        assert set(found) == set(operator.results) - optional, f"{draw}: results are missing from the working"


@pytest.mark.parametrize("name", COMPUTING)
def test_every_printed_entry_equals_the_arrays(name: str) -> None:
    for draw, result in worked(name):
        for line in named_lines(result, draw.bound).values():
            for index in _entries(line):
                expanded = float(entry(line.arguments[0], index).number)
                whole = float(line.value[index])
                same = expanded == whole or abs(expanded - whole) <= 1e-9 * max(1, abs(whole))
                assert same, f"{draw}: {line.operation}: entry {index} is {whole}, its expansion {expanded}"


def _entries(line: Expr) -> list[tuple[int, ...]]:
    return list(np.ndindex(line.shape)) if line.size <= MOST_ENTRIES else printed_entries(line)


@pytest.mark.parametrize("name", COMPUTING)
def test_every_result_is_finite(name: str) -> None:
    operator = load_operator(name)
    for draw, result in worked(name):
        for part, value in results_of(operator, result, draw.bound).items():
            assert np.isfinite(value.value).all(), f"{draw}: {part} is {value.value.tolist()}"


@pytest.mark.parametrize("name", COMPUTING)
def test_marks_are_for_method_and_for_accuracy(name: str) -> None:
    for draw, result in worked(name)[: len(sample_draws(name))]:
        codes = {mark.code for line in named_lines(result, draw.bound).values() for mark in marks_of(line)}
        assert codes & {"M", "B"}, f"{draw}: no mark for method"
        assert codes & {"A", "B"}, f"{draw}: no mark for accuracy"


@pytest.mark.parametrize("name", COMPUTING)
def test_every_line_but_the_lecturers_own_has_a_reason(name: str) -> None:
    for draw, result in worked(name)[: len(sample_draws(name))]:
        for line_name, line in named_lines(result, draw.bound).items():
            assert line.operation.reason.strip(), f"{draw}: the line {line_name} has no reason"


MISTAKES = [
    pytest.param(name, place, id=f"{name}-{place}")
    for name in COMPUTING
    for place in range(len(load_operator(name).mistakes))
]


@pytest.mark.parametrize(("name", "place"), MISTAKES)
def test_a_mistake_leads_astray_somewhere(name: str, place: int) -> None:
    operator = load_operator(name)
    wrong = operator.mistakes[place]
    reasons: list[str] = []
    for draw, result in worked(name):
        outcome = _outcome(operator, place, draw, result)
        if outcome == "astray":
            return
        reasons.append(outcome)
    found = {reason: reasons.count(reason) for reason in reasons}
    pytest.fail(f"{name}: the mistake {wrong.because!r} never leads to a wrong answer: {found}")


def _outcome(operator: Operator, place: int, draw: Draw, result: Expr) -> str:
    wrong = operator.mistakes[place]
    try:
        with np.errstate(all="ignore"):
            found = wrong_result(operator, wrong, draw.bound)
            if found is None:
                return "cannot be made"
            if not np.isfinite(found.value).all():
                return "not finite"
            right, astray = (results_of(operator, one, draw.bound) for one in (result, found))
            same = all(_same(right[part], astray[part]) for part in right if part in astray)
    except FullmarksError as refusal:
        return f"refused: {refusal}"
    except Exception as crash:
        raise AssertionError(f"{draw}: the mistake {wrong.because!r} crashes") from crash
    return "the same answer" if same else "astray"


def _same(one: Expr, other: Expr) -> bool:
    return one.shape == other.shape and np.allclose(one.value, other.value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "place"), MISTAKES)
def test_a_mistake_never_crashes(name: str, place: int) -> None:
    for draw, result in worked(name):
        _outcome(load_operator(name), place, draw, result)


@pytest.mark.parametrize("name", COMPUTING)
def test_mistakes_are_told_apart_in_words(name: str) -> None:
    reasons = [wrong.because for wrong in load_operator(name).mistakes]
    assert len(set(reasons)) == len(reasons), f"{name}: two mistakes have the same words"
    for reason in reasons:
        assert re.fullmatch(r"\S.*[^\s.]", reason), f"{name}: {reason!r} is no phrase without a full stop"


ARGUMENTS = [
    pytest.param(name, argument.name, id=f"{name}-{argument.name}")
    for name in NAMES
    for argument in load_operator(name).arguments
]


def _refusal(operator: Operator, values: Mapping[str, Any], what: str) -> str:
    try:
        read(operator, values)
    except FullmarksError as refusal:
        return str(refusal)
    except Exception as crash:
        raise AssertionError(f"{what} is not refused: it crashes") from crash
    pytest.fail(f"{what} is accepted")


def _names(message: str, operator: str, argument: str) -> bool:
    return message.startswith(f"{operator}:") and re.search(rf"(?<!\w){argument}(?!\w)", message) is not None


@pytest.mark.parametrize(("name", "argument_name"), ARGUMENTS)
def test_a_wrong_value_is_refused_by_operator_and_argument(name: str, argument_name: str) -> None:
    operator = load_operator(name)
    argument = next(argument for argument in operator.arguments if argument.name == argument_name)
    draw = sample_draws(name)[0]
    for wrong, value in wrong_values(argument):
        what = f"{name}: {argument_name} with {wrong} ({value!r})"
        message = _refusal(operator, {**draw.values, argument_name: value}, what)
        assert _names(message, name, argument_name), f"{what} is refused with {message!r}"


@pytest.mark.parametrize("name", NAMES)
def test_lengths_that_do_not_agree_are_refused_by_operator_and_argument(name: str) -> None:
    operator = load_operator(name)
    for draw in every_draw(name):
        for argument, axis in shared_axes(operator, draw):
            if any(is_column(np.shape(value)) for key, value in draw.values.items() if key != argument):
                continue  # it is read as a vector where that fits
            tensor = draw.bound[argument]
            longer = lengthened(np.asarray(tensor.value).tolist(), axis)
            what = f"{draw}: {argument} one longer along axis {axis}"
            message = _refusal(operator, {**draw.values, argument: longer}, what)
            assert _names(message, name, argument), f"{what} is refused with {message!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_argument_is_refused_by_name(name: str) -> None:
    operator = load_operator(name)
    for argument in operator.arguments:
        if argument.required:
            values = {key: value for key, value in sample_draws(name)[0].values.items() if key != argument.name}
            message = _refusal(operator, values, f"{name} without {argument.name}")
            assert message.startswith(f"{name}: {argument.name} is missing"), message


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_argument_is_refused_by_name(name: str) -> None:
    values = {**sample_draws(name)[0].values, "no_argument": 1}
    message = _refusal(load_operator(name), values, f"{name} with no_argument")
    assert _names(message, name, "no_argument"), message


@pytest.mark.parametrize("name", NAMES)
def test_samples_and_random_draws_are_solved_and_written_in_every_notation(name: str) -> None:
    level_firsts = sample_draws(name)[:: max(1, len(sample_draws(name)) // 3)]
    for draw in (*level_firsts, *random_draws(name)[:3]):
        try:
            solution = solve_instance(as_printed(problem_from_operator(name, dict(draw.values))))
            nodes = _nodes(solution)
            written = [emit(node) for node in nodes for emit in (latex, typst, text, speech)]
        except Exception as crash:
            raise AssertionError(f"{draw} cannot be solved and written") from crash
        assert all(formula.strip() for formula in written), f"{draw}: a row is written as nothing"
        if solution.parts[0].discussion is None:
            assert solution.parts[0].lines, f"{draw}: no line of working"
            assert solution.parts[0].answer_rows, f"{draw}: no answer"


def _nodes(solution: Solution) -> list[Node]:
    rows = [
        row for part in solution.parts for line in part.lines for row in (*line.rows, *line.checks, *part.answer_rows)
    ]
    return [Row(tuple(side for side in (row.left, row.right) if side is not None)) for row in rows]


@pytest.mark.parametrize("name", COMPUTING)
def test_no_row_prints_a_number_that_is_none(name: str) -> None:
    for draw in sample_draws(name)[::3]:
        solution = solve_instance(as_printed(problem_from_operator(name, dict(draw.values))))
        for node in _nodes(solution):
            assert not re.search(r"\bnan\b|-0(?![\d.])|-0\.0*(?!\d)", latex(node)), f"{draw}: {latex(node)}"


@pytest.mark.parametrize("name", DISCUSSING)
def test_a_discussion_has_points_worth_marks(name: str) -> None:
    operator = load_operator(name)
    assert operator.discuss is not None
    for draw in every_draw(name):
        discussion = operator.discuss(**draw.bound)
        assert discussion.points, f"{draw}: no points"
        count = len(discussion.points)
        assert 1 <= discussion.needed <= count, f"{draw}: {discussion.needed} of {count} points needed"
        words = [point.words for point in discussion.points]
        assert len(set(words)) == len(words), f"{draw}: a point is made twice"
        for point in discussion.points:
            assert point.worth >= 1, f"{draw}: {point.words!r} is worth nothing"
            assert point.words.strip().endswith((".", ")")), f"{draw}: {point.words!r} is no sentence"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_input_gives_the_same_output(name: str) -> None:
    operator = load_operator(name)
    for draw in sample_draws(name)[::4]:
        again = read(operator, draw.values)
        if operator.discuss is not None:
            assert operator.discuss(**draw.bound) == operator.discuss(**again), f"{draw}: discussed in two ways"
        if operator.working is not None:
            first, second = operator.working(**draw.bound), operator.working(**again)
            assert first.value.tobytes() == second.value.tobytes(), f"{draw}: worked to two answers"
