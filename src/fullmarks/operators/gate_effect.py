"""gate_effect: what the values of an LSTM's or a GRU's gate mean for its memory.

``forget``, ``input`` and ``output`` are an LSTM's gates, ``reset`` and ``update`` a GRU's. As in ``gru_cell``,
``update="keep"`` takes the old state times the update gate, ``"new"`` the candidate times it.
"""

from typing import Literal

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, entry
from fullmarks.math.numbers import Exact, decimal, exact, steady_places
from fullmarks.operators._arguments import Argument, Choice, Tensor
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

GateKind = Literal["forget", "input", "output", "reset", "update"]
Convention = Literal["keep", "new"]

ARGUMENTS = (
    Argument(
        "gate",
        Tensor("n"),
        "values of the gate, between 0 and 1",
        symbol=r"\mathbf{f}",
        symbol_for={
            "input": r"\mathbf{i}",
            "output": r"\mathbf{o}",
            "reset": r"\mathbf{r}",
            "update": r"\mathbf{z}",
        },
    ),
    Argument("kind", Choice(("forget", "input", "output", "reset", "update")), "which gate it is", default="forget"),
    Argument("update", Choice(("keep", "new")), "whether z weighs the old state or the candidate", default="keep"),
)
NEAR_ONE, NEAR_ZERO = 0.75, 0.25
NUMBERS_QUOTED = 4


class Effect(Struct, frozen=True):
    """What a gate multiplies, and what follows where it is open, closed or half open."""

    multiplies: str
    open: str
    closed: str
    between: str


EFFECTS: dict[GateKind, Effect] = {
    "forget": Effect(
        "The forget gate multiplies the old cell state element by element: 1 keeps an entry, 0 erases it.",
        "most of the old memory is kept",
        "most of the old memory is forgotten",
        "part of the old memory is kept there and part is forgotten",
    ),
    "input": Effect(
        "The input gate multiplies the new candidate values element by element: 1 writes an entry, 0 keeps it out.",
        "most of the new information is written to the cell state",
        "hardly any new information is written to the cell state",
        "part of the new information is written to the cell state",
    ),
    "output": Effect(
        "The output gate multiplies tanh of the cell state element by element: 1 shows an entry, 0 hides it.",
        "most of the memory appears in the hidden state",
        "most of the memory stays hidden inside the cell",
        "part of the memory appears in the hidden state",
    ),
    "reset": Effect(
        "The reset gate scales element by element what the candidate takes from the old hidden state: 1 lets it in, 0 "
        "leaves it out.",
        "most of the old hidden state enters the candidate",
        "the candidate is made almost from the input alone",
        "part of the old hidden state enters the candidate",
    ),
    "update": Effect(
        r"The update gate mixes old hidden state and candidate element by element, $(1 - \mathbf{z}) \odot \mathbf{n} "
        r"+ \mathbf{z} \odot \mathbf{h}$: 1 keeps an entry, 0 puts the candidate in its place.",
        "most of the old hidden state is kept",
        "most of the old hidden state is replaced by the candidate",
        "old hidden state and candidate are mixed",
    ),
}
UPDATE_BY_THE_NEW = Effect(
    r"The update gate mixes old hidden state and candidate element by element, $(1 - \mathbf{z}) \odot \mathbf{h} + "
    r"\mathbf{z} \odot \mathbf{n}$: 0 keeps an entry, 1 puts the candidate in its place.",
    EFFECTS["update"].closed,
    EFFECTS["update"].open,
    EFFECTS["update"].between,
)


def check(gate: Array, kind: GateKind, update: Convention) -> None:
    """Check that the values may be a gate's (a sigmoid lies between 0 and 1), and that ``update`` has its place."""
    if update != "keep" and kind != "update":
        raise FullmarksError(f'gate_effect: update="{update}" belongs to kind="update", found kind="{kind}"')
    for place, value in enumerate(gate.tolist(), 1):
        if not 0 <= value <= 1:
            raise FullmarksError(
                f"gate_effect: entry {place} of gate is {decimal(exact(value), 3)}, expected numbers between 0 and 1: "
                "the gate after its sigmoid"
            )


def discuss(gate: Expr, kind: GateKind, update: Convention) -> Discussion:
    """Return a point for each group of values (near 1, near 0, between), then what the gate does."""
    effect = UPDATE_BY_THE_NEW if update == "new" else EFFECTS[kind]
    values = [entry(gate, (place,)).number for place in range(gate.size)]
    groups = (
        ([value for value in values if value >= NEAR_ONE], "close to 1", effect.open),
        ([value for value in values if value <= NEAR_ZERO], "close to 0", effect.closed),
        ([value for value in values if NEAR_ZERO < value < NEAR_ONE], "well between 0 and 1", effect.between),
    )
    points = []
    for group, where, then in groups:
        place = "" if len(group) == gate.size else " in this entry" if len(group) == 1 else " in these entries"
        if group:
            points.append(Point(f"{quoted(group)} {where}: {then}{place}."))
    points.append(Point(effect.multiplies))
    return Discussion(tuple(points), min(len(points), 3))


def quoted(values: list[Exact]) -> str:
    """Quote the numbers, as many as fit a sentence, with the verb that follows."""
    words = [decimal(value, steady_places(value, 3)) for value in values[:NUMBERS_QUOTED]]
    if len(values) > NUMBERS_QUOTED:
        words.append(f"{len(values) - NUMBERS_QUOTED} more")
    if len(words) == 1:
        return f"{words[0]} is"
    return f"{', '.join(words[:-1])} and {words[-1]} are"


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a gate that is open, closed, or both in different entries."""
    match level:
        case "easy":
            return {"gate": numbers.decimals(0.8, 0.95, 2, step=0.05), "kind": "forget"}
        case "medium":
            return {"gate": numbers.decimals(0.05, 0.2, 2, step=0.05), "kind": numbers.choice(["forget", "input"])}
        case "hard":
            gate = [*numbers.decimals(0.8, 0.95, 1, step=0.05), *numbers.decimals(0.05, 0.2, 2, step=0.05)]
            return {"gate": gate, "kind": numbers.choice(["forget", "input", "output", "reset", "update"])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Comment on {gate}, the values of the {kind} gate.",
    source="Hochreiter and Schmidhuber 1997; Gers et al. 2000; Cho et al. 2014",
    check=check,
    discuss=discuss,
    sample=sample,
)
