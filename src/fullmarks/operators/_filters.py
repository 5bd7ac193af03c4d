"""What can be measured of a filter: sums, slopes, and its outputs as an edge crosses the window."""

import numpy as np

from fullmarks.math.expression import Array

SMALL = 1e-9  # below this a number is 0 but for what floats leave behind


def answers(profile: Array) -> Array:
    """Return the outputs as an edge crosses the window: brightness is 1 before it and 0 behind; sums along the edge."""
    return np.cumsum(profile)[:-1]


def diagonal_profiles(weights: Array) -> tuple[Array, Array]:
    """Return the sums along the diagonals, from upper left to lower right, and from upper right to lower left."""
    rows, columns = weights.shape
    sides = (np.fliplr(weights), weights)
    profiles = [np.array([np.trace(one, offset) for offset in range(columns - 1, -rows, -1)]) for one in sides]
    return profiles[0], profiles[1]


def always_of_one_sign(weights: Array) -> bool:
    """Tell whether an edge across the way of steepest rise gives one sign wherever it lies in the window."""
    right, down = (0.0 if is_zero(one) else one for one in rise(weights))
    if right and down:
        profile = diagonal_profiles(weights)[0 if right * down > 0 else 1]
    elif right or down:
        profile = weights.sum(axis=0 if right else 1)
    else:
        return False
    seen = np.where(np.abs(answers(profile)) < SMALL, 0, answers(profile))
    return bool((seen >= 0).all() or (seen <= 0).all())


def middle_of(weights: Array) -> float:
    """Return the coefficient in the middle, or 0 where the filter has none."""
    if any(length % 2 == 0 for length in weights.shape):
        return 0.0
    return float(weights[tuple(length // 2 for length in weights.shape)])


def has_one_sign(weights: Array) -> bool:
    """Tell whether the coefficients are all at least 0, or all at most 0."""
    return bool((weights >= 0).all() or (weights <= 0).all())


def rise(weights: Array) -> tuple[float, float]:
    """Return the output for brightness that rises by 1 a pixel to the right, and downwards."""
    rows, columns = (np.arange(length) - (length - 1) / 2 for length in weights.shape)
    return float((weights * columns).sum()), float((weights * rows[:, None]).sum())


def is_zero(numbers: Array | float) -> bool:
    """Tell whether all numbers are 0 but for what floats leave behind."""
    return bool(np.allclose(numbers, 0, atol=SMALL))
