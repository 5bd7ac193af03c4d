"""Every sentence of the contract on formulas and on NAME=VALUE, on the command line and from Python."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.cli import main
from fullmarks.errors import FullmarksError

IMAGE = [[4, 0, 1], [4, 0, 2], [0, 2, 2]]
SOBEL_X = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
ROWS = "4 0 1; 4 0 2; 0 2 2"
COUNTED = {"in_channels": "3", "out_channels": "6", "kernel_size": "3"}
LSTM = {"x": "1", "h": "0", "c": "2", "W": "1 2; 1 3; 1 4; 1 5"}


def solved(capfd: pytest.CaptureFixture[str], what: str, typed: Mapping[str, str]) -> dict[str, Any]:
    status = main(["solve", what, *(f"{name}={value}" for name, value in typed.items()), "--format", "json"])
    found = capfd.readouterr()
    assert status == 0, found.err
    answer: dict[str, Any] = json.loads(found.out)
    return answer


def refused(capfd: pytest.CaptureFixture[str], what: str, typed: Mapping[str, str]) -> str:
    assert main(["solve", what, *(f"{name}={value}" for name, value in typed.items())]) == 2
    found = capfd.readouterr()
    assert found.out == ""
    return found.err


FORMULAS = [  # what is solved, with which givens, the quantity, its value
    ("a name", "Y = relu(A)", {"A": "-1 2"}, "Y", [0, 2]),
    ("a name with underscore and digits", "_y1 = relu(W_hh2)", {"W_hh2": "-1 2"}, "_y1", [0, 2]),
    ("decimals", "Y = x * 0.5 + .25 + 1e-2 + 2.", {"x": "1"}, "Y", 2.76),
    ("a string", 'Y = lstm_cell(x, h, c, W, order="ifgo")', LSTM, "Y.g", "tanh 4"),
    ("a bare option", "Y = lstm_cell(x, h, c, W, order=ifgo)", LSTM, "Y.g", "tanh 4"),
    ("a bare option among numbers", "Y = conv2d(x, [[1]], padding=same)", {"x": "1 2; 3 4"}, "Y", [[1, 2], [3, 4]]),
    ("a bare kernel", "Y = conv2d(x, sobel_x)", {"x": ROWS}, "Y", [[5]]),
    ("a quoted kernel", "Y = conv2d(x, 'sobel_x')", {"x": ROWS}, "Y", [[5]]),
    ("a list", "Y = relu([-1, 0.5, [2, 3] @ [1, 1]])", {}, "Y", [0, 0.5, 5]),
    ("a list of lists", "Y = relu([[1, -2], [3, 4]])", {}, "Y", [[1, 0], [3, 4]]),
    ("a call", "Y = max_pool2d(x, size=[2, 1])", {"x": "1 2; 3 4"}, "Y", [[3, 4]]),
    ("arguments by place", "Y = linear(x, W, b)", {"x": "1 2", "W": "1 0; 0 1", "b": "1 1"}, "Y", [2, 3]),
    ("nested calls", "Y = relu(linear(flatten(x) * [1, -1], W, 1))", {"x": "1 2;", "W": "1 1;"}, "Y", [0]),
    ("plus and minus", "Y = x + y - 1", {"x": "1 2", "y": "3 4"}, "Y", [3, 5]),
    ("a product of entries", "Y = x * y", {"x": "1 2", "y": "3 4"}, "Y", [3, 8]),
    ("a matrix product", "Y = W @ x", {"x": "1 2", "W": "1 0; 1 1"}, "Y", [1, 3]),
    ("a quotient", "Y = x / 4", {"x": "1 2"}, "Y", [0.25, 0.5]),
    ("a product before a sum", "Y = 1 + 2 * x", {"x": "3"}, "Y", 7),
    ("brackets", "Y = (1 + 2) * x", {"x": "3"}, "Y", 9),
    ("unary minus", "Y = -x + -(1)", {"x": "3"}, "Y", -4),
    ("one result by name", "S = softmax_loss(s, 0); L = S.p * 1", {"s": "0 0"}, "L", [0.5, 0.5]),
    ("the main result by its own name", "S = lstm_cell(x, h, c, W); Y = S.h - S", LSTM, "Y", 0),
    (
        "true, false and none",
        "Y = attention(Q, K, V, mask=none, scale=false)",
        {"Q": "0;", "K": "1;", "V": "7;"},
        "Y",
        [[7]],
    ),
    ("options of numbers", "N = conv2d_parameters(3, 6, 3, bias=false)", {}, "N", 162),
    ("a name that is a kernel's, given", "Y = conv2d(x, box)", {"x": ROWS, "box": "2;"}, "Y", None),
    ("a sum of sixty terms", "Y = x" + " + x" * 59, {"x": "1 2"}, "Y", [60, 120]),
    ("fifty levels", "Y = " + "-" * 48 + "(x * 1)", {"x": "1"}, "Y", 1),
    ("statements in order, whichever needs which", "Y = Z + 1; Z = relu(x)", {"x": "2"}, "Y", 3),
]


@pytest.mark.parametrize(
    ("formulas", "typed", "name", "expected"), [row[1:] for row in FORMULAS], ids=[row[0] for row in FORMULAS]
)
def test_the_formula_language(
    formulas: str, typed: dict[str, str], name: str, expected: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    found = solved(capfd, formulas, typed)["quantities"][name]
    if expected is not None:
        assert np.allclose(found, np.tanh(4) if expected == "tanh 4" else expected)
    givens = {key: [float(number) for number in value.split()] for key, value in typed.items() if ";" not in value}
    matrices = {
        key: [[float(number) for number in row.split()] for row in value.split(";") if row]
        for key, value in typed.items()
        if ";" in value
    }
    assert np.allclose(fm.solve(formulas, **givens, **matrices)[name], found)


REFUSED_FORMULAS = [
    ("Y = relu(é)", "no ASCII letter"),
    ("Ｙ = relu(x)", "no ASCII letter"),
    ("lambda = relu(x)", "'lambda' is a reserved word"),
    ("relu = relu(x)", "'relu' is an operator's name"),
    ("true = relu(x)", "'true' is a reserved word"),
    ("Y = True * x", "True is written true"),
    ("Y = lstm_cell(x, h, c, W, order=ifgg)", "did you mean 'ifgo'?"),
    ("Y = lstm_cell(x, h, c, W, order='ifgg')", "did you mean 'ifgo'?"),
    ("Y = conv2d(x, sobl_x)", "did you mean 'sobel_x'?"),
    ("Y = x.y.z", "name the quantity first"),
    ("S = attention(x, x, x); Y = S.weight", "did you mean 'weights'?"),
    ("Y = max(x)", "in 'require' only"),
    ("Y = x ** 2", "no power"),
    ("Y = " + "-" * 60 + "x", "50 levels"),
    ("Y = x" + " + x" * 300, "a sum of more than 250 terms"),
    ("Y = x" + " @ x" * 60, "more than 8 matrices in one product"),
    ("Y = x" + " " * 10_000, "10,000 are read"),
]


@pytest.mark.parametrize(("formulas", "message"), REFUSED_FORMULAS)
def test_what_is_outside_the_formula_language_is_refused(
    formulas: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    givens = dict.fromkeys(("x", "h", "c", "W"), "1")
    used = {name: value for name, value in givens.items() if name == "x" or "lstm" in formulas}
    assert message in refused(capfd, formulas, used)
    with pytest.raises(FullmarksError):
        fm.solve(formulas, **dict.fromkeys(used, 1))


def test_each_statement_is_a_part_and_takes_its_operators_name(capfd: pytest.CaptureFixture[str]) -> None:
    parts = solved(capfd, "relu(x); Y = relu(x) * 2; relu(Y); x @ Y", {"x": "1 2"})["parts"]
    assert [(part["label"], part["find"]) for part in parts] == [
        ("(i)", "relu"), ("(ii)", "Y"), ("(iii)", "relu_2"), ("(iv)", "result"),
    ]  # fmt: skip
    assert [part["label"] for part in solved(capfd, "relu(x)", {"x": "1 2"})["parts"]] == [""]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("max(Y) > 0 and min(Y) >= -1", True),
        ("not max(Y) > 0", False),
        ("max(Y) < 0 or distinct(Y)", True),
        ("distinct(relu(Y))", True),
        ("distinct(Y * 0)", False),
        ("0 < sum(Y) < 100", True),
        ("abs(Y) == Y", False),
        ("abs(Y) != -Y", False),
        ("max(relu(conv2d(A, F, padding=same))) > 3", True),
        ("sum(softmax(x=Y)) == 1", True),
        ("relu(min(Y)) == 0", True),
        ("lstm_cell([1], [0], [2], [[1, 2], [1, 3], [1, 4], [1, 5]], order=ifgo) > 0.9", True),
    ],
)
def test_require_allows_more_and_all_of_the_formula_language(condition: str, holds: bool, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        f'title = "One"\nrequire = ["{condition}"]\n'
        "[given.A]\nvalue = [[1, 2], [3, 4]]\ndraw = { choice = [[[1, 2], [3, 4]]] }\n"
        '[given]\nF = [[1, 0], [0, -1]]\n[where]\nY = "A @ [1, 0.5] - [2.5, 4]"\nZ = "conv2d(A, F)"\n'
        '[[part]]\nfind = "Y"\n'
    )
    exercise = fm.load(path)
    if holds:
        assert exercise.draw(1).values["A"] == [[1, 2], [3, 4]]
    else:
        with pytest.raises(FullmarksError, match="none of 200 draws meets every condition"):
            exercise.draw(1)


VALUES = [  # operator and its other givens, the argument, as typed, as Python has it, the answer
    ("a vector", "relu", {}, "x", "4 0 -1", [4, 0, -1], [4, 0, 0]),
    ("rows", "relu", {}, "x", ROWS, IMAGE, IMAGE),
    ("one row", "relu", {}, "x", "0.1 0.4;", [[0.1, 0.4]], [[0.1, 0.4]]),
    ("a column", "relu", {}, "x", "3; 4", [[3], [4]], [[3], [4]]),
    ("a column for a vector", "linear", {"W": "1 2;"}, "x", "3; 4", [[3], [4]], [11]),
    ("a column for a vector of scores", "softmax", {}, "x", "0; 0", [[0], [0]], [0.5, 0.5]),
    ("a column for the vector that argmax takes", "argmax", {}, "x", "3; 4; 1", [[3], [4], [1]], 1),
    ("a number for a vector of one", "linear", {"W": "2; 3"}, "x", "4", 4, [8, 12]),
    ("a fraction in quotes", "relu", {}, "x", "-1/2 3/4", ["-1/2", "3/4"], [0, 0.75]),
    ("one fraction in quotes", "leaky_relu", {"x": "-3 1"}, "slope", "1/3", "1/3", [-1, 1]),
    ("a whole number in quotes", "conv2d_parameters", COUNTED, "groups", "3", "3", 60),
    ("a list", "relu", {}, "x", "[[4,0,1],[4,0,2]]", [[4, 0, 1], [4, 0, 2]], [[4, 0, 1], [4, 0, 2]]),
    ("a list of exponents", "relu", {}, "x", "[1e1, 2.5E-1, -1e+2]", [10, 0.25, -100], [10, 0.25, 0]),
    ("channels", "global_avg_pool2d", {}, "x", "1 3 | 5 7", [[[1, 3]], [[5, 7]]], [2, 6]),
    ("channels, a line a row", "global_avg_pool2d", {}, "x", "1\n3\n\n5\n7", [[[1], [3]], [[5], [7]]], [2, 6]),
    ("three axes", "global_avg_pool2d", {}, "x", "[[[1, 3]], [[5, 7]]]", [[[1, 3]], [[5, 7]]], [2, 6]),
    ("a number", "leaky_relu", {"x": "-2 1"}, "slope", "0.1", 0.1, [-0.2, 1]),
    ("a fraction", "leaky_relu", {"x": "-3 1"}, "slope", "1/3", 1 / 3, [-1, 1]),
    ("false", "conv2d_parameters", COUNTED, "bias", "false", False, 162),
    ("a named kernel", "conv2d", {"x": ROWS}, "kernel", "sobel_x", "sobel_x", [[5]]),
    ("a word", "conv2d", {"x": "1 2; 3 4", "kernel": "1;"}, "padding", "same", "same", [[1, 2], [3, 4]]),
    ("words", "argmax", {"x": "1 2"}, "labels", "cat dog", ["cat", "dog"], "dog"),
    ("words with commas", "argmax", {"x": "1 2"}, "labels", "cat, hot dog", ["cat", "hot dog"], "hot dog"),
    ("letters as words", "argmax", {"x": "1 2"}, "labels", "a b", ["a", "b"], "b"),
    ("a list of words", "argmax", {"x": "1 2"}, "labels", '["cat", "hot dog"]', ["cat", "hot dog"], "hot dog"),
    ("none", "argmax", {"x": "1 2"}, "labels", "none", None, 1),
    ("tabs and blanks", "relu", {}, "x", " 1\t2 ;\t3  4 ", [[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ("lines as rows", "relu", {}, "x", "\n1 2\n 3 4;\r\n5 6\n", [[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "others", "argument", "typed", "value", "expected"),
    [row[1:] for row in VALUES],
    ids=[row[0] for row in VALUES],
)
def test_a_value_may_be_typed_or_given_from_python(
    operator: str,
    others: dict[str, str],
    argument: str,
    typed: str,
    value: Any,
    expected: Any,
    capfd: pytest.CaptureFixture[str],
) -> None:
    record = solved(capfd, operator, {**others, argument: typed})
    (part,) = record["parts"]
    if isinstance(expected, str):
        assert part["answer"] == record["quantities"][operator] == expected
    else:
        assert np.shape(part["answer"]) == np.shape(expected)
        assert np.allclose(part["answer"], expected)
    from fullmarks.problem.assignment import read_value

    python = {name: read_value(text, name) for name, text in others.items()} | {argument: value}
    found = fm.solve(operator, **python)[operator]
    assert found == expected if isinstance(expected, str) else np.allclose(found, expected)


@pytest.mark.parametrize(
    ("operator", "typed", "message"),
    [
        ("lstm_cell", {**LSTM, "order": "ifgg"}, "'ifgg' is neither a number nor a known word; did you mean 'ifgo'?"),
        ("conv2d", {"x": ROWS, "kernel": "sobel"}, "did you mean 'sobel_x'?"),
        ("conv2d", {"x": "1 2; 3 4", "kernel": "1;", "padding": "some"}, "did you mean 'same'?"),
        ("relu", {"x": "sobel_x"}, "x: 'sobel_x' is neither a number nor a known word"),
        ("relu", {"x": "４ ０"}, "'４' is neither a number nor a known word (write 4)"),
        ("relu", {"x": "−4 0"}, "'−4' is no number (write -4)"),
        ("relu", {"x": '{"a": [1, 2]}'}, "x: is a JSON object {…}; expected a number or a list"),
        ("Y = x + 1", {"x": "abc"}, "x: 'abc' is neither a number nor a known word"),
        ("attention", {"Q": "1 0;", "K": "1 0; 0 1", "V": "1;2;3"}, "V is 3×1 but K is 2×2: V has 3 rows and K 2 rows"),
        ("cross_entropy", {"p": "1 0", "y": "1"}, "y is a vector of 1 but p is a vector of 2: y has 1 entry"),
        ("conv2d", {"x": ROWS, "kernel": "1 2"}, "vector of 2, expected a matrix or an array of 3 or 4 axes"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_in_words(
    operator: str, typed: dict[str, str], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert message in refused(capfd, operator, typed)


def test_a_given_of_the_bank_is_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    record = solved(capfd, "cnn-pipeline", {"F": "prewitt_x", "stride": "1", "A": "1 0 0 2; 0 0 0 0; 0 0 0 0; 0 0 0 0"})
    assert record["given"]["F"] == [[1, 0, -1]] * 3
    assert record["quantities"]["Y"][0] == [0, 1, -2, 0]


CSV = [
    ("comma", "4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("semicolon", "4;0;1\r\n4;0;2\r\n0;2;2\r\n", IMAGE),
    ("tab", "4\t0\t1\n4\t0\t2\n0\t2\t2", IMAGE),
    ("blanks", " 4 0 1\n 4 0 2\n 0 2 2\n", IMAGE),
    ("header", "left,middle,right\n4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("header of letters", "a,b,c\n4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("two headers", "my image\nleft,middle,right\n4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("comment", "# from numpy.savetxt, 2 lines\n4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("BOM", "\ufeff4,0,1\n4,0,2\n0,2,2\n", IMAGE),
    ("blank lines around it", "\n\n4,0,1\n4,0,2\n0,2,2\n,,\n\n", IMAGE),
    ("quotes", '"4","0","1"\n"4", "0", "2"\n0,2,2\n', IMAGE),
    ("quoted separators in a header", '"a, b",c,"d"\n4,0,1\n4,0,2\n0,2,2\n', IMAGE),
    ("fractions and exponents", "1/2,1e-1\n-2.5E1,+3\n", [[0.5, 0.1], [-25, 3]]),
    ("one column", "1\n2\n", [[1], [2]]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in CSV], ids=[row[0] for row in CSV])
def test_a_csv_file_is_read_as_programs_write_it(
    text: str, expected: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "image.csv"
    path.write_bytes(text.encode())
    assert solved(capfd, "relu", {"x": f"@{path}"})["given"]["x"] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,5;2,5\n3,5;4\n", "line 1: '1,5' is no number (write 1.5)"),
        ("1,,2\n3,4,5\n", "line 1: has an empty cell"),
        ("1,2\n3\n", "line 2: has 1 cell, line 1 has 2 cells"),
        ("1,2\n3,cat\n", "line 2: 'cat' is no number"),
        ("\n\n", "has no numbers"),
        ("nan,1\n3,4\n", "line 1: 'nan' is no number"),
        ("nan,inf\n3,4\n", "line 1: 'nan' is no number"),
        ("#N/A,#N/A\n3,4\n1,cat\n", "line 3: 'cat' is no number"),
        ('1,"2\n3,4\n', "no number|line"),
    ],
)
def test_a_bad_csv_file_is_refused_with_its_line(
    text: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "image.csv"
    path.write_text(text)
    found = refused(capfd, "relu", {"x": f"@{path}"})
    assert f"x: {path}: " in found
    assert any(part in found for part in message.split("|"))


ARRAYS = [
    ("integers", np.array(IMAGE), IMAGE),
    ("small integers", np.array(IMAGE, dtype=np.uint8), IMAGE),
    ("single precision", np.array([[0.1, 2.5]], dtype=np.float32), [[0.1, 2.5]]),
    ("half precision", np.array([0.1, 2.5], dtype=np.float16), [0.1, 2.5]),
    ("Fortran order", np.asfortranarray(IMAGE), IMAGE),
    ("big-endian", np.array(IMAGE, dtype=">i4"), IMAGE),
    ("big-endian floats", np.array([[0.1, 2.5]], dtype=">f8"), [[0.1, 2.5]]),
    ("a view", np.array(IMAGE)[::-1, ::2], [[0, 2], [4, 2], [4, 1]]),
    ("no axes", np.array(3), 3),
    ("no axes, single precision", np.array(0.1, dtype=np.float32), 0.1),
]


@pytest.mark.parametrize(("array", "expected"), [row[1:] for row in ARRAYS], ids=[row[0] for row in ARRAYS])
def test_an_array_of_numpy_is_read_from_a_file_and_from_python(
    array: Any, expected: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "x.npy", array)
    given = solved(capfd, "relu", {"x": f"@{tmp_path / 'x.npy'}"})["given"]["x"]
    assert given == expected
    assert fm.solve("relu", x=array).to_dict()["given"]["x"] == given


def test_an_array_of_numbers_beyond_64_bits_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "x.npy", np.array([2**64 - 1], dtype=np.uint64))
    assert "too large" in refused(capfd, "relu", {"x": f"@{tmp_path / 'x.npy'}"})


@pytest.mark.parametrize(
    ("text", "expected"), [("[[4, 0], [1, 2.5e0]]", [[4, 0], [1, 2.5]]), ('["1/2", -1E2]', [0.5, -100]), (" 3\n", 3)]
)
def test_a_json_file_is_read(text: str, expected: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text(text)
    assert solved(capfd, "relu", {"x": f"@{tmp_path / 'x.json'}"})["given"]["x"] == expected


def test_a_json_file_with_an_object_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text('{"x": [1, 2]}')
    assert "x.json: is a JSON object {…}" in refused(capfd, "relu", {"x": f"@{tmp_path / 'x.json'}"})


@pytest.mark.parametrize(
    ("operator", "typed", "title", "stated"),
    [
        ("leaky_relu", {"x": "-1 2"}, "Leaky ReLU", {"slope": 0.1}),
        ("leaky_relu", {"x": "-1 2", "slope": "0.2"}, "Leaky ReLU", {"slope": 0.2}),
        ("elu", {"x": "-1 2"}, "ELU", {"alpha": 1}),
        ("lstm_cell", LSTM, "LSTM cell", {"order": "ifog"}),
        ("avg_pool2d", {"x": "1 2; 3 4", "size": "2"}, "Average pooling", {}),
    ],
)
def test_a_direct_call_has_a_title_and_states_the_defaults_that_its_working_needs(
    operator: str, typed: dict[str, str], title: str, stated: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    record = solved(capfd, operator, typed)
    assert record["title"] == title
    assert set(record["given"]) == {*typed, *stated}
    assert {name: record["given"][name] for name in stated} == stated
