"""Numbers too large, too small or too long for a float are refused with their field, wherever they come from."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.cli import main
from fullmarks.errors import FullmarksError

ONES = "1" * 50
HEX = "0x" + "f" * 4000
FILE = """title = "One"
{top}
[given]
s = {s}
[given.A]
value = {value}
draw = {{ {draw} }}
[where]
Y = "A * s"
[[part]]
find = "Y"
marks = {marks}
{part}
"""
FIELDS = {"top": "", "s": "2", "value": "[1, 2]", "draw": "integers = [1, 2]", "marks": "2", "part": ""}


def refused(capfd: pytest.CaptureFixture[str], *call: str) -> str:
    assert main(list(call)) == 2
    found = capfd.readouterr()
    assert found.out == ""
    return found.err


@pytest.mark.parametrize("text", [f"{ONES}e300", "1e300/1e-300", "1e-300/1e300", "-1e9/1e-300", "9" * 61])
@pytest.mark.parametrize("typed", ["{}", "1 {}", "1; {}", "1 | {}"])
def test_a_typed_number_that_no_float_holds_is_refused(
    text: str, typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "(it is too long, too large or too small" in refused(capfd, "solve", "relu", f"x={typed.format(text)}")


def test_a_number_in_a_formula_that_no_float_holds_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert "the number is too long or too large" in refused(capfd, "solve", f"y = {ONES}e300 + 1")
    assert "its value is not finite" in refused(capfd, "solve", "y = 1e300 / 1e-300")


@pytest.mark.parametrize("number", [HEX, "1e-400"])
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("given: s", {"s": "{}"}),
        ("given: A: value: entry 2", {"value": "[1, {}]"}),
        ("given: A: value: entry 1: entry 1", {"value": "[[{}, 1]]"}),
        ("given: A: draw: integers: entry 1", {"draw": "integers = [{}, 2]"}),
        ("given: A: draw: step", {"draw": "decimals = [0, 1], step = {}"}),
        ("given: A: draw: choice: entry 2: entry 1", {"draw": "choice = [[1, 2], [{}, 1]]"}),
        ("part 1: marks", {"marks": "{}"}),
        ("part 1: points 1: worth", {"part": "points = [{{ words = 'a', worth = {} }}]"}),
        ("tags: entry 1", {"top": "tags = [{}]"}),
        ("level", {"top": "level = {}"}),
    ],
)
def test_a_number_in_a_problem_file_that_no_float_holds_is_refused_with_its_field(
    field: str, change: dict[str, str], number: str, tmp_path: Path
) -> None:
    path = tmp_path / "one.toml"
    filled = {name: text.format(number) for name, text in change.items()}
    path.write_text(FILE.format(**{**FIELDS, **filled}))
    with pytest.raises(FullmarksError) as refusal:
        fm.load(path)
    assert str(refusal.value).startswith(f"{path}: {field}: ")


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in ("top", "part")])
def test_a_number_too_large_for_a_float_is_refused_with_its_field(field: str, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    number = f"{ONES}e300"
    path.write_text(FILE.format(**{**FIELDS, field: f"integers = [0, {number}]" if field == "draw" else number}))
    with pytest.raises(FullmarksError, match=rf"one\.toml: .*{field}: .*inf"):
        fm.load(path)


def test_a_number_in_a_blueprint_that_no_float_holds_is_refused_with_its_field(tmp_path: Path) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(f'title = "One"\n[[question]]\nproblem = "fc-softmax"\nmarks = {HEX}\n')
    with pytest.raises(FullmarksError, match=r"exam\.toml: question 1: marks: a whole number has more than 60 digits"):
        fm.build_exam(path, seed=1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (10**400, "x: the number is too large"),
        ([1, -(10**5000)], "x: row 2: the number is too large"),
        (Fraction(1, 10**400), "x: the number is too small"),
        (Decimal("1e400"), "x: the number is too large"),
        (Decimal("nan"), "is a Decimal; expected a number"),
        (np.longdouble("1e400"), "x: is inf"),
        (np.array([np.longdouble("1e400")]), "holds nan or inf"),
        (np.ma.array([1, 2], mask=[0, 1]), "x: the array has masked entries"),
        ([np.ma.array([1, 2], mask=[0, 1])], "x: row 1: the array has masked entries"),
        (object(), "is a object; expected a number"),
        (1j, "is a complex; expected a number"),
        (np.array([None]), "'None' is a NoneType; expected a number"),
    ],
)
def test_what_is_no_number_in_python_is_refused_by_its_name(value: Any, message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        fm.solve("relu", x=value)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.5"),
        np.longdouble("0.5"),
        np.str_("1/2"),
        np.array([Fraction(1, 2)], dtype=object),
        [np.array(0.5)],
    ],
)
def test_other_numbers_of_python_are_taken_exactly(value: Any) -> None:
    assert fm.solve("relu", x=value)["relu"] == 0.5


def test_rows_may_be_arrays() -> None:
    assert fm.solve("relu", x=[np.array([1, -2]), np.array([0.5, 3])])["relu"].tolist() == [[1, 0], [0.5, 3]]


@pytest.mark.parametrize("header", ["-" * 5000, "(" * 5000, "[" * 90 + "]" * 90, "{'descr': '<f8', 'shape': -1}"])
def test_a_header_of_numpy_that_recurses_is_refused(header: str, tmp_path: Path) -> None:
    text = f"{header}\n".encode()
    path = tmp_path / "x.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text)
    from fullmarks.problem.assignment import read_value

    with pytest.raises(FullmarksError, match=r"x\.npy: is no array that numpy\.save wrote"):
        read_value(f"@{path}", "x")


@pytest.mark.parametrize("statement", ["x = true", "x = 'word'", "x = ['a', 'b']", "y = true; x = y", "x = none"])
@pytest.mark.parametrize("command", ["solve", "check", "show", "generate"])
def test_a_word_cannot_be_found(statement: str, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "is no number or array, so there is nothing to find" in refused(capfd, command, statement)


def test_a_word_cannot_be_found_in_a_problem_file(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('title = "One"\n[given]\nkind = "cat"\n[where]\ny = "kind"\n[[part]]\nfind = "y"\n')
    with pytest.raises(FullmarksError, match=r"one\.toml: part 1: find: 'y' is no number or array"):
        fm.load(path)
