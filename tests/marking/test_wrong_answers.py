import numpy as np

import fullmarks as fm
from fullmarks.marking.accepted import accepted
from fullmarks.marking.wrong_answers import wrong_answers

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
