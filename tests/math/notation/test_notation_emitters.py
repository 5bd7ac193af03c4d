"""One formula, four forms: what has been read and found good."""

from typing import NamedTuple, get_args

import pytest

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
from fullmarks.math.notation import latex as latex_module
from fullmarks.math.notation import speech as speech_module
from fullmarks.math.notation import typst as typst_module
from fullmarks.math.notation.latex import latex
from fullmarks.math.notation.speech import speech
from fullmarks.math.notation.terminal import text
from fullmarks.math.notation.terminal_lines import broken
from fullmarks.math.notation.typst import string, typst


def row(*items: Node) -> Row:
    return Row(items)


def numbers(*rows: str) -> Matrix:
    return Matrix(tuple(tuple(Number(entry) for entry in line.split()) for line in rows))


A, B, W, X = (Symbol(letter, "bold") for letter in "ABWx")
a, b, e, h, i, n, x = (Symbol(letter) for letter in "abehinx")
EQUALS, PLUS, MINUS, TIMES = Sign("="), Sign("+"), Sign("−"), Sign("×")


class Case(NamedTuple):
    node: Node
    latex: str
    typst: str
    text: str
    speech: str


CASES = {
    "a matrix": Case(
        row(A, EQUALS, numbers("4 0 1", "0 2 -12")),
        r"\mathbf{A} = \begin{bmatrix} 4 & 0 & 1 \\ 0 & 2 & -12 \end{bmatrix}",
        'bold(upright(A)) eq mat(delim: "[", column-gap: #0.8em, 4, 0, 1; 0, 2, -12)',
        "A = ⎡4  0    1⎤\n    ⎣0  2  −12⎦",
        "A equals 2 by 3 matrix with row 1: 4, 0, 1; row 2: 0, 2, minus 12",
    ),
    "a vector between others": Case(
        row(numbers("3", "4", "5"), numbers("1 2"), PLUS, X),
        r"\begin{bmatrix} 3 \\ 4 \\ 5 \end{bmatrix} \begin{bmatrix} 1 & 2 \end{bmatrix} + \mathbf{x}",
        'mat(delim: "[", column-gap: #0.8em, 3; 4; 5) thin mat(delim: "[", column-gap: #0.8em, 1, 2) '
        "plus bold(upright(x))",
        "⎡3⎤\n⎢4⎥ [1  2] + x\n⎣5⎦",
        "vector 3, 4, 5, end matrix row vector 1, 2, end matrix plus x",
    ),
    "a matrix of fractions and words with commas": Case(
        Matrix(((Fraction(Number("1"), Number("2")), Text('a, b; "c"')), (Fraction(row(a, PLUS, b), n), Row(())))),
        r"\begin{bmatrix} \frac{1}{2} & \text{a, b; "
        '"c"'
        r"} \\ \frac{a + b}{n} & {} \end{bmatrix}",
        r'mat(delim: "[", column-gap: #0.8em, frac(1, 2), "a, b; \"c\""; frac(a plus b, n), "")',
        '⎡      1/2  a, b; "c"⎤\n⎣(a + b)/n           ⎦',
        '2 by 2 matrix with row 1: 1 over 2, a, b; "c"; row 2: the fraction a plus b over n end fraction, blank',
    ),
    "a logistic function": Case(
        row(
            Call(Symbol("sigma"), (x,)),
            EQUALS,
            Fraction(Number("1"), row(Number("1"), PLUS, Script(e, above=row(MINUS, x)))),
        ),
        r"\sigma(x) = \frac{1}{1 + e^{-x}}",
        "sigma lr(paren.l x paren.r) eq frac(1, 1 plus attach(e, t: minus x))",
        "           1\nσ(x) = ─────────\n        1 + e⁻ˣ",
        "sigma of x equals the fraction 1 over 1 plus e to the minus x end fraction",
    ),
    "a call around something tall": Case(
        row(Call(Text("tanh"), (row(W, numbers("1", "2")),)), Sign("≈"), Call(Text("max"), (Number("0"), x))),
        r"\tanh\left( \mathbf{W} \begin{bmatrix} 1 \\ 2 \end{bmatrix} \right) \approx \max(0, x)",
        'op("tanh") lr(paren.l bold(upright(W)) thin mat(delim: "[", column-gap: #0.8em, 1; 2) paren.r) approx '
        'op("max") lr(paren.l 0 comma x paren.r)',
        "tanh⎛W ⎡1⎤⎞ ≈ max(0, x)\n    ⎝  ⎣2⎦⎠",
        "tanh of open bracket W vector 1, 2 close bracket approximately equals max of 0, x",
    ),
    "an unknown function and a function without brackets": Case(
        row(Call(Text("my2"), (x,)), MINUS, n, Text("ln"), x),
        r"\operatorname{my2}(x) - n \ln x",
        'op("my2") lr(paren.l x paren.r) minus n op("ln") x',
        "my2(x) − n ln x",
        "my2 of x minus n ln x",
    ),
    "attention": Case(
        row(
            Fraction(row(A, Script(B, above=Symbol("T", "upright"))), Root(Script(Symbol("d"), Symbol("k")))),
            Sign(","),
            Space("wide"),
            Script(numbers("1 2", "3 4"), above=Text("T")),
        ),
        r"\frac{\mathbf{A} \mathbf{B}^{\mathrm{T}}}{\sqrt{d_{k}}}, \quad "
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^{\text{T}}",
        "frac(bold(upright(A)) attach(bold(upright(B)), t: upright(T)), sqrt(attach(d, b: k))) comma quad "
        'attach(mat(delim: "[", column-gap: #0.8em, 1, 2; 3, 4), t: "T")',
        " A Bᵀ\n──────,   ⎡1  2⎤ᵀ\n √dₖ      ⎣3  4⎦",
        "the fraction A B transpose over the square root of d sub k end fraction, 2 by 2 matrix with row 1: 1, 2; "
        "row 2: 3, 4, end matrix, transpose",
    ),
    "scripts": Case(
        row(
            Script(h, row(Symbol("t"), MINUS, Number("1"))), PLUS,
            Script(Symbol("y"), Text("out")), PLUS,
            Script(W, row(x, h), Number("2")), PLUS,
            Script(x, row(i, Sign(","), n)), PLUS,
            Script(e, above=Number("-0.5")), PLUS,
            Script(e, above=Number("-4")), PLUS,
            Script(h, above=Sign("′")),
        ),
        r"h_{t - 1} + y_{\text{out}} + \mathbf{W}_{x h}^{2} + x_{i, n} + e^{-0.5} + e^{-4} + h^{\prime}",
        'attach(h, b: t minus 1) plus attach(y, b: "out") plus attach(bold(upright(W)), b: x h, t: 2) plus '
        "attach(x, b: i comma n) plus attach(e, t: -0.5) plus attach(e, t: -4) plus attach(h, t: prime)",
        "hₜ₋₁ + y_out + W_xh² + x_{i,n} + e^−0.5 + e⁻⁴ + h′",
        "h sub t minus 1 end sub plus y sub out plus W sub x h end sub squared plus x sub i, n end sub plus e to the "
        "minus 0.5 plus e to the minus 4 plus h prime",
    ),
    "a sum": Case(
        row(
            MINUS,
            BigOperator("sum", row(Script(Accent(Symbol("p"), "hat"), i), TIMES, Number("2")), row(i, EQUALS, n), n),
            Sign("≥"),
            BigOperator("max", x, i),
        ),
        r"-\sum_{i = n}^{n} \hat{p}_{i} \times 2 \ge \max_{i} x",
        "minus attach(sum, b: i eq n, t: n) attach(hat(p), b: i) times 2 gt.eq "
        'attach(op("max", limits: #true), b: i) x',
        "  n\n− ∑  p̂ᵢ × 2 ≥ max x\n i=n           i",
        "minus the sum over i equals n to n of p hat sub i times 2 is at least the maximum over i of x",
    ),
    "cases": Case(
        Cases(((x, row(Text("if "), x, Sign(">"), Number("0"))), (Number("0"), Text("otherwise")))),
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        'cases(x & quad "if "x gt 0, 0 & quad "otherwise")',
        "⎧ x   if x > 0\n⎨\n⎩ 0   otherwise",
        "cases: x, if x is greater than 0; 0, otherwise",
    ),
    "a note under a brace": Case(
        row(BraceNote(row(Number("1"), TIMES, Number("4"), PLUS, n), "row 1"), PLUS, Fence(Number("-2"))),
        r"{\underbrace{1 \times 4 + n}_{\text{row 1}}} + (-2)",
        'underbrace(1 times 4 plus n, "row 1") plus lr(paren.l -2 paren.r)',
        "1 × 4 + n + (−2)\n╰───┬───╯\n  row 1",
        "1 times 4 plus n, labelled row 1, plus open bracket minus 2 close bracket",
    ),
    "aligned lines": Case(
        Aligned(((a, row(EQUALS, Fraction(b, Number("2")))), (Row(()), row(EQUALS, Number("3"))))),
        r"\begin{aligned} a & = \frac{b}{2} \\[4pt] {} & = 3 \end{aligned}",
        r'a & eq frac(b, 2) \ "" & eq 3',
        "     b\na = ───\n     2\n\n  = 3",
        "a equals b over 2; equals 3",
    ),
    "fences and names": Case(
        row(
            Fence(X, "‖", "‖"), Sign("∈"), Sign("["), Number("0"), Sign(","), Sign("∞"), Sign(")"), Sign(","),
            Fence(Fraction(n, Number("2")), "⌊", "⌋"), EQUALS, Symbol("sigma", "bold"), Symbol("epsilon"),
            Number("61,706"),
        ),
        r"\lVert \mathbf{x} \rVert \in [0, \infty), \left\lfloor \frac{n}{2} \right\rfloor = \boldsymbol{\sigma} "
        r"\epsilon 61{,}706",
        "lr(bar.v.double bold(upright(x)) bar.v.double) in bracket.l 0 comma infinity paren.r comma "
        'lr(floor.l frac(n, 2) floor.r) eq bold(sigma) epsilon.alt"61,706"',
        "              ⎢ n ⎥\n‖x‖ ∈ [0, ∞), ⎢───⎥ = σ ϵ 61,706\n              ⎣ 2 ⎦",
        "the norm of x end norm in open square bracket 0, infinity close bracket, the floor of n over 2 end floor "
        "equals sigma epsilon 61,706",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_form_is_the_one_that_was_read(case: Case) -> None:
    assert latex(case.node) == case.latex
    assert typst(case.node) == case.typst
    assert text(case.node) == case.text
    assert speech(case.node) == case.speech


@pytest.mark.parametrize("table", [latex_module.SIGNS, typst_module.SIGNS, speech_module.SIGNS])
def test_every_sign_has_a_form_of_its_own_in_every_table(table: dict[SignKind, str]) -> None:
    assert set(table) == set(get_args(SignKind))


def test_a_matrix_too_wide_for_amsmath_becomes_an_array() -> None:
    wide = numbers(" ".join("1" * 11))
    assert latex(wide).startswith(r"\left[ \begin{array}{ccccccccccc} 1 & 1")
    assert "bmatrix" in latex(numbers(" ".join("1" * 10)))


def test_a_bracket_at_the_start_of_a_matrix_row_is_not_its_height() -> None:
    assert r"\\ {}[" in latex(Matrix(((x,), (Sign("["),))))


def test_every_character_that_latex_reserves_is_escaped_between_words() -> None:
    assert latex(Text("50% of a_1 & {b}^2 ~ #1 $ \\ × <|>")) == (
        r"\text{50\% of a\_1 \& \{b\}\textasciicircum{}2 \textasciitilde{} \#1 \$ \textbackslash{} $\times$ "
        r"\textless{}\textbar{}\textgreater{}}"
    )


def test_words_for_typst_cannot_leave_their_string() -> None:
    assert string('a"b\\c\n$') == r'"a\"b\\c\u{a}$"'


def long_sum() -> Row:
    terms: list[Node] = [Script(Symbol("y"), Number("1")), EQUALS]
    for factor in range(12):
        terms += [PLUS] if factor else []
        terms += [Number(str(factor)), TIMES, Fence(Number("-3"))]
    return Row((*terms, EQUALS, Number("-198")))


def test_a_long_sum_is_cut_before_its_signs_and_its_later_lines_are_indented() -> None:
    assert [line.rstrip() for line in broken(long_sum(), 50).lines] == [
        "y₁ = 0 × (−3) + 1 × (−3) + 2 × (−3) + 3 × (−3)",
        "  + 4 × (−3) + 5 × (−3) + 6 × (−3) + 7 × (−3)",
        "  + 8 × (−3) + 9 × (−3) + 10 × (−3) + 11 × (−3)",
        "  = −198",
    ]


def test_a_formula_is_cut_before_relations_rather_than_before_signs() -> None:
    node = row(a, EQUALS, *[b, PLUS] * 4, b, EQUALS, *[n, PLUS] * 4, n)
    assert [line.rstrip() for line in broken(node, 30).lines] == ["a = b + b + b + b + b", "  = n + n + n + n + n"]


def test_a_sign_that_belongs_to_a_number_does_not_start_a_line() -> None:
    node = row(Symbol("output"), EQUALS, MINUS, Symbol("first"), PLUS, Symbol("second"))
    assert [line.rstrip() for line in broken(node, 8).lines] == ["output", "  = −first", "  + second"]


def test_a_long_list_of_arguments_is_cut_after_commas() -> None:
    node = Row((Symbol("m"), EQUALS, Call(Text("max"), tuple(Number(f"0.{digit}") for digit in range(10)))))
    assert [line.rstrip() for line in broken(node, 40).lines] == [
        "m = max(0.0, 0.1, 0.2, 0.3, 0.4, 0.5,",
        "  0.6, 0.7, 0.8, 0.9)",
    ]


def test_a_matrix_is_not_cut_however_narrow_the_terminal() -> None:
    matrix = numbers("1 2 3 4 5 6", "1 2 3 4 5 6")
    drawing = broken(row(A, EQUALS, matrix, PLUS, matrix), 10)
    assert [line.rstrip() for line in drawing.lines] == [
        "A = ⎡1  2  3  4  5  6⎤",
        "    ⎣1  2  3  4  5  6⎦",
        "",
        "  + ⎡1  2  3  4  5  6⎤",
        "    ⎣1  2  3  4  5  6⎦",
    ]


def test_wide_letters_count_twice() -> None:
    assert broken(Text("卷积"), 80).width == 4
