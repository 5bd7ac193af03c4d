"""The chain rule in words: for every act of backpropagation, what is done, and what a mark is given for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct


class Act(Struct, frozen=True):
    """One act of the chain rule: a clause of a sentence, and the purpose of its method mark."""

    clause: str
    purpose: str


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "sigmoid": Act(
            r"through the sigmoid, multiply by its slope $\sigma'(z) = \sigma(z)(1 - \sigma(z))$",
            "slope of the sigmoid",
        ),
        "tanh": Act(r"through tanh, multiply by its slope $1 - \tanh^2(z)$", "slope of tanh"),
        "relu": Act(
            r"through ReLU, the gradient passes where $z > 0$ and stops elsewhere: multiply by $[z > 0]$, "
            "which is 1 or 0",
            "slope of ReLU",
        ),
        "chosen": Act(
            "through the maximum, only the larger one gets the gradient: multiply by 1 or 0", "gradient of the maximum"
        ),
        "largest": Act(
            "a maximum hands its gradient to the entry it was taken from, and 0 to all others", "places of the maxima"
        ),
        "branches": Act("multiply by the slope of the branch that holds", "slope of the right branch"),
        "exp": Act("the exponential is its own slope: multiply by it", "slope of the exponential"),
        "ln": Act(r"through the logarithm, multiply by its slope $\frac{1}{x}$", "slope of the logarithm"),
        "sqrt": Act(r"through the root, multiply by its slope $\frac{1}{2 \sqrt{x}}$", "slope of the root"),
        "sin": Act("through the sine, multiply by its slope, the cosine", "slope of the sine"),
        "cos": Act("through the cosine, multiply by its slope, minus the sine", "slope of the cosine"),
        "abs": Act(
            "the slope of an absolute value is the sign of what stands inside (0 at 0): multiply by it",
            "sign of the differences",
        ),
        "sign": Act("the sign has slope 0", "slope of the sign"),
        "erf": Act(r"multiply by the slope of erf, $\frac{2}{\sqrt{\pi}} e^{-x^2}$", "slope of erf"),
        "square": Act(r"the slope of a square is twice what was squared", "slope of the square"),
        "power": Act(r"multiply by the slope of the power", "slope of the power"),
        "outer": Act(
            "the gradient of the weights is the outer product of the gradient at their output and their input",
            "outer product with the input",
        ),
        "weights": Act(
            "go back through the weights: multiply the gradient by the transposed matrix",
            "transposed weights",
        ),
        "left factor": Act(
            "for the right factor of a product of matrices, the transposed left factor stands before the gradient",
            "transposed left factor",
        ),
        "right factor": Act(
            "for the left factor of a product of matrices, the transposed right factor stands behind the gradient",
            "transposed right factor",
        ),
        "factor": Act("of a product, multiply by the other factor", "other factor"),
        "constant": Act("a constant factor or divisor stays", "constant factor"),
        "shared factor": Act(
            "what serves several places adds up, over these places, the gradient there times the other factor",
            "sum over all places of gradient times the other factor",
        ),
        "shared term": Act(
            "what was added in several places adds up the gradients of all of them", "sum over all places"
        ),
        "windows": Act(
            "an entry that lies in several windows adds up what comes back from each", "sum over the windows"
        ),
        "divisor": Act("divide as on the way forward", "division"),
        "denominator": Act(r"the slope of $\frac{a}{b}$ in $b$ is $-\frac{a}{b^2}$", "slope of the quotient"),
        "minus": Act("what is subtracted gets the gradient with the other sign", "change of sign"),
        "part": Act("each part of what was joined takes its own part of the gradient", "right part"),
        "softmax": Act(
            r"through the softmax: $\frac{\partial L}{\partial z_i} = p_i (g_i - \sum_j g_j p_j)$, "
            "where g is the gradient at its output p",
            "slope of the softmax",
        ),
        "softmax with cross-entropy": Act(
            r"softmax with cross-entropy has the gradient $\mathbf{p} - \mathbf{y}$ at its scores, "
            "where y is 1 for the right class and 0 for the others",
            "p − y",
        ),
    }
)
SUM = "A sum hands its gradient on to every term as it is."


def reason(paths: Sequence[Sequence[str]]) -> str:
    """Return the sentence for a gradient that comes along one path, or is the sum of several; a path is its acts."""
    clauses = _clauses(paths)
    if len(paths) == 1:
        return f"Chain rule: {clauses}." if clauses else SUM
    opening = f"This quantity is used in {len(paths)} places: add what comes back from each"
    return f"{opening}. Chain rule: {clauses}." if clauses else f"{opening}."


def _clauses(paths: Sequence[Sequence[str]]) -> str:
    acts = dict.fromkeys(act for path in paths for act in path if act)
    return "; ".join(ACTS[act].clause for act in acts)


def purpose(paths: Sequence[Sequence[str]]) -> str:
    """Return what the method mark of such a gradient is for."""
    acts = list(dict.fromkeys(act for path in paths for act in path if act))
    last = ACTS[acts[-1]].purpose if acts else "gradient handed on"
    return last if len(paths) == 1 else f"{last}, sum of all paths" if acts else "sum of all paths"
