import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmarks.math.notation import Node, Number, Script, Symbol, Text
from fullmarks.math.notation.latex import latex
from fullmarks.math.symbols import GREEK, entry_symbol, symbol_from_name, with_below


@pytest.mark.parametrize(
    ("name", "is_array", "written"),
    [
        ("A", True, r"\mathbf{A}"),
        ("b", False, "b"),
        ("h0", True, r"\mathbf{h}_{0}"),
        ("W_hh", True, r"\mathbf{W}_{hh}"),
        ("W_xh1", True, r"\mathbf{W}_{xh1}"),
        ("alpha", False, r"\alpha"),
        ("d_k", False, "d_{k}"),
        ("y12", False, "y_{12}"),
        ("target", True, r"\text{target}"),
        ("learning_rate", False, r"\text{learning rate}"),
        ("y_out", False, r"y_{\text{out}}"),
        ("w_1_2", False, "w_{1,2}"),
        ("sigma_x", False, r"\sigma_{x}"),
        ("Z_in", True, r"\mathbf{Z}_{in}"),
    ],
)
def test_names_become_the_symbols_of_a_textbook(name: str, is_array: bool, written: str) -> None:
    assert latex(symbol_from_name(name, is_array=is_array)).replace(" ", "") == written.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "index", "written"),
    [
        ("W", (0, 1), "w_{12}"),
        ("x", (2,), "x_{3}"),
        ("W", (9, 1), "w_{10,2}"),
        ("W_hh", (0, 1), "w_{hh,1,2}"),
        ("h0", (1,), "h_{0,2}"),
        ("K", (0, 1, 2), "k_{123}"),
        ("Delta", (0,), r"\Delta_{1}"),
    ],
)
def test_an_entry_is_a_small_light_letter_with_places_counted_from_one(
    name: str, index: tuple[int, ...], written: str
) -> None:
    assert latex(entry_symbol(symbol_from_name(name, is_array=True), index)).replace(" ", "") == written


@given(st.tuples(st.integers(0, 30), st.integers(0, 30)), st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_two_entries_never_share_a_symbol(one: tuple[int, int], other: tuple[int, int]) -> None:
    for name in ("W", "W_hh", "h0", "alpha"):
        symbol = symbol_from_name(name, is_array=True)
        same = latex(entry_symbol(symbol, one)) == latex(entry_symbol(symbol, other))
        assert same == (one == other)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True))
def test_every_name_has_a_symbol_that_can_be_written(name: str) -> None:
    symbol = symbol_from_name(name, is_array=False)
    assert latex(symbol).strip()
    assert latex(entry_symbol(symbol, (0, 1))).strip()


def test_a_second_ending_stands_after_a_comma() -> None:
    once: Node = Script(Symbol("z"), Number("1"))
    assert latex(with_below(once, Number("2"))).replace(" ", "") == "z_{1,2}"
    assert latex(with_below(Symbol("z"), Number("2"))).replace(" ", "") in ("z_{2}", "z_2")


def test_greek_names_are_letters_and_other_words_are_words() -> None:
    for name in GREEK:
        assert symbol_from_name(name, is_array=False) == Symbol(name)
    assert symbol_from_name("alphabet", is_array=False) == Text("alphabet")
