import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.math.collecting import collected
from fullmarks.math.expression import Expr, entry
from fullmarks.math.expression import given as given_numbers
from fullmarks.math.functions import branches, exp, maximum, sigmoid, sqrt, tanh
from fullmarks.math.letters import TRIALS, Letter, Undecided, letters_for_words, read_letter
from fullmarks.math.notation.latex import latex
from fullmarks.math.symbolic import Symbolic, function_of, largest, of_letter, value_at
from fullmarks.math.symbolic_writing import is_printed_exactly, python_text, written
from python_texts import value_of_text

A, B, C = (of_letter(Letter(name, place=place)) for place, name in enumerate("abc"))
NUMBERS = {"a": 0.3, "b": -0.7, "c": 1.1}
HALF = Fraction(1, 2)
EULER = "exp(1)"


def root(number: Any) -> Any:
    return function_of("sqrt", number)


def power_of_e(number: Any) -> Any:
    return function_of("exp", number)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("a", Letter("a")),
        ("-a", Letter("a", negative=True)),
        ("b2", Letter("b2")),
        ("Z", Letter("Z")),
        ("ab", None),
        ("2a", None),
        ("a_1", None),
        ("--a", None),
        ("+a", None),
        ("", None),
        ("α", None),
        ("a²", None),
    ],
)
def test_a_letter_is_one_letter_and_optional_digits(text: str, letter: Letter | None) -> None:
    assert read_letter(text) == letter


def test_a_list_is_letters_only_where_every_word_of_it_is_one() -> None:
    assert letters_for_words(["a", "b2"]) == [Letter("a"), Letter("b2")]
    assert letters_for_words(["a", "cat"]) == ["a", "cat"]
    assert letters_for_words("x") == Letter("x")


def test_every_letter_is_tried_with_both_signs() -> None:
    for name in ("a", "b", "x12"):
        assert {trial.of(name) > 0 for trial in TRIALS} == {True, False}


@pytest.mark.parametrize(
    ("value", "printed", "text"),
    [
        (A + 4 * B + 3, "a + 4 b + 3", "a + 4*b + 3"),
        (3 + 4 * B + A, "a + 4 b + 3", "a + 4*b + 3"),
        (B * B + A, "b^{2} + a", "b**2 + a"),
        ((A + B) * (A - B) + 2, "a^{2} - b^{2} + 2", "a**2 - b**2 + 2"),
        (HALF * (A - B) ** 2, "0.5 a^{2} - a b + 0.5 b^{2}", "0.5*a**2 - a*b + 0.5*b**2"),
        ((A + B + 7) / 3, r"\frac{a + b + 7}{3}", "a/3 + b/3 + 7/3"),
        (A / 3, r"\frac{a}{3}", "a/3"),
        ((A + B) / root(Fraction(2)), r"\frac{a + b}{\sqrt{2}}", "0.5*sqrt(2)*(a + b)"),
        (-(A + 1), "-a - 1", "-a - 1"),
        (C * function_of("tanh", -A), r"-c \, \tanh(a)", "-c*tanh(a)"),
        (function_of("sigmoid", A) * B, r"b \sigma(a)", "b/(1 + exp(-a))"),
        (power_of_e(-(A + 1)), "e^{-a - 1}", "exp(-a - 1)"),
        (power_of_e(A) / (power_of_e(A) + power_of_e(B)), r"\frac{e^{a}}{e^{a} + e^{b}}", "exp(a)/(exp(a) + exp(b))"),
        (A + power_of_e(Fraction(1)), "a + e", f"a + {EULER}"),
        (0.731058578 * A + HALF, "0.731 a + 0.5", "0.731058578*a + 0.5"),
        (A / (B + 1), r"\frac{a}{b + 1}", "a/(b + 1)"),
        (root(A * A), r"\lvert a \rvert", "abs(a)"),
    ],
)
def test_an_expression_is_written_in_the_order_of_the_letters_with_numbers_last(
    value: Any, printed: str, text: str
) -> None:
    found = collected(value)
    assert latex(written(found, 3).node) == printed
    assert python_text(found) == text


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Any:
    """Expressions as operators build them, from letters, fractions and floats."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        fractions = st.fractions(-3, 3, max_denominator=12)
        return draw(st.sampled_from([A, B, C]) | fractions | fractions.map(float))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    match draw(st.integers(0, 6)):
        case 0:
            return left + right
        case 1:
            return left - right
        case 2:
            return left * right
        case 3:
            return left**2 + 1
        case 4:
            return left / (right * right + 1)
        case 5:
            return largest([left, right, Fraction(1, 3)])
        case _:
            name = draw(st.sampled_from(["tanh", "sigmoid"]))
            return function_of(name, left) if not isinstance(left, float) else left


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_collecting_and_writing_as_python_keep_the_value(value: Any) -> None:
    whole = value_at(value, NUMBERS)
    found = collected(value)
    assert value_at(found, NUMBERS) == pytest.approx(whole, rel=1e-9, abs=1e-9)
    if isinstance(found, Symbolic):
        assert value_of_text(python_text(found), NUMBERS) == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert value_of_text(python_text(found, fractions=True), NUMBERS) == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert latex(written(found, 3).node)


def test_several_numbers_in_a_maximum_become_one_and_stand_last() -> None:
    assert python_text(largest([A, Fraction(1), B, Fraction(-2)])) == "max(a, b, 1)"
    assert python_text(largest([Fraction(0), A])) == "max(0, a)"
    assert python_text(largest([largest([A, Fraction(3)]), Fraction(5), A])) == "max(a, 5)"
    assert largest([Fraction(1), -math.inf]) == 1
    assert largest([A, -math.inf]) == A


def test_what_is_rounded_in_print_is_not_called_equal() -> None:
    assert is_printed_exactly(collected(A / 3 + Fraction(1, 8)))
    assert not is_printed_exactly(collected(A * 0.731))
    assert not is_printed_exactly(collected(A / 1237))


@pytest.mark.parametrize("choice", [lambda: A < 1, lambda: max(A, B), lambda: float(A), lambda: math.floor(A * B)])
def test_a_choice_that_hangs_on_a_letter_is_refused_and_the_letter_named(choice: Any) -> None:
    with pytest.raises(Undecided, match=r"letters? (a|b)"):
        choice()


def lettered(*entries: Any) -> Expr:
    return given_numbers("x", [Letter(one, place=place) if isinstance(one, str) else one
                               for place, one in enumerate(entries)])  # fmt: skip


def text_of(expression: Expr, place: int) -> str:
    number: Any = entry(expression, (place,)).number
    return python_text(number) if isinstance(number, Symbolic) else str(number)


def test_every_operation_works_on_letters() -> None:
    x = lettered("a", 2, "b")
    assert text_of(x * 0, 0) == "0"
    assert text_of(x / 4, 0) == "0.25*a"
    assert text_of(-x, 2) == "-b"
    assert text_of(x**2, 0) == "a**2"
    assert text_of(exp(x), 0) == "exp(a)"
    assert text_of(sigmoid(x - x), 0) == "1/2"
    assert text_of(tanh(x), 1) == str(math.tanh(2))
    assert text_of(maximum(x, 1), 2) == "max(b, 1)"
    assert text_of(x / sqrt(2), 0) == "0.5*sqrt(2)*a"
    assert text_of(x - x, 0) == "0"


def test_a_formula_for_negative_numbers_is_refused_for_a_letter_and_not_for_a_number_beside_it() -> None:
    x = lettered("a", -2)
    halved = branches(x, x, x / 2)
    assert text_of(halved, 1) == "-1"
    with pytest.raises(FullmarksError, match="sign of a letter"):
        entry(halved, (0,))


def test_solving_without_letters_never_loads_sympy() -> None:
    program = """
import sys
import fullmarks as fm
from fullmarks.cli import main
solution = fm.solve("conv2d", x=[[4, 0], [1, 2]], kernel=[[1, 2], [3, 4]])
fm.render(solution, "terminal"); fm.render(solution, "md"); fm.render(solution, "md", "scheme"); solution.to_dict()
fm.solve(fm.load("lstm-forget-gate").draw(3))
assert "sympy" not in sys.modules, "SymPy was loaded along the ordinary path"
fm.solve("sigmoid", x="a")
assert "sympy" in sys.modules, "this test would not notice it"
"""
    subprocess.run([sys.executable, "-c", program], check=True)
