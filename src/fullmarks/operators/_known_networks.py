"""The well-known networks, as lists of layers; torchvision's variants where there are several."""

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

SOURCES = {
    "lenet5": "LeCun et al. 1998, with a full second layer and ten linear outputs",
    "alexnet": "Krizhevsky 2014, as torchvision has it",
    "vgg16": "Simonyan and Zisserman 2015, configuration D",
    "vgg19": "Simonyan and Zisserman 2015, configuration E",
    "resnet18": "He et al. 2016, table 1",
    "resnet50": "He et al. 2016, table 1, with the stride in the 3×3 layers as torchvision has it",
    "vit_b_16": "Dosovitskiy et al. 2021, table 1",
}

PRINTED = {
    "lenet5": "LeNet-5",
    "alexnet": "AlexNet",
    "vgg16": "VGG-16",
    "vgg19": "VGG-19",
    "resnet18": "ResNet-18",
    "resnet50": "ResNet-50",
    "vit_b_16": "ViT-B/16",
}


class _Block(Protocol):
    """Writes one residual block; ``projected`` puts a convolution into its shortcut."""

    def __call__(self, width: int, stride: int, *, projected: bool) -> tuple[str, ...]:
        """Return the block's layers."""


def known_network(name: str) -> tuple[str, ...]:
    """Return a network of ``SOURCES`` as a list of layers."""
    match name:
        case "lenet5":
            return _lenet5()
        case "alexnet":
            return _alexnet()
        case "vgg16":
            return _vgg((2, 2, 3, 3, 3))
        case "vgg19":
            return _vgg((2, 2, 4, 4, 4))
        case "resnet18":
            return _resnet((2, 2, 2, 2), _basic_block, expansion=1)
        case "resnet50":
            return _resnet((3, 4, 6, 3), _bottleneck, expansion=4)
        case "vit_b_16":
            return _vision_transformer(width=768, inner=3072, heads=12, layers=12, patch=16)
        case _:
            raise KeyError(name)


def _lenet5() -> tuple[str, ...]:
    maps = ("conv2d 6 5x5", "tanh", "avg_pool2d 2", "conv2d 16 5x5", "tanh", "avg_pool2d 2", "conv2d 120 5x5", "tanh")
    return (*maps, "flatten", "linear 84", "tanh", "linear 10")


_HEAD = ("linear 4096", "relu", "dropout 0.5", "linear 4096", "relu", "dropout 0.5", "linear 1000")


def _alexnet() -> tuple[str, ...]:
    maps = ["conv2d 64 11x11 stride 4 padding 2", "relu", "max_pool2d 3 stride 2"]
    maps += ["conv2d 192 5x5 padding 2", "relu", "max_pool2d 3 stride 2", "conv2d 384 3x3 padding 1", "relu"]
    maps += ["conv2d 256 3x3 padding 1", "relu", "conv2d 256 3x3 padding 1", "relu", "max_pool2d 3 stride 2"]
    head = ("dropout 0.5", "linear 4096", "relu", "dropout 0.5", "linear 4096", "relu", "linear 1000")
    return (*maps, "adaptive_avg_pool2d 6x6", "flatten", *head)


def _vgg(layers_of_stages: Sequence[int]) -> tuple[str, ...]:
    stages = [
        (f"conv2d {filters} 3x3 padding 1", "relu") * count + ("max_pool2d 2 stride 2",)
        for filters, count in zip((64, 128, 256, 512, 512), layers_of_stages, strict=True)
    ]
    return (*chain.from_iterable(stages), "adaptive_avg_pool2d 7x7", "flatten", *_HEAD)


def _basic_block(width: int, stride: int, *, projected: bool) -> tuple[str, ...]:
    body = [f"conv2d {width} 3x3 stride {stride} padding 1 no-bias", "batch_norm", "relu"]
    body += [f"conv2d {width} 3x3 padding 1 no-bias", "batch_norm"]
    return _block(body, width, stride, projected=projected)


def _bottleneck(width: int, stride: int, *, projected: bool) -> tuple[str, ...]:
    body = [f"conv2d {width} 1x1 no-bias", "batch_norm", "relu"]
    body += [f"conv2d {width} 3x3 stride {stride} padding 1 no-bias", "batch_norm", "relu"]
    body += [f"conv2d {4 * width} 1x1 no-bias", "batch_norm"]
    return _block(body, 4 * width, stride, projected=projected)


def _block(body: Sequence[str], outputs: int, stride: int, *, projected: bool) -> tuple[str, ...]:
    shortcut = ("shortcut", f"conv2d {outputs} 1x1 stride {stride} no-bias", "batch_norm") if projected else ()
    return ("residual", *body, *shortcut, "add", "relu")


def _resnet(blocks_of_stages: Sequence[int], block: _Block, expansion: int) -> tuple[str, ...]:
    layers = ["conv2d 64 7x7 stride 2 padding 3 no-bias", "batch_norm", "relu", "max_pool2d 3 stride 2 padding 1"]
    channels = 64
    for stage, count in enumerate(blocks_of_stages):
        width = 64 * 2**stage
        for place in range(count):
            stride = 2 if stage > 0 and place == 0 else 1
            layers += block(width, stride, projected=stride > 1 or channels != expansion * width)
            channels = expansion * width
    return (*layers, "adaptive_avg_pool2d 1x1", "flatten", "linear 1000")


def _vision_transformer(width: int, inner: int, heads: int, layers: int, patch: int) -> tuple[str, ...]:
    embedding = (f"conv2d {width} {patch}x{patch} stride {patch}", "tokens", "class_token", "position_embedding")
    encoder = (f"encoder heads {heads} d_ff {inner}",) * layers
    return (*embedding, "dropout", *encoder, "layer_norm", "first_token", "linear 1000")
