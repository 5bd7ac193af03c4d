"""The steps of a network as residual blocks, where its sums are ends of blocks; else as a graph."""

from collections.abc import Sequence

from fullmarks.operators._network import Graph, Residual, Step, Sum
from fullmarks.operators._network_text import MOST_NESTED

Sources = Sequence[Sequence[int]]  # for each step the numbers from 1 of those it takes, 0 for the network's input


def in_blocks(steps: Sequence[Step], sources: Sources) -> tuple[Step, ...]:
    """Return the layers in order with every sum as the end of a residual block, or one graph where blocks overlap.

    The last step must give the output, and every other one must lead to it.
    """
    seen: set[int] = set()
    blocks = _chain(steps, sources, _dominators(sources), (0, len(steps)), seen, 0)
    if blocks is not None and len(seen) == len(steps):
        return blocks
    graph = Graph(tuple(steps), tuple(tuple(taken) for taken in sources))
    return (Step(graph, steps[-1].place),)


def _dominators(sources: Sources) -> list[int]:
    """Return, for every step, the last one before it that every way from the input goes through."""
    nearest = [0]
    for taken in sources:
        common = taken[0]
        for other in taken[1:]:
            here = other
            while common != here:
                if common > here:
                    common = nearest[common]
                else:
                    here = nearest[here]
        nearest.append(common)
    return nearest


def _chain(
    steps: Sequence[Step],
    sources: Sources,
    dominators: Sequence[int],
    ends: tuple[int, int],
    seen: set[int],
    depth: int,
) -> tuple[Step, ...] | None:
    """Return the layers from one step to another, or ``None`` where blocks overlap or are nested too deep."""
    start, here = ends
    found: list[Step] = []
    while here > start:
        if here in seen or depth > MOST_NESTED:
            return None
        seen.add(here)
        step, taken = steps[here - 1], sources[here - 1]
        if isinstance(step.layer, Sum):
            here = dominators[here]
            ways = [_chain(steps, sources, dominators, (here, source), seen, depth + 1) for source in taken]
            one, other = ways
            if one is None or other is None:
                return None
            shortcut, body = sorted((one, other), key=len)
            step = Step(Residual(body, shortcut), step.place)
        else:
            here = taken[0]
        found.append(step)
    return tuple(reversed(found)) if here == start else None
