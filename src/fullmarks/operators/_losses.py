"""What the losses of regression share: their arguments, the line of differences, and samples."""

from fullmarks.math.expression import Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers

ARGUMENTS = (
    Argument("prediction", Tensor("number | n | N m"), "what the network gives", symbol=r"\hat{\mathbf{y}}"),
    Argument("target", Tensor("number | n | N m"), "what it should give", symbol=r"\mathbf{y}"),
)


def differences(prediction: Expr, target: Expr) -> Expr:
    """Return the line of prediction minus target, of their shape."""
    each = " from each prediction" if prediction.size > 1 else " from the prediction"
    return let("d", prediction - target, f"Subtract the target{each}.", M("differences"), A("differences"))


def squares(d: Expr) -> Expr:
    """Return the line of squared differences."""
    return let("q", d**2, "Square each difference." if d.size > 1 else "Square it.", M("squares"), A("squares"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return predictions near whole targets, two of them, four, or two samples of two outputs."""
    shape = {"easy": (2,), "medium": (4,), "hard": (2, 2)}[level]
    return {
        "prediction": numbers.decimals(-2, 4, *shape, nonzero=True),
        "target": numbers.integers(-1, 3, *shape),
    }
