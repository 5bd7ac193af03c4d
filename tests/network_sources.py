"""The networks of ``tests/cases/networks.txt``: sources, and what PyTorch counts in them."""

import re
from pathlib import Path
from typing import NamedTuple

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n"
CASES = Path(__file__).parent / "cases" / "networks.txt"


class Source(NamedTuple):
    """A source, the expression of its network, an input size, parameters and multiply–accumulates."""

    text: str
    network: str
    input_size: tuple[int, ...]
    parameters: int
    multiplications: int


def _read() -> dict[str, Source]:
    found = {}
    _, *blocks = re.split(r"^### ", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for block in blocks:
        header, _, text = block.partition("\n")
        title, network, size, parameters, multiplications = header.split(" | ")
        lengths = tuple(int(length) for length in size.split("x"))
        whole = text if text.startswith(("import ", "from ")) else HEAD + text
        found[title] = Source(whole, network, lengths, int(parameters), int(multiplications))
    return found


SOURCES = _read()
