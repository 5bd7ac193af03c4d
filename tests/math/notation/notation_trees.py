"""Random formulas for the tests of the emitters and the reader."""

from typing import get_args

from hypothesis import strategies as st

from fullmarks.math.notation import (
    Accent,
    Aligned,
    BigOperator,
    BraceNote,
    Call,
    Cases,
    Fence,
    Fraction,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Script,
    Sign,
    SignKind,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation.vocabulary import FUNCTIONS, GREEK

LETTERS = [*"abcxyzhWKT", *GREEK]
STYLES = ["italic", "bold", "upright"]
PAIRS = [("(", ")"), ("[", "]"), ("{", "}"), ("|", "|"), ("‖", "‖"), ("⌈", "⌉"), ("⌊", "⌋")]

numbers = st.builds(Number, st.sampled_from(["0", "7", "12", "-4", "0.982", "-0.5", "61,706"]))
symbols = st.builds(Symbol, st.sampled_from([*LETTERS, "out", "conv2d_2"]), st.sampled_from(STYLES))
words = st.text(st.sampled_from([*"abz09 ,;:()[]{}|\\$&#%_^~\"'<>/=+-*.!?@`é"]), min_size=1, max_size=8)
texts = st.builds(Text, words | st.sampled_from(sorted(FUNCTIONS)))
signs = st.builds(Sign, st.sampled_from(get_args(SignKind)))
spaces = st.builds(Space, st.sampled_from(["thin", "wide"]))


def optional(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node | None]:
    return st.none() | nodes


def tuples(nodes: st.SearchStrategy[Node], least: int, most: int) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(nodes, min_size=least, max_size=most).map(tuple)


def rectangles(nodes: st.SearchStrategy[Node], most: int = 3) -> st.SearchStrategy[tuple[tuple[Node, ...], ...]]:
    return st.integers(1, most).flatmap(lambda width: tuples(tuples(nodes, width, width), 1, most))


def compounds(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(nodes, nodes)
    return st.one_of(
        st.builds(Row, tuples(nodes, 0, 4)),
        st.builds(Fraction, nodes, nodes),
        st.builds(Root, nodes),
        st.builds(Script, nodes, optional(nodes), optional(nodes)),
        st.builds(Accent, nodes, st.sampled_from(["hat", "bar", "tilde", "vec", "dot"])),
        st.builds(Matrix, rectangles(nodes)),
        st.builds(Call, texts | symbols | nodes, tuples(nodes, 0, 3)),
        st.builds(
            BigOperator, st.sampled_from(["sum", "product", "max", "min"]), nodes, optional(nodes), optional(nodes)
        ),
        st.tuples(nodes, st.sampled_from(PAIRS)).map(lambda pair: Fence(pair[0], *pair[1])),
        st.builds(Fence, nodes, st.sampled_from(["(", "{", ""]), st.sampled_from(["]", "|", ""])),
        st.builds(BraceNote, nodes, words),
        st.builds(Cases, st.lists(pairs, min_size=1, max_size=3).map(tuple)),
        st.builds(Aligned, rectangles(nodes)),
    )


trees: st.SearchStrategy[Node] = st.recursive(numbers | symbols | texts | signs | spaces, compounds, max_leaves=12)
"""Any tree at all, sensible or not."""

letters = st.builds(Symbol, st.sampled_from(LETTERS), st.sampled_from(STYLES))
plain_words = st.sampled_from(["if", "otherwise", "row 1", "50% of $x_1$", "a, b"]).map(Text)
atoms = st.one_of(
    st.builds(Number, st.sampled_from(["0", "12", "0.982", "61,706"])), letters, st.sampled_from([Symbol("out")])
)
relations = st.sampled_from([Sign(kind) for kind in "=≈≤∈→⋅×⊙+−,"])


def _sentence(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """A relation between every two formulas, as people write."""
    return st.tuples(nodes, st.lists(st.tuples(relations, nodes), max_size=3)).map(
        lambda pair: Row((pair[0], *(item for more in pair[1] for item in more)))
    )


def _writable(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    small = _sentence(atoms)
    return st.one_of(
        _sentence(nodes),
        st.builds(Fraction, nodes, nodes),
        st.builds(Root, nodes),
        st.builds(Script, atoms, small, optional(small)),
        st.builds(Accent, letters, st.sampled_from(["hat", "bar", "tilde", "vec", "dot"])),
        st.builds(Matrix, rectangles(nodes)),
        st.builds(Matrix, st.just((tuple(map(Number, "01234567890")),))),
        st.builds(
            Call, st.sampled_from([Text("tanh"), Text("softmax"), Text("my2"), Symbol("sigma")]), tuples(nodes, 1, 3)
        ),
        st.builds(BigOperator, st.sampled_from(["sum", "product"]), atoms, optional(small), optional(small)),
        st.builds(BigOperator, st.sampled_from(["max", "min"]), atoms, small, st.none()),
        st.tuples(nodes, st.sampled_from(PAIRS)).map(lambda pair: Fence(pair[0], *pair[1])),
        st.builds(BraceNote, nodes, st.sampled_from(["row 1", "100 %"])),
        st.builds(Cases, st.lists(st.tuples(nodes, plain_words), min_size=1, max_size=3).map(tuple)),
        st.builds(Aligned, rectangles(nodes, most=2)),
    )


writable: st.SearchStrategy[Node] = st.recursive(atoms | plain_words, _writable, max_leaves=10)
"""Trees that people's LaTeX can say: relations between formulas, scripts on letters, sums over one term."""
