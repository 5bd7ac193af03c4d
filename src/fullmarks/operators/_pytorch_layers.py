"""What PyTorch's layers and functions are called and take: from the arguments of a call, already read, to a layer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._network import (
    AdaptivePooling,
    BatchNorm,
    Convolution,
    Elementwise,
    Flatten,
    GlobalPooling,
    Layer,
    LayerNorm,
    Linear,
    Pooling,
)
from fullmarks.operators._pytorch_values import TRAINING
from fullmarks.operators._sliding import PairOf, Sides

Made = Callable[["Taken"], Layer]
LARGEST_LENGTH = 10**7  # of a layer
LONGEST_VALUE = 60  # characters of a value that a message shows
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


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
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST_LENGTH:
            raise self.refuse(name, value, f"a whole number from 1 to {LARGEST_LENGTH:,}")
        return value

    def refuse(self, name: str, value: Any, expected: str) -> FullmarksError:
        """Return the refusal of an argument's value."""
        is_plain = value is None or isinstance(value, bool | int | float | str | list | tuple)
        found = repr(value)[:LONGEST_VALUE] if is_plain else "not known"
        return FullmarksError(f"{self.name}: {name} is {found}, expected {expected}")

    def pair(self, name: str, default: Any = None, least: int = 1) -> PairOf:
        """Return a whole number or two as a pair."""
        value = self.take(name, default, required=default is None)
        pair = (value, value) if isinstance(value, int) else value
        fits = isinstance(pair, tuple | list) and len(pair) == 2  # noqa: PLR2004 - height and width
        if not fits or any(type(one) is not int or not least <= one <= LARGEST_LENGTH for one in pair):
            raise self.refuse(name, value, f"a whole number of at least {least} or (height, width)")
        return (pair[0], pair[1])

    def flag(self, name: str, default: bool) -> bool:
        """Return True or False."""
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise self.refuse(name, value, "True or False")
        return value

    def around(self, padding: Any) -> Sides:
        """Return a padding, already taken, as its four sides."""
        self.positional.insert(0, padding)
        height, width = self.pair("padding", least=0)
        return (height, width, height, width)

    def only(self, name: str, *known: Any) -> None:
        """Take an argument that changes the counts, unless it is one of ``known`` values."""
        value = self.take(name, known[0])
        if not any(type(value) is type(one) and value == one for one in known):
            raise self.refuse(name, value, " or ".join(repr(one) for one in known))

    def share(self, name: str) -> None:
        """Take a probability, which changes no count."""
        value = self.take(name, 0.5)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.refuse(name, value, "a number from 0 to 1")

    def axis(self, name: str = "dim", *, required: bool = False) -> int | None:
        """Return the number of an axis of a batch, or ``None`` where it is not given."""
        value = self.take(name, required=required)
        if value is not None and type(value) is not int:
            raise self.refuse(name, value, "the number of an axis")
        return value if isinstance(value, int) else None

    def ignore(self, *names: str) -> None:
        """Take arguments that change no size and no count."""
        for name in names:
            value = self.take(name)
            if not (value is None or value == TRAINING or isinstance(value, bool | int | float | str)):
                raise self.refuse(name, value, "a number or True or False")

    def finish(self) -> None:
        """Refuse what was not taken."""
        if self.positional:
            raise FullmarksError(f"{self.name} has too many arguments")
        if self.named:
            raise FullmarksError(f"{self.name}: the argument {next(iter(self.named))} is not read")


def _convolution(taken: Taken) -> Layer:
    channels, filters = taken.whole("in_channels"), taken.whole("out_channels")
    window, stride = taken.pair("kernel_size"), taken.pair("stride", 1)
    padding = _padding(taken, stride)
    dilation, groups, bias = taken.pair("dilation", 1), taken.whole("groups", 1), taken.flag("bias", default=True)
    mode = taken.take("padding_mode", "zeros")
    if mode not in PADDING_MODES:
        raise taken.refuse("padding_mode", mode, " or ".join(PADDING_MODES))
    return Convolution(filters, window, stride, padding, dilation, groups, bias, channels, mode)


def _padding(taken: Taken, stride: PairOf) -> Sides | str:
    padding = taken.take("padding", 0)
    match padding:
        case "same" if stride != (1, 1):
            raise FullmarksError(f"{taken.name}: padding='same' goes with stride 1 only, as in PyTorch")
        case "same":
            return "same"
        case "valid":
            return (0, 0, 0, 0)
        case str():
            raise taken.refuse("padding", padding, "numbers, 'same' or 'valid'")
        case _:
            return taken.around(padding)


def _window(taken: Taken) -> tuple[PairOf, PairOf, Sides]:
    """Return window, stride and padding of pooling, whose stride is the window unless another is given."""
    window = taken.pair("kernel_size")
    stride = taken.take("stride")
    taken.positional[:0] = [] if stride is None else [stride]
    step = window if stride is None else taken.pair("stride")
    padding = taken.around(taken.take("padding", 0))
    if any(2 * around > length for around, length in zip(padding[:2], window, strict=True)):
        raise FullmarksError(f"{taken.name}: the padding is more than half of the window, which PyTorch refuses")
    return window, step, padding


def _max_pooling(taken: Taken) -> Layer:
    layer = Pooling("max", *_window(taken))
    taken.only("dilation", 1)
    taken.only("return_indices", False)
    taken.only("ceil_mode", False)
    return layer


def _average_pooling(taken: Taken) -> Layer:
    layer = Pooling("avg", *_window(taken))
    taken.only("ceil_mode", False)
    taken.only("count_include_pad", True, False)
    taken.only("divisor_override", None)
    return layer


def _adaptive(taken: Taken) -> Layer:
    return AdaptivePooling(taken.pair("output_size"))


def _linear(taken: Taken) -> Layer:
    inputs, outputs = taken.whole("in_features"), taken.whole("out_features")
    return Linear(outputs, taken.flag("bias", default=True), inputs)


def _batch_norm(taken: Taken) -> Layer:
    layer = BatchNorm(taken.whole("num_features"), is_of_maps=True)
    taken.ignore("eps", "momentum")
    taken.only("affine", True)
    taken.only("track_running_stats", True, False)
    return layer


def _layer_norm(taken: Taken) -> Layer:
    length = taken.take("normalized_shape", required=True)
    if isinstance(length, tuple | list) and len(length) == 1:
        (length,) = length
    taken.positional.insert(0, length)
    layer = LayerNorm(taken.whole("normalized_shape"))
    taken.ignore("eps")
    taken.only("elementwise_affine", True)
    return layer


def _flatten(default_start: int) -> Made:
    def made(taken: Taken) -> Layer:
        """Return what flattens each sample; flattening the samples themselves into one is refused."""
        start = taken.take("start_dim", default_start)
        taken.only("end_dim", -1)
        if start == 0:
            raise FullmarksError(
                f"{taken.name} from axis 0 on flattens the samples of a batch into one; write start_dim=1"
            )
        if type(start) is not int or start != 1:
            raise taken.refuse("start_dim", start, "1")
        return Flatten()

    return made


def _elementwise(name: str, *ignored: str) -> Made:
    def made(taken: Taken) -> Layer:
        taken.ignore(*ignored)
        return Elementwise(name)

    return made


def _gelu(taken: Taken) -> Layer:
    taken.only("approximate", "none", "tanh")
    return Elementwise("gelu")


def _mean(taken: Taken) -> Layer:
    """Return the average over height and width, which is global average pooling."""
    axes = taken.take("dim", required=True)
    is_of_maps = isinstance(axes, tuple | list) and all(type(axis) is int for axis in axes)
    if not is_of_maps or sorted(axes) not in ([2, 3], [-2, -1]):
        raise taken.refuse("dim", axes, "(2, 3)")
    return AdaptivePooling((1, 1)) if taken.flag("keepdim", default=False) else GlobalPooling()


def _softmax(*, required: bool = False) -> Made:
    return lambda taken: Elementwise("softmax", taken.axis(required=required))


def _dropout(*ignored: str) -> Made:
    def made(taken: Taken) -> Layer:
        taken.share("p")
        taken.ignore(*ignored)
        return Elementwise("dropout")

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
    "GELU": _gelu,
    "Sigmoid": _elementwise("sigmoid"),
    "Tanh": _elementwise("tanh"),
    "Softmax": _softmax(),
    "LogSoftmax": _softmax(),
    "Dropout": _dropout("inplace"),
    "Dropout2d": _dropout("inplace"),
    "Identity": _elementwise("identity"),
    "Flatten": _flatten(1),
}
FUNCTIONS: Mapping[str, Made] = {  # of torch.nn.functional
    "relu": _elementwise("relu", "inplace"),
    "leaky_relu": _elementwise("leaky_relu", "negative_slope", "inplace"),
    "elu": _elementwise("elu", "alpha", "inplace"),
    "gelu": _gelu,
    "sigmoid": _elementwise("sigmoid"),
    "tanh": _elementwise("tanh"),
    "softmax": _softmax(),
    "log_softmax": _softmax(),
    "dropout": _dropout("training", "inplace"),
    "max_pool2d": _max_pooling,
    "avg_pool2d": _average_pooling,
    "adaptive_avg_pool2d": _adaptive,
}
TENSOR_FUNCTIONS: Mapping[str, Made] = {  # of torch, and methods of a tensor
    "relu": _elementwise("relu"),
    "sigmoid": _elementwise("sigmoid"),
    "tanh": _elementwise("tanh"),
    "softmax": _softmax(required=True),
    "log_softmax": _softmax(required=True),
    "flatten": _flatten(0),
    "mean": _mean,
}


def made_layer(known: Mapping[str, Made], taken: Taken) -> Layer:
    """Return the layer that a call makes; an unknown one is refused with the nearest."""
    if taken.name not in known:
        raise FullmarksError(f"{taken.name} is not read{nearest(taken.name, known)} (known: {', '.join(known)})")
    layer = known[taken.name](taken)
    taken.finish()
    return layer
