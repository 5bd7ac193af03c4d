"""What is known of networks built on attention: the Transformer and the Vision Transformer."""

from fullmarks.operators._models.model import (
    ATTENTION_MODELS,
    FAILS,
    FAMILIES,
    IMAGE_CLASSIFIERS,
    MEETS,
    PARTLY,
    Fact,
    Model,
)

_ATTENTION = {
    "attention": Fact("lets every token weigh all others by comparing queries with keys", MEETS),
    "long_range": Fact("compares any two tokens directly, however far apart they are", MEETS),
    "parallel": Fact("processes all tokens together in a few products of matrices", MEETS),
    "small_data": Fact("has hardly any structure built in and must learn it from large data sets", FAILS),
    "low_memory": Fact("has many weights, and stores an attention weight for every pair of tokens", FAILS),
    "real_time": Fact("does work that grows with the square of the number of tokens, though side by side", PARTLY),
    "global_context": Fact("looks at all tokens already in its first layer", MEETS),
    "local_patterns": Fact(
        "has no filters for neighbourhoods and must learn from data that near tokens matter", PARTLY
    ),
    "deep": Fact("has residual sums and layer norms around every sublayer, so it trains with many layers", MEETS),
    "large_data": Fact("keeps improving with very large training sets and many weights", MEETS),
    "sharing": Fact("uses the same projections for all tokens, but sets its attention weights by the input"),
    "order": Fact("ignores the order of its tokens unless positions are added to their embeddings"),
    "gradients": Fact("joins any two positions in one step, so gradients need not travel through time"),
    "modalities": Fact("works on anything that can be cut into tokens: words, image patches, sounds"),
}

TRANSFORMER = Model(
    "the Transformer",
    "a network of attention and feed-forward layers that reads all tokens of a sequence at once, with an encoder for "
    "the input and a decoder for the output",
    (FAMILIES, ATTENTION_MODELS),
    _ATTENTION
    | {
        "images": Fact("expects tokens, so an image has first to be cut into patches, as ViT does", PARTLY),
        "sequences": Fact("takes a sequence of tokens and encodes their positions", MEETS),
        "variable_length": Fact("takes any number of tokens up to a limit and masks padding", MEETS),
        "streaming": Fact("can hide later tokens with a mask, but each new token must look back at all", PARTLY),
        "structure": Fact(
            "has multi-head attention and feed-forward layers, each with a residual sum and a layer norm"
        ),
        "memory": Fact("keeps no state, but looks back at all tokens of its input by attention", MEETS),
        "sequence_output": Fact("has a decoder that gives one token after another from all earlier ones", MEETS),
        "accuracy": Fact("is the state of the art for language and many other sequence tasks", MEETS),
        "parts": Fact("has an encoder and a decoder, the latter with masked and cross-attention"),
        "tokens": Fact("takes words or parts of words, each looked up in a table of embeddings"),
        "answer": Fact("gives one probability a word of the vocabulary at every position of the output"),
        "positions": Fact("adds fixed sines and cosines of several frequencies in its original form"),
        "training": Fact("was trained from scratch on pairs of sentences, for translation"),
    },
    ("long_range", "parallel", "accuracy", "modalities"),
    ("real_time", "small_data", "low_memory", "order"),
)

VIT = Model(
    "the Vision Transformer (ViT)",
    "a Transformer encoder for images: patches serve as tokens, and the output of an added class token is classified",
    (IMAGE_CLASSIFIERS, ATTENTION_MODELS),
    _ATTENTION
    | {
        "images": Fact("cuts an image into patches, treats them as tokens and is made to classify images", MEETS),
        "sequences": Fact("reads a sequence of tokens, but its tokens are the patches of one image", PARTLY),
        "variable_length": Fact("learns position embeddings for a fixed number of patches", FAILS),
        "streaming": Fact("needs all patches of an image before it can begin", FAILS),
        "structure": Fact("embeds patches linearly and passes them through layers of attention and feed-forward parts"),
        "memory": Fact("has no state that lasts from one image to the next", FAILS),
        "sequence_output": Fact("is an encoder alone and gives one label an image", FAILS),
        "accuracy": Fact("is among the best image classifiers once it is pretrained on very many images", MEETS),
        "head": Fact("ends in a small MLP head that sees the output of the class token only"),
        "depth": Fact("has 12 to 32 encoder layers, all of one width"),
        "filters": Fact(
            "has no sliding filters: one linear map turns each patch, usually of 16×16 pixels, into a token"
        ),
        "depth_gradients": Fact("has a residual sum around each sublayer, along which gradients reach early layers"),
        "parts": Fact("has an encoder only"),
        "tokens": Fact("takes flattened image patches, each mapped by one linear layer, and a class token"),
        "answer": Fact("gives one set of class probabilities an image, from the class token"),
        "positions": Fact("adds position embeddings that are learnt with the other weights"),
        "training": Fact("is pretrained on a very large set of labelled images and then fine-tuned"),
    },
    ("long_range", "parallel", "accuracy", "attention"),
    ("small_data", "real_time", "variable_length", "order"),
)
