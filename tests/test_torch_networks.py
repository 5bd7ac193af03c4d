"""The third route for network tables: what PyTorch itself counts in the sources whose counts the other tests take."""

from typing import Any

import pytest

from fullmarks import solve
from network_sources import SOURCES, Source

torch = pytest.importorskip("torch", reason="torch is not installed: the third route is checked in CI")


def counted(source: Source) -> tuple[int, int, list[int]]:
    """Return parameters, multiply–accumulates for one sample, and the output's size, from a run of the network."""
    names: dict[str, Any] = {"__name__": "source"}
    exec(compile(source.text, "source", "exec"), names)  # noqa: S102 - our own sources, run by PyTorch as its users do
    network = eval(source.network, names)  # noqa: S307 - the same
    multiplications = 0

    def count(layer: Any, _arguments: Any, output: Any) -> None:
        nonlocal multiplications
        multiplications += output.numel() * layer.weight[0].numel()

    for layer in network.modules():
        if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        output = network.eval()(torch.zeros(2, *source.input_size))
    return sum(p.numel() for p in network.parameters()), multiplications // 2, list(output.shape[1:])


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("name", SOURCES)
def test_the_counts_of_a_source_are_torchs(name: str) -> None:
    source = SOURCES[name]
    parameters, multiplications, output_size = counted(source)
    assert (parameters, multiplications) == (source.parameters, source.multiplications)
    found = solve("N = network_summary(s, d)", s=source.text, d=list(source.input_size))
    assert found["N.output_size"].tolist() == output_size
