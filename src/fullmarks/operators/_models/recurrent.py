"""What is known of recurrent networks: plain RNN, LSTM and GRU."""

from fullmarks.operators._models.model import FAILS, FAMILIES, MEETS, PARTLY, Fact, Model

_RECURRENT = {
    "images": Fact("reads one vector after another and so loses the neighbourhood of pixels in two dimensions", FAILS),
    "sequences": Fact("hands a state from step to step, so earlier inputs bear on later outputs", MEETS),
    "attention": Fact("has no attention mechanism: inputs are never compared with one another", FAILS),
    "long_range": Fact("lets information survive many steps, but it must pass through every one of them", PARTLY),
    "parallel": Fact("needs the hidden state of one step before it can begin the next", FAILS),
    "small_data": Fact("gets by with less data, since it uses the same few weights at every step", MEETS),
    "real_time": Fact("does the same small amount of work for each new input, however long the past is", MEETS),
    "variable_length": Fact("repeats one step as often as there are inputs, so any length will do", MEETS),
    "global_context": Fact("knows at each step only what came before, condensed into its state", FAILS),
    "streaming": Fact("updates its state and can answer as soon as an input arrives", MEETS),
    "sequence_output": Fact("can give an output at every step and take it as the input of the next", MEETS),
    "local_patterns": Fact("scans in one direction of time and has no filter for neighbours in an image", FAILS),
    "deep": Fact("is deep in time already, and is rarely stacked more than a few layers high", FAILS),
    "sharing": Fact("shares its weights over all time steps"),
    "order": Fact("knows the order by itself, since it reads one input after another"),
}
_GATED = {
    "attention": Fact("has gates that decide what to remember, which is no attention between inputs", FAILS),
    "accuracy": Fact("works reasonably well on sequences, but Transformers do better where data is plentiful", PARTLY),
    "large_data": Fact("is slow to train on very large sets, since steps cannot run side by side", PARTLY),
}

RNN = Model(
    "a plain RNN",
    "a network with a hidden state that is updated from the previous state and the current input at every step",
    (FAMILIES,),
    _RECURRENT
    | {
        "structure": Fact("has a single tanh layer that turns the previous state and the input into the new state"),
        "memory": Fact("keeps one hidden state, which is overwritten completely at every step", PARTLY),
        "long_range": Fact("loses in practice what lies many steps back, although its state could carry it", FAILS),
        "gradients": Fact("multiplies gradients by the same recurrent matrix at every step, so they vanish or explode"),
        "low_memory": Fact("stores one small set of weights and one hidden state, however long the input", MEETS),
        "accuracy": Fact("is usually the least accurate on sequences, since it forgets early inputs", FAILS),
        "large_data": Fact("is slow to train and soon limited by what its single state can hold", FAILS),
    },
    ("variable_length", "low_memory", "sharing", "sequences", "streaming"),
    ("parallel", "long_range", "gradients", "attention"),
)

LSTM = Model(
    "an LSTM",
    "a recurrent network whose gates control a cell state that serves as long-term memory beside the hidden state",
    (FAMILIES,),
    _RECURRENT
    | _GATED
    | {
        "structure": Fact(
            "has three sigmoid gates (input, forget, output) and one tanh layer that proposes new values"
        ),
        "memory": Fact("keeps a cell state for the long term and a hidden state for the short term", MEETS),
        "gradients": Fact(
            "passes gradients along its cell state, where they are scaled by the forget gate and vanish far more slowly"
        ),
        "low_memory": Fact("keeps only two states, but has four times the weights of a plain RNN", PARTLY),
        "control": Fact("learns what to erase, what to write and what to show, entry by entry"),
    },
    ("memory", "gradients", "control", "variable_length", "streaming"),
    ("parallel", "low_memory", "long_range", "attention"),
)

GRU = Model(
    "a GRU",
    "a recurrent network with a reset and an update gate and a hidden state that is its only memory",
    (FAMILIES,),
    _RECURRENT
    | _GATED
    | {
        "structure": Fact("has two sigmoid gates (reset, update) and one tanh layer that proposes new values"),
        "memory": Fact("keeps a hidden state only, and blends it with the proposed values by the update gate", MEETS),
        "gradients": Fact(
            "passes gradients along the share of the state that its update gate keeps, so they last longer"
        ),
        "low_memory": Fact("keeps only one state, but has three times the weights of a plain RNN", PARTLY),
        "lighter": Fact("has a quarter fewer weights than an LSTM of the same sizes, and often does as well"),
        "coupled": Fact("ties forgetting to writing, since one gate sets both shares, which makes it less flexible"),
    },
    ("lighter", "gradients", "variable_length", "streaming"),
    ("parallel", "coupled", "long_range", "attention"),
)
