"""vit_tokens: how many patches an image is cut into, the values of each, and the length of the sequence."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.patches import tokens_of_image
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Flag, Pair, Sizes, Whole
from fullmarks.operators._counting import height_and_width, patch_counts, refuse_uneven_patches
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf

ARGUMENTS = (
    Argument("image_size", Sizes((1, 2)), "a number for a square, or [H, W]", symbol="n"),
    Argument("patch_size", Pair(), "height and width of a patch", symbol="P"),
    Argument("channels", Whole(), "channels of the image", default=3, symbol="C"),
    Argument("class_token", Flag(), "whether a class token stands before the patches", default=True),
)


def check(image_size: tuple[int, ...], patch_size: PairOf, channels: int, class_token: bool) -> None:
    """Check that whole patches cover the image."""
    del channels, class_token
    refuse_uneven_patches("vit_tokens", image_size, patch_size)


def evaluate(image_size: tuple[int, ...], patch_size: PairOf, channels: int, class_token: bool) -> dict[str, Array]:
    """Return the counts from the places where patches begin, and from the values that are left for each."""
    height, width = height_and_width(image_size)
    corners = len(range(0, height, patch_size[0])) * len(range(0, width, patch_size[1]))
    return {
        "patches": np.asarray(corners),
        "patch_values": np.asarray(height * width * channels // corners),
        "sequence_length": np.asarray(corners + int(class_token)),
    }


def working(image_size: tuple[int, ...], patch_size: PairOf, channels: int, class_token: bool) -> Expr:
    down, across = patch_counts(image_size, patch_size)
    patches = let("N", down * across, "The patches do not overlap: rows times columns.", M("product"), A("patches"))
    height, width = constant(patch_size[0], "P"), constant(patch_size[1], "P" if len(set(patch_size)) == 1 else "Q")
    values = let(
        "patch_values",
        height * width * constant(channels, "C"),
        "Flattened, a patch has a value for each of its pixels in every channel.",
        B("values of a patch"),
    )
    reason = "Every patch is a token" + (", and the class token stands before them." if class_token else ".")
    length = let("sequence_length", patches + 1 if class_token else patches, reason, B("length of the sequence"))
    return let(RESULT, patches, "So this many patches go into the encoder.", after=(values, length))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small grey image, a square colour image, or an oblong one."""
    if level == "easy":
        return {"image_size": numbers.choice([8, 16, 32]), "patch_size": numbers.choice([2, 4]), "channels": 1}
    if level == "medium":
        return {"image_size": numbers.choice([64, 128, 224, 256]), "patch_size": numbers.choice([8, 16, 32])}
    size = [numbers.choice([224, 256]), numbers.choice([384, 512])]
    return {"image_size": size, "patch_size": [numbers.choice([16, 32]), numbers.choice([16, 32])]}


def figure(image_size: tuple[int, ...], patch_size: PairOf, class_token: bool, **_others: object) -> Figure | None:
    """Show the patches numbered in order, and the class token."""
    return tokens_of_image(height_and_width(image_size), patch_size, class_token=class_token)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the number of patches, the number of values of a patch and the length of the sequence.",
    source="Dosovitskiy et al. 2021, section 3.1",
    symbol="patches",
    results=("patches", "patch_values", "sequence_length"),
    line_symbols={"patch_values": r"\text{values per patch}", "sequence_length": r"T"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("divided one side only", N=lambda n_r: n_r),
        mistake("counted the class token as a patch", result=lambda N, class_token: N + 1 if class_token else None),
        mistake("divided the number of pixels by the side of a patch", N=lambda N, patch_size: N * patch_size[0]),
    ),
    sample=sample,
    figure=figure,
)
