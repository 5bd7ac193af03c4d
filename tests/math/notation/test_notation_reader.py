"""LaTeX that people write, and what they get wrong."""

import subprocess
import sys

import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.notation import (
    Accent,
    BigOperator,
    BraceNote,
    Call,
    Cases,
    Fence,
    Fraction,
    Matrix,
    Node,
    Number,
    Row,
    Script,
    Sign,
    Symbol,
    Text,
)
from fullmarks.math.notation.latex_reader import read_latex, read_prose

x, y, i = Symbol("x"), Symbol("y"), Symbol("i")
ONE_TO_FOUR = Matrix(((Number("1"), Number("2")), (Number("3"), Number("4"))))


@pytest.mark.parametrize(
    ("source", "node"),
    [
        (r"\mathbf{h}_0", Script(Symbol("h", "bold"), Number("0"))),
        (r"\mathbf\sigma", Symbol("sigma", "bold")),
        (r"\mathrm{out}", Symbol("out", "upright")),
        (r"W_{xh}", Script(Symbol("W"), Row((x, Symbol("h"))))),
        (r"x_12", Row((Script(x, Number("1")), Number("2")))),
        (r"x^\top", Script(x, above=Symbol("T", "upright"))),
        (r"x''", Script(x, above=Row((Sign("′"), Sign("′"))))),
        (r"3\times3", Row((Number("3"), Sign("×"), Number("3")))),
        (r"e^{-4.5}", Script(Symbol("e"), above=Number("-4.5"))),
        (r"x-4", Row((x, Sign("−"), Number("4")))),
        (r"61{,}706", Number("61,706")),
        (r"\frac12", Fraction(Number("1"), Number("2"))),
        (r"\hat{y}", Accent(y, "hat")),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", ONE_TO_FOUR),
        (r"\left[\begin{array}{rr} 1 & 2 \\ 3 & 4 \\ \end{array}\right]", ONE_TO_FOUR),
        (r"\left( \frac{x}{y} \right)", Fence(Fraction(x, y))),
        (r"|x|", Fence(x, "|", "|")),
        (r"\|x\|", Fence(x, "‖", "‖")),
        (r"[0,1)", Fence(Row((Number("0"), Sign(","), Number("1"))), "[", ")")),
        (r"(x|y)", Fence(Row((x, Sign("|"), y)))),
        (r"\max(0, -x)", Call(Text("max"), (Number("0"), Row((Sign("−"), x))))),
        (r"\operatorname{my2}(x)", Call(Text("my2"), (x,))),
        (r"\sigma(x)", Call(Symbol("sigma"), (x,))),
        (r"\ln y", Row((Text("ln"), y))),
        (
            r"\sum_{i=1}^n x \cdot y + 1",
            Row((
                BigOperator(
                    "sum", Row((x, Sign("⋅"), y)), Row((i, Sign("="), Number("1"))), Symbol("n")
                ), Sign("+"), Number("1"),
            )),
        ),
        (r"\sum_i x = y", Row((BigOperator("sum", x, i), Sign("="), y))),
        (r"\sum_i -x", BigOperator("sum", Row((Sign("−"), x)), i)),
        (r"\max_i x", BigOperator("max", x, i)),
        (r"\underbrace{x}_{\text{row 1}}", BraceNote(x, "row 1")),
        (r"\begin{cases} x & \text{if } y \\ 0 & \text{50\% off} \end{cases}",
         Cases(((x, Row((Text("if "), y))), (Number("0"), Text("50% off"))))),
        ("σ ≤ 3", Row((Symbol("sigma"), Sign("≤"), Number("3")))),
    ],
)  # fmt: skip
def test_latex_of_people_is_read_into_the_tree(source: str, node: Node) -> None:
    assert read_latex(source) == node


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (r"x + \fra{1}{2}", r"character 5: unknown macro \fra; did you mean 'frac'?"),
        (r"\begin{bmatrx} 1 \end{bmatrx}", "unknown environment 'bmatrx'; did you mean 'bmatrix'?"),
        ("{x", "the formula ends before '}'"),
        ("x}", "character 2: a } that nothing opens"),
        (r"\begin{cases} x", r"the formula ends before \end{cases}"),
        (r"\frac{1}", r"\frac lacks an argument"),
        (r"\left( x", r"\left ( is never closed"),
        (r"x \right)", r"nothing opens the bracket that \right ) closes"),
        (r"\{ x", "{ is never closed"),
        (r"\begin{bmatrix}1&2\\3\end{bmatrix}", "row 2 of the bmatrix has 1 entries, row 1 has 2"),
        ("x & y", "character 3: & outside"),
        (r"x \\ y", r"character 3: \\ outside"),
        ("x_1_2", "character 4: a second subscript"),
        ("x^1^2", "character 4: a second superscript"),
        ("x^", "character 2: nothing follows"),
        ("x % y", "a percent sign is"),
        ("x é", "character 3: character 'é' is unknown"),
        (r"\sqrt[3]{x}", "only square roots"),
        (r"\text{\foo}", r"character 7: unknown macro \foo between words"),
        ("a\x08b", "control character U+0008 at character 2"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(source: str, complaint: str) -> None:
    with pytest.raises(FullmarksError) as caught:
        read_latex(source)
    assert complaint in str(caught.value)


def test_prose_is_words_and_the_formulas_between_dollars() -> None:
    assert read_prose(r"Image $x$ costs \$5, {stride}_1.") == ("Image ", x, " costs $5, {stride}_1.")
    assert read_prose("$x$$y$") == (x, y)
    assert read_prose("") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a lone $ sign", "a $ without a partner at character 8"),
        ("an empty $ $ one", "an empty formula"),
        (
            "filter $\bm{F}$",
            r"in a TOML string between double quotes \b becomes one; write LaTeX between single quotes",
        ),
        ("3\times 3", r"between double quotes \t becomes one"),
        ("a $\\fra$", r"formula $\fra$, character 1: unknown macro \fra"),
    ],
)
def test_wrong_prose_is_refused_with_its_cause(text: str, complaint: str) -> None:
    with pytest.raises(FullmarksError) as caught:
        read_prose(text)
    assert complaint in str(caught.value)


def test_prose_without_a_formula_does_not_load_the_tokeniser() -> None:
    script = (
        "import sys; from fullmarks.math.notation.latex_reader import read_prose; read_prose({text!r}); "
        "print('pylatexenc' in sys.modules)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", script.format(text=text)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for text in ("no formula", "one $x$")
    ]
    assert loaded == ["False", "True"]


@pytest.mark.parametrize("opening", ["{", r"\sqrt{", "x^{", r"\frac{1}{"])
def test_a_formula_nested_too_deep_is_refused(opening: str) -> None:
    with pytest.raises(FullmarksError, match="nested too deep"):
        read_latex(opening * 3000 + "x" + "}" * 3000)


def test_an_unknown_macro_is_given_no_name_twice_as_long() -> None:
    with pytest.raises(FullmarksError) as refused:
        read_latex(r"\foo")
    assert str(refused.value).endswith(r"unknown macro \foo")
