"""What is known of the well-known models: a fact for every need and aspect, kept once, in one place a model."""

from collections.abc import Mapping
from types import MappingProxyType

from fullmarks.operators._models.attention import TRANSFORMER, VIT
from fullmarks.operators._models.convolutional import ALEXNET, CNN, RESNET, VGG
from fullmarks.operators._models.dense import LINEAR_CLASSIFIER, MLP
from fullmarks.operators._models.model import COMPARED, INPUT_NEEDS, NEEDS, Fact, Fit, Model
from fullmarks.operators._models.recurrent import GRU, LSTM, RNN

__all__ = ["COMPARED", "INPUT_NEEDS", "MODELS", "NEEDS", "Fact", "Fit", "Model", "sentence"]

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "linear_classifier": LINEAR_CLASSIFIER,
        "mlp": MLP,
        "cnn": CNN,
        "alexnet": ALEXNET,
        "vgg": VGG,
        "resnet": RESNET,
        "rnn": RNN,
        "lstm": LSTM,
        "gru": GRU,
        "transformer": TRANSFORMER,
        "vit": VIT,
    }
)


def sentence(words: str) -> str:
    """Begin with a capital letter, end with a full stop."""
    return f"{words[0].upper()}{words[1:]}."
