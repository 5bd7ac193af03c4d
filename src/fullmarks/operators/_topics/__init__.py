"""What is said of every model, method and idea of the lecture, kept once, in its order."""

from collections.abc import Mapping
from types import MappingProxyType

from fullmarks.operators._models import MODELS, Model
from fullmarks.operators._topics import activations, architectures, attention, convolution, sequences, training
from fullmarks.operators._topics.topic import Topic

__all__ = ["TOPICS", "Topic"]


def _of_model(model: Model) -> Topic:
    """Return what is said of a model, from the same facts by which it is compared and chosen."""

    def said(aspects: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"It {model.facts[aspect].says}." for aspect in aspects)

    title = f"{model.title[0].upper()}{model.title[1:]}"
    return Topic(model.title, (f"{title} is {model.idea}.",), said(model.advantages), said(model.disadvantages))


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        **{name: _of_model(model) for name, model in MODELS.items()},
        **activations.TOPICS,
        **convolution.TOPICS,
        **architectures.TOPICS,
        **training.TOPICS,
        **sequences.TOPICS,
        **attention.TOPICS,
    }
)
