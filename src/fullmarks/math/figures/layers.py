"""Graphs drawn in layers from left to right: blocks with labels above and below, and wires that cross none of them."""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

from msgspec import Struct

from fullmarks.math.figures import Place, Shape
from fullmarks.math.figures.runs import widest_of
from fullmarks.math.figures.wiring import LINE_HEIGHT, MARGIN, TITLE_SIZE, arrow, box, labels_above, labels_below
from fullmarks.math.notation import Node

BOX_HEIGHT: Final = 26.0
PADDING: Final = 14.0  # left and right of a title together
STUB: Final = 9.0  # of a wire outside a block, where an arrow head has room
GAP: Final = 20.0  # between layers, where wires climb
APART: Final = 14.0  # between what stands one above another in a layer
PASSING: Final = 12.0  # the height of a wire that passes through a layer
PORTS: Final = 18.0  # how far the wires that enter a block are spread at most
PORT: Final = 8.0  # how far two of them are apart at most
SWEEPS: Final = 8


class Block(Struct, frozen=True):
    """A box of a graph: its title, what stands above and below it, and the blocks whose wires enter it."""

    title: Node
    above: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()
    sources: tuple[int, ...] = ()
    ink: float = 0.0


class Slot(Struct, frozen=True):
    """A place in a layer: a block's own, or that of a wire from one block to another which passes through."""

    layer: int
    source: int
    target: int  # the source itself where the slot is a block's

    @property
    def is_block(self) -> bool:
        """Tell whether a block stands here, and not a wire passes."""
        return self.source == self.target


Wire = tuple[Slot, ...]  # from a block's slot to another's, through those it passes


class Layers(Struct, frozen=True):
    """What stands in each layer from above, and the wires."""

    slots: tuple[tuple[Slot, ...], ...]
    wires: tuple[Wire, ...]


class Columns(Struct, frozen=True):
    """Where layers and slots are: the middle and the half width of each layer, and the height of each slot."""

    middles: tuple[float, ...]
    halves: tuple[float, ...]
    heights: Mapping[Slot, float]


def layered(blocks: Sequence[Block]) -> tuple[float, float, list[Shape]]:
    """Return width, height and shapes of a graph whose blocks come after their sources."""
    layers = _ordered(_layers(blocks))
    halves = [max(_width(blocks, slot) for slot in layer) / 2 for layer in layers.slots]
    left, middles = MARGIN - GAP - STUB, []
    for half in halves:
        middles.append(left + GAP + STUB + half)
        left = middles[-1] + half + STUB
    columns = Columns(tuple(middles), tuple(halves), _heights(layers, blocks))
    shapes: list[Shape] = [_drawn_wire(blocks, wire, layers, columns) for wire in layers.wires]
    slots = [slot for layer in layers.slots for slot in layer]
    for slot in slots:
        if slot.is_block:
            centre = (columns.middles[slot.layer], columns.heights[slot])
            shapes += _drawn_block(blocks[slot.source], centre, _width(blocks, slot))
    height = max(columns.heights[slot] + _depth(blocks, slot) for slot in slots)
    return left - STUB + MARGIN, height, shapes


# --- layers ----------------------------------------------------------------------------------------------------------


def _layers(blocks: Sequence[Block]) -> Layers:
    """Put every block right of its sources, what has none right before its first use, and wires between."""
    layer: list[int] = []
    for block in blocks:
        layer.append(max((layer[source] + 1 for source in block.sources), default=0))
    for place, block in enumerate(blocks):
        users = [layer[user] for user, other in enumerate(blocks) if place in other.sources]
        if not block.sources and users:
            layer[place] = min(users) - 1
    slots: list[list[Slot]] = [[] for _ in range(max(layer) + 1)]
    wires: list[Wire] = []
    for place, block in enumerate(blocks):
        own = Slot(layer[place], place, place)
        slots[own.layer].append(own)
        for source in dict.fromkeys(block.sources):
            passed = [Slot(between, source, place) for between in range(layer[source] + 1, layer[place])]
            for slot in passed:
                slots[slot.layer].append(slot)
            wires.append((Slot(layer[source], source, source), *passed, own))
    return Layers(tuple(map(tuple, slots)), tuple(wires))


def _pieces(layers: Layers) -> list[tuple[Slot, Slot]]:
    """Return the pieces of all wires, each from a layer to the next."""
    return [piece for wire in layers.wires for piece in pairwise(wire)]


def _ordered(layers: Layers) -> Layers:
    """Order each layer by the middle of its neighbours, to and fro, and keep what crosses least."""
    best, fewest = layers, _crossings(layers)
    current = layers
    for sweep in range(SWEEPS):
        current = _swept(current, forwards=sweep % 2 == 0)
        found = _crossings(current)
        if found < fewest:
            best, fewest = current, found
    return best


def _swept(layers: Layers, *, forwards: bool) -> Layers:
    slots = list(layers.slots)
    steps = range(1, len(slots)) if forwards else range(len(slots) - 2, -1, -1)
    for place in steps:
        beside = slots[place - 1] if forwards else slots[place + 1]
        keys = {
            slot: _mean(_neighbours(layers, slot, _ranks(beside)), rank) for slot, rank in _ranks(slots[place]).items()
        }
        slots[place] = tuple(sorted(slots[place], key=keys.__getitem__))
    return Layers(tuple(slots), layers.wires)


def _ranks(layer: Sequence[Slot]) -> dict[Slot, float]:
    """Return how far down its layer each slot is, from 0 to 1."""
    return {slot: (place + 0.5) / len(layer) for place, slot in enumerate(layer)}


def _neighbours(layers: Layers, slot: Slot, values: Mapping[Slot, float]) -> list[float]:
    """Return the values that the slots have which a piece of wire joins to one."""
    ends = [end for piece in _pieces(layers) if slot in piece for end in piece if end != slot]
    return [values[end] for end in ends if end in values]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(layers: Layers) -> int:
    rank = {slot: place for layer in layers.slots for place, slot in enumerate(layer)}
    return sum(
        source.layer == other.layer and (rank[source] - rank[other]) * (rank[target] - rank[end]) < 0
        for (source, target), (other, end) in combinations(_pieces(layers), 2)
    )


# --- places ----------------------------------------------------------------------------------------------------------


def _rise(blocks: Sequence[Block], slot: Slot) -> float:
    """Return how far a slot reaches above its middle."""
    return BOX_HEIGHT / 2 + LINE_HEIGHT * len(blocks[slot.source].above) + 4 if slot.is_block else PASSING / 2


def _depth(blocks: Sequence[Block], slot: Slot) -> float:
    """Return how far a slot reaches below its middle."""
    return BOX_HEIGHT / 2 + LINE_HEIGHT * len(blocks[slot.source].below) + 4 if slot.is_block else PASSING / 2


def _width(blocks: Sequence[Block], slot: Slot) -> float:
    if not slot.is_block:
        return 0.0
    block = blocks[slot.source]
    return max(BOX_HEIGHT, widest_of((block.title,), TITLE_SIZE) + PADDING, widest_of((*block.above, *block.below)))


def _heights(layers: Layers, blocks: Sequence[Block]) -> dict[Slot, float]:
    """Return the height of every slot's middle: near its neighbours', in its layer's order, without touching."""
    heights = {slot: 0.0 for layer in layers.slots for slot in layer}
    for sweep in range(SWEEPS):
        for layer in layers.slots if sweep % 2 == 0 else layers.slots[::-1]:
            wanted = [_mean(_neighbours(layers, slot, heights), heights[slot]) for slot in layer]
            heights.update(zip(layer, _spread(layer, wanted, blocks), strict=True))
    for layer in layers.slots[1:]:
        sources = {slot: [heights[one] for one, other in _pieces(layers) if other == slot] for slot in layer}
        wanted = [_mean(sources[slot], heights[slot]) for slot in layer]
        heights.update(zip(layer, _spread(layer, wanted, blocks), strict=True))
    top = min(heights[slot] - _rise(blocks, slot) for slot in heights)
    return {slot: height - top + MARGIN for slot, height in heights.items()}


def _spread(layer: Sequence[Slot], wanted: Sequence[float], blocks: Sequence[Block]) -> list[float]:
    """Move apart what would touch, as little as can be: groups that touch share their way."""
    below_first = [0.0]  # how far below the first slot each must be
    for before, slot in pairwise(layer):
        below_first.append(below_first[-1] + _depth(blocks, before) + APART + _rise(blocks, slot))
    groups: list[tuple[float, int]] = []  # where a group wants its first slot to be, and how many are in it
    for height, offset in zip(wanted, below_first, strict=True):
        groups.append((height - offset, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (lower, of_lower), (upper, of_upper) = groups.pop(), groups.pop()
            together = of_lower + of_upper
            groups.append(((lower * of_lower + upper * of_upper) / together, together))
    firsts = [first for first, count in groups for _ in range(count)]
    return [first + offset for first, offset in zip(firsts, below_first, strict=True)]


# --- shapes ----------------------------------------------------------------------------------------------------------


def _drawn_wire(blocks: Sequence[Block], wire: Wire, layers: Layers, columns: Columns) -> Shape:
    """Draw a wire: level beside and through layers, climbing only in the gaps between them."""
    source, *passed, target = wire
    start = columns.middles[source.layer] + _width(blocks, source) / 2
    points: list[Place] = [(start, columns.heights[source]), (_right(columns, source), columns.heights[source])]
    for slot in passed:
        points += [(_left(columns, slot), columns.heights[slot]), (_right(columns, slot), columns.heights[slot])]
    entrances = sorted(
        (before for before, end in _pieces(layers) if end == target), key=lambda slot: columns.heights[slot]
    )
    last = len(entrances) - 1
    height = columns.heights[target] + (entrances.index(wire[-2]) - last / 2) * min(PORT, PORTS / max(last, 1))
    end = columns.middles[target.layer] - _width(blocks, target) / 2
    points += [(_left(columns, target), height), (end, height)]
    return arrow(*points)


def _left(columns: Columns, slot: Slot) -> float:
    return columns.middles[slot.layer] - columns.halves[slot.layer] - STUB


def _right(columns: Columns, slot: Slot) -> float:
    return columns.middles[slot.layer] + columns.halves[slot.layer] + STUB


def _drawn_block(block: Block, centre: Place, width: float) -> list[Shape]:
    x, y = centre
    return [
        *box(centre, width, BOX_HEIGHT, block.title, ink=block.ink),
        *labels_above(block.above, (x, y - BOX_HEIGHT / 2 - 4)),
        *labels_below(block.below, (x, y + BOX_HEIGHT / 2 + LINE_HEIGHT - 2)),
    ]
