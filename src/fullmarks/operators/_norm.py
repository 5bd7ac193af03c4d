"""Normalisation: subtract a mean, divide by the root of a variance, then scale by γ and shift by β."""

from fractions import Fraction

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import sqrt
from fullmarks.math.marks import A, M, Mark
from fullmarks.math.number_arrays import as_floats
from fullmarks.math.numbers import Exact, decimal, exact
from fullmarks.operators._arguments import Argument, Real
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._softmax import indexed

EPS = Argument("eps", Real(), "added to the variance, so that nothing is divided by 0", default=Fraction(1, 10**5))
LINE_SYMBOLS = {"v": r"\sigma^2", "xhat": r"\hat{\mathbf{x}}"}


def check_eps(operator_name: str, eps: Exact) -> None:
    """Refuse a negative ε: it is there to keep the divisor away from 0."""
    if eps < 0:
        raise FullmarksError(f"{operator_name}: eps is {float(eps):g}, expected a small number of at least 0")


def layer_normalised(
    x: Expr, gamma: Expr, beta: Expr, eps: Exact, below: str = "", output: str = RESULT, opening: str = ""
) -> Expr:
    """Normalise a vector, or every row of a matrix, by its own mean and biased variance; scale and shift.

    ``below`` is the index of the lines where there are more of their kind; ``output`` names the last of them.
    """
    by_rows = x.ndim > 1
    of_each, of_its = (" of each row", " of its row") if by_rows else ("", "")
    mean = let(indexed("mu", below), x.mean(axis=-1), f"{opening}Mean{of_each}.", M("mean"))
    differences = let(
        indexed("D" if by_rows else "d", below),
        x - beside(mean, x),
        f"Subtract the mean{of_its} from each entry.",
        A("differences"),
    )
    variance = let(
        indexed("v", below),
        (differences**2).mean(axis=-1),
        f"Variance{of_each}: the mean of the squared differences.",
        M("variance"),
    )
    quotients = differences / sqrt(with_epsilon(beside(variance, x), eps))
    reason = f"Divide each difference by the root of the variance{of_its}{against_zero(eps)}."
    return scaled_and_shifted(quotients, gamma, beta, reason, M("divided by the root of the variance"), below, output)


def with_epsilon(variance: Expr, eps: Exact) -> Expr:
    """Return the variance plus ε; where ε is 0, the variance alone, as one writes it by hand."""
    return variance + constant(eps, r"\varepsilon") if eps else variance


def against_zero(eps: Exact) -> str:
    """Return what a reason says of ε."""
    return f"; $\\varepsilon = {decimal(exact(eps), 12)}$ is added so that nothing is divided by 0" if eps else ""


def scaled_and_shifted(
    quotients: Expr, gamma: Expr, beta: Expr, reason: str, method: Mark, below: str = "", output: str = RESULT
) -> Expr:
    """Name the normalised entries, then scale and shift them; with γ = 1 and β = 0 nothing is left to do."""
    values = A("normalised values", most_marks(quotients.size))
    scales, shifts = not _is_plain(gamma, 1), not _is_plain(beta, 0)
    if not (scales or shifts):
        return let(output, quotients, reason, method, values)
    normalised = let(indexed("xhat", below), quotients, reason, method, values)
    scaled = gamma * normalised if scales else normalised
    acts = [r"Scale by $\gamma$"] * scales + [r"shift by $\beta$"] * shifts
    return let(
        output,
        scaled + beta if shifts else scaled,
        f"{' and '.join(acts)}.".replace("shift", "Shift", not scales),
        M("scaled and shifted"),
        A("values"),
    )


def _is_plain(parameter: Expr, number: int) -> bool:
    """Tell whether γ or β is a single number that changes nothing."""
    return parameter.shape == () and bool(parameter.value == number)


def beside(found: Expr, x: Expr) -> Expr:
    """Return what was found of each row in the shape in which it meets the entries of its row."""
    return found if x.ndim == 1 else found.reshape(-1, 1)


def evaluate_layer_norm(x: Array, gamma: Array, beta: Array, eps: Exact) -> Array:
    """Return the same in plain NumPy."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.sum(np.abs(centred) ** 2, axis=-1, keepdims=True) / x.shape[-1]
    return np.asarray(centred / np.sqrt(as_floats(variance) + float(eps)) * gamma + beta)


def scaled_and_shifted_by(normalised: Expr, gamma: Expr, beta: Expr) -> Expr:
    """Return γ x̂ + β without lines: what mistakes in x̂ lead to."""
    return gamma * normalised + beta


def columns_normalised(x: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr | None:
    """Return what comes out where each feature is normalised over the tokens, as batch normalisation does."""
    if x.ndim == 1:
        return None
    differences = x - x.mean(axis=0, keepdims=True)
    variance = (differences**2).mean(axis=0, keepdims=True)
    return scaled_and_shifted_by(differences / sqrt(with_epsilon(variance, eps)), gamma, beta)
