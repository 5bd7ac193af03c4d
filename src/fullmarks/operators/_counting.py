"""What counts of outputs and parameters share: an array of sizes, and the sum of weights and biases."""

from collections.abc import Sequence

from fullmarks.math.expression import RESULT, Expr, constant, let
from fullmarks.math.functions import join, view
from fullmarks.math.marks import A, B, M
from fullmarks.operators._sliding import PairOf, Sides


def height_and_width(input_size: tuple[int, ...]) -> PairOf:
    """Return height and width of a square, of [H, W] or of [C, H, W]."""
    return input_size[-2:] if len(input_size) > 1 else (input_size[0], input_size[0])  # type: ignore[return-value]


def sizes(lengths: Sequence[Expr]) -> Expr:
    """Return scalar lines as one array, written C × H × W."""
    return join([view(length, lambda place: place.reshape(1), written="same") for length in lengths], is_size=True)


def output_size(channels: Expr | None, lengths: Sequence[Expr]) -> Expr:
    """Return the line that puts the output's size together, of one length for both axes or of two."""
    height_and_width = [lengths[0], lengths[-1]]
    if channels is None:
        return let(RESULT, sizes(height_and_width), "The output has this height and width.", A("size"))
    all_lengths = [channels, *height_and_width]
    return let(RESULT, sizes(all_lengths), "The output has this many channels, height and width.", A("size"))


def half_padded(padding: Sides | str) -> Sides | str:
    """Return the padding of one side only: how a reader goes wrong who writes p for 2p."""
    return padding if isinstance(padding, str) else (padding[0], padding[1], 0, 0)


def one_less(result: Expr) -> Expr:
    """Return a size whose height and width lack the + 1 of the formula."""
    whole = constant(0).reshape(1) + 1
    return result - (join([whole * 0, whole, whole]) if result.size > 2 else whole)  # noqa: PLR2004 - with channels


def with_biases(weights: Expr, biases: Expr | None, meaning: str, owner: str) -> Expr:
    """Return the count of parameters: weights, and biases in a line of their own, one for each ``owner``."""
    product = M("product for the weights")
    if biases is None:
        return let(RESULT, weights, f"{meaning} There are no biases.", product, A("number of parameters"))
    weights = let("weights", weights, meaning, product)
    biases = let("biases", biases, f"There is one bias for each {owner}.", B("biases"))
    return let(RESULT, weights + biases, "Add weights and biases.", A("number of parameters"))
