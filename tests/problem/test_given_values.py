import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.math.letters import Letter
from fullmarks.problem.assignment import read_assignments, read_value
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.typed import typed_value
from fullmarks.problem.values import checked_value, shape_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4 0 1", [4, 0, 1]),
        ("4 0 1; 4 0 2; 0 2 2", [[4, 0, 1], [4, 0, 2], [0, 2, 2]]),
        ("0.1 0.4;", [[Fraction(1, 10), Fraction(2, 5)]]),
        ("3; 4", [[3], [4]]),
        ("4, 0, 1", [4, 0, 1]),
        ("[[4, 0, 1], [4, 0.5, 2]]", [[4, 0, 1], [4, Fraction(1, 2), 2]]),
        ('["1/3", 2]', [Fraction(1, 3), 2]),
        ('["cat", "dog"]', ["cat", "dog"]),
        ("0.1", Fraction(1, 10)),
        (" -.5 ", Fraction(-1, 2)),
        ("1/3", Fraction(1, 3)),
        ("1/3 -2/4", [Fraction(1, 3), Fraction(-1, 2)]),
        ("7", 7),
        ("false", False),
        ("true", True),
        ("none", None),
        ("sobel_x", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("lenet5", "lenet5"),
        ("a 0; 1 b2", [[Letter("a"), 0], [1, Letter("b2")]]),
        ("-a 1/3", [Letter("a", negative=True), Fraction(1, 3)]),
        ('[["a", 0.5], [1, "-b"]]', [[Letter("a"), Fraction(1, 2)], [1, Letter("b", negative=True)]]),
    ],
)
def test_a_typed_value_is_read(text: str, value: object) -> None:
    read = read_value(text, "x")
    assert read == value
    assert type(read) is type(value)


CHANNELS = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 2; 3 4 | 5 6; 7 8", CHANNELS),
        ("1 2\n3 4\n\n5 6\n7 8", CHANNELS),
        ("1 2;\r\n3 4;\r\n \t\r\n\r\n5 6;\r\n7 8;\r\n", CHANNELS),
        ("\n\n1 2; 3 4\n\n|\n\n5 6; 7 8\n", CHANNELS),
        ("1,2,3|4,5,6", [[[1, 2, 3]], [[4, 5, 6]]]),
        ("1 | 2 | 3", [[[1]], [[2]], [[3]]]),
        ("1 2; 3 4 |", [[[1, 2], [3, 4]]]),
        ("a 0 | 1 b", [[[Letter("a"), 0]], [[1, Letter("b")]]]),
    ],
)
def test_blocks_of_rows_are_channels(text: str, value: object) -> None:
    assert read_value(text, "x") == value
    if value == CHANNELS:
        assert read_value(typed_value(value), "x") == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2; 3 4 | 5 6", "x: channel 2 is 1×2, channel 1 is 2×2; blocks of rows"),
        ("1 2 3\n\n4 5", "x: channel 2 is 1×2, channel 1 is 1×3"),
        ("1 2 || 3 4", "x: channel 2: is empty"),
        ("| 1 2", "x: channel 1: is empty"),
        ("1 2; 3 | 5 6; 7 8", "x: channel 1: row 2 has 1 entry"),
        ("1 2; 3 4 | 5 6; 7 x y", "x: channel 2: row 2 has 3 entries"),
    ],
)
def test_blocks_that_are_no_channels_of_one_shape_are_refused(text: str, message: str) -> None:
    with pytest.raises(FullmarksError) as refusal:
        read_value(text, "x")
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,0,1", [4, 0, 1]),
        ("4,0,1; 0,2,2", [[4, 0, 1], [0, 2, 2]]),
        ("1, 5", [1, 5]),
        ("0.5,1.5", [Fraction(1, 2), Fraction(3, 2)]),
        ("1.5,2; 3,4", [[Fraction(3, 2), 2], [3, 4]]),
        ("-1,-5", [-1, -5]),
        ("[0,5]", [0, 5]),
    ],
)
def test_a_comma_that_can_only_separate_entries_does(text: str, value: object) -> None:
    assert read_value(text, "x") == value


@pytest.mark.parametrize(
    "text", ["0,5 2", "0,5; 1,5", "0,5", "-0,5 1", "0,5, 1,5", "1 2\n0,5 1", "1e-3 0,5", "1 2 | 0,5 1", "4,0,1 0,5"]
)
def test_a_decimal_comma_is_refused_with_both_ways_to_write_what_it_may_be(text: str) -> None:
    with pytest.raises(
        FullmarksError, match=r"^x: '-?0,5' has a decimal comma, .*; write (-?)0\.5 .* \"-?0 5\" for two"
    ):
        read_value(text, "x")


@pytest.mark.parametrize(
    ("name", "text"), [("x.csv", '"0,5","2"\n'), ("x.csv", "0,5;2\n"), ("x.csv", "0,5\t2\n"), ("x.json", '["0,5", 2]')]
)
def test_a_decimal_comma_in_a_cell_is_refused(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(FullmarksError, match=r"'0,5' is no number \(write 0\.5\)"):
        read_value(f"@{tmp_path / name}", "x")


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4\n\n5,6\n7,8\n",
        "left,right\n1,2\n3,4\n,\n5,6\n7,8\n,\n",
        "red\n\n1;2\n3;4\n\nred;green\n5;6\n7;8\n",
        "1 2\n3 4\n|\n5 6\n7 8",
        "# Array shape: (2, 2, 2)\n1 2\n# row two\n3 4\n \n# New slice\n5 6\n7 8\n",
    ],
)
def test_blank_lines_in_a_csv_file_part_channels(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text)
    assert read_value(f"@{tmp_path / 'x.csv'}", "x") == CHANNELS


def test_blocks_of_different_shapes_in_a_csv_file_are_refused_with_both(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2\n3,4\n\n5,6\n")
    with pytest.raises(FullmarksError, match=r"x\.csv: channel 2 is 1×2, channel 1 is 2×2"):
        read_value(f"@{tmp_path / 'x.csv'}", "x")


def test_a_word_is_one_of_the_options_that_the_argument_takes() -> None:
    options = frozenset({"ifog", "ifgo"})
    assert read_value("ifgo", "order", options) == "ifgo"
    assert read_value("ifgo ifog", "order", options) == ["ifgo", "ifog"]
    with pytest.raises(FullmarksError, match=r"order: 'ifgoo' .*; did you mean 'ifgo'"):
        read_value("ifgoo", "order", options)
    with pytest.raises(FullmarksError, match="'sobel_x' is neither"):
        read_value("sobel_x", "order", options)


def test_a_word_where_numbers_are_expected_is_refused_with_the_nearest_kernel() -> None:
    with pytest.raises(FullmarksError, match="did you mean 'sobel_x'"):
        read_value("sobl_x", "kernel", frozenset(KERNELS))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2; 3", "x: row 2 has 1 entry, the first has 2 entries"),
        ("1 2;; 3 4", "x: row 2: is empty"),
        ("1 2 three", "'three' is no number"),
        ("1/0 2", "'1/0' is no number"),
        ("1e999 1", "'1e999' is no number"),
        ("[1, 2", "is no list of numbers"),
        ("[1, NaN]", "entry 2|column 2|row 2: is nan"),
        ("[1e999]", "is inf; expected a finite number"),
        ("[1, [2]]", "row 2 is a list, the first is a whole number"),
        ('[{"a": 1}]', "is a table; expected a number"),
        ("[" * 5_000, "nested too deep|no list of numbers"),
        ("[[[[[1]]]]]", "at most 4 axes"),
        ("[]", "an empty list"),
        ("", "has no value"),
        (",", "has no value"),
        ("@", "is not read; expected .csv"),
        ("@/no/such/file.csv", "there is no such file"),
        ("@picture.png", ".png is not read"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(FullmarksError, match=message) as refusal:
        read_value(text, "x")
    assert str(refusal.value).startswith("x: ")


@given(st.text(max_size=30) | st.text('[]0123456789.,; -/eEaN"', max_size=30))
def test_any_text_is_a_value_or_one_clear_refusal(text: str) -> None:
    try:
        read_value(text, "x")
    except FullmarksError as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017  some texts are values


def test_assignments_are_split_at_the_first_equals_sign() -> None:
    assert read_assignments(["x=4 0 1", "mask==", "f=@a=b.csv"]) == {"x": "4 0 1", "mask": "=", "f": "@a=b.csv"}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["x"], "expected NAME=VALUE"),
        (["x=1", "x=2"], "given twice"),
        (["2x=1"], "cannot be a name"),
        (["in=1"], "reserved"),
    ],
)
def test_what_is_no_assignment_is_refused(texts: list[str], message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        read_assignments(texts)


def test_files_of_numbers_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2.5\n3,1/3\n", encoding="utf-8")
    (tmp_path / "x.json").write_text(json.dumps([[1, 2.5]]), encoding="utf-8")
    np.save(tmp_path / "x.npy", np.array([[1.0, 2.5]]))
    assert read_value(f"@{tmp_path}/x.csv", "x") == [[1, Fraction(5, 2)], [3, Fraction(1, 3)]]
    assert read_value(f"@{tmp_path}/x.json", "x") == [[1, Fraction(5, 2)]]
    array = read_value(f"@{tmp_path}/x.npy", "x")
    assert isinstance(array, np.ndarray)
    assert array.tolist() == [[1.0, 2.5]]


def test_bad_files_of_numbers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ragged.csv").write_text("1,2\n3\n", encoding="utf-8")
    (tmp_path / "words.csv").write_text("1,2\n3,cat\n", encoding="utf-8")
    (tmp_path / "text.npy").write_bytes(b"no array")
    np.save(tmp_path / "nan.npy", np.array([np.nan]))
    np.save(tmp_path / "complex.npy", np.array([1j]))
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    promised = io.BytesIO()
    np.lib.format.write_array_header_1_0(promised, {"descr": "<f8", "fortran_order": False, "shape": (10**5,)})
    (tmp_path / "promise.npy").write_bytes(promised.getvalue())
    expected = {
        "ragged.csv": "line 2: has 1 cell, line 1 has 2 cells",
        "words.csv": "line 2: 'cat' is no number",
        "text.npy": "is no array",
        "nan.npy": "nan or inf",
        "complex.npy": "expected real numbers",
        "object.npy": "is no array",
        "promise.npy": "header does not fit",
    }
    for name, message in expected.items():
        with pytest.raises(FullmarksError, match=message):
            read_value(f"@{tmp_path}/{name}", "x")


def test_a_python_float_is_the_decimal_that_was_meant() -> None:
    assert checked_value([0.1, np.float64(0.3), np.int64(2)], "x") == [Fraction(1, 10), Fraction(3, 10), 2]
    with pytest.raises(FullmarksError, match="x: row 1: is inf"):
        checked_value([float("inf")], "x")


def test_the_shape_of_a_value_is_the_lengths_of_its_axes() -> None:
    assert shape_of([[1, 2, 3], [4, 5, 6]]) == (2, 3)
    assert shape_of(7) == shape_of("word") == ()
    assert shape_of(np.zeros((2, 1))) == (2, 1)


@given(st.fractions())
def test_a_fraction_is_read_exactly(number: Fraction) -> None:
    if len(str(number.numerator)) < 50 and len(str(number.denominator)) < 50:
        assert exact_number(str(number)) == number
