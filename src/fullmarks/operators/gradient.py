"""gradient: the gradient of a scalar with respect to any quantity before it, by backpropagation through the graph.

``of`` is a single number that the formulas compute, such as a loss; ``with_respect_to`` a given or a quantity in
between, of any shape, which the gradient has too. At kinks the slope is that of the first of equals: 0 for ReLU at 0.
"""

from fullmarks.errors import FullmarksError
from fullmarks.math.backpropagation import Slip, gradient_line
from fullmarks.math.expression import Array, Expr
from fullmarks.math.figures import Figure
from fullmarks.math.figures.computation import computational_graph
from fullmarks.math.forward_mode import MOST_NUDGES, nudged_gradient, refuse_wrong_slopes
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Mistake, Numbers, Operator, Writer, mistake

ANY_SHAPE = Tensor("number | n | H W | C H W | O C H W")
ARGUMENTS = (
    Argument("of", Tensor("number"), "what is differentiated: a single number that formulas compute, such as a loss"),
    Argument("with_respect_to", ANY_SHAPE, "a given, or a quantity in between, that it depends on"),
)


def working(of: Expr, with_respect_to: Expr) -> Expr:
    """Walk the history backwards, a line for the gradient of each quantity on the way."""
    found = gradient_line(of, with_respect_to)
    if found is None:
        raise FullmarksError(
            "gradient: of does not depend on with_respect_to, or only through a choice such as argmax, whose slope is "
            "0 everywhere; expected a quantity that leads to it"
        )
    return found


def evaluate(of: Expr, with_respect_to: Expr) -> Array:
    """Follow a nudge of each entry forwards; of very many entries, try the gradient along some directions."""
    gradient = working(of, with_respect_to).value
    if with_respect_to.size <= MOST_NUDGES:
        return nudged_gradient(of, with_respect_to)
    refuse_wrong_slopes(of, with_respect_to, gradient)
    return gradient


def figure(of: Expr, with_respect_to: Expr, writer: Writer, **_others: object) -> Figure | None:
    """Draw the computational graph with values and gradients, where it is small."""
    return computational_graph(of, with_respect_to, writer)


def graph(level: Level, numbers: Numbers) -> tuple[str, dict[str, object]]:
    """Return a neuron with a square loss, a layer with softmax, or a network of two layers, as formulas with givens."""
    inputs = 2
    x, W = numbers.integers(-2, 3, inputs, nonzero=True), numbers.decimals(-1, 1, 2, inputs, nonzero=True)
    b = numbers.decimals(-0.5, 0.5, 2, nonzero=True)
    match level:
        case "easy":
            formulas = "z = linear(x, W); s = sigmoid(z); L = square_loss(s, t); gradient(L, W)"
            return formulas, {"x": x, "W": W, "t": numbers.choice([[0, 1], [1, 0]])}
        case "medium":
            formulas = "z = linear(x, W, b); L = softmax_loss(z, label); gradient(L, W)"
            return formulas, {"x": x, "W": W, "b": b, "label": numbers.integers(0, 1)}
        case "hard":
            formulas = (
                "z1 = linear(x, W1, b1); h = relu(z1); z2 = linear(h, W2); L = softmax_loss(z2, label); "
                "gradient(L, W2); gradient(L, W1)"
            )
            W2 = numbers.decimals(-1, 1, 2, 2, nonzero=True)
            return formulas, {"x": x, "W1": W, "b1": b, "W2": W2, "label": numbers.integers(0, 1)}


def _careless(because: str, slip: Slip) -> Mistake:
    def result(of: Expr, with_respect_to: Expr) -> Expr | None:
        found = gradient_line(of, with_respect_to, slip)
        return None if found is None else found.arguments[0]

    return mistake(because, result=result)


def _transposed(of: Expr, with_respect_to: Expr) -> Expr | None:
    found = gradient_line(of, with_respect_to)
    return None if found is None or found.ndim != 2 else found.arguments[0].T  # noqa: PLR2004 - a matrix


def _opposite(of: Expr, with_respect_to: Expr) -> Expr | None:
    found = gradient_line(of, with_respect_to)
    return None if found is None else -found.arguments[0]


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the gradient {result} by backpropagation.",
    source="Rumelhart, Hinton and Williams 1986; Goodfellow et al. 2016, section 6.5",
    symbol=r"\mathbf{g}",
    working=working,
    evaluate=evaluate,
    mistakes=(
        _careless("left out the slope of the activation", "slope"),
        _careless("followed only one of the paths to the loss", "path"),
        _careless("left out the factor 2 of the square", "factor 2"),
        mistake("transposed the gradient", result=_transposed),
        mistake("changed the sign, target minus prediction", slip=True, result=_opposite),
    ),
    graph=graph,
    figure=figure,
)
