"""explain: what a model, method or idea of the lecture is, and what speaks for it and against it.

A topic is a model (``lstm``) or a method (``padding``, ``gradient_clipping``, ``class_token``).
"""

from collections.abc import Iterator

from fullmarks.operators._arguments import Argument, Choice
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point
from fullmarks.operators._topics import TOPICS, Topic

ARGUMENTS = (Argument("topic", Choice(tuple(TOPICS)), "what is to be explained"),)
POINTS_FOR_FULL_MARKS = 4


def discuss(topic: str) -> Discussion:
    """Return what the topic is, then its advantages and disadvantages, a point each."""
    points = tuple(Point(words) for words in sentences(TOPICS[topic]))
    return Discussion(points, min(POINTS_FOR_FULL_MARKS, len(points)))


def sentences(topic: Topic) -> Iterator[str]:
    """Yield all that is said of a topic, each sentence marked as what it counts for; of a trouble there is no good."""
    yield from topic.idea
    if not topic.advantages:
        yield from topic.disadvantages
        return
    for heading, group in (("Advantage", topic.advantages), ("Disadvantage", topic.disadvantages)):
        yield from (f"{heading}: {words}" for words in group)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a topic: a layer, a way of training, or a part of the Transformer."""
    topics = {
        "easy": ["padding", "stride", "pooling", "relu", "weight_sharing", "rnn", "mlp", "cnn"],
        "medium": ["lstm", "lstm_gates", "minibatch", "vanishing_gradients", "gradient_clipping", "batch_norm", "vgg"],
        "hard": ["vit", "transformer", "masked_attention", "truncated_bptt", "residual_connection", "class_token"],
    }
    return {"topic": numbers.choice(topics[level])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Explain {topic}, with advantages and disadvantages where there are any.",
    source="Goodfellow et al. 2016, chapters 6 to 10; Vaswani et al. 2017; Dosovitskiy et al. 2021",
    wording={name: topic.title for name, topic in TOPICS.items()},
    discuss=discuss,
    sample=sample,
)
