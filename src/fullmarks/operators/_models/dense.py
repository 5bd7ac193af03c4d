"""What is known of models without any structure for images or sequences: linear classifier and MLP."""

from fullmarks.operators._models.model import FAILS, FAMILIES, IMAGE_CLASSIFIERS, MEETS, PARTLY, Fact, Model

_DENSE = {
    "images": Fact("flattens the image, forgets which pixels are neighbours and has a weight for each pixel", FAILS),
    "sequences": Fact("treats every position as an unrelated input of its own", FAILS),
    "attention": Fact("has no attention mechanism: its weights do not depend on the input", FAILS),
    "parallel": Fact("computes all units of a layer at once", MEETS),
    "low_memory": Fact("is small for short inputs, but needs one weight more a unit for every input value", PARTLY),
    "real_time": Fact("needs only a few products of a matrix and a vector", MEETS),
    "variable_length": Fact("has weights for one fixed number of inputs", FAILS),
    "global_context": Fact("connects its units with the whole input", MEETS),
    "streaming": Fact("needs its complete input before it can answer", FAILS),
    "memory": Fact("has no internal state, so its answer depends on the current input alone", FAILS),
    "sequence_output": Fact("has one fixed number of outputs, none of which can depend on another", FAILS),
    "local_patterns": Fact("has to learn a pattern anew for every place where it may lie", FAILS),
    "sharing": Fact("has a weight of its own for every pair of an input and a unit", None),
    "order": Fact("has no notion of neighbours: inputs shuffled in one fixed way would do as well", None),
}

MLP = Model(
    "an MLP",
    "a feedforward network of fully connected layers with a nonlinear activation after each hidden one",
    (FAMILIES, IMAGE_CLASSIFIERS),
    _DENSE
    | {
        "structure": Fact("stacks fully connected layers with activations between them"),
        "long_range": Fact("joins all inputs in every unit, but learns each pair of positions separately", PARTLY),
        "small_data": Fact("has no structure built in and so overfits little data easily", PARTLY),
        "deep": Fact("gains little from many layers, and gradients shrink on their way through them", FAILS),
        "accuracy": Fact("does well on short vectors of features, far less well on raw images or text", FAILS),
        "large_data": Fact("learns from much data, but has to find all structure in it by itself", PARTLY),
        "gradients": Fact("sends gradients back through its few layers, each with a weight matrix of its own"),
        "boundaries": Fact("bends its boundaries, thanks to its hidden layers"),
        "depth": Fact("has usually a few layers only"),
        "head": Fact("is fully connected throughout and ends in one score a class"),
        "general": Fact("can approximate any continuous function on a bounded region, given enough hidden units"),
    },
    ("boundaries", "general", "parallel", "global_context"),
    ("images", "low_memory", "memory", "variable_length", "small_data"),
)

LINEAR_CLASSIFIER = Model(
    "a linear classifier",
    "a single layer of scores, one a class, each a weighted sum of all inputs plus a bias",
    (IMAGE_CLASSIFIERS,),
    _DENSE
    | {
        "structure": Fact("is one weight matrix and one bias vector, with no hidden layer and no activation"),
        "long_range": Fact("adds up all inputs, but cannot make the weight of one depend on another", FAILS),
        "small_data": Fact("has few enough weights to be trained on little data if the input is short", MEETS),
        "low_memory": Fact("stores one weight for each pair of an input value and a class", MEETS),
        "deep": Fact("has one layer, and stacking linear layers only gives a linear layer again", FAILS),
        "accuracy": Fact("reaches low accuracy wherever classes are not separated by planes", FAILS),
        "large_data": Fact("stops improving early, since it can only draw straight boundaries", FAILS),
        "depth": Fact("has a single layer"),
        "boundaries": Fact("separates classes by straight boundaries (hyperplanes) only"),
        "depth_gradients": Fact("has gradients that pass through one layer only, so they cannot vanish on the way"),
        "head": Fact("consists of nothing but the layer of scores"),
        "templates": Fact("can be read: each row of its weights is a template that is compared with the image"),
        "one_template": Fact("has a single template for each class, so all poses and colours of it are averaged"),
    },
    ("small_data", "real_time", "templates", "depth_gradients"),
    ("boundaries", "one_template", "images", "variable_length"),
)
