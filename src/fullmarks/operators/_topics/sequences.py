"""What is said of sequences, recurrent networks and their training through time."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "feedforward_network": Topic(
        "the use of a feedforward network for sequences",
        (
            "It has no loop: values go from the input to the output once.",
            "Its answer depends on the current input alone.",
        ),
        (
            "All of its inputs are processed at once, so it computes side by side.",
            "It trains without backpropagation through time.",
        ),
        (
            "It does not remember earlier inputs, since it has no internal state.",
            "It expects a fixed number of inputs, whereas sequences differ in length.",
            "It has separate weights for every position, so what it learns for one does not help at another.",
        ),
    ),
    "hidden_state": Topic(
        "the hidden state",
        (
            "It is the vector that a recurrent network hands from one step to the next.",
            "It follows from the previous state and the current input: $h_t = \\tanh(W_{hh} h_{t-1} + W_{xh} x_t)$.",
            "The output of a step is computed from it: $y_t = W_{hy} h_t$.",
        ),
        (
            "It sums up all earlier inputs in a vector of fixed size, so memory does not grow with the sequence.",
            "It makes the answer to an input depend on what came before.",
        ),
        (
            "It has to squeeze a long past into few numbers.",
            "It is overwritten at every step of a plain RNN, so early inputs fade.",
        ),
    ),
    "one_to_many": Topic(
        "one-to-many sequence modelling",
        (
            "One input leads to a sequence of outputs.",
            "Image captioning is an example: one image gives a sentence, word by word.",
            "The input sets the first state, and each output becomes the next input.",
        ),
        ("The number of outputs is free: it ends when an end token is given.",),
        (
            "A wrong output early on misleads all later ones, since they build on it.",
            "The outputs must be computed one after another.",
        ),
    ),
    "many_to_one": Topic(
        "many-to-one sequence modelling",
        (
            "A sequence of inputs leads to one output.",
            "Classifying a review as positive or negative, or a video clip by its action, are examples.",
            "The output is computed from the last hidden state.",
        ),
        ("Sequences of any length give an output of the same size.",),
        (
            "All that matters has to survive in the state until the last step.",
            "The loss enters at the end only, so gradients travel back through all steps.",
        ),
    ),
    "many_to_many": Topic(
        "many-to-many sequence modelling",
        (
            "A sequence of inputs leads to a sequence of outputs.",
            "Aligned, there is an output for every input, as when each frame of a video gets a label.",
            "Not aligned, the lengths may differ, as in translation: an encoder reads the whole input first.",
        ),
        (
            "Aligned outputs can be given while the input is still arriving.",
            "The form with encoder and decoder is free in both lengths.",
        ),
        (
            "Aligned outputs know earlier inputs only, not later ones.",
            "An encoder has to hand the whole input over in one vector, unless there is attention.",
        ),
    ),
    "encoder_decoder": Topic(
        "the encoder and decoder (sequence to sequence)",
        (
            "The encoder reads the whole input, a many-to-one task, and hands its last state on.",
            "The decoder turns that state into the output, token by token, a one-to-many task.",
        ),
        (
            "Input and output may differ in length.",
            "The order of words may change, since the whole input is read before the first output.",
            "Each part can have weights, and a vocabulary, of its own.",
        ),
        (
            "With RNNs the whole input must fit into one vector, which is a bottleneck for long sentences.",
            "The decoder works one token after another, and its early mistakes carry on.",
        ),
    ),
    "bptt": Topic(
        "backpropagation through time (BPTT)",
        (
            "The network is unrolled over all steps; the loss is summed forwards and gradients go back through all.",
            "The same weights act at every step, so their gradients are summed over the steps.",
        ),
        (
            "The gradient is exact for the whole sequence.",
            "Relations between distant steps can be learnt in principle.",
        ),
        (
            "States of all steps must be stored, so memory grows with the length of the sequence.",
            "One update takes a pass through the whole sequence, which is slow for long ones.",
            "The repeated product with $\\mathbf{W}_{hh}$ lets gradients vanish or explode.",
        ),
    ),
    "truncated_bptt": Topic(
        "truncated backpropagation through time",
        (
            "The sequence is cut into chunks, and gradients go back through one chunk only.",
            "The hidden state is still carried forward from each chunk to the next.",
        ),
        (
            "Memory depends on the length of a chunk, not of the sequence.",
            "The weights are updated after every chunk, so more often.",
            "With fewer factors, gradients have less occasion to explode.",
        ),
        (
            "Relations that reach further back than a chunk do not get any gradient.",
            "The gradient is only an approximation of that of the whole sequence.",
            "The length of a chunk is one more number to choose.",
        ),
    ),
    "cell_state": Topic(
        "the cell state of an LSTM",
        (
            "It is the long-term memory that runs through all steps: $c_t = f \\odot c_{t-1} + i \\odot g$.",
            "The forget gate scales the old state, the input gate the new values that are added.",
            "The hidden state shows a part of it: $h_t = o \\odot \\tanh(c_t)$.",
        ),
        (
            "It changes by a scaling and a sum only, so gradients pass without a repeated product with a matrix.",
            "With a forget gate near 1, an entry survives many steps.",
        ),
        (
            "It is a second state to compute and store at each step.",
            "With a forget gate well below 1 its content still fades over the steps.",
        ),
    ),
    "lstm_gates": Topic(
        "the gates of an LSTM",
        (
            "The forget gate f decides which share of the old cell state is kept.",
            "The input gate i decides which share of the new values is written.",
            "The gate g proposes the new values themselves, through tanh, so between −1 and 1.",
            "The output gate o decides which share of the cell's content shows in the hidden state.",
            "f, i and o are sigmoids of the previous hidden state and the input, so they lie between 0 and 1.",
        ),
        (
            "They are learnt, and act entry by entry, so each entry can remember for its own length of time.",
            "They let gradients flow along the cell state, which lessens vanishing.",
        ),
        ("They need four weight matrices, four times the weights of a plain RNN.",),
    ),
    "forget_gate": Topic(
        "the forget gate",
        (
            "It is a sigmoid of the previous hidden state and the current input.",
            "It multiplies the old cell state entry by entry: near 1 keeps it, near 0 erases it.",
            "It is also the factor by which gradients are scaled on their way back along the cell state.",
        ),
        (
            "It lets the network reset its memory when something new begins.",
            "Values near 1 preserve memory, and gradients, over many steps.",
        ),
        (
            "Values well below 1 at every step make old content fade exponentially.",
            "It has weights of its own to train and compute.",
        ),
    ),
    "input_gate": Topic(
        "the input gate",
        (
            "It is a sigmoid of the previous hidden state and the current input.",
            "It multiplies the new values g entry by entry: near 1 writes them, near 0 keeps them out.",
            "It decides whether to write; what is written is proposed by the gate g.",
        ),
        (
            "It protects the memory from inputs that do not matter.",
            "It is set apart from the forget gate, so old content can be kept while new content is added.",
        ),
        ("It has weights of its own to train and compute.",),
    ),
    "output_gate": Topic(
        "the output gate",
        (
            "It is a sigmoid of the previous hidden state and the current input.",
            "It multiplies $\\tanh(c_t)$ entry by entry: near 1 shows the memory, near 0 hides it.",
            "It gives the hidden state, which goes to the output and to the next step's gates.",
        ),
        (
            "Content can be stored for later without disturbing the present output.",
            "It separates what is remembered from what is shown.",
        ),
        ("It has weights of its own, which GRU saves by having no such gate.",),
    ),
}
