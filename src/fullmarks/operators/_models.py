"""What is known of the well-known models: how well each meets each need, with a reason, as a table of sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class Fit(IntEnum):
    """How well a model meets a need."""

    FAILS = 0
    PARTLY = 1
    MEETS = 2


FAILS, PARTLY, MEETS = Fit


@dataclass(frozen=True)
class Fact:
    """How well a model meets a need, and why, as a clause that begins with ``it``."""

    fit: Fit
    why: str


@dataclass(frozen=True)
class Model:
    """A model with what it is called in a sentence and a fact for every need."""

    title: str
    facts: Mapping[str, Fact]


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
    }
)

_CONVOLUTIONAL = {
    "images": Fact(MEETS, "it slides small filters over the image and so finds the same local pattern wherever it is"),
    "sequences": Fact(FAILS, "it is built for grids of fixed size and carries nothing from one step to the next"),
    "attention": Fact(FAILS, "it has no attention mechanism: a trained filter weighs every window alike"),
    "long_range": Fact(PARTLY, "it joins distant pixels only after many layers, since each filter sees a small window"),
    "parallel": Fact(MEETS, "it computes all positions of a feature map independently of one another"),
    "small_data": Fact(MEETS, "it shares few weights over all positions and has locality built in"),
    "low_memory": Fact(MEETS, "it stores only small filters, shared over all positions"),
    "real_time": Fact(MEETS, "it needs few operations with small filters, and they run side by side"),
    "variable_length": Fact(FAILS, "it ends in fully connected layers that expect one size of input"),
    "global_context": Fact(PARTLY, "it sees a neighbourhood in each layer and the whole image only at its end"),
    "streaming": Fact(FAILS, "it takes a complete image and remembers nothing of earlier ones"),
}

_RECURRENT = {
    "images": Fact(
        FAILS, "it reads one vector after another and so loses the neighbourhood of pixels in two dimensions"
    ),
    "sequences": Fact(MEETS, "it hands a hidden state from step to step, so earlier inputs bear on later outputs"),
    "attention": Fact(FAILS, "it has no attention mechanism: inputs are never compared with one another"),
    "long_range": Fact(
        PARTLY, "its gates let information survive many steps, but it must pass through every one of them"
    ),
    "parallel": Fact(FAILS, "it needs the hidden state of one step before it can begin the next"),
    "small_data": Fact(MEETS, "it uses the same few weights at every step"),
    "low_memory": Fact(PARTLY, "it keeps only a state between steps, but has several weight matrices for its gates"),
    "real_time": Fact(MEETS, "it does the same small amount of work for each new input, however long the past is"),
    "variable_length": Fact(MEETS, "it repeats one step as often as there are inputs"),
    "global_context": Fact(FAILS, "it knows at each step only what came before, condensed into its state"),
    "streaming": Fact(MEETS, "it updates its state and can answer as soon as an input arrives"),
}

_ATTENTION = {
    "attention": Fact(MEETS, "it lets every token weigh all others by comparing queries with keys"),
    "long_range": Fact(MEETS, "it compares any two tokens directly, however far apart they are"),
    "parallel": Fact(MEETS, "it processes all tokens together in a few products of matrices"),
    "small_data": Fact(FAILS, "it has hardly any structure built in and must learn it from large data sets"),
    "low_memory": Fact(
        FAILS, "it has large weight matrices, and its attention weights grow with the square of the tokens"
    ),
    "real_time": Fact(PARTLY, "it parallelises well, but its work grows with the square of the number of tokens"),
    "global_context": Fact(MEETS, "it looks at all tokens already in its first layer"),
}

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "cnn": Model("a plain CNN", _CONVOLUTIONAL),
        "alexnet": Model(
            "AlexNet",
            _CONVOLUTIONAL
            | {
                "small_data": Fact(PARTLY, "it has some 60 million weights and overfits little data unless pretrained"),
                "low_memory": Fact(FAILS, "it has some 60 million weights, most of them in fully connected layers"),
            },
        ),
        "vgg": Model(
            "VGG",
            _CONVOLUTIONAL
            | {
                "small_data": Fact(
                    PARTLY, "it has well over 130 million weights and overfits little data unless pretrained"
                ),
                "low_memory": Fact(
                    FAILS, "it has well over 130 million weights, most of them in fully connected layers"
                ),
                "real_time": Fact(FAILS, "it needs some 15 billion multiplications or more for one image"),
            },
        ),
        "resnet": Model(
            "ResNet",
            _CONVOLUTIONAL
            | {
                "long_range": Fact(
                    PARTLY, "its skip connections allow many layers, but distant pixels still meet late"
                ),
                "small_data": Fact(PARTLY, "it is deep and does best when pretrained, though its filters are shared"),
                "low_memory": Fact(
                    PARTLY, "it averages instead of using large dense layers, but has many layers to store"
                ),
                "real_time": Fact(PARTLY, "it is fast in its small versions; the deep ones take many layers in turn"),
                "variable_length": Fact(
                    PARTLY, "it averages over positions, so image sizes may vary, but not sequences"
                ),
            },
        ),
        "vit": Model(
            "the Vision Transformer (ViT)",
            _ATTENTION
            | {
                "images": Fact(
                    MEETS, "it cuts an image into patches, treats them as tokens and is made to classify images"
                ),
                "sequences": Fact(PARTLY, "it reads a sequence of tokens, but its tokens are the patches of one image"),
                "variable_length": Fact(FAILS, "it learns position embeddings for a fixed number of patches"),
                "streaming": Fact(FAILS, "it needs all patches of an image before it can begin"),
            },
        ),
        "transformer": Model(
            "the Transformer",
            _ATTENTION
            | {
                "images": Fact(PARTLY, "it expects tokens, so an image has first to be cut into patches, as ViT does"),
                "sequences": Fact(MEETS, "it takes a sequence of tokens and encodes their positions"),
                "variable_length": Fact(MEETS, "it takes any number of tokens up to a limit and masks padding"),
                "streaming": Fact(
                    PARTLY, "it can hide later tokens with a mask, but each new token must look back at all"
                ),
            },
        ),
        "rnn": Model(
            "a plain RNN",
            _RECURRENT
            | {
                "long_range": Fact(FAILS, "it forgets distant inputs because gradients vanish over many steps"),
                "low_memory": Fact(MEETS, "it stores one small set of weights and one hidden state"),
            },
        ),
        "lstm": Model(
            "LSTM",
            _RECURRENT
            | {
                "attention": Fact(FAILS, "its gates decide what to remember, which is no attention between inputs"),
                "low_memory": Fact(PARTLY, "it keeps only two states, but has four times the weights of a plain RNN"),
            },
        ),
        "gru": Model(
            "GRU",
            _RECURRENT
            | {
                "attention": Fact(FAILS, "its gates decide what to remember, which is no attention between inputs"),
                "low_memory": Fact(PARTLY, "it keeps only one state, but has three times the weights of a plain RNN"),
            },
        ),
        "mlp": Model(
            "an MLP",
            {
                "images": Fact(
                    FAILS, "it flattens the image, forgets which pixels are neighbours and has a weight for each"
                ),
                "sequences": Fact(FAILS, "it has no memory and treats every position as an unrelated input"),
                "attention": Fact(FAILS, "it has no attention mechanism: its weights do not depend on the input"),
                "long_range": Fact(PARTLY, "it joins all inputs, but learns each pair of positions separately"),
                "parallel": Fact(MEETS, "it computes all units of a layer at once"),
                "small_data": Fact(PARTLY, "it may be kept small, but has no structure built in and overfits easily"),
                "low_memory": Fact(PARTLY, "it is small for short inputs, but its weights grow with every input value"),
                "real_time": Fact(MEETS, "it needs only a few products of a matrix and a vector"),
                "variable_length": Fact(FAILS, "it has weights for one fixed number of inputs"),
                "global_context": Fact(MEETS, "it connects every unit with the whole input"),
                "streaming": Fact(FAILS, "it needs its complete input and remembers nothing between inputs"),
            },
        ),
    }
)
