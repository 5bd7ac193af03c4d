"""What is known of convolutional networks: the family, AlexNet, VGG and ResNet."""

from fullmarks.operators._models.model import FAILS, FAMILIES, IMAGE_CLASSIFIERS, MEETS, PARTLY, Fact, Model

_CONVOLUTIONAL = {
    "images": Fact("slides small filters over the image and so finds the same local pattern wherever it is", MEETS),
    "sequences": Fact("is built for grids of fixed size and carries nothing from one step to the next", FAILS),
    "attention": Fact("has no attention mechanism: a trained filter weighs every window alike", FAILS),
    "long_range": Fact("joins distant pixels only after many layers, since each filter sees a small window", PARTLY),
    "parallel": Fact("computes all positions of a feature map independently of one another", MEETS),
    "small_data": Fact("gets by with less data, since locality and shared filters are built in", MEETS),
    "low_memory": Fact("stores only small filters, whose size does not depend on that of the image", MEETS),
    "real_time": Fact("needs few operations with small filters, and they run side by side", MEETS),
    "variable_length": Fact("ends in fully connected layers that expect one size of input", FAILS),
    "global_context": Fact("sees a neighbourhood in each layer and the whole image only at its end", PARTLY),
    "streaming": Fact("takes a complete image and remembers nothing of earlier ones", FAILS),
    "memory": Fact("has no state that lasts from one input to the next", FAILS),
    "sequence_output": Fact("gives one answer of fixed size an image, with no output that leads to the next", FAILS),
    "local_patterns": Fact(
        "uses one filter at every position, so a pattern learnt in one place is found in all", MEETS
    ),
    "sharing": Fact("shares the weights of a filter over all positions in the image"),
    "order": Fact("knows the places of pixels by itself, since each filter works on a neighbourhood"),
    "hierarchy": Fact("builds features in a hierarchy: edges in early layers, parts and objects in later ones"),
    "shift": Fact("tolerates small shifts of an object, more so with pooling"),
}

CNN = Model(
    "a plain CNN",
    "a network of convolutional layers, activations and pooling, with fully connected layers and softmax at the end",
    (FAMILIES, IMAGE_CLASSIFIERS),
    _CONVOLUTIONAL
    | {
        "structure": Fact("stacks convolutions with small filters, activations and pooling"),
        "deep": Fact("becomes hard to train beyond some twenty layers unless it has skip connections", PARTLY),
        "accuracy": Fact("is accurate on images of modest variety, but behind residual networks and ViT", PARTLY),
        "large_data": Fact("improves with more data, but gains less from very large sets than ViT does", PARTLY),
        "gradients": Fact("sends gradients back through its layers in turn, each with filters of its own"),
        "depth_gradients": Fact("has no skip connections, so gradients weaken as more layers are added"),
    },
    ("local_patterns", "low_memory", "hierarchy", "parallel", "shift"),
    ("long_range", "attention", "memory", "variable_length"),
)

ALEXNET = Model(
    "AlexNet",
    "a CNN of five convolutional and three fully connected layers that won the ImageNet challenge in 2012",
    (IMAGE_CLASSIFIERS,),
    _CONVOLUTIONAL
    | {
        "structure": Fact("has convolutions with ReLU, three of them followed by pooling, then fully connected layers"),
        "filters": Fact("begins with large filters, 11×11 with stride 4 and then 5×5, before 3×3 ones"),
        "depth": Fact("has 8 layers with weights"),
        "head": Fact("ends in three large fully connected layers, which hold most of its weights"),
        "depth_gradients": Fact("uses ReLU, whose slope of 1 keeps gradients large in its few layers"),
        "small_data": Fact("overfits little data unless pretrained, and used dropout even on ImageNet", PARTLY),
        "low_memory": Fact("has some 60 million weights, most of them in fully connected layers", FAILS),
        "real_time": Fact("needs less than a billion multiplications for one image", MEETS),
        "deep": Fact("has only eight layers with weights, and no means to train many more", FAILS),
        "accuracy": Fact("was the most accurate of 2012, but every later architecture does better", FAILS),
        "large_data": Fact("improved greatly with ImageNet's million images, but is too shallow to gain more", PARTLY),
        "first": Fact("showed that a CNN can be trained on a very large set of images, with ReLU and on GPUs"),
        "large_windows": Fact("spends many weights on a large window that several 3×3 filters would cover with fewer"),
    },
    ("first", "depth_gradients", "real_time", "hierarchy"),
    ("low_memory", "accuracy", "deep", "large_windows", "variable_length"),
    kind_of="cnn",
)

VGG = Model(
    "VGG",
    "a uniform CNN of 16 or 19 layers with weights (VGG-16, VGG-19), runner-up in the ImageNet challenge of 2014",
    (IMAGE_CLASSIFIERS,),
    _CONVOLUTIONAL
    | {
        "structure": Fact("is one plain chain of convolutions, with pooling after every two to four of them"),
        "filters": Fact("uses 3×3 filters only: two of them see as far as one 5×5 filter with fewer weights"),
        "depth": Fact("has 16 or 19 layers with weights"),
        "head": Fact("ends in three large fully connected layers, which hold most of its weights"),
        "depth_gradients": Fact("sends gradients through every layer in turn, where they weaken as layers are added"),
        "small_data": Fact("overfits little data unless pretrained, with well over 130 million weights", PARTLY),
        "low_memory": Fact("has well over 130 million weights, most of them in fully connected layers", FAILS),
        "real_time": Fact("needs some 15 billion multiplications or more for one image", FAILS),
        "deep": Fact("gains no more beyond 19 layers, since it has no skip connections", PARTLY),
        "accuracy": Fact("was among the best of 2014, but ResNet and ViT have overtaken it", PARTLY),
        "large_data": Fact("improves with more data, but gains less from very large sets than ViT does", PARTLY),
        "simple": Fact("is simple and regular, so it is easy to understand, to change and to use for its features"),
    },
    ("filters", "simple", "hierarchy", "local_patterns"),
    ("low_memory", "real_time", "depth_gradients", "variable_length"),
    kind_of="cnn",
)

RESNET = Model(
    "ResNet",
    "a very deep CNN of residual blocks, whose skip connections add a block's input to its output; it won the "
    "ImageNet challenge of 2015",
    (IMAGE_CLASSIFIERS,),
    _CONVOLUTIONAL
    | {
        "structure": Fact("has residual blocks: two or three convolutions whose output is added to their input"),
        "filters": Fact("begins with one 7×7 filter layer, then uses 3×3 filters, with 1×1 ones in its deep versions"),
        "depth": Fact("has 18 to 152 layers with weights"),
        "head": Fact("averages each feature map and has only one fully connected layer"),
        "depth_gradients": Fact(
            "lets gradients bypass the convolutions along skip connections, so they reach early layers"
        ),
        "long_range": Fact("grows its view over many layers, but distant pixels still meet late", PARTLY),
        "small_data": Fact("does best when pretrained, since it is deep, though its filters are shared", PARTLY),
        "low_memory": Fact(
            "has far fewer weights than VGG (25.6 million in ResNet-50), but many maps to store", PARTLY
        ),
        "real_time": Fact("is fast in its small versions, but the deep ones take many layers in turn", PARTLY),
        "variable_length": Fact("averages over positions at its end, so images of several sizes will do", PARTLY),
        "deep": Fact("has skip connections through which gradients reach layers far from the loss", MEETS),
        "accuracy": Fact("won the ImageNet challenge of 2015 and is still a strong standard", MEETS),
        "large_data": Fact("improves with more data, but gains less from very large sets than ViT does", PARTLY),
        "identity": Fact("can leave a block without effect by driving its weights to 0, so depth does no harm"),
    },
    ("depth_gradients", "identity", "head", "accuracy"),
    ("real_time", "long_range", "attention", "small_data"),
    kind_of="cnn",
)
