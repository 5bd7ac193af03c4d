"""What must hold for every formula, however odd."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notation_trees import trees, writable
from typst import Compiler

from fullmarks.math.notation import Node
from fullmarks.math.notation.drawing import columns_of
from fullmarks.math.notation.latex import latex
from fullmarks.math.notation.latex_reader import read_latex
from fullmarks.math.notation.speech import speech
from fullmarks.math.notation.terminal import draw
from fullmarks.math.notation.terminal_lines import broken
from fullmarks.math.notation.typst import string, typst


@given(trees)
@settings(deadline=None)
def test_no_formula_is_silent_or_blank(node: Node) -> None:
    assert latex(node)
    assert typst(node)
    assert speech(node).strip()


@given(trees)
@settings(deadline=None)
def test_braces_of_latex_balance(node: Node) -> None:
    bare = re.sub(r"\\[{}]", "", latex(node).replace(r"\\", ""))
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@given(trees, st.integers(10, 60))
@settings(deadline=None)
def test_every_line_of_a_drawing_is_equally_wide_and_the_baseline_is_one_of_them(node: Node, width: int) -> None:
    for drawing in (draw(node), broken(node, width)):
        assert len({columns_of(line) for line in drawing.lines}) == 1
        assert 0 <= drawing.baseline < len(drawing.lines)


@given(writable)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_latex_read_back_is_the_same_latex(node: Node) -> None:
    written = latex(node)
    assert latex(read_latex(written)) == written


@given(st.lists(trees, min_size=5, max_size=20))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_typst_sets_every_formula_accessibly_and_without_a_warning(nodes: list[Node]) -> None:
    compiler = Compiler(ignore_system_fonts=True)
    equations = [
        f"#math.equation(block: {block}, alt: {string(speech(node))}, $ {typst(node)} $)"
        for node, block in zip(nodes, ["true", "false"] * len(nodes), strict=False)
    ]
    source = "\n\n".join(['#set document(title: "Formulas")', *equations])
    pdf, warnings = compiler.compile_with_warnings(
        {"main.typ": source.encode()}, format="pdf", pdf_standards=["ua-1"], timestamp=1700000000
    )
    assert pdf.startswith(b"%PDF")
    assert warnings == []
