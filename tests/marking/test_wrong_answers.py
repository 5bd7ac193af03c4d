import re
from collections import Counter
from functools import cache

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.marking import wrong_answers as module
from fullmarks.marking.accepted import accepted
from fullmarks.marking.wrong_answers import wrong_answers
from fullmarks.math.expression import RESULT, Array, Expr, given, let
from fullmarks.math.history import entering
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Mistake, Operator, mistake, named_lines, wrong_result, wrong_results
from fullmarks.problem.bank import bank_ids, find_problem
from fullmarks.solution.walk import work

RNN = "h1 = rnn_cell(x1, h0, W_xh, W_hh); y1 = W_hy @ h1; h2 = rnn_cell(x2, h1, W_xh, W_hh); y2 = W_hy @ h2"
NUMBERS = {
    "x1": [3, 4],
    "x2": [1, 6],
    "h0": [0, 0],
    "W_hh": [[0.1, 0.2], [0.3, 0.4]],
    "W_xh": [[0.5, 0.2], [0.2, 0.1]],
    "W_hy": [[0.1, 0.4]],
}


def wrong_of(solution: fm.Solution, part: int) -> dict[str, tuple[np.ndarray, int]]:
    found = wrong_answers(solution.marked)[part]
    return {"; ".join(one.because): (one.value, one.give) for one in found}


def test_a_forgotten_tanh_is_recognised_in_its_own_part_and_carried_into_the_next() -> None:
    solution = fm.solve(RNN, **NUMBERS)
    own = next(value for reason, value in wrong_of(solution, 0).items() if "activation" in reason)
    np.testing.assert_allclose(own[0], [2.3, 1.0])
    assert own[1] < solution.marked.parts[0].marks
    carried = next(value for reason, value in wrong_of(solution, 1).items() if "activation" in reason)
    np.testing.assert_allclose(carried[0], [0.1 * 2.3 + 0.4 * 1.0])
    assert carried[1] == solution.marked.parts[1].marks


def test_a_mistake_made_at_every_step_is_told_from_one_made_once() -> None:
    solution = fm.solve(RNN.replace("y1 = W_hy @ h1; ", ""), **NUMBERS)
    reasons = " ".join(wrong_of(solution, 2))
    assert "(for {h1})" in reasons
    assert "(for {h1}, {h2})" in reasons


def test_no_wrong_answer_equals_the_right_one_or_another() -> None:
    solution = fm.solve(RNN, **NUMBERS)
    for part, found in zip(solution.marked.parts, wrong_answers(solution.marked), strict=True):
        right = solution[str(part.solved.part.find)]
        rounded = [np.round(one.value, 3) for one in found]
        assert all(value.shape != right.shape or not np.allclose(value, np.round(right, 3)) for value in rounded)
        rows = {(value.tobytes(), one.give, one.carried) for value, one in zip(rounded, found, strict=True)}
        assert len(rows) == len(found)


def test_rounding_on_the_way_is_accepted_and_an_exact_answer_has_no_leeway() -> None:
    solution = fm.solve(RNN, **NUMBERS)
    inner = solution.marked.solution
    reach = accepted(inner.worked.quantities["y2"], inner)
    by_hand = 0.1 * 0.960 + 0.4 * 0.885  # from h2 as a candidate writes it
    assert (reach.low < by_hand).all()
    assert (by_hand < reach.high).all()
    assert (reach.high - reach.low < 0.006).all()
    exact = fm.solve("conv2d", x=[[1, 2], [3, 4]], kernel=[[1, 0], [0, 1]]).marked.solution
    reach = accepted(exact.worked.quantities["conv2d"], exact)
    assert (reach.low == reach.high).all()
    assert reach.low == 5


def test_transposing_the_filter_is_no_mistake_where_it_changes_nothing() -> None:
    symmetric = fm.solve("conv2d", x=[[1, 2, 3], [0, 1, 5], [2, 2, 2]], kernel=[[1, 2], [2, 1]])
    other = fm.solve("conv2d", x=[[1, 2, 3], [0, 1, 5], [2, 2, 2]], kernel=[[1, 3], [2, 1]])
    assert not any("transposed" in reason for reason in wrong_of(symmetric, 0))
    assert any("transposed" in reason for reason in wrong_of(other, 0))


# --- the part in which a mistake is paid for -------------------------------------------------------------------------


def rows(solution: fm.Solution, label: str) -> dict[str, tuple[int, bool]]:
    """Return what is given for each reason in one part, and whether the mistake was paid for before."""
    place = [part.solved.label for part in solution.marked.parts].index(label)
    found = wrong_answers(solution.marked)[place]
    return {re.sub(r" \(for .*", "", reason): (one.give, one.carried) for one in found for reason in one.because}


@cache
def of_the_bank(problem_id: str) -> fm.Solution:
    return fm.solve(fm.load(problem_id))


@pytest.mark.parametrize(
    ("problem_id", "label", "reason", "expected"),
    [
        ("singular-values", "(ii)", "took the largest entry", (1, False)),
        ("singular-values", "(ii)", "gave the smaller singular value", (1, False)),
        ("singular-values", "(iii)", "took the largest entry", (2, True)),
        ("bptt-three-gradients", "(iv)", "took the loss of the last step only", (1, False)),
        ("bptt-three-gradients", "(iii)", "left out the slope of tanh", (2, True)),
        ("pytorch-wrong-linear", "(iii)", "gave the multiplications instead of the parameters", (3, False)),
        ("rnn-two-steps", "(iii)", "left out the hidden state", (4, False)),  # the first one is 0: nothing to leave out
    ],
)
def test_a_mistake_costs_marks_in_the_first_part_where_it_shows(
    problem_id: str, label: str, reason: str, expected: tuple[int, bool]
) -> None:
    assert rows(of_the_bank(problem_id), label)[reason] == expected


SEVERAL_PARTS = [name for name in bank_ids() if sum(part.find is not None for part in find_problem(name).parts) > 1]


@pytest.mark.parametrize("problem_id", SEVERAL_PARTS)
def test_a_wrong_answer_gets_full_marks_only_if_its_mistake_showed_in_an_earlier_part(problem_id: str) -> None:
    solution = of_the_bank(problem_id)
    for place, found in enumerate(wrong_answers(solution.marked)):
        for one in found:
            full = solution.marked.parts[place].marks
            assert (one.give == full) == one.carried
            for reason in one.because if one.carried else ():
                assert any(_shows(solution, before, reason) for before in range(place)), (place, reason)


@pytest.mark.parametrize("problem_id", SEVERAL_PARTS)
def test_a_mistake_costs_marks_in_one_part_at_most(problem_id: str) -> None:
    found = [one for part in wrong_answers(of_the_bank(problem_id).marked) for one in part if not one.carried]
    paid = Counter(reason for one in found for reason in one.because)
    assert [reason for reason, count in paid.items() if count > 1] == []


def _shows(solution: fm.Solution, place: int, reason: str) -> bool:
    """Work a part again from the start with the mistakes that a reason names, and compare it with the right working."""
    part, inner = solution.marked.parts[place], solution.marked.solution
    wrong_steps = _mistakes_named(solution, reason)
    wanted = [part.solved.part.find] if part.solved.part.find else []
    wanted += [line.line.quantity for line in part.lines if line.marks and line.line.quantity]
    try:
        with np.errstate(all="ignore"):
            again = work(inner.instance, wanted=wanted, wrong_steps=wrong_steps)
    except FullmarksError:
        return True
    if part.solved.part.find and not _same(inner.worked.quantities, again.quantities, part.solved.part.find):
        return True
    for line in part.lines:
        step = again.step_of(line.line.quantity)
        if line.marks and step is not None and step.name in wrong_steps:
            other = named_lines(step.result, step.arguments).get(line.line.name)
            if other is None or not _close(line.line.expression, other):
                return True
            if id(other) not in entering(step.result):  # it is left out, and only comes before a line
                return True
    return False


def _mistakes_named(solution: fm.Solution, reason: str) -> dict[str, Mistake]:
    because, _, names = reason.partition(" (for ")
    steps = solution.marked.solution.worked.steps
    named = re.findall(r"{(\w+)}", names) or [step.name for step in steps]
    return {
        step.name: one
        for step in steps
        if step.name in named and step.operator is not None
        for one in step.operator.mistakes
        if one.because == because
    }


def _same(right: dict[str, object], wrong: dict[str, object], name: str) -> bool:
    one, other = right[name], wrong.get(name)
    assert isinstance(one, Expr)
    return isinstance(other, Expr) and _close(one, other)


def _close(one: Expr, other: Expr) -> bool:
    return one.shape == other.shape and np.allclose(one.value, other.value, rtol=1e-5, atol=1e-9)


# --- a working with a mistake in it ----------------------------------------------------------------------------------


def working(x: Expr) -> Expr:
    first = let("a", x * 2, "Double it.")
    second = let("b", first + 1, "Add 1.")
    third = let("c", x * 3, "For comparison, three times as much.", after=(second,))
    return let(RESULT, second * second, "Square it.", after=(third,))


def operator_with(*mistakes: Mistake) -> Operator:
    def evaluate(x: Array) -> dict[str, Array]:
        return {"r": (2 * x + 1) ** 2, "b": 2 * x + 1, "c": 3 * x}

    return Operator(
        arguments=(Argument("x", Tensor("number"), "a number"),),
        ask="Find {result}.",
        source="nowhere",
        results=("r", "b", "c"),
        working=working,
        evaluate=evaluate,
        mistakes=mistakes,
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (mistake("changed the last line", result=lambda b: b + 1), {"r": 12, "b": 11, "c": 15}),
        (mistake("forgot the first line", b=lambda x: x + 1), {"r": 36, "b": 6, "c": 15}),
        (mistake("needs no line", result=lambda x: x * 1), {"r": 5, "b": 11, "c": 15}),
        (mistake("changed a line before another", c=lambda x: x * 4), {"r": 121, "b": 11, "c": 20}),
        (mistake("changed an argument", x=lambda x: x + 1), {"r": 169, "b": 13, "c": 18}),
        (mistake("changed an argument and a line", x=lambda x: x + 1, b=lambda a: a * 1), {"r": 144, "b": 12, "c": 18}),
        (mistake("changed two lines", a=lambda x: x * 5, b=lambda a: a + 2), {"r": 729, "b": 27, "c": 15}),
        (
            mistake("made a line of its own", result=lambda x: let("b", x * 1, "") ** 2),
            {"r": 25, "b": 5, "c": 15},
        ),
    ],
    ids=lambda value: value.because if isinstance(value, Mistake) else "results",
)
def test_a_mistake_keeps_every_result_and_what_it_changes_goes_on(wrong: Mistake, expected: dict[str, float]) -> None:
    arguments = {"x": given("x", 5)}
    results = wrong_results(operator_with(wrong), wrong, arguments)
    assert results is not None
    assert {name: float(value.value) for name, value in results.items()} == expected


def test_lines_that_come_before_a_changed_one_stay_there() -> None:
    wrong = mistake("changed the last line", result=lambda x: x * 1)
    arguments = {"x": given("x", 5)}
    result = wrong_result(operator_with(wrong), wrong, arguments)
    assert result is not None
    assert list(named_lines(result, arguments)) == ["a", "b", "c", RESULT]


def test_wrong_answers_are_worked_out_once_for_scheme_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[object] = []
    search = module._Search  # noqa: SLF001 - what is counted

    def counted(marked: object) -> object:
        searches.append(marked)
        return search(marked)  # type: ignore[arg-type]  # whatever it is called with

    monkeypatch.setattr(module, "_Search", counted)
    solution = fm.solve(fm.load("rnn-two-steps"))
    for _ in range(2):
        fm.render(solution, "md", "scheme")
        solution.to_dict()
    assert len(searches) == 1


def test_a_line_that_only_comes_before_an_exact_answer_gives_it_no_leeway() -> None:
    clipped = fm.solve("clip_gradient", gradient=[5, 12], threshold=6.5).marked  # the listing beside it gives 5/26
    reach = accepted(clipped.solution.worked.quantities["clip_gradient"], clipped.solution)
    assert reach.low.tolist() == reach.high.tolist() == [2.5, 6]
