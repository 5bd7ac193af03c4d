"""concat: [x; y], y put below x: vectors to a longer one, the rows of y below those of x, the maps of y after x's."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import join
from fullmarks.math.marks import A, B
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("n | T d | C H W"), "what stands first: a vector, rows or maps"),
    Argument("y", Tensor("m | S d | D H W"), "what stands below or after it, of the same kind"),
)


def check(x: Array, y: Array) -> None:
    """Check that both are vectors, matrices or maps."""
    if x.ndim != y.ndim:
        hint = '; one row is written "1 2;"' if {x.ndim, y.ndim} == {1, 2} else ""
        raise FullmarksError(
            f"concat: x is {shape_text(x.shape)} but y is {shape_text(y.shape)}, expected as many axes in both{hint}"
        )


def evaluate(x: Array, y: Array) -> Array:
    return np.asarray(np.append(x, y, axis=0))


def working(x: Expr, y: Expr) -> Expr:
    what = {1: "entries", 2: "rows", 3: "maps"}[x.ndim]
    where = "below" if x.ndim < 3 else "after"  # noqa: PLR2004 - maps are printed one after another
    reason = f"Write the {what} of the second {where} those of the first."
    return let(RESULT, join([x, y]), reason, B("first above second"), A("all entries"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two vectors, such as hidden state and input; or a class token and the tokens of patches."""
    match level:
        case "easy":
            return {"x": numbers.integers(-3, 5, 2), "y": numbers.integers(-3, 5, 2)}
        case "medium":
            return {"x": numbers.decimals(-1, 1, 2), "y": numbers.integers(-3, 5, 3)}
        case "hard":
            return {"x": numbers.decimals(-1, 1, 1, 3), "y": numbers.integers(-3, 5, 4, 3)}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Concatenate the two to {result}, the first above the second.",
    source="PyTorch, torch.cat along the first axis",
    symbol="s",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(mistake("put the second above the first", result=lambda x, y: join([y, x])),),
    sample=sample,
)
