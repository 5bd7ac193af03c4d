"""What is said of the layers of a convolutional network and of the ideas behind them."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "convolution": Topic(
        "the convolutional layer",
        (
            "A small filter slides over the input; at each position the products of weights and pixels are summed.",
            "Each filter spans all input channels and gives one feature map; several filters give several maps.",
        ),
        (
            "A filter is used at every position, so a pattern is found wherever it lies.",
            "The number of weights depends on the filters alone, not on the size of the image.",
            "Each output looks at a neighbourhood only, which suits images, where near pixels belong together.",
            "All positions can be computed side by side.",
        ),
        (
            "A single layer sees a small window only, so distant pixels are joined late.",
            "The same filter is used in all images and places, however relevant they are.",
            "The filter does not answer alike to rotated or enlarged versions of its pattern.",
        ),
    ),
    "feature_hierarchy": Topic(
        "the hierarchy of features in a CNN",
        (
            "Early layers answer to simple patterns such as edges and colours.",
            "Later layers combine these into textures, parts and whole objects.",
            "The receptive field grows from layer to layer, which is what makes larger features possible.",
        ),
        (
            "Features are learnt from data instead of being designed by hand.",
            "Early features are general, so they can be reused for other tasks by fine-tuning.",
        ),
        ("What a deep feature stands for is hard to read off from its weights.",),
    ),
    "weight_sharing": Topic(
        "weight sharing",
        (
            "The same weights are used in many places of the input.",
            "A filter is shared by all positions of an image, a recurrent matrix by all time steps.",
        ),
        (
            "There are far fewer weights to train and to store than with a weight of its own for every connection.",
            "Fewer weights lower the risk of overfitting, so less training data is enough.",
            "What is learnt in one place is at once known in all others.",
            "Inputs of other sizes or lengths can be processed with the same weights.",
        ),
        (
            "Where places differ in their meaning, as in an aligned portrait, shared weights cannot adapt to each.",
            "Sharing weights does not save computation: the multiplications are done at every position.",
        ),
    ),
    "padding": Topic(
        "zero padding",
        (
            "Rows and columns of zeros are added around the image before it is convolved.",
            "For an odd filter of size $k$ with stride 1, padding by $(k - 1)/2$ keeps height and width.",
        ),
        (
            "The feature map need not shrink, so many layers can be stacked.",
            "Pixels at the border enter into as many windows as those inside, or nearly so.",
            "The output can be given the size of the input, as a residual sum needs it.",
        ),
        (
            "The zeros are no image content, so outputs at the border are distorted and may show false edges.",
            "The larger output needs more multiplications and more memory.",
        ),
    ),
    "stride": Topic(
        "the stride",
        (
            "It is the number of pixels that the window moves from one position to the next.",
            "A stride of 2 about halves height and width of the output.",
        ),
        (
            "A larger stride gives smaller maps, hence fewer multiplications and less memory in all later layers.",
            "A larger stride lets the receptive field grow faster from layer to layer.",
            "It replaces pooling by a reduction whose weights are learnt.",
        ),
        (
            "A larger stride skips positions, so fine detail and exact places are lost.",
            "Windows may not come out even, so that the last rows and columns are left out unless padded.",
        ),
    ),
    "receptive_field": Topic(
        "the receptive field",
        (
            "It is the part of the input image that one entry of a feature map depends on.",
            "With stride 1, each further $k \\times k$ layer widens it by $k - 1$ pixels: two 3×3 layers see 5×5.",
            "Strides and pooling make it grow faster, since one step in their output is several pixels in the input.",
        ),
        (
            "A large receptive field takes in whole objects and their surroundings.",
            "A small one keeps exact places, which matters for fine detail.",
        ),
        ("It takes many layers, strides or large filters to reach over a whole image, unlike attention.",),
    ),
    "small_filters": Topic(
        "stacking small filters instead of using one large filter",
        (
            "Two 3×3 layers have the receptive field of one 5×5 layer, three that of one 7×7 layer.",
            "VGG is built from 3×3 filters alone.",
        ),
        (
            "There are fewer weights: three 3×3 layers have 27 a pair of channels, one 7×7 layer has 49.",
            "There is an activation after each layer, so the stack is a richer nonlinear function.",
            "The regular design is easy to extend in depth.",
        ),
        (
            "More feature maps have to be kept in memory for training.",
            "More layers must be computed one after another, and gradients have a longer way back.",
        ),
    ),
    "pointwise_convolution": Topic(
        "the 1×1 convolution",
        (
            "Its filters look at one pixel at a time and mix the channels there.",
            "It acts like one fully connected layer that is applied to every pixel.",
        ),
        (
            "It changes the number of channels at the cost of few weights.",
            "With an activation behind it, it adds a nonlinear step without a wider window.",
            "It lets the shortcut of a residual block match the block's number of channels.",
        ),
        ("It sees no neighbours, so it cannot find any spatial pattern by itself.",),
    ),
    "bottleneck": Topic(
        "the bottleneck block",
        (
            "A 1×1 convolution reduces the channels, a 3×3 convolution works on the few, another 1×1 restores them.",
            "The deeper ResNets, from 50 layers on, are built of such blocks.",
        ),
        (
            "The costly 3×3 convolution runs on few channels, which saves weights and multiplications.",
            "The saving pays for more layers at the same cost.",
            "There are three activations in a block, so it is a richer nonlinear function than one layer.",
        ),
        (
            "Information may be lost where the channels are squeezed too much.",
            "One layer becomes three that must be computed in turn.",
        ),
    ),
    "group_convolution": Topic(
        "group convolution",
        (
            "The channels are split into $g$ groups, and each filter sees the channels of its own group only.",
            "AlexNet used two groups to spread its layers over two GPUs.",
        ),
        (
            "It has $1/g$ of the weights of an ordinary convolution with as many channels.",
            "It needs $1/g$ of the multiplications.",
            "The groups are independent, so they can run on different processors.",
        ),
        (
            "Groups exchange no information within the layer.",
            "A further layer, such as a 1×1 convolution, is needed to mix the groups.",
        ),
    ),
    "pooling": Topic(
        "pooling",
        (
            "Each window of a feature map is replaced by one number, its maximum or its average.",
            "Each channel is pooled on its own, so their number stays the same.",
        ),
        (
            "The maps get smaller, which saves computation and memory in later layers.",
            "There is nothing to train: a pooling layer has no weights.",
            "Small shifts of a pattern often leave the output as it was.",
            "The receptive field of later layers grows faster.",
        ),
        (
            "The exact place of a feature inside its window is lost.",
            "Detail is thrown away in a fixed manner, whether or not it matters for the task.",
        ),
    ),
    "max_pooling": Topic(
        "max pooling",
        (
            "The largest value of each window is kept.",
            "In backpropagation the gradient goes to the position of the maximum alone.",
        ),
        (
            "It keeps the strongest answer of a filter, that is, whether the feature is present.",
            "It is unchanged when a feature moves within the window.",
            "It has no weights and makes the maps smaller.",
        ),
        (
            "All but one value of each window are ignored.",
            "A single outlier caused by noise can decide the output.",
        ),
    ),
    "average_pooling": Topic(
        "average pooling",
        (
            "The mean of each window is taken.",
            "In backpropagation the gradient is spread equally over the window.",
        ),
        (
            "All values of the window take part, so noise is averaged out.",
            "It has no weights and makes the maps smaller.",
            "Taken over a whole map it sums up each channel as one number, whatever the size of the image.",
        ),
        (
            "A strong but small answer is diluted by its weak neighbours.",
            "Edges and fine detail are blurred.",
        ),
    ),
    "global_average_pooling": Topic(
        "global average pooling",
        (
            "Each feature map is replaced by its mean, so $C$ maps give a vector of $C$ numbers.",
            "ResNet has it in place of large fully connected layers.",
        ),
        (
            "It has no weights, whereas a fully connected layer on the flattened maps has very many.",
            "With fewer weights the network overfits less.",
            "Images of any size give a vector of the same length.",
        ),
        (
            "It forgets where in the image a feature was.",
            "A small object contributes little to the mean of a large map.",
        ),
    ),
    "flattening": Topic(
        "flattening",
        (
            "All feature maps are written one after another as one vector.",
            "It has no weights and changes no value; it only prepares for a fully connected layer.",
        ),
        ("The fully connected layer can weigh every feature at every place on its own.",),
        (
            "The order in rows and columns is lost, so neighbours are no longer known as such.",
            "The next layer needs a weight for every entry and unit, which makes it large.",
            "The size of the image is fixed, since the length of the vector depends on it.",
        ),
    ),
    "fully_connected_layer": Topic(
        "the fully connected layer",
        (
            "Every output is a weighted sum of all inputs plus a bias.",
            "At the end of a CNN it turns features into a score for each class.",
        ),
        (
            "It joins features from the whole image.",
            "Its output can serve as an embedding that represents the image, for retrieval or comparison.",
            "It is one product of a matrix and a vector, which runs fast on parallel hardware.",
        ),
        (
            "It has a weight for every pair of input and output, often most of the weights of a network.",
            "With so many weights it overfits easily.",
            "It fixes the size of its input and ignores which inputs are neighbours.",
        ),
    ),
    "image_embedding": Topic(
        "the embedding of an image by a CNN",
        (
            "The vector before the last layer is taken as a short description of the image.",
            "Images of the same content should have embeddings that lie close together.",
        ),
        (
            "Two images are compared by the distance of two short vectors, as in person re-identification.",
            "New identities or classes can be added without training the network again.",
            "The features can be reused for other tasks with a small classifier on top.",
        ),
        (
            "What the training data did not contain may not be told apart.",
            "Single entries of the vector have no meaning that people can read.",
        ),
    ),
}
