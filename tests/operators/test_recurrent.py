"""Published figures of recurrent cells, and what the order of an LSTM's row blocks means."""

from typing import Any

import numpy as np
import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr
from fullmarks.operators import load_operator
from fullmarks.operators._binding import bind
from fullmarks.operators._operator import check_arguments, named_lines, results_of

WEIGHTS = [[0.1, -0.2, 0.3], [0.4, 0.5, -0.6], [0.7, 0.1, 0.2], [-0.3, 0.2, 0.1]]
WEIGHTS += [[0.2, 0.6, -0.4], [0.5, -0.1, 0.3], [-0.7, 0.4, 0.2], [0.1, 0.3, -0.5]]
STATE = {"x": [2], "h": [0.5, -0.4], "c": [0.3, -0.7]}


def worked(name: str, **values: Any) -> dict[str, Expr]:
    operator = load_operator(name)
    assert operator.working is not None
    arguments = bind(name, operator.arguments, values)
    check_arguments(operator, arguments)
    result = operator.working(**arguments)
    return {**named_lines(result, arguments), **results_of(operator, result, arguments)}


def shown(value: Expr) -> list[float]:
    return [round(float(entry), 3) for entry in value.value]


def test_two_steps_of_a_recurrent_network_give_the_published_states() -> None:
    weights = {"W_xh": [[0.5, 0.2], [0.2, 0.1]], "W_hh": [[0.1, 0.2], [0.3, 0.4]]}
    first = worked("rnn_cell", x=[3, 4], h=[0, 0], **weights)["result"]
    second = worked("rnn_cell", x=[1, 6], h=first, **weights)["result"]
    assert shown(first) == [0.980, 0.762]
    assert shown(second) == [0.960, 0.885]


def test_an_lstm_step_gives_the_published_states() -> None:
    cell = worked("lstm_cell_state", f=[0.832, 0.900], c=[0.1, 0.2], i=[0.3, 0.4], g=[0.5, 0.6])["result"]
    hidden = worked("lstm_hidden_state", o=[0.4, 0.6], c=cell)["result"]
    assert shown(cell) == [0.233, 0.420]
    assert shown(hidden) == [0.092, 0.238]


@pytest.mark.parametrize("order", ["ifgo", "gofi", "fiog"])
def test_moving_row_blocks_with_their_letters_changes_no_state(order: str) -> None:
    blocks = dict(zip("ifog", np.array(WEIGHTS).reshape(4, 2, 3), strict=True))
    moved = np.concatenate([blocks[letter] for letter in order]).tolist()
    usual = worked("lstm_cell", W=WEIGHTS, **STATE)
    other = worked("lstm_cell", W=moved, order=order, **STATE)
    for result in ("h", "i", "f", "o", "g", "c"):
        assert np.allclose(usual[result].value, other[result].value), result


def test_reading_the_row_blocks_in_another_order_changes_the_state() -> None:
    usual = worked("lstm_cell", W=WEIGHTS, **STATE)["h"].value
    assert not np.allclose(usual, worked("lstm_cell", W=WEIGHTS, order="ifgo", **STATE)["h"].value)


@pytest.mark.parametrize(("letter", "activation"), [("i", "sigmoid"), ("g", "tanh")])
def test_a_gate_of_the_cell_equals_the_gate_worked_alone(letter: str, activation: str) -> None:
    place = "ifog".index(letter)
    alone = worked("lstm_gate", x=STATE["x"], h=STATE["h"], W=WEIGHTS[2 * place : 2 * place + 2], activation=activation)
    assert np.allclose(worked("lstm_cell", W=WEIGHTS, **STATE)[letter].value, alone["result"].value)


def test_the_working_says_which_rows_make_which_gate() -> None:
    lines = worked("lstm_cell", W=WEIGHTS, order="ifgo", **STATE)
    assert lines["g"].operation.reason == "Rows 5 and 6 of z make the gate gate g: apply tanh."
    assert lines["o"].operation.reason == "Rows 7 and 8 of z make the output gate o: apply the sigmoid."
    assert [name for name in lines if name in "ifgo"] == ["i", "f", "g", "o"]


def test_a_cell_without_four_row_blocks_is_refused_with_what_it_needs() -> None:
    with pytest.raises(FullmarksError, match=r"lstm_cell: W is 6×3, expected 4·2 = 8 rows .* 2 \+ 1 = 3 columns"):
        worked("lstm_cell", W=WEIGHTS[:6], **STATE)


def test_relu_cuts_off_what_tanh_would_make_negative() -> None:
    cell = {"x": [1], "h": [0, 0], "W_xh": [[2], [-3]], "W_hh": [[1, 0], [0, 1]]}
    assert worked("rnn_cell", activation="relu", **cell)["result"].value.tolist() == [2, 0]
    assert worked("rnn_cell", **cell)["result"].value[1] < 0
