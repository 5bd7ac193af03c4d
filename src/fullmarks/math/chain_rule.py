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
        "positive": Act(
            "through the maximum with 0, the gradient passes if the argument is positive and stops otherwise: "
            "multiply by 1 or 0",
            "slope of the maximum with 0",
        ),
        "larger": Act(
            "through the maximum, only the larger argument gets the gradient: multiply by 1 or 0",
            "gradient of the maximum",
        ),
        "smaller": Act(
            "through the minimum, only the smaller argument gets the gradient: multiply by 1 or 0",
            "gradient of the minimum",
        ),
        "largest": Act(
            "through a maximum, the whole gradient goes to the entry that is the maximum, and 0 to all others",
            "places of the maxima",
        ),
        "smallest": Act(
            "through a minimum, the whole gradient goes to the entry that is the minimum, and 0 to all others",
            "places of the minima",
        ),
        "branches": Act("multiply by the slope of the branch that holds", "slope of the right branch"),
        "branch": Act("the gradient goes to the branch that holds: multiply by 1 or 0", "gradient of the right branch"),
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
        "power": Act(r"the slope of $x^n$ is $n x^{n-1}$: multiply by it", "slope of the power"),
        "exponent": Act(r"the slope of $a^x$ in $x$ is $a^x \ln a$: multiply by it", "slope of the power"),
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
            "a factor that is used in several products gets the sum over all of them of the gradient times the other "
            "factor",
            "sum over all products of gradient times the other factor",
        ),
        "shared term": Act(
            "a term that is added in several places gets the sum of their gradients", "sum over all places"
        ),
        "windows": Act(
            "an entry that lies in several windows gets the sum of what comes back from each", "sum over the windows"
        ),
        "repeated": Act(
            "an entry that is used several times gets the sum of what comes back from each use", "sum over all uses"
        ),
        "padding": Act("padding only adds a border: drop the border of the gradient", "border dropped"),
        "hidden": Act("a hidden entry has no influence: its gradient is 0", "0 for hidden entries"),
        "picked": Act(
            "each part of the gradient goes to the entries that it belongs to, and entries that were not used get 0",
            "gradient at the right entries",
        ),
        "moved": Act(
            "the entries were only put into another order or shape: put their gradients back in the same way",
            "gradient put back into the right shape",
        ),
        "transposed": Act("the gradient of a transpose is the transposed gradient", "transposed gradient"),
        "divisor": Act("divide by the same divisor as in the forward pass", "division"),
        "denominator": Act(r"the slope of $\frac{a}{b}$ in $b$ is $-\frac{a}{b^2}$", "slope of the quotient"),
        "minus": Act("a term that is subtracted gets the gradient with the opposite sign", "change of sign"),
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
UNCHANGED = "Chain rule: the slope of this step is 1, so the gradient stays as it is."


def reason(paths: Sequence[Sequence[str]]) -> str:
    """Return the sentence for a gradient that comes along one path, or is the sum of several; a path is its acts."""
    clauses = _clauses(paths)
    if len(paths) == 1:
        return f"Chain rule: {clauses}." if clauses else UNCHANGED
    opening = f"This quantity is used in {len(paths)} places: add what comes back from each"
    return f"{opening}. Chain rule: {clauses}." if clauses else f"{opening}."


def _clauses(paths: Sequence[Sequence[str]]) -> str:
    acts = dict.fromkeys(act for path in paths for act in path if act)
    return "; ".join(ACTS[act].clause for act in acts)


def purpose(paths: Sequence[Sequence[str]]) -> str:
    """Return what the method mark of such a gradient is for."""
    acts = list(dict.fromkeys(act for path in paths for act in path if act))
    last = ACTS[acts[-1]].purpose if acts else "unchanged gradient"
    return last if len(paths) == 1 else f"{last}, sum of all paths" if acts else "sum of all paths"
