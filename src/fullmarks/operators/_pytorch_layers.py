"""What PyTorch's layers are called and take: from the arguments of a call, already read, to a layer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._network import (
    AdaptivePooling,
    BatchNorm,
    Convolution,
    Elementwise,
    Flatten,
    Layer,
    LayerNorm,
    Linear,
    Pooling,
)
from fullmarks.operators._sliding import PairOf, Sides

Made = Callable[["Taken"], Layer]


class Taken:
    """The arguments of one call, by position and name, each taken once and checked."""

    def __init__(self, name: str, positional: Sequence[Any], named: Mapping[str, Any]) -> None:
        self.name = name
        self.positional = list(positional)
        self.named = dict(named)

    def take(self, name: str, default: Any = None, *, required: bool = False) -> Any:
        """Return the next argument, by position or by name."""
        if self.positional:
            if name in self.named:
                raise FullmarksError(f"{self.name} has its argument {name} twice")
            return self.positional.pop(0)
        if required and name not in self.named:
            raise FullmarksError(f"{self.name} lacks its argument {name}")
        return self.named.pop(name, default)

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number of at least 1."""
        value = self.take(name, default, required=default is None)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise FullmarksError(f"{self.name}: {name} is {value}, expected a whole number of at least 1")
        return value

    def pair(self, name: str, default: Any = None, least: int = 1) -> PairOf:
        """Return a whole number or two as a pair."""
        value = self.take(name, default, required=default is None)
        pair = (value, value) if isinstance(value, int) else value
        fits = isinstance(pair, tuple) and len(pair) == 2  # noqa: PLR2004 - height and width
        if not fits or any(isinstance(one, bool) or not isinstance(one, int) or one < least for one in pair):
            raise FullmarksError(f"{self.name}: {name} is {value}, expected a whole number or (height, width)")
        return (pair[0], pair[1])

    def flag(self, name: str, default: bool) -> bool:
        """Return True or False."""
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise FullmarksError(f"{self.name}: {name} is {value}, expected True or False")
        return value

    def around(self, name: str = "padding") -> Sides:
        """Return a padding as its four sides."""
        height, width = self.pair(name, 0, least=0)
        return (height, width, height, width)

    def only(self, name: str, *known: Any) -> None:
        """Take an argument that changes the counts, unless it is one of ``known`` values."""
        value = self.take(name, known[0])
        if value not in known:
            raise FullmarksError(f"{self.name}: {name}={value} is not read, expected {known[0]}")

    def ignore(self, *names: str) -> None:
        """Take arguments that change no size and no count."""
        for name in names:
            self.take(name)

    def finish(self) -> None:
        """Refuse what was not taken."""
        if self.positional:
            raise FullmarksError(f"{self.name} has too many arguments")
        if self.named:
            raise FullmarksError(f"{self.name}: the argument {next(iter(self.named))} is not read")


def _convolution(taken: Taken) -> Layer:
    channels, filters = taken.whole("in_channels"), taken.whole("out_channels")
    window, stride = taken.pair("kernel_size"), taken.pair("stride", 1)
    padding: Sides | str
    if isinstance(taken.named.get("padding"), str):
        padding = taken.named.pop("padding")
        if padding == "valid":
            padding = (0, 0, 0, 0)
        elif padding != "same":
            raise FullmarksError(f"{taken.name}: padding is {padding!r}, expected numbers, 'same' or 'valid'")
        elif stride != (1, 1):
            raise FullmarksError(f"{taken.name}: padding='same' goes with stride 1 only, as in PyTorch")
    else:
        padding = taken.around()
    dilation, groups, bias = taken.pair("dilation", 1), taken.whole("groups", 1), taken.flag("bias", default=True)
    taken.ignore("padding_mode")
    return Convolution(filters, window, stride, padding, dilation, groups, bias, channels)


def _max_pooling(taken: Taken) -> Layer:
    window = taken.pair("kernel_size")
    stride = taken.take("stride")
    taken.positional[:0] = [] if stride is None else [stride]
    step = window if stride is None else taken.pair("stride")
    layer = Pooling("max", window, step, taken.around())
    taken.only("dilation", 1)
    taken.only("return_indices", False)
    taken.only("ceil_mode", False)
    return layer


def _average_pooling(taken: Taken) -> Layer:
    window = taken.pair("kernel_size")
    stride = taken.take("stride")
    taken.positional[:0] = [] if stride is None else [stride]
    step = window if stride is None else taken.pair("stride")
    layer = Pooling("avg", window, step, taken.around())
    taken.only("ceil_mode", False)
    taken.ignore("count_include_pad", "divisor_override")
    return layer


def _adaptive(taken: Taken) -> Layer:
    return AdaptivePooling(taken.pair("output_size"))


def _linear(taken: Taken) -> Layer:
    inputs, outputs = taken.whole("in_features"), taken.whole("out_features")
    return Linear(outputs, taken.flag("bias", default=True), inputs)


def _batch_norm(taken: Taken) -> Layer:
    layer = BatchNorm(taken.whole("num_features"))
    taken.ignore("eps", "momentum")
    taken.only("affine", True)
    taken.ignore("track_running_stats")
    return layer


def _layer_norm(taken: Taken) -> Layer:
    length = taken.take("normalized_shape", required=True)
    if isinstance(length, tuple) and len(length) == 1:
        (length,) = length
    taken.positional.insert(0, length)
    layer = LayerNorm(taken.whole("normalized_shape"))
    taken.ignore("eps")
    taken.only("elementwise_affine", True)
    return layer


def flatten(taken: Taken, default_start: int) -> Layer:
    """Return what flattens each sample; flattening the samples themselves into one is refused."""
    start = taken.take("start_dim", default_start)
    taken.only("end_dim", -1)
    if start != 1:
        raise FullmarksError(
            f"{taken.name} from axis {start} on flattens the samples of a batch into one; write start_dim=1"
        )
    return Flatten()


def _elementwise(name: str, *ignored: str) -> Made:
    def made(taken: Taken) -> Layer:
        taken.ignore(*ignored)
        return Elementwise(name)

    return made


MODULES: Mapping[str, Made] = {
    "Conv2d": _convolution,
    "Linear": _linear,
    "MaxPool2d": _max_pooling,
    "AvgPool2d": _average_pooling,
    "AdaptiveAvgPool2d": _adaptive,
    "BatchNorm2d": _batch_norm,
    "LayerNorm": _layer_norm,
    "ReLU": _elementwise("relu", "inplace"),
    "LeakyReLU": _elementwise("leaky_relu", "negative_slope", "inplace"),
    "ELU": _elementwise("elu", "alpha", "inplace"),
    "GELU": _elementwise("gelu", "approximate"),
    "Sigmoid": _elementwise("sigmoid"),
    "Tanh": _elementwise("tanh"),
    "Softmax": _elementwise("softmax", "dim"),
    "LogSoftmax": _elementwise("softmax", "dim"),
    "Dropout": _elementwise("dropout", "p", "inplace"),
    "Dropout2d": _elementwise("dropout", "p", "inplace"),
    "Identity": _elementwise("identity"),
    "Flatten": lambda taken: flatten(taken, 1),
}
FUNCTIONS: Mapping[str, Made] = {
    "relu": _elementwise("relu", "inplace"),
    "leaky_relu": _elementwise("leaky_relu", "negative_slope", "inplace"),
    "elu": _elementwise("elu", "alpha", "inplace"),
    "gelu": _elementwise("gelu", "approximate"),
    "sigmoid": _elementwise("sigmoid"),
    "tanh": _elementwise("tanh"),
    "softmax": _elementwise("softmax", "dim"),
    "log_softmax": _elementwise("softmax", "dim"),
    "dropout": _elementwise("dropout", "p", "training", "inplace"),
    "max_pool2d": _max_pooling,
    "avg_pool2d": _average_pooling,
    "adaptive_avg_pool2d": _adaptive,
    "flatten": lambda taken: flatten(taken, 0),
}


def made_layer(known: Mapping[str, Made], taken: Taken) -> Layer:
    """Return the layer that a call makes; an unknown one is refused with the nearest."""
    if taken.name not in known:
        raise FullmarksError(f"{taken.name} is not read{nearest(taken.name, known)} (known: {', '.join(known)})")
    layer = known[taken.name](taken)
    taken.finish()
    return layer
