"""PyTorch source as a network: the layers that the ``forward`` of its one network goes through, read and never run."""

import ast
from collections.abc import Sequence
from functools import lru_cache

from fullmarks.errors import FullmarksError
from fullmarks.operators._network import Step
from fullmarks.operators._network_graph import in_blocks
from fullmarks.operators._pytorch_calls import forward
from fullmarks.operators._pytorch_choice import chosen_network
from fullmarks.operators._pytorch_file import File, parsed
from fullmarks.operators._pytorch_modules import LayerModule, Module, walk
from fullmarks.operators._pytorch_reading import Reader, Use
from fullmarks.operators._pytorch_values import Trace, refused


def looks_like_source(text: str) -> bool:
    """Return whether a text is a program and not the name of a network or a single layer."""
    return "\n" in text or "(" in text


@lru_cache(maxsize=4)  # one solution asks for the same network a dozen times
def read_source(text: str) -> tuple[Step, ...]:
    """Return the layers that ``forward`` of the network goes through, in order.

    Residual sums become blocks. Raises ``FullmarksError`` with the line for whatever is not understood.
    """
    try:
        file = File(parsed(text))
        file.read()
        network, place = chosen_network(file)
        file.refuse_changes()
        return _steps(file.reader, network, place)
    except RecursionError:
        raise FullmarksError("the source is nested too deep to be read") from None


def _steps(reader: Reader, network: Module, place: ast.AST) -> tuple[Step, ...]:
    registered = []
    for path, module in walk(network):
        module.name = "" if path.isdigit() else path  # a place in nn.Sequential is no name
        registered.append(module)
    reader.is_running = True
    output = forward(reader, network, (Trace(0),), {}, place)
    if not isinstance(output, Trace):
        raise refused(place, "forward returns no tensor, or several")
    if output.step == 0:
        raise refused(place, "forward goes through no layer")
    _refuse_unused(reader.uses, output.step)
    _refuse_other_layers(reader.uses, registered)
    return in_blocks([use.step for use in reader.uses], [use.sources for use in reader.uses])


def _refuse_unused(uses: Sequence[Use], output: int) -> None:
    """Raise ``FullmarksError`` for a step that leads nowhere: its work is done, but it has no place in the network."""
    needed = {output}
    for number in range(output, 0, -1):
        if number in needed:
            needed |= set(uses[number - 1].sources)
    for number, use in enumerate(uses, 1):
        if number not in needed:
            raise FullmarksError(f"{use.step.place}: its result is never used; take it out of forward")


def _refuse_other_layers(uses: Sequence[Use], registered: Sequence[Module]) -> None:
    """Raise ``FullmarksError`` where the layers with parameters are not those that ``forward`` goes through."""
    own = {id(module) for module in registered}
    for use in uses:
        if use.module is not None and use.module.has_parameters and id(use.module) not in own:
            raise refused(
                use.module.place,
                "forward uses it, but it is not part of the network, so its parameters are not; assign it to self in "
                "__init__, in nn.ModuleList where there are several",
            )
    used = {id(use.module) for use in uses}
    for module in registered:
        if isinstance(module, LayerModule) and module.has_parameters and id(module) not in used:
            name = f"self.{module.name}" if module.name else "it"
            raise refused(module.place, f"forward never uses {name}; use it or take it out")
