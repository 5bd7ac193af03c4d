"""Attention weights as heat maps: the numbers, how dark they are, and which axis is whose."""

from itertools import pairwise

import numpy as np
import pytest
from drawn_pictures import assert_readable, drawn_by, figures_of, labels_of, letters, numbers

from fullmarks.math.expression import Expr
from fullmarks.math.figures import Box, Figure
from fullmarks.math.figures.heat_maps import DARKEST, ink_of

OPERATORS = ("attention", "self_attention", "cross_attention", "multi_head_attention")
ROUNDING = 0.0051
TOKENS = [[1, 0], [0, 2], [2, 1]]
WEIGHTS = {"W_Q": [[1, 0], [0, 1]], "W_K": [[1, 1], [0, 1]], "W_V": [[1, 0], [0, 1]]}


def cells(figure: Figure) -> list[tuple[float, float]]:
    """Return the number and the ink of every cell, in reading order of each head."""
    boxes = [shape for shape in figure.shapes if isinstance(shape, Box)]
    words = {label.place[0]: {} for label in labels_of(figure)}
    for label in labels_of(figure):
        words[label.place[0]][label.place[1]] = letters(label)
    return [(numbers(words[box.centre[0]][box.centre[1] + 4])[0], box.ink) for box in boxes]


def labelled(figure: Figure, letter: str) -> list[tuple[float, float]]:
    return [label.place for label in labels_of(figure) if letters(label).startswith(letter) and len(letters(label)) < 4]


@pytest.mark.parametrize("operator", OPERATORS)
def test_nothing_in_a_heat_map_is_on_top_of_anything(operator: str) -> None:
    found = drawn_by(operator)
    assert len(found) >= 9
    for name, _, figure in found:
        assert_readable(name, figure)


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_larger_weight_is_darker_and_black_digits_stay_readable(operator: str) -> None:
    for name, _, figure in drawn_by(operator):
        shown = sorted(cells(figure))
        inks = [ink for _, ink in shown]
        assert max(inks) <= DARKEST <= 0.55, name
        for (weight, ink), (heavier, darker) in pairwise(shown):
            assert weight == heavier or ink < darker, name


@pytest.mark.parametrize("operator", ["attention", "self_attention", "cross_attention"])
def test_the_cells_are_the_weights_that_plain_numpy_finds_in_their_layout(operator: str) -> None:
    for name, step, figure in drawn_by(operator):
        assert step.operator is not None
        assert step.operator.evaluate is not None
        plain = {key: value.value if isinstance(value, Expr) else value for key, value in step.arguments.items()}
        weights = step.operator.evaluate(**plain)["weights"]
        assert [number for number, _ in cells(figure)] == pytest.approx(weights.ravel(), abs=ROUNDING), name
        said = [float(one) for one in numbers(figure.alt) if 0 <= one <= 1]
        by_query = weights if plain.get("layout", "rows") == "rows" else weights.T
        for weight in by_query.ravel():
            assert any(abs(one - weight) < ROUNDING for one in said), name


def test_queries_are_the_rows_where_tokens_are_rows() -> None:
    (figure,) = figures_of("cross_attention", X=TOKENS, X2=TOKENS[:2], **WEIGHTS)
    assert len({x for x, _ in labelled(figure, "q")}) == 1
    assert len({y for _, y in labelled(figure, "q")}) == 2
    assert len({x for x, _ in labelled(figure, "k")}) == 3


def test_queries_are_the_columns_where_tokens_are_columns_and_the_words_are_the_same() -> None:
    (rows,) = figures_of("cross_attention", X=TOKENS, X2=TOKENS[:2], **WEIGHTS)
    turned = {name: np.transpose(weights).tolist() for name, weights in WEIGHTS.items()}
    tokens = {"X": np.transpose(TOKENS).tolist(), "X2": np.transpose(TOKENS[:2]).tolist()}
    (columns,) = figures_of("cross_attention", **tokens, **turned, layout="columns")
    assert len({x for x, _ in labelled(columns, "q")}) == 2
    assert len({y for _, y in labelled(columns, "k")}) == 3
    assert columns.alt == rows.alt
    found = np.array([number for number, _ in cells(columns)]).reshape(3, 2)
    assert found.T.ravel() == pytest.approx([number for number, _ in cells(rows)])


def test_hidden_tokens_have_white_cells() -> None:
    (figure,) = figures_of("self_attention", X=TOKENS, **WEIGHTS, mask="causal")
    inks = np.array([ink for _, ink in cells(figure)]).reshape(3, 3)
    assert (np.triu(inks, 1) == 0).all()
    assert (inks[np.tril_indices(3)] > 0).all()


def test_every_head_has_a_map_of_its_own_up_to_three() -> None:
    def drawn(heads: int) -> list[Figure]:
        across = [[1, -1] * heads] * 2
        down = [[1, 0]] * (2 * heads)
        X = [[1, 0], [2, 1]]
        return figures_of("multi_head_attention", X=X, W_Q=across, W_K=across, W_V=across, W_O=down, heads=heads)

    (three,) = drawn(3)
    assert [letters(label) for label in labels_of(three) if letters(label).startswith("head")] == [
        "head 1",
        "head 2",
        "head 3",
    ]
    assert "Head 3, query 2" in three.alt
    assert "Head" not in drawn(1)[0].alt
    assert drawn(4) == []


def test_a_map_is_drawn_from_two_weights_on_and_up_to_eight_keys() -> None:
    def drawn(queries: int, keys: int) -> list[Figure]:
        some = np.arange(2 * keys).reshape(keys, 2) % 3
        return figures_of("attention", Q=[[1, 2]] * queries, K=some.tolist(), V=some.tolist())

    assert drawn(1, 1) == []
    assert len(drawn(1, 2)) == len(drawn(2, 1)) == len(drawn(8, 8)) == 1
    assert drawn(2, 9) == drawn(9, 2) == []
    assert_readable("8 by 8", drawn(8, 8)[0])


def test_a_weight_that_would_vanish_is_said_to_be_smaller_than_what_is_shown() -> None:
    (figure,) = figures_of("attention", Q=[[4]], K=[[0], [4]], V=[[1], [2]], scale=False)
    assert "<0.001" in {letters(label) for label in labels_of(figure)}
    assert "Query 1: <0.001 on key 1" in figure.alt


def test_a_terminal_shows_the_same_map_with_numbers() -> None:
    (figure,) = figures_of("attention", Q=[[0], [0]], K=[[1], [2]], V=[[1], [2]])
    assert figure.characters.splitlines()[:3] == ["       k₁   k₂", "   q₁ 0.5  0.5", "   q₂ 0.5  0.5"]


def test_ink_grows_with_the_weight() -> None:
    inks = [ink_of(weight / 10) for weight in range(11)]
    assert inks == sorted(set(inks))
