"""What is said of activation functions, of the softmax and of the simplest classifiers."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "perceptron": Topic(
        "the perceptron",
        (
            "It adds its weighted inputs and a bias and applies a step function to the sum.",
            "It is modelled on a nerve cell that fires once its input exceeds a threshold.",
        ),
        (
            "It is simple and fast, and its weights say how much each input counts.",
            "Its learning rule finds a boundary wherever two classes can be separated by a straight one.",
        ),
        (
            "It separates classes by a straight boundary only; it cannot compute XOR.",
            "The slope of the step is 0 nearly everywhere, so it cannot be trained by gradients.",
        ),
    ),
    "activation_functions": Topic(
        "activation functions",
        (
            "They are applied to every entry of a layer's output on its own.",
            "They are nonlinear: without them, several linear layers in a row would be one linear layer.",
            "The slope of the activation enters into every gradient, so it decides how well deep networks train.",
        ),
        (
            "With them a network can bend its boundaries between classes.",
            "They keep the number and the shape of the values and add no weights, in most kinds.",
        ),
        ("Those that saturate, such as sigmoid and tanh, let gradients vanish in deep networks.",),
    ),
    "sigmoid": Topic(
        "the sigmoid",
        (
            "It maps any number to one between 0 and 1: $\\sigma(x) = 1/(1 + e^{-x})$, with $\\sigma(0) = 0.5$.",
            "It suits gates and the probability of one of two classes.",
        ),
        (
            "Its output can be read as a probability or as the share that a gate lets through.",
            "It is smooth, so it has a slope everywhere.",
            "Its output is bounded, so large inputs cannot blow up.",
        ),
        (
            "It saturates: for large positive or negative inputs its slope is nearly 0, and gradients vanish.",
            "Its slope is at most 0.25, so gradients shrink from layer to layer.",
            "Its outputs are all positive, not centred at 0, which slows training.",
            "It needs an exponential, which costs more than the comparison in ReLU.",
        ),
    ),
    "tanh": Topic(
        "the hyperbolic tangent (tanh)",
        (
            "It maps any number to one between −1 and 1, with $\\tanh(0) = 0$.",
            "It is a stretched sigmoid: $\\tanh(x) = 2 \\sigma(2x) - 1$.",
        ),
        (
            "Its outputs are centred at 0, which helps training compared with the sigmoid.",
            "Its slope reaches 1 at 0, four times that of the sigmoid.",
            "Its bounded output keeps the hidden state of an RNN from growing without limit.",
        ),
        (
            "It saturates for large positive or negative inputs, so gradients vanish there.",
            "It needs exponentials, which cost more than the comparison in ReLU.",
        ),
    ),
    "relu": Topic(
        "ReLU",
        (
            "It passes positive numbers on and replaces negative ones by 0: $\\max(0, x)$.",
            "It is the usual choice after the layers of a CNN.",
        ),
        (
            "Its slope is 1 for all positive inputs, so it does not saturate there and gradients do not shrink.",
            "It needs one comparison only, no exponential.",
            "Many of its outputs are 0, so only some of the units are active for any one input.",
            "Networks train faster with it than with sigmoid or tanh.",
        ),
        (
            "Its slope is 0 for negative inputs: a unit that is negative for all data is never updated again.",
            "Its outputs are not centred at 0.",
            "It has no upper bound, so values can grow large.",
        ),
    ),
    "leaky_relu": Topic(
        "Leaky ReLU",
        (
            "It passes positive numbers on and multiplies negative ones by a small slope such as 0.1.",
            "It is a change to ReLU for negative inputs alone.",
        ),
        (
            "Its slope is nowhere 0, so units cannot die.",
            "It is as cheap as ReLU: no exponential is needed.",
            "It does not saturate on either side.",
        ),
        (
            "The slope for negative inputs is one more number to choose.",
            "Negative outputs are small but not 0, so fewer units are silent than with ReLU.",
        ),
    ),
    "elu": Topic(
        "ELU",
        (
            "It passes positive numbers on and maps negative ones to $\\alpha (e^x - 1)$.",
            "For large negative inputs it levels off at $-\\alpha$.",
        ),
        (
            "Its mean output is nearer to 0 than that of ReLU, which helps training.",
            "It has a slope above 0 for negative inputs too, so units do not die at once.",
            "With $\\alpha = 1$ it has no kink at 0.",
        ),
        (
            "It needs an exponential for negative inputs.",
            "It saturates for large negative inputs, where its slope is nearly 0.",
        ),
    ),
    "gelu": Topic(
        "GELU",
        (
            "It multiplies the input by the normal distribution's probability of a smaller value: $x \\, \\Phi(x)$.",
            "It is the activation in the feed-forward layers of ViT and BERT.",
        ),
        (
            "It is smooth, without the kink that ReLU has at 0.",
            "Small negative inputs still have a slope, so units do not die as easily as with ReLU.",
            "For large positive inputs it passes the number on, so it does not saturate there.",
        ),
        (
            "It costs more than ReLU, since it needs the error function or an approximation.",
            "For large negative inputs output and slope are nearly 0, as with ReLU.",
        ),
    ),
    "maxout": Topic(
        "maxout",
        (
            "It takes the larger of two linear functions of the input.",
            "ReLU and Leaky ReLU are special cases of it.",
        ),
        (
            "It learns the shape of its activation from data.",
            "It is linear in pieces, so it does not saturate.",
            "Units do not die, since one of the two functions always passes the gradient on.",
        ),
        (
            "It doubles the number of weights of a layer.",
            "It doubles the multiplications of a layer as well.",
        ),
    ),
    "softmax": Topic(
        "the softmax",
        (
            "It turns scores into probabilities: each exponential is divided by the sum of all of them.",
            "Adding one number to all scores changes nothing, which is used to avoid overflow.",
        ),
        (
            "The outputs are positive and add to 1, so they can be read as probabilities of the classes.",
            "The order of the scores is kept, and the differences between them are emphasised.",
            "It is smooth, and with cross-entropy its gradient is simply $\\mathbf{p} - \\mathbf{y}$.",
        ),
        (
            "It assumes that exactly one class is right, so it does not fit several labels at once.",
            "It must give the whole probability to known classes, even for an input of none of them.",
            "Large differences between scores saturate it, and its own gradient becomes tiny.",
        ),
    ),
    "argmax": Topic(
        "the argmax at the output",
        (
            "It gives the index of the largest score, which is looked up as a class or a word of the vocabulary.",
            "Scores and softmax probabilities have the same argmax, since softmax keeps the order.",
        ),
        (
            "It is the best single answer if every mistake costs the same.",
            "It is cheap: no exponentials are needed to find it.",
        ),
        (
            "It does not say how sure the network is.",
            "It has no useful gradient, so training needs softmax and cross-entropy instead.",
            "Choosing the likeliest word at each step need not give the likeliest sentence.",
        ),
    ),
}
