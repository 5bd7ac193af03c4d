"""When a column is taken for a vector and a number for a vector of one; how an array of some shape is typed."""

from collections.abc import Sequence
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from fullmarks.math.expression import Expr
from fullmarks.math.functions import view
from fullmarks.operators._arguments import Argument, Tensor

Shape = tuple[int, ...]
MOST_TYPED = 4  # entries of a row that a message shows
MATRIX_AXES = 2


def reshaped(tensor: Any, shape: Shape) -> Any:
    """Return the same numbers in another shape; working goes on writing them under their name."""
    if isinstance(tensor, Expr):
        return view(tensor, lambda places: places.reshape(shape), written="same")
    return tensor.reshape(shape)


def is_column(shape: Sequence[int]) -> bool:
    """Return whether an array of this shape has one column and several rows."""
    return len(shape) == MATRIX_AXES and shape[1] == 1 < shape[0]


def alike(one: Any, other: Any) -> tuple[Any, Any]:
    """Return two tensors, a column as a vector where the other is one, a number as an array of one where that is one.

    Without this NumPy would stretch a vector and a column of 2 to a matrix of 2×2.
    """
    return _like(one, other), _like(other, one)


def _like(tensor: Any, other: Any) -> Any:
    if is_column(tensor.shape) and len(other.shape) == 1:
        return reshaped(tensor, (tensor.shape[0],))
    if tensor.shape == () and other.shape and prod(other.shape) == 1:
        return reshaped(tensor, tuple(other.shape))
    return tensor


def of_one_kind(arguments: Sequence[Argument], bound: dict[str, Any]) -> dict[str, Any]:
    """Return bound arguments, those alike that may be vectors or matrices alike: a prediction and its target."""
    read = dict(bound)
    for argument, later in combinations(_free(arguments, bound), 2):
        if _ranks(argument) == _ranks(later):
            read[argument.name], read[later.name] = alike(read[argument.name], read[later.name])
    return read


def with_columns_as_vectors(arguments: Sequence[Argument], bound: dict[str, Any]) -> dict[str, Any]:
    """Return bound arguments with a vector for each column that may be one, unless it goes with a matrix."""
    read = dict(bound)
    for argument in _free(arguments, bound):
        alike_shapes = [bound[one.name].shape for one in _free(arguments, bound) if _ranks(one) == _ranks(argument)]
        if all(is_column(shape) for shape in alike_shapes):
            read[argument.name] = reshaped(bound[argument.name], bound[argument.name].shape[:1])
    return read


def _free(arguments: Sequence[Argument], bound: dict[str, Any]) -> list[Argument]:
    """Return the arguments that may be vectors or matrices."""
    return [
        argument
        for argument in arguments
        if isinstance(bound[argument.name], Expr | np.ndarray) and {1, MATRIX_AXES} <= _ranks(argument)
    ]


def _ranks(argument: Argument) -> set[int]:
    return {len(letters) for letters in argument.kind.alternatives} if isinstance(argument.kind, Tensor) else set()


def typed_example(shape: Shape) -> str:
    """Return how an array of this shape is typed after ``NAME=``: ``"1 2 3"``, ``"1 2;"``, ``"1; 2"``."""
    width = shape[-1] if shape else 1
    row = " ".join(map(str, range(1, min(width, MOST_TYPED) + 1))) + (" …" if width > MOST_TYPED else "")
    if len(shape) < MATRIX_AXES:
        return f'"{row}"'
    return f'"{row};"' if shape[-2] == 1 else f'"{row}; {row}{"; …" if shape[-2] > MATRIX_AXES else ""}"'


def if_one_number(argument: str, shape: Sequence[int], wanted: int) -> str:
    """Return how a longer vector is typed, for a refusal of what was perhaps typed as one number."""
    return f"; a vector of {wanted} is typed {argument}={typed_example((wanted,))}" if tuple(shape) == (1,) else ""
