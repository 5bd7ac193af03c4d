"""The singular values of a matrix: by hand where it is 2×2 or a single row or column, by a computer where it is not."""

from fractions import Fraction

import numpy as np

from fullmarks.math.expression import Array, Expr, let
from fullmarks.math.found import found
from fullmarks.math.functions import absolute, sqrt, stack
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import without_last_digits
from fullmarks.operators._eigenvalues import roots_of_eigenvalues

BY_HAND = (2, 2)
CANCELS = 1e-4  # a difference of two numbers this much smaller than they are has lost its digits
LARGEST_EXACT = 12  # rows of a matrix whose eigenvalues are worked to many digits
LONGEST_WRITTEN = 12  # significant digits of a singular value that is an exact decimal, such as 1.8
LINE_SYMBOLS = {"s_1": r"\sigma_1", "s_2": r"\sigma_2", "all": r"\mathbf{s}", "e": r"\lambda_1"}


def evaluate_singular_values(W: Array) -> Array:
    """Return all singular values, the largest first, by the decomposition itself."""
    return np.linalg.svd(np.atleast_2d(W), compute_uv=False)


def singular_lines(W: Expr) -> tuple[Expr, Expr]:
    """Return the line of the largest singular value, and that of all of them, the largest first."""
    if 1 in W.shape:
        length = let(
            "s_1",
            sqrt((W**2).sum()),
            "A single row or column has one singular value, its length: the root of the sum of its squares.",
            M("root of the sum of squares"),
            A("value"),
        )
        return length, let("all", length.reshape(1), "There is no other.")
    gram = let(
        "A",
        W.T @ W,
        r"The singular values are the roots of the eigenvalues of $\mathbf{W}^T \mathbf{W}$. Multiply it out.",
        M("Wᵀ W"),
        A("entries of Wᵀ W"),
    )
    return _by_hand(W, gram) if W.shape == BY_HAND else _by_computer(W, gram)


def _by_hand(W: Expr, gram: Expr) -> tuple[Expr, Expr]:
    """Solve the characteristic equation of the 2×2 matrix WᵀW."""
    trace = let(
        "t", gram[0, 0] + gram[1, 1], "The eigenvalues add up to its trace, the sum of the diagonal:", M("trace")
    )
    determinant = let(
        "D",
        W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0],
        r"Their product is its determinant, which is $D^2$, where $D$ is the determinant of the weights:",
        M("determinant"),
        after=(trace,),
    )
    eigenvalue = let(
        "e",
        (trace + sqrt(_discriminant(W, trace, determinant))) / 2,
        r"So they solve $\lambda^2 - t \lambda + D^2 = 0$. The larger solution has the plus sign.",
        M("larger root of the characteristic equation"),
        A("eigenvalue"),
    )
    largest = let("s_1", sqrt(eigenvalue), "The root of it is the largest singular value.", M("root"), A("value"))
    smallest = let(
        "s_2",
        absolute(determinant) / largest if largest.value > 0 else 0 * largest,
        r"The product of both singular values is $|D|$, which gives the other one.",
        A("smaller singular value"),
    )
    return largest, let("all", stack([largest, smallest]), "Both, the largest first:")


def _discriminant(W: Expr, trace: Expr, determinant: Expr) -> Expr:
    """Return t² − 4 D², as a product where the two are so close that floats would lose their difference."""
    difference = trace**2 - 4 * determinant**2
    if difference.value > CANCELS * trace.value**2:
        return difference
    plus = (W[0, 0] + W[1, 1]) ** 2 + (W[0, 1] - W[1, 0]) ** 2
    minus = (W[0, 0] - W[1, 1]) ** 2 + (W[0, 1] + W[1, 0]) ** 2
    return plus * minus


def _by_computer(W: Expr, gram: Expr) -> tuple[Expr, Expr]:
    """State the singular values of a larger matrix: there is no way by hand that anybody would be asked to go."""
    every = let(
        "all",
        found(_found_values(W, gram)),
        f"Its eigenvalues are the roots of an equation of degree {gram.shape[0]}, which is not solved by hand. The "
        "singular values below, the largest first, are the roots of the eigenvalues that a computer finds.",
        M("eigenvalues by computer"),
        after=(gram,),
    )
    return let("s_1", every[0], "The largest of them:", A("value")), every


def _found_values(W: Expr, gram: Expr) -> list[Fraction | float]:
    """Return the singular values, exact where they are decimals and the numbers of the matrix are exact."""
    count = min(W.shape)
    entries = gram.numbers.tolist()
    if len(entries) <= LARGEST_EXACT and all(isinstance(number, Fraction) for row in entries for number in row):
        return roots_of_eigenvalues(entries, LONGEST_WRITTEN)[:count]
    values = np.sqrt(np.clip(np.linalg.eigvalsh(gram.value)[::-1], 0, None))[:count]
    return [float(value) for value in without_last_digits(_settled(values, W.value))]


def _settled(by_eigenvalues: Array, W: Array) -> Array:
    """Return the singular values, the tiny ones by decomposition: the root of a rounding error is not tiny."""
    tiny = by_eigenvalues < CANCELS * by_eigenvalues[0]
    values = np.where(tiny, evaluate_singular_values(W), by_eigenvalues)
    return np.where(values <= max(W.shape) * np.finfo(float).eps * values[0], 0, values)
