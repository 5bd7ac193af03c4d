"""compare_models: where two models differ and what they share, aspect by aspect, with both sides in every point.

Two networks of a kind are compared (``rnn`` and ``lstm``), two image classifiers (``vgg`` and ``resnet``), or the
Transformer and ViT; others serve different purposes, and are refused.
"""

from collections.abc import Iterator, Mapping

from fullmarks.errors import FullmarksError
from fullmarks.operators._arguments import Argument, Choice
from fullmarks.operators._models import COMPARED, MODELS, Model
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

ARGUMENTS = (
    Argument("a", Choice(tuple(MODELS)), "one model"),
    Argument("b", Choice(tuple(MODELS)), "the other model"),
)
POINTS_FOR_FULL_MARKS = 4
MOST_SIMILARITIES = 2  # a comparison is about differences


def check(a: str, b: str) -> None:
    """Check that there are two models, that neither is a kind of the other, and that they serve one purpose."""
    if a == b:
        raise FullmarksError(f"compare_models: a and b are both {a!r}, expected two different models")
    for member, family in ((a, b), (b, a)):
        if MODELS[member].kind_of == family:
            raise FullmarksError(
                f"compare_models: {member} is itself a {family}, so a and b are no alternatives; {member} can be "
                f"compared with {', '.join(partners(member))}"
            )
    if shared_field(a, b) is None:
        raise FullmarksError(
            f"compare_models: a is {a}, one of the {field_of(a)}, and b is {b}, one of the {field_of(b)}: they serve "
            f"different purposes; {a} can be compared with {', '.join(partners(a))}, {b} with {', '.join(partners(b))}"
        )


def shared_field(a: str, b: str) -> str | None:
    """Return the first field that both models are in, or nothing."""
    return next((field for field in COMPARED if field in MODELS[a].fields and field in MODELS[b].fields), None)


def field_of(name: str) -> str:
    """Return the field that a model is in first of all."""
    return MODELS[name].fields[0]


def partners(name: str) -> list[str]:
    """Return the models that a model can be compared with."""
    return [other for other in MODELS if comparable(name, other)]


def comparable(a: str, b: str) -> bool:
    """Tell whether a comparison of the two means anything."""
    related = a == b or MODELS[a].kind_of == b or MODELS[b].kind_of == a
    return not related and shared_field(a, b) is not None


def discuss(a: str, b: str) -> Discussion:
    """Return a point for each aspect in which the models differ, then what they have in common."""
    headings = COMPARED[shared_field(a, b) or field_of(a)]
    one, other = MODELS[a], MODELS[b]
    points = [*differences(one, other, headings), *list(similarities(one, other, headings))[:MOST_SIMILARITIES]]
    return Discussion(tuple(Point(words) for words in points), min(POINTS_FOR_FULL_MARKS, len(points)))


def differences(one: Model, other: Model, headings: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each aspect under which something else is to be said of each."""
    for aspect, heading in headings.items():
        here, there = one.facts.get(aspect), other.facts.get(aspect)
        if here is None or there is None or here.says == there.says:
            continue
        joint = ";" if here.fit is not None and here.fit == there.fit else ", whereas"
        yield f"{heading}: {one.title} {here.says}{joint} {other.title} {there.says}."


def similarities(one: Model, other: Model, headings: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each aspect under which the same is true of both."""
    for aspect, heading in headings.items():
        here, there = one.facts.get(aspect), other.facts.get(aspect)
        if here is not None and there is not None and here.says == there.says:
            yield f"{heading}: no difference: each {here.says}."


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two models that are often compared."""
    pairs = {
        "easy": [("rnn", "lstm"), ("mlp", "cnn"), ("linear_classifier", "mlp"), ("mlp", "rnn")],
        "medium": [("lstm", "transformer"), ("vgg", "resnet"), ("alexnet", "vgg"), ("cnn", "rnn")],
        "hard": [("cnn", "vit"), ("lstm", "gru"), ("rnn", "transformer"), ("resnet", "vit"), ("transformer", "vit")],
    }
    a, b = numbers.choice(pairs[level])
    return {"a": a, "b": b}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Compare {a} and {b}: give differences, and say of each what holds for the one and what for the other.",
    source="Krizhevsky et al. 2012; Simonyan and Zisserman 2015; He et al. 2016; Vaswani et al. 2017; "
    "Dosovitskiy et al. 2021; Hochreiter and Schmidhuber 1997; Cho et al. 2014; Goodfellow et al. 2016, chapters 6, 9, "
    "10",
    wording={name: model.title for name, model in MODELS.items()},
    check=check,
    discuss=discuss,
    sample=sample,
)
