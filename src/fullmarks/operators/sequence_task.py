"""sequence_task: whether a task maps one input or many to one output or many, argued from their numbers.

``inputs`` and ``outputs`` are how many there are (``1``, ``30``), ``one`` or ``many``, or what they are (``image``,
``words``, ``frames``, ``label``).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, assert_never

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

Kind = Literal["one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "many-to-many", "encoder-decoder"]


class Thing(Struct, frozen=True):
    """What a model may read or give: in words, and whether that is a sequence."""

    words: str
    is_sequence: bool


THINGS: Mapping[str, Thing] = MappingProxyType(
    {
        "one": Thing("one item", False),
        "many": Thing("many items", True),
        "image": Thing("one image", False),
        "label": Thing("one label", False),
        "number": Thing("one number", False),
        "word": Thing("one word", False),
        "words": Thing("a sequence of words", True),
        "frames": Thing("a sequence of video frames", True),
        "labels": Thing("a sequence of labels", True),
        "samples": Thing("a sequence of sound samples", True),
        "prices": Thing("a sequence of daily prices", True),
        "notes": Thing("a sequence of musical notes", True),
    }
)
EXAMPLES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("image", "label"): "Classifying an image is an example: one image, one label.",
        ("image", "words"): "Image captioning is an example: one image gives a sentence, word by word.",
        ("words", "label"): "Classifying a review as positive or negative is an example: many words, one label.",
        ("frames", "label"): "Video classification is an example: many frames, one label for the clip.",
        ("prices", "number"): "Predicting the next price is an example: the prices of many days, one number.",
        ("frames", "labels"): "Labelling every frame of a video is an example: each frame gets a label of its own.",
        ("words", "labels"): "Tagging words with their part of speech is an example: a label for every word.",
        ("words", "words"): "Machine translation is an example: a sentence in one language gives one in another.",
        ("samples", "words"): "Speech recognition is an example: many sound samples give a sentence.",
        ("frames", "words"): "Describing a video is an example: many frames give a sentence.",
    }
)
ALIGNED = (("frames", "labels"), ("words", "labels"))  # each input has an output of its own
NOT_ALIGNED = (("words", "words"), ("samples", "words"), ("frames", "words"))

NUMBER_OR_WORD = Tensor("number", words=tuple(THINGS))
ARGUMENTS = (
    Argument("inputs", NUMBER_OR_WORD, "what a model reads for one answer", symbol=r"N_{\text{in}}"),
    Argument("outputs", NUMBER_OR_WORD, "what it gives as its answer", symbol=r"N_{\text{out}}"),
)
POINTS_FOR_FULL_MARKS = 4


class Answer(Struct, frozen=True):
    """What is said of a kind of task: its name, the usual example, and how a recurrent network is built for it."""

    title: str
    example: tuple[str, str]
    built: tuple[str, ...]


ANSWERS: Mapping[Kind, Answer] = MappingProxyType(
    {
        "one-to-one": Answer(
            "This is a one-to-one task, so no sequence has to be modelled.",
            ("image", "label"),
            (
                "No state has to be handed from step to step, so a feedforward network such as a CNN will do.",
                "A recurrent network would bring no gain, since there is one step only.",
            ),
        ),
        "one-to-many": Answer(
            "This is a one-to-many task.",
            ("image", "words"),
            (
                "The input enters once, as the first state or at the first step, and the network then runs on.",
                "Each output is fed back as the input of the next step, so that it fits what came before.",
                "Where the number of outputs is not fixed, an end token stops it.",
            ),
        ),
        "many-to-one": Answer(
            "This is a many-to-one task.",
            ("words", "label"),
            (
                "The network reads one input a step and hands its hidden state on, without giving an output.",
                "The output is computed once, from the last hidden state, which sums up the whole sequence.",
                "The loss enters at the last step alone, and its gradient goes back through all steps.",
            ),
        ),
        "aligned many-to-many": Answer(
            "This is a many-to-many task with aligned input and output.",
            ("frames", "labels"),
            (
                "The network gives an output at every step, from the hidden state of that step.",
                "An output can be given at once, without waiting for the end of the input.",
                "The loss is the sum of the losses of all steps.",
            ),
        ),
        "encoder-decoder": Answer(
            "This is a many-to-many task in which input and output are not aligned (sequence to sequence).",
            ("words", "words"),
            (
                "An encoder reads the whole input first, and its last state sums it up.",
                "A decoder then gives the outputs one by one, each being fed back as the next input.",
                "The decoder ends with an end token, so the number of outputs need not be known in advance.",
            ),
        ),
        "many-to-many": Answer(
            "This is a many-to-many task.",
            ("words", "words"),
            (
                "If every input has an output of its own (aligned), the network gives an output at each step.",
                "If not, an encoder reads the whole input first, and a decoder then gives the outputs one by one.",
                "The two forms are told apart by whether the n-th output belongs to the n-th input.",
            ),
        ),
    }
)


def check(inputs: Array | str, outputs: Array | str) -> None:
    """Check that numbers are whole and at least 1."""
    for name, value in (("inputs", inputs), ("outputs", outputs)):
        if not isinstance(value, str) and (float(value) < 1 or float(value) != int(value)):
            raise FullmarksError(
                f"sequence_task: {name} is {float(value):g}, expected a whole number of at least 1 or one of "
                f"{', '.join(THINGS)}"
            )


def discuss(inputs: Expr | str, outputs: Expr | str) -> Discussion:
    """Return the kind of task, the argument from the numbers, an example, and how a recurrent network does it."""
    kind = kind_of(inputs, outputs)
    answer = ANSWERS[kind]
    points = [answer.title, argument(kind, inputs, outputs), example(answer, inputs, outputs), *answer.built]
    return Discussion(tuple(Point(words) for words in points), POINTS_FOR_FULL_MARKS)


def kind_of(inputs: Expr | str, outputs: Expr | str) -> Kind:
    """Tell the kind of task; two sequences are aligned where they are as long as each other, or known to be."""
    match is_sequence(inputs), is_sequence(outputs):
        case False, False:
            return "one-to-one"
        case False, True:
            return "one-to-many"
        case True, False:
            return "many-to-one"
        case _ if isinstance(inputs, Expr) and isinstance(outputs, Expr):
            return "aligned many-to-many" if inputs.number == outputs.number else "encoder-decoder"
        case _ if (inputs, outputs) in ALIGNED:
            return "aligned many-to-many"
        case _ if (inputs, outputs) in NOT_ALIGNED:
            return "encoder-decoder"
        case _:
            return "many-to-many"


def is_sequence(value: Expr | str) -> bool:
    """Tell whether there are several."""
    return THINGS[value].is_sequence if isinstance(value, str) else value.number > 1


def argument(kind: Kind, inputs: Expr | str, outputs: Expr | str) -> str:
    """Argue for the kind of task from the numbers of inputs and outputs."""
    both = f"The input is {in_words(inputs)} and the output is {in_words(outputs)}"
    match kind:
        case "one-to-one":
            return f"{both}, so neither is a sequence."
        case "one-to-many":
            return f"{both}, so only the output is a sequence."
        case "many-to-one":
            return f"{both}, so only the input is a sequence."
        case "aligned many-to-many":
            return f"{both}: the lengths are equal, so every input can have an output of its own."
        case "encoder-decoder":
            known = isinstance(inputs, Expr) and isinstance(outputs, Expr)
            lengths = "the lengths differ" if known else "the lengths may differ"
            return f"{both}: {lengths}, so not every input has an output of its own."
        case "many-to-many":
            return f"{both}, so both are sequences; nothing is said about whether they are equally long."
        case _:
            assert_never(kind)


def example(answer: Answer, inputs: Expr | str, outputs: Expr | str) -> str:
    """Return the task that is asked about where it is a known one, else the usual example of its kind."""
    if isinstance(inputs, str) and isinstance(outputs, str) and (inputs, outputs) in EXAMPLES:
        return EXAMPLES[inputs, outputs]
    return EXAMPLES[answer.example]


def in_words(value: Expr | str) -> str:
    """Write what a model reads or gives inside a sentence."""
    if isinstance(value, str):
        return THINGS[value].words
    return "a single item" if value.number == 1 else f"a sequence of {int(value.number)} items"


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a task: by what it maps where it is to be easy, else by numbers."""
    if level == "easy":
        inputs, outputs = numbers.choice([("image", "words"), ("words", "label"), ("frames", "labels")])
        return {"inputs": inputs, "outputs": outputs}
    steps, others = numbers.integers(5, 20), numbers.integers(21, 40)
    pairs = {
        "medium": [(1, steps), (steps, 1), (others, 1), (1, others)],
        "hard": [(steps, steps), (steps, others), (others, steps)],
    }
    inputs, outputs = numbers.choice(pairs[level])
    return {"inputs": inputs, "outputs": outputs}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Input: {inputs}; output: {outputs}. Name the kind of sequence task, justify it from the numbers of inputs and "
    "outputs, give an example, and say how a recurrent network is arranged for it.",
    source="Goodfellow et al. 2016, sections 10.2 and 10.4; Sutskever et al. 2014",
    wording={name: thing.words for name, thing in THINGS.items()},
    check=check,
    discuss=discuss,
    sample=sample,
)
