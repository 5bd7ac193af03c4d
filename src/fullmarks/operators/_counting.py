"""What counts of outputs and parameters share: sizes, weights with their biases, gates, and an encoder layer."""

from collections.abc import Iterable, Sequence
from math import prod

from fullmarks.errors import FullmarksError
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


def entries(shapes: Iterable[Sequence[int]]) -> int:
    """Return how many numbers arrays of these shapes hold together."""
    return sum(prod(shape) for shape in shapes)


def encoder_layer_parameters(width: int, inner: int, *, bias: bool) -> Expr:
    """Return the line with the count of one encoder layer, after those of its attention, MLP and two norms."""
    d, f = constant(width, "d"), constant(inner, r"d_{\text{ff}}")
    biases = " and the bias" if bias else ""
    attention = let(
        "attention",
        4 * (d**2 + d if bias else d**2),
        f"Attention has four square maps, for queries, keys, values and the output: the weights{biases} of each.",
        M("four maps of attention"),
        A("attention"),
    )
    both = d * f + f * d
    mlp = let(
        "MLP",
        both + f + d if bias else both,
        "The feed-forward part leads from $d$ entries to $d_{\\text{ff}}$ and back"
        + (", each way with its biases." if bias else ", without biases."),
        M("two maps of the feed-forward part"),
        A("feed-forward part"),
    )
    norms = let(
        "norms",
        2 * (2 * d if bias else d),
        "Each of the two layer norms has a scale γ" + (" and a shift β" * bias) + " for every entry.",
        B("two layer norms"),
    )
    return let("layer", attention + mlp + norms, "Together they are one encoder layer.", A("one layer"))


def encoder_layer_shapes(width: int, inner: int, *, bias: bool) -> list[tuple[int, ...]]:
    """Return the shapes of all parameters of one encoder layer, as PyTorch keeps them."""
    matrices = [(3 * width, width), (width, width), (inner, width), (width, inner)]
    vectors = [(3 * width,), (width,), (inner,), (width,)] if bias else []
    norms = [(width,), (width,)] * (2 if bias else 1)
    return [*matrices, *vectors, *norms]


def refuse_uneven_heads(operator_name: str, d_model: int, heads: int) -> None:
    """Raise ``FullmarksError`` where the heads cannot share the width equally."""
    if d_model % heads:
        raise FullmarksError(
            f"{operator_name}: d_model is {d_model}, which heads = {heads} cannot share equally; "
            f"expected a multiple of {heads}"
        )


def patch_counts(image_size: tuple[int, ...], patch_size: PairOf) -> tuple[Expr, Expr]:
    """Return the lines with the rows and columns of patches; one line where they are equal."""
    size = height_and_width(image_size)
    if size[0] == size[1] and patch_size[0] == patch_size[1]:
        sides_are = "Height and width $n$ are divided by the side $P$ of a patch: so many rows, and as many columns."
        both = let("n_r", constant(size[0], "n") / constant(patch_size[0], "P"), sides_are, M("image by patch"))
        return both, both
    down = constant(size[0], "H") / constant(patch_size[0], "P")
    across = constant(size[1], "W") / constant(patch_size[1], "P" if len(set(patch_size)) == 1 else "Q")
    return (
        let("n_r", down, "Height divided by the height of a patch: rows of patches.", M("image by patch")),
        let("n_c", across, "Width divided by the width of a patch: columns.", B("columns")),
    )


def refuse_uneven_patches(operator_name: str, image_size: tuple[int, ...], patch_size: PairOf) -> None:
    """Raise ``FullmarksError`` where patches do not cover the image exactly."""
    for side, length, patch in zip(("height", "width"), height_and_width(image_size), patch_size, strict=True):
        if length % patch:
            raise FullmarksError(
                f"{operator_name}: image_size has the {side} {length}, which patches of patch_size {patch} do not "
                f"cover exactly; expected a multiple of {patch}"
            )
