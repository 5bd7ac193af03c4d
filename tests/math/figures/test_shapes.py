"""Shapes are written the same way in every format, and words in them stay words."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.math.figures import Figure, Label, Stroke
from fullmarks.math.figures.grids import Grid, grids
from fullmarks.math.figures.runs import Run, runs, width_of
from fullmarks.math.figures.svg import arrow_head, figure_svg
from fullmarks.math.figures.tikz import figure_tikz
from fullmarks.math.notation import Matrix, Number, Row, Script, Sign, Symbol, Text

W_HH = Script(Symbol("W", "bold"), below=Row((Symbol("h"), Symbol("h"))))


def drawn(*shapes: Label | Stroke) -> Figure:
    return Figure(100, 50, shapes, "a drawing")


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30))
def test_words_of_a_label_come_back_from_the_svg_as_they_were(words: str) -> None:
    tree = ET.fromstring(figure_svg(drawn(Label((50, 25), Text(words)))))  # noqa: S314 - we made it
    (text,) = tree
    assert "".join(text.itertext()) == words


def test_a_script_is_lowered_and_what_follows_it_returns_to_the_line() -> None:
    svg = figure_svg(drawn(Label((50, 25), Row((W_HH, Sign("="), Number("1"))), size=10)))
    assert 'font-weight="bold">W</tspan><tspan dy="3" font-size="7.2" font-style="italic">h' in svg
    assert svg.index('dy="3"') < svg.index('dy="-3"')
    assert svg.count("dy=") == 3  # two letters of the script and the way back; the second letter moves by nothing


def test_a_minus_is_printed_as_one() -> None:
    assert runs(Number("-2")) == (Run("−2"),)


def test_a_matrix_has_no_place_in_a_label() -> None:
    with pytest.raises(FullmarksError, match="a drawing cannot hold Matrix"):
        runs(Matrix(((Number("1"),),)))


def test_a_label_with_a_script_is_narrower_than_its_letters_on_the_line() -> None:
    on_the_line = Row((Symbol("W"), Symbol("h"), Symbol("h")))
    assert width_of(Symbol("W"), 12) < width_of(W_HH, 12) < width_of(on_the_line, 12)


def test_the_head_of_an_arrow_ends_where_the_arrow_does() -> None:
    tip, left, right, neck = arrow_head((0, 0), (30, 40))
    assert tip == (30, 40)
    assert ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2) == pytest.approx(neck)
    assert neck[0] / neck[1] == pytest.approx(30 / 40)


def test_tikz_writes_formulas_as_latex_and_escapes_words() -> None:
    tex = figure_tikz(drawn(Label((50, 25), W_HH), Label((5, 5), Text(r"50% \input{x}"), anchor="start")))
    assert r"{$\mathbf{W}_{h h}$}" in tex
    assert r"50\% \textbackslash{}input\{x\}" in tex


def test_an_arrow_keeps_its_dashes_in_every_format() -> None:
    arrow = Stroke(((0, 0), (50, 0)), arrow=True, dash="dashed")
    assert 'stroke-dasharray="6 3"' in figure_svg(drawn(arrow))
    assert r"\draw[dashed" in figure_tikz(drawn(arrow))


def test_grids_stand_side_by_side_without_touching() -> None:
    shown = Grid("a matrix", (("1", "2"), ("3", "4")), row_labels=(Symbol("q"), Symbol("k")))
    figure = grids((shown, shown, shown), ("∗", "→"), "three matrices")
    captions = [shape for shape in figure.shapes if isinstance(shape, Label) and shape.text == Text("a matrix")]
    for left, right in pairwise(captions):
        assert right.place[0] - left.place[0] > width_of(left.text, left.size)
    assert figure.characters.splitlines()[0].count("q 1  2") == 3
