"""How shapes of arrays are said in words."""

from collections.abc import Sequence


def shape_text(shape: Sequence[int]) -> str:
    """Write a shape as people do: ``3×4``, ``5`` for a vector, ``a single number``."""
    return "×".join(str(length) for length in shape) if shape else "a single number"


def kind_of_shape(shape: Sequence[int]) -> str:
    """Write a shape with what such an array is called: ``a vector of 3``, ``a matrix of 2×3``."""
    kinds = {0: "a single number", 1: f"a vector of {shape_text(shape)}", 2: f"a matrix of {shape_text(shape)}"}
    return kinds.get(len(shape), f"an array of {shape_text(shape)}")


def ranks_in_words(ranks: Sequence[int]) -> str:
    """Say what arrays of so many axes are called: ``a matrix or an array of 3 or 4 axes``."""
    names = {0: "a single number", 1: "a vector", 2: "a matrix"}
    words = [names[rank] for rank in ranks if rank in names]
    more = [str(rank) for rank in ranks if rank not in names]
    return " or ".join([*words, *([f"an array of {' or '.join(more)} axes"] if more else [])])


def short_shape(shape: Sequence[int]) -> str:
    """Write a shape, and of a vector that it is one."""
    return kind_of_shape(shape) if len(shape) == 1 else shape_text(shape)


def length_in_words(shape: Sequence[int], axis: int) -> str:
    """Write how long an array is along an axis: ``3 rows``, ``1 entry``, ``2 along its third axis``."""
    names = {1: ("entries",), 2: ("rows", "columns")}.get(len(shape))
    if names is None:
        ordinal = ("first", "second", "third", "fourth")[axis]
        return f"{shape[axis]} along its {ordinal} axis"
    singular = {"entries": "entry", "rows": "row", "columns": "column"}[names[axis]]
    return f"{shape[axis]} {singular if shape[axis] == 1 else names[axis]}"
