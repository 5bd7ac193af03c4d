"""What is printed must mean, read with the precedence taught at school, what was computed."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fullmarks.math.expression import Expr, constant, entry, leaf_source
from fullmarks.math.expression import given as leaf
from fullmarks.math.functions import (
    any_power,
    argmax,
    branches,
    cos,
    exp,
    floor,
    ln,
    maximum,
    power,
    sigmoid,
    sin,
    sqrt,
    tanh,
    windows,
)
from fullmarks.math.notation import Call, Fence, Matrix, Node, Number, Root, Row, Script, Sign, Space, Text
from fullmarks.math.notation import Fraction as Quotient
from fullmarks.math.notation.latex import latex
from fullmarks.math.symbols import entry_symbol, symbol_from_name
from fullmarks.math.writing import (
    ATOM,
    NotWritable,
    Pen,
    Written,
    given_number,
    matrix,
    number,
    planes,
    shown_indices,
    write,
)


def in_symbols(expression: Expr) -> str:
    def symbol(one: Expr) -> Written:
        source, index = leaf_source(one)
        whole = symbol_from_name(source.operation.name, is_array=source.size > 1)
        return Written(entry_symbol(whole, index) if index else whole, ATOM)

    return latex(write(expression, Pen(symbol, numeric=False)))


def numbers_node(expression: Expr) -> Node:
    return write(expression, Pen(lambda one: given_number(one.exact_leaf), numeric=True))


def in_numbers(expression: Expr) -> str:
    return latex(numbers_node(expression))


class Reader:
    """Reads printed arithmetic as a reader does: brackets, then × and fractions, then + and −, from left to right."""

    def __init__(self, node: Node) -> None:
        self.items = _flat(node)
        self.place = 0

    def total(self) -> Fraction:
        value = self._sum()
        assert self.place == len(self.items), f"cannot read on at {self.items[self.place :]}"
        return value

    def _next_is(self, *kinds: str) -> bool:
        item = self.items[self.place] if self.place < len(self.items) else None
        return isinstance(item, Sign) and item.kind in kinds

    def _sum(self) -> Fraction:
        negative = self._next_is("−")
        self.place += negative
        value = self._product(first=not negative) * (-1 if negative else 1)
        while self._next_is("+", "−"):
            sign = 1 if self._next_is("+") else -1
            self.place += 1
            value += sign * self._product(first=False)
        return value

    def _product(self, *, first: bool) -> Fraction:
        value = self._factor(first=first)
        while self._next_is("×"):
            self.place += 1
            value *= self._factor(first=False)
        return value

    def _factor(self, *, first: bool) -> Fraction:
        following = self.items[self.place]
        if isinstance(following, Script):
            self.place += 1
            assert following.above == Number("2")
            assert not (isinstance(following.base, Number) and following.base.text.startswith("-")), "−3² is not 9"
            return Reader(following.base).total() ** 2
        item = self.items[self.place]
        self.place += 1
        match item:
            case Number(text):
                assert first or not text.startswith("-"), "a negative number after a sign needs brackets"
                return Fraction(text)
            case Fence(body):
                return Reader(body).total()
            case Quotient(top, bottom):
                return Reader(top).total() / Reader(bottom).total()
            case Call(Text("max"), arguments):
                return max(Reader(argument).total() for argument in arguments)
            case Fence(body, "⌊", _):
                return Fraction(Reader(body).total().__floor__())
            case _:
                raise AssertionError(f"cannot read {item}")


def _flat(node: Node) -> list[Node]:
    if isinstance(node, Row):
        return [part for item in node.items for part in _flat(item)]
    return [] if isinstance(node, Space) else [node]


@st.composite
def formulas(draw: st.DrawFn, depth: int = 4) -> Expr:
    """Draw arithmetic on numbers, each leaf a given of its own."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        value = draw(st.one_of(st.integers(-4, 4), st.sampled_from([Fraction(1, 2), Fraction(-1, 4), Fraction(1, 3)])))
        return constant(value) if isinstance(value, int) and draw(st.booleans()) else leaf("a", value)
    one, other = draw(formulas(depth - 1)), draw(formulas(depth - 1))
    kind = draw(st.sampled_from(["+", "−", "×", "/", "negative", "max", "square"]))
    match kind:
        case "+":
            return one + other
        case "−":
            return one - other
        case "×":
            return one * other
        case "/":
            assume(other.number != 0)
            return one / other
        case "negative":
            return -one
        case "square":
            return power(one, 2)
        case _:
            return maximum(one, other)


@settings(max_examples=400, deadline=None)
@given(formulas())
def test_printed_arithmetic_read_back_gives_the_number(formula: Expr) -> None:
    assert Reader(numbers_node(formula)).total() == formula.number


a, b, c = (leaf(name, value) for name, value in zip("abc", (2, -3, 4), strict=True))
W, x = leaf("W", [[1, -2], [3, 4]]), leaf("x", [5, 6])


@pytest.mark.parametrize(
    ("expression", "symbols", "numbers"),
    [
        (a + b, "a + b", r"2 + \left(-3\right)"),
        (a - (b - c), r"a - \left(b - c\right)", r"2 - \left(-3 - 4\right)"),
        (a * (b + c), r"a\left(b + c\right)", r"2 \times \left(-3 + 4\right)"),
        (-(a + b), r"-\left(a + b\right)", r"-\left(2 + \left(-3\right)\right)"),
        ((a + b) / c, r"\frac{a + b}{c}", r"\frac{2 + \left(-3\right)}{4}"),
        (exp(-a), "e^{-a}", "e^{-2}"),
        (sqrt(a), r"\sqrt{a}", r"\sqrt{2}"),
        (tanh(b), r"\tanh(b)", r"\tanh(-3)"),
        (sin(b), r"\sin(b)", r"\sin(-3)"),
        (cos(a + b), r"\cos(a + b)", r"\cos(2 + \left(-3\right))"),
        (any_power(a, constant(2) / constant(3, "d")), r"a^{\frac{2}{d}}", r"2^{\frac{2}{3}}"),
        (any_power(a + b, a), r"\left(a + b\right)^{a}", r"\left(2 + \left(-3\right)\right)^{2}"),
        (maximum(a, b), r"\max(a, b)", r"\max(2, -3)"),
        (sigmoid(a), r"\sigma(a)", r"\frac{1}{1 + e^{-2}}"),
        (sigmoid(b), r"\sigma(b)", r"\frac{1}{1 + e^{-\left(-3\right)}}"),
        (ln(a), r"\ln\,a", r"\ln\,2"),
        (floor(a / c), r"\lfloor \frac{a}{c} \rfloor", None),
        (entry(W @ x, (0,)), r"w_{11}x_{1} + w_{12}x_{2}", r"1 \times 5 + \left(-2\right) \times 6"),
    ],
)
def test_formulas_are_written_as_on_a_blackboard(expression: Expr, symbols: str, numbers: str | None) -> None:
    assert _without_spacing(in_symbols(expression)) == _without_spacing(symbols)
    if numbers is not None:
        assert _without_spacing(in_numbers(expression)) == _without_spacing(numbers)


def _without_spacing(source: str) -> str:
    for spacing in (r"\left", r"\right", r"\,", " ", "{", "}"):
        source = source.replace(spacing, "")
    return source


def test_products_of_arrays_are_written_whole() -> None:
    assert _without_spacing(in_symbols(W @ x + x)) == r"\mathbfW\mathbfx+\mathbfx"
    assert r"\odot" in in_symbols(x * x)
    assert "^" in in_symbols(W.T @ x)
    assert _without_spacing(in_symbols((W @ W).T)).startswith(r"(\mathbfW\mathbfW)^")


def test_a_sum_of_27_products_is_written_out_and_one_of_28_is_not() -> None:
    short, long = (leaf("v", [1] * length) for length in (27, 28))
    assert in_numbers(entry(short @ short, ())).count(r"\times") == 27
    abbreviated = in_numbers(entry(long @ long, ()))
    assert abbreviated.count(r"\times") == 4
    assert abbreviated.count(r"\dots") + abbreviated.count(r"\cdots") + abbreviated.count(r"\ldots") == 1


@pytest.mark.parametrize("unwritable", [windows(W, (1, 1), (1, 1)), W.sum(axis=0), argmax(W, 0), W[0]])
def test_what_has_no_customary_notation_is_not_written_whole(unwritable: Expr) -> None:
    with pytest.raises(NotWritable):
        in_symbols(unwritable)


def test_both_branches_are_written_whole_with_their_conditions() -> None:
    written = in_symbols(branches(x, x, x / 10))
    assert r"\begin{cases}" in written
    assert r"\ge" in written
    assert "<" in written


@given(st.fractions(-50, 50, max_denominator=60))
def test_a_given_number_is_written_with_its_exact_value(value: Fraction) -> None:
    assert Reader(given_number(value).node).total() == value


def test_a_number_given_with_many_digits_keeps_them_and_a_result_does_not() -> None:
    assert latex(given_number(Fraction("0.12345")).node) == "0.12345"
    assert latex(number(Fraction("0.12345"), 3).node) == "0.123"


def test_infinity_is_written_as_a_sign() -> None:
    assert latex(number(float("-inf"), 3).node) == r"-\infty"


def _sized(*shape: int) -> Node:
    return matrix(shape, lambda index: Number("".join(str(place) for place in index)))


def test_matrices_of_eight_rows_are_whole_and_of_nine_show_three_at_each_edge() -> None:
    whole, cut = _sized(8, 8), _sized(9, 20)
    assert isinstance(whole, Matrix)
    assert isinstance(cut, Matrix)
    assert [len(row) for row in whole.rows] == [8] * 8
    assert [len(row) for row in cut.rows] == [7] * 7
    assert cut.rows[-1][-1] == Number("819")
    assert cut.rows[3][0] == Sign("⋮")
    assert cut.rows[0][3] == Sign("…")


def test_a_vector_is_a_column_and_a_lone_entry_a_number() -> None:
    column = _sized(3)
    assert isinstance(column, Matrix)
    assert [len(row) for row in column.rows] == [1, 1, 1]
    assert _sized(1, 1) == Number("00")
    assert _sized() == Number("")


@pytest.mark.parametrize("shape", [(), (1,), (3,), (9,), (2, 3), (9, 2), (2, 9, 10), (1, 1, 3, 3)])
def test_the_indices_shown_are_those_that_the_matrices_print(shape: tuple[int, ...]) -> None:
    printed: list[tuple[int, ...]] = []
    for plane in planes(shape):

        def remember(index: tuple[int, ...], plane: tuple[int, ...] = plane) -> Node:
            printed.append((*plane, *index))
            return Number("1")

        matrix(shape[len(plane) :], remember)
    assert set(printed) == set(shown_indices(shape)) or len(shape) > 2
    assert set(printed) >= set(shown_indices(shape))


def test_a_root_a_power_and_a_name_are_nodes_of_their_own() -> None:
    assert isinstance(numbers_node(sqrt(a)), Root)
    assert isinstance(numbers_node(exp(a)), Script)
    assert np.isclose(float(exp(a).number), np.e**2)
