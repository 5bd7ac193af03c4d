"""What is said of a model: facts by aspect, of which some tell how well it meets a need of an application."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from msgspec import Struct


class Fit(IntEnum):
    """How well a model meets a need."""

    FAILS = 0
    PARTLY = 1
    MEETS = 2


FAILS, PARTLY, MEETS = Fit


class Fact(Struct, frozen=True):
    """What a model does under one aspect, as words that follow ``it``; the fit where the aspect is a need."""

    says: str
    fit: Fit | None = None


class Model(Struct, frozen=True):
    """A model: its name in a sentence, what it is (words that follow ``it is``), and its facts by aspect.

    ``fields`` are the kinds of models that it is compared with; ``kind_of`` is the family that it belongs to.
    ``advantages`` and ``disadvantages`` are the aspects that count for and against it.
    """

    title: str
    idea: str
    fields: tuple[str, ...]
    facts: Mapping[str, Fact]
    advantages: tuple[str, ...]
    disadvantages: tuple[str, ...]
    kind_of: str = ""


FAMILIES, IMAGE_CLASSIFIERS, ATTENTION_MODELS = "kinds of networks", "image classifiers", "attention models"

NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "images": "images as input",
        "sequences": "sequences as input",
        "attention": "an attention mechanism",
        "long_range": "relations between distant parts of the input",
        "parallel": "parallel computation",
        "small_data": "training on little data",
        "low_memory": "little memory",
        "real_time": "fast answers",
        "variable_length": "inputs of varying length",
        "global_context": "a view of the whole input at once",
        "streaming": "answers while the input is still arriving",
        "memory": "a memory of earlier inputs",
        "sequence_output": "sequences as output",
        "local_patterns": "local patterns found wherever they lie",
        "deep": "many layers that can still be trained",
        "accuracy": "high accuracy",
        "large_data": "gains from very large training sets",
    }
)
INPUT_NEEDS = ("images", "sequences")  # a model that fails one of these cannot be used at all

COMPARED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        ATTENTION_MODELS: {
            "parts": "Encoder and decoder",
            "tokens": "Tokens",
            "positions": "Positions",
            "answer": "Output",
            "training": "Training",
            "variable_length": "Length of the input",
            "long_range": "Distant parts of the input",
            "parallel": "Parallel computation",
        },
        IMAGE_CLASSIFIERS: {
            "structure": "Building blocks",
            "filters": "Filters",
            "depth": "Depth",
            "depth_gradients": "Gradients in training",
            "boundaries": "Boundaries between classes",
            "long_range": "Distant parts of the image",
            "order": "Neighbourhood of pixels",
            "low_memory": "Parameters and memory",
            "small_data": "Training data",
            "head": "Classifier at the end",
            "real_time": "Computation",
            "accuracy": "Accuracy",
            "parallel": "Parallel computation",
            "variable_length": "Size of the input",
            "sharing": "Sharing of weights",
        },
        FAMILIES: {
            "structure": "Building blocks",
            "memory": "Memory of earlier inputs",
            "long_range": "Distant parts of the input",
            "gradients": "Gradients in training",
            "parallel": "Parallel computation",
            "low_memory": "Parameters and memory",
            "small_data": "Training data",
            "order": "Order and position",
            "variable_length": "Length of the input",
            "streaming": "Answers during the input",
            "sharing": "Sharing of weights",
        },
    }
)
"""The aspects along which two models of one field are compared, in order, with their headings.

Two models are compared in the first of these fields that both are in, under the aspects that both say something on.
"""
