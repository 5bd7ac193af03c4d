"""What an argument may be, in words for people, and the groups that operators are listed in."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any, assert_never

from fullmarks.math.numbers import fits, plain
from fullmarks.operators._arguments import (
    Argument,
    Choice,
    Flag,
    FlagOrNumber,
    Kind,
    Padding,
    Pair,
    Real,
    Sizes,
    Tensor,
    Whole,
    Words,
)
from fullmarks.operators._operator import Operator

MOST_WORDS = 12  # of the names of arrays that are listed; options, of which one must be chosen, all are
MOST_PLACES = 12  # of a default that is written as a decimal
DISCUSSION = "Discussion, answered in words"
OTHERS = "Others"
_GROUPS = (
    ("Convolution and pooling", ("conv2d", "*pool2d", "patches")),
    ("Activations", ("sigmoid", "tanh", "*relu", "*elu", "step", "maxout", "softmax")),
    ("Layers and arrays", ("linear", "feed_forward", "*_norm", "flatten", "add", "concat", "transpose", "argmax")),
    ("Recurrent networks", ("rnn", "rnn_cell", "lstm_cell*", "lstm_gate", "lstm_hidden_state", "gru_cell")),
    ("Attention and transformers", ("*attention", "*_block", "embedding", "positional_encoding")),
    ("Losses and scores", ("*_loss", "cross_entropy", "accuracy")),
    (
        "Training",
        ("gradient*", "sgd_step", "minibatch_mean", "updates_per_epoch", "bptt", "clip_gradient", "singular_values"),
    ),
    ("Sizes and counts", ("*_output_size", "*_parameters", "*_multiplications", "vit_tokens", "network_summary")),
)


def grouped(operators: Iterable[Operator]) -> dict[str, list[Operator]]:
    """Return operators by the heading of their group; one that no group knows stands under ``Others``."""
    groups: dict[str, list[Operator]] = {heading: [] for heading in (*dict(_GROUPS), DISCUSSION, OTHERS)}
    for operator in operators:
        groups[_group(operator)].append(operator)
    return {heading: members for heading, members in groups.items() if members}


def _group(operator: Operator) -> str:
    if operator.is_discussion:
        return DISCUSSION
    fitting = (heading for heading, patterns in _GROUPS if any(fnmatchcase(operator.name, one) for one in patterns))
    return next(fitting, OTHERS)


def kind_in_words(kind: Kind) -> str:
    """Say what an argument of this kind may be: ``a matrix H×W or an array C×H×W``."""
    match kind:
        case Tensor():
            return _tensor_in_words(kind)
        case Whole(least=least):
            return f"a whole number from {least}"
        case Pair(least=least):
            return f"a whole number from {least}, or [height, width]"
        case Padding(words=words):
            sides = "a whole number, [height, width] or [top, left, bottom, right]"
            return f"{sides}; or {_listed(words)}" if words else sides
        case Sizes(lengths=lengths):
            written = {1: "a whole number", 2: "[height, width]", 3: "[channels, height, width]"}
            return " or ".join(written.get(length, f"{length} whole numbers") for length in lengths)
        case Flag():
            return "true or false"
        case Real():
            return "a number"
        case FlagOrNumber():
            return "true, false or a number"
        case Choice(options=options):
            return _listed(options)
        case Words(options=options):
            return f"one or more of {_listed(options, 'and')}" if options else "words"
        case _:
            assert_never(kind)


def default_in_words(argument: Argument) -> str:
    """Say what holds where the argument is not given, or nothing where it must be."""
    if argument.required:
        return ""
    return f"{default_text(argument)} if not given" if default_text(argument) else "may be left out"


def default_text(argument: Argument) -> str:
    """Write what holds where the argument is not given as it is typed, or nothing where nothing does."""
    return "" if argument.required or argument.default is None else _value_text(argument.default)


def shared_letters(arguments: Iterable[Argument]) -> bool:
    """Tell whether a letter stands for a length in more than one place, so that these must be equal."""
    letters = [
        letter
        for argument in arguments
        if isinstance(argument.kind, Tensor)
        for letter in {letter for shape in argument.kind.alternatives for letter in shape}
    ]
    return len(set(letters)) < len(letters)


def _tensor_in_words(kind: Tensor) -> str:
    shapes = [_shape_in_words(letters) for letters in kind.alternatives]
    words = [*kind.named, *kind.words]
    return _listed(shapes) + (f"; or {_listed(words, most=MOST_WORDS)}" if words else "")


def _shape_in_words(letters: Sequence[str]) -> str:
    lengths = "×".join(f"({letter})" if "+" in letter and len(letters) > 1 else letter for letter in letters)
    match len(letters):
        case 0:
            return "a number"
        case 1:
            return f"a vector of {lengths}"
        case 2:
            return f"a matrix {lengths}"
        case _:
            return f"an array {lengths}"


def _listed(words: Sequence[str], last: str = "or", *, most: int | None = None) -> str:
    if most is not None and len(words) > most:
        return f"{', '.join(words[:3])} … ({len(words)} in all)"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _value_text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple() | list():
            return _value_text(value[0]) if len(set(value)) == 1 else f"[{', '.join(map(_value_text, value))}]"
        case int() | Fraction() | float():
            exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
            return plain(exact) if fits(exact, MOST_PLACES) else str(exact)
        case _:
            return str(value)
