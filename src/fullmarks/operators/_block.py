"""What the encoder's and the decoder's block share: their arguments, and each layer's sum with its input, normalised.

The norms come after the sums, as in the original paper: LayerNorm(x + Sublayer(x)) (Vaswani et al. 2017, section 3.1).
"""

from collections.abc import Mapping

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor, Whole
from fullmarks.operators._attention import LINE_SYMBOLS
from fullmarks.operators._feed_forward import evaluate_feed_forward, fed_forward
from fullmarks.operators._heads import distinct_rows, evaluate_heads, multi_head, sample_tokens, sample_weights
from fullmarks.operators._norm import evaluate_layer_norm, layer_normalised
from fullmarks.operators._operator import Numbers

SOURCE = "Vaswani et al. 2017, section 3.1 and figure 1"
HEADS = Argument("heads", Whole(), "number of heads", default=1, symbol="h")


def attention_weights(ending: str = "", of: str = "") -> tuple[Argument, ...]:
    """Return the arguments W_Q, W_K, W_V and W_O, with an ``ending`` where a block has two of each."""
    inner, values = f"e{ending}", f"f{ending}"
    return (
        Argument(f"W_Q{ending}", Tensor(f"d {inner}"), f"weights of the queries{of}: Q = X W_Q, heads side by side"),
        Argument(f"W_K{ending}", Tensor(f"d {inner}"), f"weights of the keys{of}, likewise"),
        Argument(f"W_V{ending}", Tensor(f"d {values}"), f"weights of the values{of}, likewise"),
        Argument(f"W_O{ending}", Tensor(f"{values} d"), f"weights of the output{of}, acting on the heads side by side"),
    )


FEED_FORWARD = (
    Argument("W1", Tensor("d_ff d"), "weights of the first feed-forward layer, one row for each hidden unit"),
    Argument("b1", Tensor("number | d_ff"), "its bias"),
    Argument("W2", Tensor("d d_ff"), "weights of the second feed-forward layer, one row for each output"),
    Argument("b2", Tensor("number | d"), "its bias"),
)


def norm_parameters(count: int) -> tuple[Argument, ...]:
    """Return the arguments gamma1, beta1, gamma2, … of ``count`` norms."""
    found: list[Argument] = []
    for place in range(1, count + 1):
        which = ("first", "second", "third")[place - 1]
        found += [
            Argument(f"gamma{place}", Tensor("number | d"), f"scale of the {which} norm", default=1),
            Argument(f"beta{place}", Tensor("number | d"), f"shift of the {which} norm", default=0),
        ]
    return tuple(found)


def line_symbols(norms: int) -> dict[str, str]:
    """Return the symbols of the lines that both blocks have, with so many norms: N, N′, N″."""
    symbols = {**LINE_SYMBOLS, "feed_forward": "F"}
    for place in range(1, norms + 1):
        primes = "'" * (place - 1)
        symbols |= {
            f"R_{place}": rf"\mathbf{{R}}{primes}",
            f"mu_{place}": rf"\boldsymbol{{\mu}}{primes}",
            f"D_{place}": rf"\mathbf{{D}}{primes}",
            f"v_{place}": rf"\sigma{primes}^2",
            f"xhat_{place}": rf"\hat{{\mathbf{{X}}}}{primes}",
            f"norm{place}": rf"\mathbf{{N}}{primes}",
        }
    return symbols


def attention_to(
    queries_from: Expr,
    X: Expr,
    heads: int,
    mask: Expr | str | None,
    parameters: Mapping[str, Expr],
    names: tuple[str, str, str] = ("", "", "attention"),
    opening: str = "Self-attention. ",
) -> Expr:
    """Return the lines of one attention.

    ``names`` are the ending of its weights' names, the index of its lines, and the name of the last of them.
    """
    ending, below, output = names
    W_Q, W_K, W_V, W_O = (parameters[f"W_{letter}{ending}"] for letter in "QKVO")
    return multi_head(queries_from, X, (W_Q, W_K, W_V, W_O), heads, mask, below=below, output=output, opening=opening)


def evaluate_attention_to(
    queries_from: Array, X: Array, heads: int, mask: Array | str | None, parameters: Mapping[str, Array], ending: str
) -> Array:
    """Return the output of one attention in plain NumPy."""
    W_Q, W_K, W_V, W_O = (parameters[f"W_{letter}{ending}"] for letter in "QKVO")
    return evaluate_heads(queries_from, X, (W_Q, W_K, W_V, W_O), heads, mask)["output"]


def add_and_norm(
    x: Expr, layer: Expr, place: int, eps: Exact, parameters: Mapping[str, Expr], output: str = ""
) -> Expr:
    """Add a layer's input to its output, and normalise every row; the line is called ``norm1``, or ``output``."""
    total = let(
        f"R_{place}",
        x + layer,
        "Residual connection: add what went into the layer.",
        M("residual sum"),
        A("sum"),
    )
    gamma, beta = parameters[f"gamma{place}"], parameters[f"beta{place}"]
    return layer_normalised(total, gamma, beta, eps, str(place), output or f"norm{place}", "Layer norm. ")


def feed_forward_and_norm(x: Expr, place: int, eps: Exact, parameters: Mapping[str, Expr]) -> Expr:
    """Return the last lines of a block: feed-forward network, sum and norm."""
    weights = (parameters["W1"], parameters["b1"], parameters["W2"], parameters["b2"])
    layer = fed_forward(x, weights, output="feed_forward", opening="Feed-forward network. ")
    return add_and_norm(x, layer, place, eps, parameters, RESULT)


def evaluate_add_and_norm(x: Array, layer: Array, place: int, eps: Exact, parameters: Mapping[str, Array]) -> Array:
    """Return the norm of the sum in plain NumPy."""
    return evaluate_layer_norm(layer + x, parameters[f"gamma{place}"], parameters[f"beta{place}"], eps)


def evaluate_feed_forward_of(x: Array, parameters: Mapping[str, Array]) -> Array:
    """Return the feed-forward network's output in plain NumPy."""
    return evaluate_feed_forward(x, *(parameters[name] for name in ("W1", "b1", "W2", "b2")))


def sample_block(
    numbers: Numbers, tokens: int, width: int, heads: int, endings: tuple[str, ...] = ("",)
) -> dict[str, object]:
    """Return tokens X and small weights of one attention for each ending, and of a feed-forward network."""
    drawn: dict[str, object] = {"X": sample_tokens(numbers, tokens, width)}
    for ending in endings:
        drawn |= sample_weights(numbers, width, 2 * heads, ending)
    drawn |= {
        "W1": distinct_rows(numbers, -1, 1, 2, width),
        "b1": numbers.integers(-1, 1, 2),
        "W2": distinct_rows(numbers, -1, 1, width, 2),
        "b2": numbers.integers(-1, 1, width),
    }
    return drawn if heads == 1 else drawn | {"heads": heads}
