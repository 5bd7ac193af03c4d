"""vit_parameters: parameters of a Vision Transformer, from the embedding of patches to the classifying head."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Pair, Sizes, Whole
from fullmarks.operators._counting import (
    encoder_layer_parameters,
    encoder_layer_shapes,
    entries,
    height_and_width,
    patch_counts,
    refuse_uneven_heads,
    refuse_uneven_patches,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf

ARGUMENTS = (
    Argument("image_size", Sizes((1, 2)), "a number for a square, or [H, W]", symbol="n"),
    Argument("patch_size", Pair(), "height and width of a patch", symbol="P"),
    Argument("channels", Whole(), "channels of the image", symbol="C"),
    Argument("d_model", Whole(), "entries of a token", symbol="d"),
    Argument("d_ff", Whole(), "entries between the two maps of the MLP", symbol=r"d_{\text{ff}}"),
    Argument("heads", Whole(), "number of heads; the count does not depend on it", symbol=r"n_{\text{heads}}"),
    Argument("layers", Whole(), "number of encoder layers", symbol="L"),
    Argument("classes", Whole(), "classes of the head", symbol="K"),
)


def check(
    image_size: tuple[int, ...], patch_size: PairOf, channels: int, d_model: int, d_ff: int, heads: int, layers: int,
    classes: int,
) -> None:  # fmt: skip
    """Check that whole patches cover the image, and that the heads are of equal width."""
    del channels, d_ff, layers, classes
    refuse_uneven_patches("vit_parameters", image_size, patch_size)
    refuse_uneven_heads("vit_parameters", d_model, heads)


def evaluate(
    image_size: tuple[int, ...], patch_size: PairOf, channels: int, d_model: int, d_ff: int, heads: int, layers: int,
    classes: int,
) -> Array:  # fmt: skip
    """Return the number of entries of all parameters, array by array, as a program keeps them."""
    del heads
    height, width = height_and_width(image_size)
    tokens = 1 + len(range(0, height, patch_size[0])) * len(range(0, width, patch_size[1]))
    shapes = [(d_model, channels, *patch_size), (d_model,), (d_model,), (tokens, d_model)]
    shapes += [(d_model,), (d_model,), (classes, d_model), (classes,)]
    return np.asarray(entries(shapes) + layers * entries(encoder_layer_shapes(d_model, d_ff, bias=True)))


def working(
    image_size: tuple[int, ...], patch_size: PairOf, channels: int, d_model: int, d_ff: int, heads: int, layers: int,
    classes: int,
) -> Expr:  # fmt: skip
    del heads
    d = constant(d_model, "d")
    down, across = patch_counts(image_size, patch_size)
    tokens = let("T", down * across + 1, "Every patch is a token, and the class token stands before them.", B("tokens"))
    high, wide = constant(patch_size[0], "P"), constant(patch_size[1], "P" if len(set(patch_size)) == 1 else "Q")
    embedding = let(
        "embedding",
        high * wide * constant(channels, "C") * d + d,
        "One linear map leads from the values of a patch to $d$ entries, and adds a bias.",
        M("map of a patch"),
        A("embedding"),
    )
    positions = let(
        "positions",
        d + tokens * d,
        "The class token is learned, and so is a position for every token: $d$ entries each.",
        B("class token and positions"),
    )
    layer = encoder_layer_parameters(d_model, d_ff, bias=True)
    reason = f"Each of the {layers} layers has parameters of its own." if layers > 1 else "There is one layer."
    encoder = let("encoder", constant(layers, "L") * layer, reason, M("times the layers"), A("encoder"))
    last = "A layer norm follows the last layer: a scale and a shift for every entry."
    norm = let("norm", 2 * d, last, B("last layer norm"))
    outputs = constant(classes, "K")
    head = let("head", outputs * d + outputs, "The head is a linear layer on the class token.", B("head"))
    total = embedding + positions + encoder + norm + head
    return let(RESULT, total, "Add them all.", A("number of parameters"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a tiny model, a small one for 32×32 images, or one of the usual size."""
    if level == "easy":
        sizes = {"image_size": 8, "patch_size": 4, "channels": 1, "d_model": numbers.choice([4, 8]), "d_ff": 16}
        return sizes | {"heads": 2, "layers": 1, "classes": numbers.choice([2, 3, 10])}
    if level == "medium":
        sizes = {"image_size": 32, "patch_size": numbers.choice([4, 8]), "channels": 3, "d_model": 64, "d_ff": 128}
        return sizes | {"heads": 4, "layers": numbers.choice([2, 4]), "classes": 10}
    width = numbers.choice([192, 384, 768])
    sizes = {"image_size": 224, "patch_size": numbers.choice([16, 32]), "channels": 3, "d_model": width}
    return sizes | {"d_ff": 4 * width, "heads": 3, "layers": 12, "classes": 1000}


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does the Vision Transformer have?",
    source="Dosovitskiy et al. 2021, section 3.1 and table 1",
    symbol="parameters",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("forgot the class token among the positions", T=lambda T: T - 1),
        mistake(
            "left out the class token and the positions",
            result=lambda embedding, encoder, norm, head: embedding + encoder + norm + head,
        ),
        mistake("left out the layer norms", layer=lambda attention, MLP: attention + MLP),
        mistake("counted one encoder layer only", layers=1),
        mistake("counted one channel only", channels=1),
        mistake("left out the output map of attention", attention=lambda attention: attention * 3 / 4),
        mistake("put the head on every token instead of the class token", head=lambda head, T: head * T),
    ),
    sample=sample,
)
