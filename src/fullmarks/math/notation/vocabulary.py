"""What all emitters know in common: the Greek letters, the functions set upright, and the part each sign plays."""

from typing import Final

from fullmarks.math.notation import Call, Fence, Node, Row, Script, Sign, SignKind, Space, Symbol, Text

GREEK: Final[dict[str, str]] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}  # fmt: skip
"""The letters that LaTeX has a name for; omicron and the capitals that look Latin have none."""

LATEX_FUNCTIONS: Final = frozenset({
    "arg", "cos", "cosh", "det", "dim", "exp", "ln", "log", "max", "min", "sin", "sinh", "tan", "tanh",
})  # fmt: skip

FUNCTIONS: Final = LATEX_FUNCTIONS | {
    "argmax", "argmin", "attention", "concat", "diag", "ELU", "erf", "GELU", "LayerNorm", "LeakyReLU", "MultiHead",
    "ReLU", "sigmoid", "softmax", "step", "vec",
}  # fmt: skip
"""Words that are functions wherever they stand, so that ``ln y`` is spaced like one."""

RELATIONS: Final[frozenset[SignKind]] = frozenset({"=", "≈", "<", ">", "≤", "≥", "≠", "∈", "→", "↦", "∼", "∝"})
BINARY: Final[frozenset[SignKind]] = frozenset({"+", "−", "×", "⋅", "⊙", "/", "∗", "|", "±", "⊕"})
PUNCTUATION: Final[frozenset[SignKind]] = frozenset({",", ";", ":"})
OPENING: Final[frozenset[SignKind]] = frozenset({"(", "["})
CLOSING: Final[frozenset[SignKind]] = frozenset({")", "]"})
PREFIX: Final[frozenset[SignKind]] = frozenset({"∂", "∇", "∀"})
POSTFIX: Final[frozenset[SignKind]] = frozenset({"!", "′", "%"})
ORDINARY: Final[frozenset[SignKind]] = frozenset({"∞", "…", "⋮"})

BEFORE_AN_OPERAND: Final = RELATIONS | BINARY | PUNCTUATION | OPENING | PREFIX
"""After these, or at the start, a minus belongs to what follows it."""

TRANSPOSE: Final = (Symbol("T", "upright"), Text("T"))


def flat(row: Row) -> tuple[Node, ...]:
    """Return the items of a row with the rows inside it opened."""
    items: list[Node] = []
    for item in row.items:
        items.extend(flat(item) if isinstance(item, Row) else [item])
    return tuple(items)


def is_unary(sign: Sign, previous: Node | None) -> bool:
    """Tell whether a minus, a plus or a ± that follows ``previous`` belongs to what comes after it."""
    if sign.kind not in {"−", "+", "±"}:
        return False
    match previous:
        case None | Space("wide"):
            return True
        case Sign(kind):
            return kind in BEFORE_AN_OPERAND
        case _:
            return False


def is_function(node: Node) -> bool:
    """Tell whether a node is the name of a function, perhaps with scripts."""
    match node:
        case Text(words):
            return words in FUNCTIONS
        case Script(base=base):
            return is_function(base)
        case _:
            return False


def call_fence(call: Call) -> Fence:
    """Return the arguments of a call between round brackets, with commas."""
    items: list[Node] = []
    for argument in call.arguments:
        items.extend([argument] if not items else [Sign(","), argument])
    return Fence(items[0] if len(items) == 1 else Row(tuple(items)))
