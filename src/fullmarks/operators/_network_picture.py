"""The picture of a network: a box for each layer, or for a few layers together where there are many."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Final, Literal

from msgspec import structs

from fullmarks.math.figures import Figure
from fullmarks.math.figures.networks import Bypass, Part, Stage, network_in_boxes
from fullmarks.operators._network import (
    BatchNorm,
    Convolution,
    Elementwise,
    Encoder,
    Graph,
    Layer,
    LayerNorm,
    Linear,
    Residual,
    Size,
    Step,
    layer_text,
    size_text,
)
from fullmarks.operators._network_rows import Row, network_rows

MOST_BOXES: Final = 24
LONGEST_LINE: Final = 15  # characters
LONGEST_NAME: Final = 15
Detail = Literal["layers", "joined", "blocks"]  # activations joined to the layer before; blocks as one box


def network_picture(steps: Sequence[Step], size: Size) -> Figure | None:
    """Return the network in as much detail as can be read, or ``None`` where even blocks are too many or overlap."""
    if any(isinstance(step.layer, Graph) for step in steps):
        return None
    details: tuple[Detail, ...] = ("layers", "joined", "blocks")
    for detail in details:
        parts = _repeated(_parts(steps, iter(network_rows(steps, size)), detail))
        if sum(_boxes(part) for part in parts) <= MOST_BOXES:
            figure = network_in_boxes(size_text(size), parts)
            if figure is not None:
                return figure
    return None


def _boxes(part: Part) -> int:
    return 1 if isinstance(part, Stage) else len(part.body) + len(part.shortcut) + 1


def _parts(steps: Sequence[Step], rows: Iterator[Row], detail: Detail) -> list[Part]:
    """Return the parts of a picture; ``rows`` are those of the table, in the order in which layers are met."""
    parts: list[Part] = []
    for step in steps:
        if isinstance(step.layer, Residual):
            body = _parts(step.layer.body, rows, detail)
            shortcut = _parts(step.layer.shortcut, rows, detail)
            parts.append(_block(step.layer, body, shortcut, size_text(next(rows).after), detail))
            continue
        row = next(rows)
        lines, before = _lines(step, detail), parts[-1] if parts else None
        if detail != "layers" and isinstance(before, Stage) and _is_joined(step.layer):
            parts[-1] = Stage((*before.lines, *lines), size_text(row.after))
        else:
            parts.append(Stage(lines, size_text(row.after)))
    return parts


def _block(layer: Residual, body: list[Part], shortcut: list[Part], size: str, detail: Detail) -> Part:
    """Return a residual block as its layers and a wire beside them, or as one box."""
    plain_body = tuple(part for part in body if isinstance(part, Stage))
    plain_shortcut = tuple(part for part in shortcut if isinstance(part, Stage))
    nested = len(plain_body) < len(body) or len(plain_shortcut) < len(shortcut)
    if detail == "blocks" or nested or not body:
        lines = ["residual block", *(line for step in layer.body for line in _in_short(step.layer))]
        lines += [f"shortcut {layer_text(step.layer).split()[0]}" for step in layer.shortcut if _in_short(step.layer)]
        return Stage(tuple(lines), size)
    return Bypass(plain_body, plain_shortcut, size)


def _lines(step: Step, detail: Detail) -> tuple[str, ...]:
    """Return a layer in short lines, at first the name that its author gave it."""
    lines = _wrapped(step.layer)
    name = step.name if detail == "layers" and step.name.isascii() and step.name.isprintable() else ""
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return (short, *lines) if short else tuple(lines)


def _is_joined(layer: Layer) -> bool:
    return isinstance(layer, Elementwise | BatchNorm | LayerNorm)


def _in_short(layer: Layer) -> tuple[str, ...]:
    """Return the line of a layer within a block, where it weighs anything: its filters, window and stride."""
    match layer:
        case Convolution():
            return tuple(_wrapped(structs.replace(layer, padding=(0, 0, 0, 0), bias=True)))
        case Linear() | Encoder():
            return tuple(_wrapped(layer))
        case _:
            return ()


def _wrapped(layer: Layer) -> list[str]:
    return wrap(layer_text(layer), LONGEST_LINE, break_long_words=False, break_on_hyphens=False)


def _repeated(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with equal ones that follow one another as one box that says how many there are."""
    found: list[Part] = []
    for part, group in groupby(parts):
        count = len(list(group))
        if isinstance(part, Stage) and count > 1:
            found.append(Stage(part.lines, part.size, count))
        else:
            found += [part] * count
    return found
