"""Drawings with wires: everything inside, nothing on top of anything, and the numbers that were worked."""

import re
from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from fullmarks import api
from fullmarks.document.question import picture
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.math.expression import Expr
from fullmarks.math.figures import Box, Disc, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.layers import Block, layered
from fullmarks.math.figures.runs import SCRIPT_SIZE, WIDEST, runs, width_of
from fullmarks.math.forward_mode import nudged_gradient
from fullmarks.math.history import leaves, lines
from fullmarks.math.notation import Symbol
from fullmarks.math.notation.terminal import text
from fullmarks.problem.bank import bank_files
from fullmarks.solution.walk import Step

OPERATORS = ("gradient", "rnn", "bptt", "lstm_cell", "gru_cell")
SEEDS = range(6)
DRAWS = 3
ASCENT, DESCENT = 0.7, 0.2  # of the size, above and below the base line
LEAST_SIZE = 10.0  # pixels
ROUNDING = 0.000501
NUMBER = r"−?\d+(?:\.\d+)?"
VALUE = rf"\({NUMBER}(?:, {NUMBER})*\)|{NUMBER}"
Rectangle = tuple[float, float, float, float]
Drawn = tuple[str, Step, Figure]


@cache
def drawings() -> tuple[Drawn, ...]:
    """Solve samples of the operators and the bank's problems with them; return their pictures."""
    called = re.compile(rf"\b({'|'.join(OPERATORS)})\(")
    instances: dict[str, Any] = {}
    for operator in OPERATORS:
        for level in LEVELS:
            for seed in SEEDS:
                instances[f"{operator} {level} {seed}"] = new_exercise(find_source(operator, level), seed)
    for name, path in bank_files().items():
        if called.search(path.read_text(encoding="utf-8")):
            instances[name] = api.load(name)
            for seed in range(DRAWS):
                instances[f"{name} {seed}"] = api.load(name).draw(seed)
    found: list[Drawn] = []
    for name, instance in instances.items():
        solution = api.solve(instance).marked.solution
        for part in solution.parts:
            step = solution.worked.step_of((part.part.find or "").partition(".")[0])
            if step is not None and step.operator is not None and step.operator.name in OPERATORS:
                found += [(f"{name} {part.label}", step, block.figure) for block in picture(part, solution)]  # type: ignore[union-attr]
    return tuple(found)


def of(operator: str) -> list[Drawn]:
    return [one for one in drawings() if one[1].operator is not None and one[1].operator.name == operator]


def label_box(label: Label) -> Rectangle:
    width = width_of(label.text, label.size)
    left = label.place[0] - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    low = DESCENT + 0.3 * SCRIPT_SIZE * any(run.level < 0 for run in runs(label.text))
    return left, label.place[1] - ASCENT * label.size, left + width, label.place[1] + low * label.size


def bounds(shape: Shape) -> Rectangle:
    match shape:
        case Box((x, y), width, height):
            return x - width / 2, y - height / 2, x + width / 2, y + height / 2
        case Disc((x, y), radius):
            return x - radius, y - radius, x + radius, y + radius
        case Stroke(points):
            across, down = zip(*points, strict=True)
            return min(across), min(down), max(across), max(down)
        case Label():
            return label_box(shape)


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(one: Rectangle, other: Rectangle) -> bool:
    return other[0] <= one[0] and one[2] <= other[2] and other[1] <= one[1] and one[3] <= other[3]


def inner(box: Rectangle) -> Rectangle:
    return box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1


def runs_through(start: Place, end: Place, box: Rectangle) -> bool:
    """Tell whether a piece of wire meets a rectangle, tried at every half pixel."""
    count = int(2 * np.hypot(end[0] - start[0], end[1] - start[1])) + 2
    across, down = np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count)
    return bool(((box[0] < across) & (across < box[2]) & (box[1] < down) & (down < box[3])).any())


def letters(label: Label) -> str:
    return "".join(run.letters for run in runs(label.text)).replace("\u2009", " ")


def numbers(words: str) -> list[float]:
    return [float(one.replace("−", "-")) for one in re.findall(NUMBER, words)]


def assert_readable(name: str, figure: Figure) -> None:
    labels = [shape for shape in figure.shapes if isinstance(shape, Label)]
    for shape in figure.shapes:
        left, top, right, bottom = bounds(shape)
        assert min(left, top) >= 0, (name, shape)
        assert right <= figure.width, (name, shape)
        assert bottom <= figure.height, (name, shape)
    for one, other in combinations(labels, 2):
        assert not overlap(label_box(one), label_box(other)), (name, letters(one), letters(other))
    boxes = [bounds(shape) for shape in figure.shapes if isinstance(shape, Box)]
    for label in labels:
        touched = [box for box in boxes if overlap(label_box(label), box) and not inside(label_box(label), box)]
        assert not touched, (name, letters(label))
    for stroke in figure.shapes:
        if isinstance(stroke, Stroke):
            for start, end in pairwise(stroke.points):
                struck = [letters(label) for label in labels if runs_through(start, end, label_box(label))]
                assert not struck, (name, struck)
                crossed = [box for box in boxes if runs_through(start, end, inner(box))]
                assert not crossed, (name, crossed)
    assert min(label.size for label in labels) >= LEAST_SIZE, name
    assert figure.width <= WIDEST, name


@pytest.mark.parametrize("operator", OPERATORS)
def test_shapes_are_inside_their_drawing_and_labels_on_nothing_else(operator: str) -> None:
    found = of(operator)
    assert len(found) > len(SEEDS)  # not only the samples of one level are drawn
    for name, _, figure in found:
        assert_readable(name, figure)


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_words_below_a_drawing_say_every_number_on_its_wires(operator: str) -> None:
    for name, _, figure in of(operator):
        on_wires = Counter(
            number
            for shape in figure.shapes
            if isinstance(shape, Label) and re.match(r"[\[(−\d]", letters(shape)) and "×" not in letters(shape)
            for number in numbers(letters(shape))
        )
        said = Counter(numbers(figure.alt.replace("10⁻", "")))
        assert on_wires, name
        assert not on_wires - said, (name, on_wires - said)


def vectors(figure: Figure) -> list[float]:
    """Return the numbers of all values in the order in which they are drawn, also of those on several lines."""
    values = [letters(shape) for shape in figure.shapes if isinstance(shape, Label)]
    return [number for value in values if re.match(r"[\[(−\d]", value) for number in numbers(value)]


def assert_drawn(name: str, figure: Figure, vector: Any) -> None:
    wanted, found = np.atleast_1d(np.asarray(vector, dtype=float)), vectors(figure)
    places = range(len(found) - len(wanted) + 1)
    assert any(np.allclose(found[place : place + len(wanted)], wanted, atol=ROUNDING) for place in places), (
        name,
        wanted,
    )


def evaluated(step: Step) -> Any:
    assert step.operator is not None
    assert step.operator.evaluate is not None
    plain = {name: value.value if isinstance(value, Expr) else value for name, value in step.arguments.items()}
    return step.operator.evaluate(**plain)


def test_an_lstm_cell_shows_what_plain_numpy_finds_for_its_gates_and_states() -> None:
    for name, step, figure in of("lstm_cell"):
        results = evaluated(step)
        for vector in (*results.values(), np.tanh(results["c"])):
            assert_drawn(name, figure, vector)


def test_a_gru_cell_shows_what_plain_numpy_finds_for_its_gates_and_state() -> None:
    for name, step, figure in of("gru_cell"):
        for vector in evaluated(step).values():
            assert_drawn(name, figure, vector)


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("update", ["keep", "new"])
@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_a_gru_cell_of_either_convention_is_readable(reset: str, update: str, hidden: int) -> None:
    weights = {
        f"W_{gate}": (np.arange(hidden * (hidden + 2)) / 10 - 0.35).reshape(hidden, -1).tolist() for gate in "rzn"
    }
    state = {"x": [-1, 2], "h": [-0.5] * hidden}
    (figure,) = graph_of("gru_cell", **state, **weights, reset=reset, update=update)
    assert_readable(f"{reset} {update}", figure)
    old, new = ("z", "1 minus z") if update == "keep" else ("1 minus z", "z")
    assert f"the old state times {old}, plus the candidate times {new}" in figure.alt


def test_an_unrolled_network_shows_the_state_of_every_step() -> None:
    for name, step, figure in of("rnn"):
        results = evaluated(step)
        states = np.vstack([step.arguments["h"].value, results["h"]])
        assert np.allclose(vectors(figure)[: states.size], states.ravel(), atol=ROUNDING), name  # from left to right
        for row in results.get("y", ()):
            assert_drawn(name, figure, row)
        assert sum(isinstance(shape, Box) for shape in figure.shapes) == len(results["h"]), name


def test_losses_over_the_steps_add_to_the_loss_of_the_network() -> None:
    for name, step, figure in of("bptt"):
        said = [float(one) for one in re.findall(rf"L(?:[₀-₉]|₍.*?₎|_\S+)* = ({NUMBER})", figure.alt)]
        assert len(said) == step.arguments["x"].shape[0], (name, figure.alt)
        assert sum(said) == pytest.approx(float(evaluated(step)["loss"]), abs=ROUNDING * len(said)), name


def test_a_truncated_network_is_dashed_where_no_gradient_flows_back() -> None:
    for name, step, figure in of("bptt"):
        steps, length = step.arguments["steps"], step.arguments["x"].shape[0]
        cuts = 0 if steps is None else (length - 1) // steps
        assert sum(isinstance(shape, Stroke) and shape.dash == "dashed" for shape in figure.shapes) == cuts, name
        assert figure.alt.count("No gradient flows back") == cuts, name


def test_no_gradient_is_cut_after_the_last_step() -> None:
    network = {"x": [[1]] * 4, "h": [0.5], "W_xh": [[0.5]], "W_hh": [[0.2]], "W_hy": [[1]], "targets": [1] * 4}
    (figure,) = graph_of("bptt", **network, steps=2)
    assert figure.alt.endswith("No gradient flows back through h₂.")
    assert figure.alt.count("No gradient") == 1


def test_gradients_in_a_graph_are_those_that_nudging_each_quantity_finds() -> None:
    compared = 0
    for name, step, figure in of("gradient"):
        loss = step.arguments["of"]
        quantities = [step.arguments["with_respect_to"], *lines(loss, {}), *leaves(loss.arguments[0])]
        nudged = [nudged_gradient(loss, one) for one in quantities if one.size <= 4]
        values = [np.ravel(one.value) for one in quantities if one.size <= 4]
        for value, gradient in re.findall(rf"= ({VALUE}) with the gradient ({VALUE})", figure.alt):
            assert any(
                np.allclose(np.ravel(right), numbers(gradient), atol=ROUNDING)
                for right, of_it in zip(nudged, values, strict=True)
                if len(of_it) == len(numbers(value)) == len(numbers(gradient))
                and np.allclose(of_it, numbers(value), atol=ROUNDING)
            ), (name, value, gradient)
            compared += 1
    assert compared > len(of("gradient"))  # quantities in between, not the losses alone


def test_the_gradient_asked_for_stands_in_its_graph() -> None:
    for name, step, figure in of("gradient"):
        if sum(length > 1 for length in step.result.shape) <= 1:
            assert_drawn(name, figure, np.ravel(step.result.value))
        shaded = [shape for shape in figure.shapes if isinstance(shape, Box) and shape.ink]
        assert len(shaded) == 1, name


def graph_of(formulas: str, **values: Any) -> tuple[Figure, ...]:
    solution = api.solve(formulas, **values).marked.solution
    return tuple(block.figure for part in solution.parts for block in picture(part, solution))  # type: ignore[union-attr]


def test_a_graph_writes_each_quantity_by_what_enters_it() -> None:
    (figure,) = graph_of("y = w*x+b; L = square_loss(y,t); gradient(L,w)", w=2, x=3, b=1, t=5)
    words = [letters(shape).replace(" ", "") for shape in figure.shapes if isinstance(shape, Label)]
    assert {"w", "x", "b", "t", "y=wx+b", "L=(y−t)2"} <= set(words)
    assert "y = 7 with the gradient 4" in figure.alt
    assert "w = 2 with the gradient 12" in figure.alt


def test_a_quantity_used_twice_is_drawn_once() -> None:
    (figure,) = graph_of("y = w*x; z = y*w; L = square_loss(z, t); gradient(L, w)", w=2, x=3, t=5)
    assert sum(isinstance(shape, Label) and letters(shape) == "w" for shape in figure.shapes) == 1
    assert_readable("twice", figure)


@pytest.mark.parametrize(
    ("of", "gradient"), [("y", 36), ("z", 18), ("d", 1)], ids=["two steps before the loss", "one step", "through a sum"]
)
def test_a_graph_begins_at_the_quantity_in_between_whose_gradient_is_asked_for(of: str, gradient: int) -> None:
    formulas = "y = w*x+b; z = y*2; d = square_loss(z,t); L = d + z + y; gradient(L, d)"
    if of != "d":
        formulas = f"y = w*x+b; z = y*2; L = square_loss(z,t); gradient(L, {of})"
    (figure,) = graph_of(formulas, w=2, x=3, b=1, t=5)
    assert f"with the gradient {gradient}" in figure.alt
    assert not {"w", "x", "b"} & {letters(shape) for shape in figure.shapes if isinstance(shape, Label)}
    assert_readable(of, figure)


def test_a_graph_of_many_quantities_is_not_drawn() -> None:
    chain = "; ".join(f"a{place + 1} = a{place} * a{place}" for place in range(14))
    assert graph_of(f"{chain}; L = square_loss(a14, t); gradient(L, a0)", a0=1, t=2) == ()
    for letters_there, drawn in (("abcdefghijk", 1), ("abcdefghijklm", 0)):
        formulas = f"L = {' + '.join(letters_there)}; gradient(L, a)"
        assert len(graph_of(formulas, **dict.fromkeys(letters_there, 2))) == drawn


def test_a_long_sequence_is_not_drawn() -> None:
    network = {"h": [0.5], "W_xh": [[0.5]], "W_hh": [[0.2]]}
    assert len(graph_of("rnn", x=[[1]] * 5, **network)) == 1
    assert graph_of("rnn", x=[[1]] * 6, **network) == ()


def test_an_lstm_with_many_hidden_units_is_not_drawn() -> None:
    def weights(hidden: int) -> dict[str, Any]:
        return {"x": [1], "h": [0.1] * hidden, "c": [0.2] * hidden, "W": [[0.1] * (hidden + 1)] * (4 * hidden)}

    assert len(graph_of("lstm_cell", **weights(3))) == 1
    assert graph_of("lstm_cell", **weights(4)) == ()


def test_a_drawing_stands_once_where_its_results_are_found_last() -> None:
    solution = api.solve(api.load("lstm-two-steps").problem.id).marked.solution
    drawn = [part.part.find for part in solution.parts if picture(part, solution)]
    assert drawn == ["s", "u"]  # and not at s.c as well


def test_a_wire_past_a_layer_goes_round_the_blocks_in_it() -> None:
    blocks = [Block(Symbol("a"), (Symbol("b"),)), Block(Symbol("c"), (Symbol("d"),), sources=(0,))]
    blocks.append(Block(Symbol("e"), sources=(0, 1)))
    width, height, shapes = layered(blocks)
    boxes = [bounds(shape) for shape in shapes if isinstance(shape, Box)]
    for stroke in shapes:
        if isinstance(stroke, Stroke):
            for start, end in pairwise(stroke.points):
                assert not any(runs_through(start, end, box) for box in boxes)
    assert_readable("round", Figure(width, height, tuple(shapes), ""))


def test_a_terminal_shows_a_network_with_inputs_below_their_cells() -> None:
    (figure,) = graph_of("rnn", x=[[1], [2]], h=[0], W_xh=[[0.5]], W_hh=[[0.2]], W_hy=[[2]])
    above, _, cells, _, below = figure.characters.splitlines()
    places = [match.start() + 2 for match in re.finditer(r"\[tanh\]", cells)]
    assert [above[place : place + 2] for place in places] == ["y₁", "y₂"]
    assert [below[place : place + 2] for place in places] == ["x₁", "x₂"]
    assert text(Symbol("h")) in cells
