"""choose_loss: which loss function fits a target, argued from whether it is a continuous value or a label."""

from typing import Literal

from msgspec import Struct

from fullmarks.operators._arguments import Argument, Choice
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

TargetKind = Literal["continuous", "binary", "classes", "multi_label"]


class Target(Struct, frozen=True):
    """What a network is to predict, in words, and of which kind it is."""

    words: str
    kind: TargetKind


TARGETS: dict[str, Target] = {
    "continuous": Target("a continuous value", "continuous"),
    "binary": Target("one of two labels", "binary"),
    "classes": Target("one of several labels", "classes"),
    "multi_label": Target("any number of labels at once", "multi_label"),
    "regression": Target("a continuous value", "continuous"),  # the field's other word for it
    "classification": Target("one of several labels", "classes"),  # the same
    "share_price": Target("the price of a share tomorrow", "continuous"),
    "rainfall": Target("the amount of rain in millimetres", "continuous"),
    "house_price": Target("the price of a house", "continuous"),
    "temperature": Target("the temperature of the next day", "continuous"),
    "age": Target("the age of a person in a photograph, in years", "continuous"),
    "object_position": Target("the corner coordinates of an object in an image", "continuous"),
    "cancer": Target("whether a scan shows cancer", "binary"),
    "spam": Target("whether a message is spam", "binary"),
    "defect": Target("whether a workpiece has a defect", "binary"),
    "face": Target("whose face of a known group an image shows", "classes"),
    "digit": Target("which digit was written by hand", "classes"),
    "animal": Target("which of ten animals an image shows", "classes"),
    "action": Target("which action a video clip shows", "classes"),
    "objects": Target("which of twenty kinds of objects appear in a photograph, several at once", "multi_label"),
}
ARGUMENTS = (Argument("target", Choice(tuple(TARGETS)), "what the network predicts"),)

POINTS: dict[TargetKind, tuple[str, ...]] = {
    "continuous": (
        "The target is a continuous value, so this is a regression problem.",
        r"A loss for regression fits: the square loss, or its mean over the $N$ values, the mean square error (MSE), $\frac{1}{N} \sum_i (y_i - f(x_i))^2$.",  # noqa: E501 - a sentence
        "It measures how far a prediction is from its target: a near miss costs little, a far one very much.",
        r"The mean absolute error (MAE), $\frac{1}{N} \sum_i |y_i - f(x_i)|$, is the alternative where a few targets are far off: it does not square their errors, so such outliers weigh less.",  # noqa: E501 - a sentence
        "The softmax loss does not fit: it needs a fixed set of classes, to which a near miss is simply wrong.",
    ),
    "binary": (
        "The target is one of two labels, a discrete value, so this is a (binary) classification problem.",
        r"Cross-entropy fits, $-\sum_j y_j \ln p_j$, after a softmax of two scores (or a sigmoid of one score).",
        "The scores become probabilities, and the loss is minus the logarithm of the right label's: 0 when the network is sure of it, large when it is sure of the other.",  # noqa: E501 - a sentence
        "A square loss fits less well: where the network is sure and wrong, the sigmoid is flat and its gradient nearly vanishes, while that of cross-entropy is p − y.",  # noqa: E501 - a sentence
    ),
    "classes": (
        "The target is one label of a fixed set, a discrete value, so this is a (multi-class) classification problem.",
        r"The softmax loss fits: cross-entropy $-\sum_j y_j \ln p_j$ after softmax normalisation of the scores.",
        "The scores become probabilities that add to 1, and the loss is minus the logarithm of the right class's: 0 when the network is sure of it, large when it thinks it unlikely.",  # noqa: E501 - a sentence
        "A square or absolute loss of class numbers does not fit: class 1 would be nearer to class 2 than to class 9, but labels have no order.",  # noqa: E501 - a sentence
    ),
    "multi_label": (
        "Several labels may be right at once, each being there or not, so this is multi-label classification.",
        "Binary cross-entropy fits: each label has a sigmoid and a loss of its own, and the losses are added.",
        "Each sigmoid gives the probability that its label is there, whatever the others are; they need not add to 1.",
        "The softmax loss does not fit: its probabilities add to 1, so one label could only rise if others fall.",
    ),
}
NEEDED = 3


def discuss(target: str) -> Discussion:
    """Return the kind of problem, the loss and why, and what speaks against another."""
    return Discussion(tuple(Point(words) for words in POINTS[TARGETS[target].kind]), NEEDED)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a target that says its kind where it is to be easy, else an application."""
    kinds = ("continuous", "binary", "classes", "multi_label")
    if level == "easy":
        return {"target": numbers.choice(kinds)}
    return {"target": numbers.choice([name for name in TARGETS if name not in kinds])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="A network is to predict {target}. Say whether this is regression or classification, which loss function you "
    "would train it with, and why.",
    source="Goodfellow et al. 2016, sections 5.1.1 and 6.2.2; Bishop 2006, section 1.5.5",
    wording={name: target.words for name, target in TARGETS.items()},
    discuss=discuss,
    sample=sample,
)
