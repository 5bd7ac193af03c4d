from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.problem.formula import (
    Binary,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Distinct,
    Either,
    Formula,
    Name,
    Negative,
    Not,
    Number,
    Result,
    Sequence,
    Word,
    names_in,
    parse_condition,
    parse_formula,
    parse_statements,
)
from fullmarks.problem.formula_text import condition_text, formula_text

NAMES = st.sampled_from(["x", "W_hh", "h0", "A", "match", "_"])
DECIMALS = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(0, 12))
LEAVES = st.one_of(
    st.builds(Name, NAMES),
    st.builds(Number, DECIMALS),
    st.builds(Word, st.sampled_from(["ifgo", "conv2d 6 3x3", "it's", "São  Paulo", ""])),
    st.builds(Constant, st.sampled_from([True, False, None])),
    st.builds(Result, NAMES, NAMES),
)


@st.composite
def formulas(draw: st.DrawFn, levels: int = 4) -> Formula:
    if levels == 0 or draw(st.booleans()):
        return draw(LEAVES)
    inner = formulas(levels=levels - 1)
    several = tuple(draw(st.lists(inner, max_size=2)))
    match draw(st.sampled_from(["list", "call", "binary", "negative"])):
        case "list":
            return Sequence(several)
        case "call":
            options = draw(st.lists(st.tuples(NAMES, inner), max_size=2))
            return Call(draw(NAMES), several, tuple(options))
        case "binary":
            return Binary(draw(st.sampled_from("+-*/@")), draw(inner), draw(inner))  # type: ignore[arg-type]  a sign
        case _:
            return Negative(draw(inner))


@st.composite
def conditions(draw: st.DrawFn, levels: int = 2) -> Condition:
    side = formulas(levels=2)
    if levels == 0 or draw(st.booleans()):
        relation = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "distinct"]))
        return Distinct(draw(side)) if relation == "distinct" else Comparison(relation, draw(side), draw(side))
    several = tuple(draw(st.lists(conditions(levels=levels - 1), min_size=2, max_size=3)))
    return draw(st.sampled_from([Both(several), Either(several), Not(several[0])]))


@given(formulas())
def test_a_formula_that_is_written_and_read_again_is_the_same(formula: Formula) -> None:
    assert parse_formula(formula_text(formula)) == formula


@given(conditions())
def test_a_condition_that_is_written_and_read_again_is_the_same(condition: Condition) -> None:
    assert parse_condition(condition_text(condition)) == condition


@given(st.text() | st.text("()[]{}xyA1.=+-*/@,;<>! \n\t'\"\\andotrif", max_size=60))
def test_any_text_is_a_formula_or_one_clear_refusal(text: str) -> None:
    for parse in (parse_formula, parse_condition, parse_statements):
        try:
            parse(text)
        except FullmarksError as refusal:
            assert str(refusal).count("\n") == 0  # noqa: PT017  most texts are refused, some are formulas


def test_a_call_keeps_its_arguments_as_written() -> None:
    assert parse_formula("conv2d(A, F, stride=2, padding=[1, 0])") == Call(
        "conv2d",
        (Name("A"), Name("F")),
        (("stride", Number(Fraction(2))), ("padding", Sequence((Number(Fraction(1)), Number(Fraction(0)))))),
    )


def test_a_decimal_is_exactly_what_is_written() -> None:
    assert parse_formula("0.1") == Number(Fraction(1, 10))
    assert parse_formula("1e-5") == Number(Fraction(1, 100_000))
    assert parse_formula("0.10000000000000000001") != Number(Fraction(1, 10))


def test_a_product_binds_tighter_than_a_sum_and_a_minus_tighter_still() -> None:
    assert parse_formula("-a * b + c") == Binary("+", Binary("*", Negative(Name("a")), Name("b")), Name("c"))


def test_a_comparison_of_three_is_two_comparisons() -> None:
    assert parse_condition("0 < x < 3") == Both(
        (Comparison("<", Number(Fraction(0)), Name("x")), Comparison("<", Name("x"), Number(Fraction(3))))
    )


def test_a_semicolon_inside_a_string_parts_no_statements() -> None:
    assert parse_statements('Y = explain("a; b"); relu(Y)') == [
        ("Y", Call("explain", (Word("a; b"),))),
        (None, Call("relu", (Name("Y"),))),
    ]


def test_statements_may_stand_on_lines_and_calls_may_go_over_them() -> None:
    assert [name for name, _ in parse_statements("Y = conv2d(A,\n    F)\n  Z = relu(Y)\n")] == ["Y", "Z"]


def test_names_come_once_in_order_of_appearance() -> None:
    assert names_in(parse_formula("f(b, Z.weights, k=a) + b")) == ["b", "Z", "a"]


@pytest.mark.parametrize(
    "source",
    [
        "-" * 9_999 + "1",
        "(" * 9_000,
        "1" + "+1" * 4_999,
        "a" + ".a" * 4_900,
        "f(" * 3_000,
        "[" * 9_999,
        "relu(" * 49 + "x" + "+x" * 200 + ")" * 49 + "+x" * 200,
    ],
    ids=["minus signs", "brackets", "a sum", "dots", "calls", "lists", "sums in calls"],
)
def test_deep_nesting_is_refused_and_not_a_crash(source: str) -> None:
    with pytest.raises(FullmarksError, match="nested deeper than 50 levels"):
        parse_formula(source)


def test_fifty_levels_are_read() -> None:
    assert isinstance(parse_formula("-" * 49 + "x"), Negative)
    with pytest.raises(FullmarksError, match="50 levels"):
        parse_formula("-" * 50 + "x")


def test_a_sum_is_one_level_however_many_terms_it_has() -> None:
    assert formula_text(parse_formula("x" + " - y" * 249)) == "x" + " - y" * 249
    assert parse_formula("-" * 48 + "(x + y + z)")
    with pytest.raises(FullmarksError, match="a sum of more than 250 terms"):
        parse_formula("x" + " - y" * 250)


def test_a_long_product_of_matrices_is_refused_because_each_multiplies_the_work() -> None:
    assert parse_formula("W @ " * 7 + "x")
    with pytest.raises(FullmarksError, match="more than 8 matrices in one product"):
        parse_formula("W @ " * 8 + "x")


def test_a_formula_may_have_ten_thousand_characters_and_no_more() -> None:
    assert parse_formula("[" + "1," * 4_999 + "]")
    with pytest.raises(FullmarksError, match="10,001 characters"):
        parse_formula("x" * 10_001)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.b.c", "name the quantity first"),
        ("f(x).y", "name the quantity first"),
        ("x[0]", "cannot be picked out"),
        ("x ** 2", "no power"),
        ("x ^ 2", "no power"),
        ("x // 2", "division is '/'"),
        ("[i for i in x]", "'for' is a reserved word"),
        ("lambda x: x", "'lambda' is a reserved word"),
        ("x < 1", "in 'require' only"),
        ("x and y", "in 'require' only"),
        ("(1, 2)", "square brackets"),
        ("{1}", "square brackets|lists are written"),
        ("f(*x)", "stands between two formulas"),
        ("f(**x)", r"no part of a call"),
        ("(f)(x)(y)", "by its name"),
        ("True", "written true"),
        ("2x", r"2\*x"),
        ("1_000", "runs into"),
        ("0x10", "runs into"),
        ("1e999", "too large"),
        ("1e-999999999", "too large"),
        ("9" * 5_000, "too long"),
        ("é", "no ASCII letter"),
        ('f"{x}"', "missing before the string"),
        ('"a" "b"', "missing before the string"),
        ('"a', "does not end"),
        (r'"\n"', "backslash"),
        ("x = 1", "no formula"),
        ("x; y", "one formula is expected"),
        ("", "there is no formula"),
        ("f(", "was never closed"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_reason(source: str, expected: str) -> None:
    with pytest.raises(FullmarksError, match=expected) as refusal:
        parse_formula(source, "where: Y")
    assert str(refusal.value).startswith("where: Y: ")


@pytest.mark.parametrize("source", ["max(Y)", "Y", "not Y", "x in y", "x is y", "distinct(a, b)", "Y if x else Z"])
def test_what_is_no_condition_is_refused(source: str) -> None:
    with pytest.raises(FullmarksError, match=r"condition|reserved word"):
        parse_condition(source)


@pytest.mark.parametrize(
    "source", ["x = y = 1", "x += 1", "x, y = 1", "x.y = 1", "import_(x) = 2", "x[0] = 1", "class A"]
)
def test_only_plain_assignments_are_statements(source: str) -> None:
    with pytest.raises(FullmarksError):
        parse_statements(source)
