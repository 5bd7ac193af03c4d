"""One document with every block, inline style and awkward character, for all renderers."""

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Cover,
    Document,
    Formula,
    Given,
    Givens,
    Heading,
    Item,
    Labelled,
    PageBreak,
    Paragraph,
    Picture,
    Step,
    Table,
    Total,
    Words,
    Working,
)
from fullmarks.math.figures import Box, Disc, Figure, Label, Stroke
from fullmarks.math.notation import (
    BigOperator,
    Call,
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

NASTY = (
    r"Prose stays prose: # * _a_ `b` <script>alert(1)</script> \input{x} \write18{ls} $x$ % & ~ ^ {{ x }} [l](u) | !"
)

CHARACTERS = "┌─────┐    ┌──────┐\n│image├───▶│conv2d│\n└─────┘    └──────┘"
FIGURE = Figure(
    width=230,
    height=60,
    shapes=(
        Box((45, 30), 70, 30),
        Box((175, 30), 80, 30, ink=0.2, rounded=True, dash="dashed"),
        Stroke(((80, 30), (135, 30)), arrow=True),
        Disc((107, 30), 8),
        Label((45, 34), Text("image")),
        Label((175, 34), Script(Symbol("W", "bold"), Number("1"))),
    ),
    alt="An image goes through a convolution",
    characters=CHARACTERS,
)

A = Symbol("A", "bold")
F = Symbol("F", "bold")
Y = Symbol("Y", "bold")


def row(*items: Node) -> Row:
    return Row(items)


def numbers(*rows: str) -> Matrix:
    return Matrix(tuple(tuple(Number(entry) for entry in line.split()) for line in rows))


def equals(left: Node, right: Node) -> Row:
    return row(left, Sign("="), right)


def entry(name: str, place: str) -> Script:
    return Script(Symbol(name), below=Number(place))


def lettered(name: str, place: str) -> Script:
    return Script(Symbol(name), below=Symbol(place))


def sum_of_products(count: int) -> Row:
    items: list[Node] = []
    for place in range(count):
        items += [Sign("+")] if items else []
        items += [Number(f"0.{place + 1}"), Sign("×"), Number(str(place % 4))]
    return Row(tuple(items))


def sigmoid_of(value: str) -> Fraction:
    power = Script(Symbol("e"), above=row(Sign("−"), Number(value)))
    return Fraction(Number("1"), row(Number("1"), Sign("+"), power))


HIDDEN = Script(Symbol("h", "bold"), below=Number("0"))
INPUT = Script(Symbol("x", "bold"), below=Number("1"))

GIVENS = Givens(
    (
        Given((Words("Input image"),), equals(A, numbers("4 0 1", "4 0 2", "0 2 2"))),
        Given((Words("Filter"),), equals(F, numbers("1 0 -1", "2 0 -2", "1 0 -1"))),
        Given((Words("Initial hidden state"),), equals(HIDDEN, numbers("0", "0"))),
        Given((Words("Learning rate"),), equals(Symbol("alpha"), Number("0.1"))),
        Given((), equals(Symbol("b"), Number("0"))),
    )
)

CONVOLUTION = Working(
    (
        Step(entry("y", "11"), row(Sign("="), sum_of_products(27)), "M2", "every product written out"),
        Step(None, row(Sign("="), Number("25.1")), "A1"),
        Step(entry("y", "12"), row(Sign("="), sum_of_products(4), Sign("="), Number("0.9")), "A1"),
        Step(Y, row(Sign("="), numbers("0 0", "-4 4")), "A1"),
    )
)

ACTIVATION = Working((
    Step(
        Script(Symbol("z"), below=Text("out")),
        row(Sign("="), Call(Symbol("sigma"), (Number("4"),)), Sign("="), sigmoid_of("4"), Sign("≈"),
            Number("0.982")),
        "M1 A1",
    ),
    Step(
        None,
        row(Sign("="), Call(Text("tanh"), (sum_of_products(16),))),
        "M1",
    ),
    Step(
        Symbol("L"),
        row(
            Sign("="), Sign("−"),
            BigOperator("sum", row(lettered("y", "i"), Text("ln"), lettered("p", "i")),
                        below=equals(Symbol("i"), Number("1")), above=Symbol("n")),
            Sign("="), Number("0.693"),
        ),
    ),
))  # fmt: skip

QUESTION_ONE = Labelled(
    "1.",
    (
        Paragraph((
            Words("A grayscale image "), Formula(A), Words(" passes through a convolutional layer with filter "),
            Formula(F), Words(", 1 pixel of zero padding on each side and stride 2, then a sigmoid activation and a "
                              "2×2 max-pooling layer with stride 2."),
        )),
        GIVENS,
        Labelled("(a)", (
            Paragraph((Words("Find the output "), Formula(Y), Words(" of the convolutional layer.")), marks="[6]"),
            Paragraph((Words("Slide the filter over the padded image and add up the products."),)),
            CONVOLUTION,
            Answer(equals(Y, numbers("0 0", "-4 4")), "A2"),
        )),
        Labelled("(b)", (
            Labelled("(i)", (
                Paragraph((Words("Find the output of the activation, and the loss "),
                           Formula(Fraction(Symbol("L"), Number("2"))), Words(".")), marks="[4]"),
                ACTIVATION,
                Paragraph((Words("Unrounded values used."),), style="note"),
                Answer(equals(Symbol("Z", "bold"), numbers("0.5 0.5", "0.018 0.982"))),
            ), "subpart"),
            Labelled("(ii)", (
                Paragraph((Words("Comment on "), Words("your", "emphasis"), Words(" result, citing "),
                           Words("nn.Conv2d", "code"), Words(".")), marks="[3]"),
                Bullets((
                    Item((Words("The columns of the kernel are opposite, so it answers to vertical edges."),), "B1"),
                    Item((Words("Its coefficients sum to zero, so a flat region gives zero: every "
                                "grey value is multiplied by weights that cancel, however bright it is."),), "B2"),
                )),
            ), "subpart"),
        )),
        Total("(18 Marks)"),
    ),
    "question",
)  # fmt: skip

QUESTION_TWO = Labelled(
    "2.",
    (
        Paragraph((Words("The layers of a network, and where the signal goes:"),)),
        Table(
            ((Words("Layer"),), (Words("Output"),), (Words("Parameters"),)),
            (
                ((Words("conv2d"),), (Formula(row(Number("6"), Sign("×"), Number("28"), Sign("×"), Number("28"))),),
                 (Words("456"),)),
                ((Words("linear | dense"),), (Formula(Number("120")),), (Words("48 120"),)),
            ),
        ),
        Picture(FIGURE),
        Code("layer = nn.Conv2d(3, 6, kernel_size=3)\n\tprint(layer)  # 100 % of it"),
        Paragraph((Words(NASTY),)),
        Paragraph((Words("Important: ", "strong"), Words("the café’s naïve α → β “quotes” – and − 3 × 4 ≈ 12 …"))),
        Total("(2 Marks)"),
    ),
    "question",
)  # fmt: skip

COVER = Cover(
    session="Semester 1, 2026/2027",
    date="30 November 2026",
    duration="2 hours",
    total="Total: 20 marks",
    instructions=("Answer all questions.", "Show your working.", "This is a closed-book examination."),
    candidate=(("Name", "Ana #1 Smith & Co"), ("Matriculation number", "")),
)

BLOCKS: tuple[Block, ...] = (
    COVER,
    Heading((Words("Section A"),)),
    Paragraph((Words("Answer every question of this section."),), style="note"),
    QUESTION_ONE,
    PageBreak(),
    Heading((Words("Section B: too deep on purpose"),), level=3),
    QUESTION_TWO,
)

PAPER = Document(
    "EE6427 Video Signal Processing & More",
    BLOCKS,
    subtitle="Marking scheme",
    kind="scheme",
    footer="Variant 3 · seed 2026",
)

SOLUTION = Document("Exercise: CNN", (GIVENS, *QUESTION_ONE.body[2:]), kind="solution")
