"""network_summary: output sizes, parameters, multiplications and memory of a network, a row a layer.

``layers`` is a list such as ["conv2d 6 3x3 stride 2 padding 1", "relu", "max_pool2d 2", "flatten", "linear 10"],
the name of a well-known network, or PyTorch source, which is read and never run. A residual block is
written "residual", its layers, perhaps "shortcut" and the layers there, "add". ``input_size`` is [C, H, W], [T, d] for
tokens or n for a vector. Multiplications are the multiply–accumulates of convolutions, linear layers and attention;
memory is 4 bytes for each value that leaves a layer.
"""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.figures import Figure
from fullmarks.math.functions import join, stack
from fullmarks.math.headings import Headings
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Sizes, Words
from fullmarks.operators._counting import sizes
from fullmarks.operators._known_networks import PRINTED, SOURCES, known_network
from fullmarks.operators._network import Step
from fullmarks.operators._network_picture import network_picture
from fullmarks.operators._network_rows import BYTES, Row, counted_multiplications, counted_parameters, network_rows
from fullmarks.operators._network_text import LAYER_WORDS, is_list_of_layers, layer_texts, read_layers
from fullmarks.operators._network_working import WorkedRow, worked_rows
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._pytorch_source import looks_like_source, read_source

COLUMNS = (
    ("row", "Row"),
    ("name", "Layer"),
    ("output_shape", "Output"),
    ("parameters", "Parameters"),
    ("multiplications", "Multiplications"),
    ("memory", "Memory"),
)
ARGUMENTS = (
    Argument(
        "layers", Words(known=tuple(SOURCES)), f"a list of layers, PyTorch source, or one of {', '.join(SOURCES)}"
    ),
    Argument(
        "input_size", Sizes(), "[C, H, W] of the image; [T, d] of tokens; n of a vector", symbol=r"\text{input size}"
    ),
)


def steps_of(layers: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the layers in whichever of the three ways they are written."""
    if len(layers) == 1:
        (text,) = layers
        if text.lower() in SOURCES:
            return read_layers(known_network(text.lower()))
        if looks_like_source(text):
            return read_source(text)
        if text.lower() not in LAYER_WORDS and len(text.split()) == 1:
            near = nearest(text.lower(), [*SOURCES, *LAYER_WORDS])
            raise FullmarksError(f"{text!r} is neither a network nor a layer{near} (networks: {', '.join(SOURCES)})")
    return read_layers(layers)


def rows_of(layers: tuple[str, ...], input_size: tuple[int, ...]) -> tuple[Row, ...]:
    """Return the rows of the table; a refusal names the argument."""
    try:
        return network_rows(steps_of(layers), input_size)
    except FullmarksError as problem:
        raise FullmarksError(f"network_summary: layers: {problem}") from problem


def check(layers: tuple[str, ...], input_size: tuple[int, ...]) -> None:
    """Check that every layer can take what arrives."""
    rows_of(layers, input_size)


def evaluate(layers: tuple[str, ...], input_size: tuple[int, ...]) -> dict[str, Array]:
    """Return the counts from the shapes of all weight arrays and outputs."""
    rows = rows_of(layers, input_size)
    table = [[counted_parameters(row), counted_multiplications(row), BYTES * prod(row.after)] for row in rows]
    parameters, multiplications, memory = np.array(table, dtype=float).sum(axis=0)
    return {
        "parameters": np.asarray(parameters),
        "multiplications": np.asarray(multiplications),
        "memory": np.asarray(memory),
        "output_size": np.array(rows[-1].after),
        "table": np.array(table, dtype=float),
        "flops": np.asarray(2 * multiplications),
        "footprint": np.asarray(memory + BYTES * parameters),
    }


def working(layers: tuple[str, ...], input_size: tuple[int, ...]) -> Expr:
    rows = rows_of(layers, input_size)
    worked, last = worked_rows(rows)
    table = _table(rows, worked, last)
    total = _total("P", [row.parameters for row in worked], "Add the parameters of all rows.", "parameters", table)
    multiplied = _total(
        "multiplications", [row.multiplications for row in worked], "Add the multiplications.", "multiplications", total
    )
    flops = let("flops", 2 * multiplied, "Each comes with an addition: two floating-point operations.", B("FLOPs"))
    values = _sum([row.values for row in worked])
    reason = f"Every value that leaves a layer takes {BYTES} bytes, row $i$ has $v_i$: the memory of the activations."
    memory = let("memory", BYTES * values, reason, M("values times bytes"), A("memory"), after=(flops,))
    reason = f"With the parameters, {BYTES} bytes each, this is the memory footprint."
    footprint = let("footprint", BYTES * total + memory, reason, B("memory footprint"))
    lengths = [constant(length) for length in rows[-1].after]
    whole = sizes(lengths) if len(lengths) > 1 else lengths[0].reshape(1)
    size = let("output_size", whole, "What leaves the last layer has this size.", B("size of the output"))
    return let(RESULT, total, "So the network has this many parameters.", after=(footprint, size))


def figure(layers: tuple[str, ...], input_size: tuple[int, ...], **_others: object) -> Figure | None:
    """Show the layers as boxes with the size that leaves each."""
    return network_picture(steps_of(layers), input_size)


def _table(rows: Sequence[Row], worked: Sequence[WorkedRow], last: Expr | None) -> Expr:
    """Return the line that is printed as the table."""
    nothing = constant(0)
    cells = [
        join(
            [
                number.reshape(1)
                for number in (_or(row.parameters, nothing), _or(row.multiplications, nothing), BYTES * row.values)
            ]
        )
        for row in worked
    ]
    headings = Headings(COLUMNS, tuple((row.number, row.title, row.after) for row in rows))
    reason = (
        "The whole network. Activations, pooling and sums have no parameters; multiplications are counted where there "
        f"are weights. A row's memory is that of its output, {BYTES} bytes a value."
    )
    before = () if last is None else (last,)
    return let("table", stack(cells), reason, A("rows of the table"), after=before, headings=headings)


def _or(number: Expr | None, nothing: Expr) -> Expr:
    return nothing if number is None else number


def _sum(terms: Sequence[Expr]) -> Expr:
    total = terms[0] if terms else constant(0)
    for term in terms[1:]:
        total = total + term
    return total


def _total(name: str, terms: Sequence[Expr | None], reason: str, what: str, before: Expr) -> Expr:
    counted = [term for term in terms if term is not None]
    if not counted:
        return let(name, constant(0), f"There are no {what}.", B(what), after=(before,))
    return let(name, _sum(counted), reason, M("sum of the rows"), A(what), after=(before,))


def _changed(change: Callable[[str], str]) -> Callable[..., tuple[str, ...] | None]:
    """Return a mistake in reading a plain list of layers: each is changed; the rows keep their numbers."""

    def layers_read_wrongly(layers: tuple[str, ...]) -> tuple[str, ...] | None:
        steps = steps_of(layers)
        if not is_list_of_layers(steps):
            return None
        return tuple(change(text) for text in layer_texts(steps))

    return layers_read_wrongly


def _without_bias(text: str) -> str:
    weighs = text.startswith(("conv2d", "linear")) and "no-bias" not in text
    return f"{text} no-bias" if weighs else text


def _without_padding(text: str) -> str:
    words = text.split()
    if words[0] != "conv2d" or "padding" not in words:
        return text
    place = words.index("padding")
    return " ".join([*words[:place], *words[place + 2 :]])


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small network that somebody might design for small images."""
    filters, classes = numbers.choice([4, 6, 8]), numbers.choice([2, 5, 10])
    side = numbers.choice([28, 32])
    if level == "easy":
        layers = [f"conv2d {filters} 3x3", "relu", "max_pool2d 2", "flatten", f"linear {classes}"]
        return {"layers": layers, "input_size": [1, side, side]}
    maps = [
        f"conv2d {filters} 5x5 padding 2",
        "relu",
        "max_pool2d 2",
        f"conv2d {2 * filters} 3x3 stride 2 padding 1",
        "relu",
    ]
    head = ["flatten", f"linear {numbers.choice([32, 64])}", "relu", f"linear {classes}"]
    if level == "medium":
        return {"layers": [*maps, *head], "input_size": [numbers.choice([1, 3]), side, side]}
    same = f"conv2d {2 * filters} 3x3 padding 1 no-bias"
    block = ["residual", same, "batch_norm", "relu", same, "batch_norm", "add", "relu"]
    return {"layers": [*maps, *block, "global_avg_pool2d", f"linear {classes}"], "input_size": [3, side, side]}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Tabulate the network: size of the output, parameters, multiplications and memory of every layer. "
    "How many parameters does it have in all?",
    source="Stanford CS231n notes, Convolutional Networks, section on VGGNet in detail",
    symbol="parameters",
    results=("parameters", "multiplications", "memory", "output_size", "table", "flops", "footprint"),
    wording=PRINTED,
    line_symbols={"flops": r"\text{FLOPs}", "output_size": r"\text{output size}"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out all biases", layers=_changed(_without_bias)),
        mistake("left out the padding", layers=_changed(_without_padding)),
        mistake(
            "took only the channels for the length of the flattened vector",
            layers=_changed(lambda text: "global_avg_pool2d" if text == "flatten" else text),
        ),
        mistake(
            "left out the scales and shifts of batch normalisation",
            layers=_changed(lambda text: "relu" if text == "batch_norm" else text),  # a row without parameters
        ),
        mistake("gave the multiplications instead of the parameters", result=lambda multiplications: multiplications),
    ),
    sample=sample,
    figure=figure,
)
