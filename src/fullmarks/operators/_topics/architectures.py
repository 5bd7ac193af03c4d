"""What is said of how networks are built and judged: residual sums, metrics and large pretrained models."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "residual_connection": Topic(
        "the residual (skip) connection",
        (
            "The input of a block is added to its output, so the block learns the difference: $F(x) + x$.",
            "Input and output must have the same shape, or the shortcut needs a 1×1 convolution or a linear map.",
            "ResNet has it around its convolutions, the Transformer around every attention and feed-forward layer.",
        ),
        (
            "Gradients flow back through the sum unchanged, so they reach early layers even in deep networks.",
            "A block can easily do nothing by driving its weights to 0, so more layers do no harm.",
            "The sum itself has no weights and costs almost nothing.",
        ),
        (
            "The block's input must be kept in memory until the sum.",
            "It ties the shapes of input and output together.",
        ),
    ),
    "network_depth": Topic(
        "the depth of a network",
        (
            "It is the number of layers with weights that the input passes through, one after another.",
            "AlexNet has 8 such layers, VGG 16 or 19, ResNet up to 152.",
        ),
        (
            "More layers build more abstract features from simpler ones.",
            "More layers enlarge the receptive field.",
            "A deep network often needs fewer weights than a wide, shallow one for the same function.",
        ),
        (
            "Gradients may vanish on the long way back unless there are skip connections.",
            "Plain networks beyond some depth become worse even on their training data.",
            "Layers are computed in turn, so a deep network answers later.",
        ),
    ),
    "performance_metrics": Topic(
        "the metrics by which networks are compared",
        (
            "Accuracy is the share of inputs whose label is predicted correctly.",
            "The memory footprint counts the weights and the activation maps.",
            "Speed or complexity is measured by the number of operations (FLOPs) or the time for an input.",
            "Which one matters most depends on the application: memory on a phone, time in a car.",
            "They conflict: a larger network is often more accurate, but slower and more demanding.",
        ),
        (),
        (
            "Few weights do not imply few operations: a convolution uses each weight at every position.",
            "Accuracy alone misleads where one class is much more frequent than the others.",
        ),
    ),
    "foundation_models": Topic(
        "foundation models",
        (
            "They are trained once on broad data at large scale and then adapted to many tasks.",
            "Examples are language models such as GPT and models of images with text such as CLIP.",
        ),
        (
            "One model serves many tasks, with little labelled data for each.",
            "They bring knowledge from data that no single task could have collected.",
            "They can combine several kinds of data, such as text and images.",
        ),
        (
            "Their training needs enormous data and computation.",
            "Faults and biases of the one model are handed on to everything built on it.",
            "They are too large for small devices.",
        ),
    ),
    "large_language_models": Topic(
        "large language models",
        (
            "They are Transformers with billions of weights, trained to predict the next token of text.",
            "They generate text one token after another, each from all tokens so far.",
        ),
        (
            "They need no labelled data for pretraining, since the text itself holds the targets.",
            "They solve many tasks from instructions or a few examples, without further training.",
        ),
        (
            "They may state what is false in fluent words.",
            "They need much memory and computation, in training and in use.",
            "Attention over long texts is expensive, since its work grows with the square of the length.",
        ),
    ),
}
