"""Tables of networks: published totals, three ways to write a network, and what each refusal says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fullmarks.api import Solution, render
from fullmarks.api import solve as solved
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr, Let
from fullmarks.operators._network_text import layer_texts, read_layers
from fullmarks.problem.adhoc import problem_from_operator

IMAGE = [3, 224, 224]
PUBLISHED = [  # parameters, and multiply–accumulates in units of 10⁹ to the places that torchvision states
    ("lenet5", [1, 32, 32], 61_706, None),
    ("alexnet", IMAGE, 61_100_840, (0.714, 3)),
    ("vgg16", IMAGE, 138_357_544, (15.47, 2)),
    ("vgg19", IMAGE, 143_667_240, (19.632, 3)),
    ("resnet18", IMAGE, 11_689_512, (1.814, 3)),
    ("resnet50", IMAGE, 25_557_032, (4.089, 3)),
    ("vit_b_16", IMAGE, 86_567_656, (17.564, 3)),
]
NET = """
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features
"""

BLOCK = """
class Block(nn.Module):
    def __init__(self, inputs, outputs=4):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1)
    def forward(self, x):
        return F.relu(self.conv(x))
"""


def summary(layers: Any, *input_size: int) -> Solution:
    return solved(problem_from_operator("network_summary", {"layers": layers, "input_size": list(input_size)}))


def total(layers: Any, *input_size: int) -> int:
    return int(summary(layers, *input_size)["network_summary"])


def titles(layers: Any, *input_size: int) -> list[str]:
    return [row["name"] for row in summary(layers, *input_size)["network_summary.table"]]


def module(constructor: str, forward: str, *, more: str = "") -> str:
    lines = [*more.splitlines(), "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in constructor.splitlines()]
    lines += ["    def forward(self, x):", *(f"        {line}" for line in forward.splitlines())]
    return "\n".join(lines)


@pytest.mark.parametrize(("name", "size", "parameters", "operations"), PUBLISHED, ids=[one[0] for one in PUBLISHED])
def test_a_well_known_network_has_its_published_totals(
    name: str, size: list[int], parameters: int, operations: tuple[float, int] | None
) -> None:
    found = summary(name, *size)
    assert int(found["network_summary"]) == parameters
    if operations is not None:
        published, places = operations
        assert round(float(found["network_summary.multiplications"]) / 1e9, places) == published
    assert found["network_summary.flops"] == 2 * found["network_summary.multiplications"]


@pytest.mark.parametrize(("name", "size"), [one[:2] for one in PUBLISHED], ids=[one[0] for one in PUBLISHED])
def test_the_table_adds_up_to_the_totals(name: str, size: list[int]) -> None:
    found = summary(name, *size)
    table = found["network_summary.table"]
    for column, result in (("parameters", "parameters"), ("multiplications", "multiplications"), ("memory", "memory")):
        assert sum(row[column] for row in table) == found[f"network_summary.{result}"]
    assert table[-1]["output_shape"] == found["network_summary.output_size"].tolist()
    assert all(row["memory"] == 4 * np.prod(row["output_shape"]) for row in table)


def test_a_list_of_layers_is_summed_row_by_row() -> None:
    layers = ["conv2d 6 3x3 stride 2 padding 1", "relu", "max_pool2d 2 stride 2", "flatten", "linear 120 no-bias"]
    table = summary(layers, 1, 32, 32)["network_summary.table"]
    assert [row["output_shape"] for row in table] == [[6, 16, 16], [6, 16, 16], [6, 8, 8], [384], [120]]
    assert [row["parameters"] for row in table] == [60, 0, 0, 0, 46_080]
    assert [row["multiplications"] for row in table] == [9 * 6 * 256, 0, 0, 0, 46_080]


def test_groups_divide_the_weights_of_a_convolution() -> None:
    assert total(["conv2d 8 3x3 groups 2"], 4, 9, 9) == 9 * 2 * 8 + 8
    with pytest.raises(FullmarksError, match=r"layer 1, 'conv2d 8 3x3 groups 3'.* 4 channels .* 3 equal groups"):
        total(["conv2d 8 3x3 groups 3"], 4, 9, 9)


def test_a_residual_block_adds_its_shortcut_and_refuses_another_shape() -> None:
    block = ["residual", "conv2d 8 3x3 padding 1", "relu", "conv2d 8 3x3 padding 1", "add", "relu"]
    assert titles(block, 8, 6, 6) == ["conv2d 8 3×3 padding 1", "relu", "conv2d 8 3×3 padding 1", "add", "relu"]
    assert total(block, 8, 6, 6) == 2 * (9 * 64 + 8)
    with pytest.raises(FullmarksError, match=r"'add'.*the layers give 8×6×6 and the shortcut 4×6×6"):
        total(block, 4, 6, 6)
    projected = [*block[:4], "shortcut", "conv2d 8 1x1 no-bias", *block[4:]]
    assert total(projected, 4, 6, 6) == 9 * 32 + 8 + 9 * 64 + 8 + 32


def test_a_residual_block_by_composition_adds_its_input() -> None:
    formulas = "a = relu(conv2d(x, K, padding=1)); b = conv2d(a, K, padding=1); s = add(b, x); y = relu(s)"
    found = solved(formulas, x=[[1, 0], [0, 2]], K=[[0, 0, 0], [0, -1, 1], [0, 0, 0]])
    assert found["a"].tolist() == [[0, 0], [2, 0]]
    assert found["y"].tolist() == [[1, 0], [0, 2]]


def test_layers_written_again_read_as_the_same_network() -> None:
    texts = ["conv2d 6 3×3 stride 2 padding 1 groups 2 no-bias", "max_pool2d 3×3 stride 2", "residual", "batch_norm"]
    texts += ["residual", "relu", "add", "shortcut", "conv2d 6 1×1", "add", "adaptive_avg_pool2d 2×2", "flatten"]
    assert layer_texts(read_layers(texts)) == texts


BAD_LISTS = [
    (["conv2d 6 3x3", "relo"], [1, 9, 9], r"layer 2, 'relo'.*did you mean 'relu'"),
    (["conv2d 6"], [1, 9, 9], r"layer 1, 'conv2d 6': expected the window"),
    (["conv2d 6 3x3 strid 2"], [1, 9, 9], r"'strid' is unknown here.*'stride'"),
    (["conv2d 0 3x3"], [1, 9, 9], r"the number of filters, at least 1"),
    (["relu 3"], [1, 9, 9], r"expected the end of the layer, found '3'"),
    (["conv2d 6 7x7"], [1, 5, 5], r"window of 7×7 does not fit into the 1×5×5"),
    (["linear 10"], [1, 4, 4], r"takes a vector, but 1×4×4 arrives; flatten it first, to 16 entries"),
    (["flatten", "conv2d 6 3x3"], [1, 9, 9], r"layer 2.*takes maps of C×H×W, but 81 arrives"),
    (["residual", "relu"], [4], r"'add' is missing"),
    (["add"], [4], r"no block was begun"),
    (["relu", "shortcut"], [4], r"a shortcut follows"),
    (["residual"] * 30, [4], r"more than 20 residual blocks"),
    (["encoder heads 5 d_ff 64"], [7, 32], r"32 entries cannot be shared by 5 heads"),
    (["vgg17"], [3, 224, 224], r"'vgg17' is neither a network nor a layer; did you mean 'vgg1[69]'"),
    (["relu", "conv3d 6 3x3"], [1, 9, 9], r"there is no layer 'conv3d'.*'conv2d'"),
    (["relu"] * 2000, [4], r"more than 1,000 layers"),
]


@pytest.mark.parametrize(("layers", "size", "message"), BAD_LISTS, ids=[str(bad[0])[:30] for bad in BAD_LISTS])
def test_a_layer_that_cannot_be_is_refused_by_its_place(layers: list[str], size: list[int], message: str) -> None:
    with pytest.raises(FullmarksError, match=message) as refusal:
        total(layers, *size)
    assert str(refusal.value).startswith("network_summary: layers: ")


def test_the_lectures_network_has_81_194_parameters() -> None:
    found = summary(NET, 1, 32, 32)
    assert int(found["network_summary"]) == 81_194
    rows = {row["name"]: row for row in found["network_summary.table"]}
    assert rows["conv2: conv2d 16 3×3"]["output_shape"] == [16, 13, 13]
    assert rows["fc1: linear 120"]["parameters"] == 576 * 120 + 120


def test_a_linear_layer_that_does_not_fit_is_found_with_its_line_and_both_lengths() -> None:
    wrong = NET.replace("16 * 6 * 6", "16 * 5 * 5")
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "fc1 = " in text)
    with pytest.raises(FullmarksError) as refusal:
        total(wrong, 1, 32, 32)
    message = str(refusal.value)
    assert f"line {line}, nn.Linear(16 * 5 * 5, 120)" in message
    assert "written for 400 inputs, but 576 arrive (flattened from 16×6×6)" in message


def test_source_is_read_and_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    source = f"open({str(trap)!r}, 'w').write('run')\n{NET}\nopen({str(trap)!r}, 'w')\nraise SystemExit(3)\n"
    assert total(source, 1, 32, 32) == 81_194
    assert not trap.exists()


def test_sequential_chains_and_functions_are_read_as_the_same_layers() -> None:
    sequential = "net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(64, 5))\n"
    constructor = "self.conv = nn.Conv2d(3, 4, kernel_size=3, padding=(1, 1))\nself.out = nn.Linear(4 * 4 * 4, 5)"
    chained = module(constructor, "return self.out(torch.flatten(self.conv(x).relu(), 1))")
    by_size = module(constructor, "y = F.relu(self.conv(x))\ny = y.reshape(y.size(0), -1)\nreturn self.out(y)")
    by_shape = module(constructor, "y = F.relu(self.conv(x)).view(x.shape[0], 64)\nreturn self.out(y)")
    shapes = [summary(source, 3, 4, 4)["network_summary.table"] for source in (sequential, chained, by_size, by_shape)]
    for table in shapes:
        assert [row["output_shape"] for row in table] == [[4, 4, 4], [4, 4, 4], [64], [5]]
        assert [row["parameters"] for row in table] == [112, 0, 0, 325]


def test_a_sum_of_tensors_is_a_residual_block() -> None:
    constructor = (
        "self.conv = nn.Conv2d(8, 8, 3, padding=1)\nself.bn = nn.BatchNorm2d(8)\nself.skip = nn.Conv2d(8, 8, 1)"
    )
    plain = module(constructor, "return F.relu(x + self.bn(self.conv(x))) + self.skip(x)")
    written = titles(plain, 8, 6, 6)
    assert written[:4] == ["conv: conv2d 8 3×3 padding 1", "bn: batch_norm", "add", "relu"]
    assert written[4:] == ["shortcut: skip: conv2d 8 1×1", "add"]
    assert total(plain, 8, 6, 6) == 9 * 64 + 8 + 16 + 64 + 8
    in_steps = module(
        constructor, "identity = self.skip(x)\nx = self.bn(self.conv(x))\nx += identity\nreturn F.relu(x)"
    )
    assert titles(in_steps, 8, 6, 6)[2:] == ["shortcut: skip: conv2d 8 1×1", "add", "relu"]


def test_a_class_of_the_source_may_be_a_layer_of_another() -> None:
    source = module(
        "self.first = Block(3)\nself.second = Block(4, outputs=2)", "return self.second(self.first(x))", more=BLOCK
    )
    expected = ["first.conv: conv2d 4 1×1", "relu", "second.conv: conv2d 2 1×1", "relu"]
    assert titles(source, 3, 2, 2) == expected
    assert total(source, 3, 2, 2) == 16 + 10


def test_a_layer_used_twice_has_its_parameters_once() -> None:
    source = module("self.fc = nn.Linear(5, 5)", "return self.fc(torch.relu(self.fc(x)))")
    table = summary(source, 5)["network_summary.table"]
    assert [row["parameters"] for row in table] == [30, 0, 0]
    assert [row["multiplications"] for row in table] == [25, 0, 25]
    assert table[2]["name"] == "fc: linear 5 (again)"


LINEAR = "self.fc = nn.Linear(4, 2)"
BAD_SOURCES = [
    ("class Net(nn.Module:\n  pass\n", r"line 1 is not valid Python"),
    ("import torch\nx = 3\n", r"there is no class of nn.Module in the source"),
    ("import torch\n\n", r"no class of nn.Module"),
    (module(LINEAR, "return self.fd(x)"), r"line 6, self.fd: self.fd is not assigned in __init__"),
    (module(LINEAR, "while True:\n    x = self.fc(x)\nreturn x"), r"line 6, while True:: this statement is not read"),
    (module("self.fc = nn.Liner(4, 2)", "return self.fc(x)"), r"line 4.*Liner is not read.*'Linear'"),
    (module("self.fc = nn.Linear(4)", "return self.fc(x)"), r"line 4.*Linear lacks its argument out_features"),
    (module("self.fc = nn.Linear(4, 2, True, 1)", "return self.fc(x)"), r"line 4.*too many arguments"),
    (module("self.fc = nn.Linear(4, width=2)", "return self.fc(x)"), r"line 4.*lacks its argument out_features"),
    (module(f"{LINEAR}\nself.spare = nn.Linear(2, 2)", "return self.fc(x)"), r"line 5.*forward never uses self.spare"),
    (module(LINEAR, "return self.fc(torch.flatten(x))"), r"line 6.*samples of a batch into one.*start_dim=1"),
    (module(LINEAR, "return self.fc(x.view(-1, 2, 2))"), r"line 6.*x.view\(-1, length\)"),
    (module(LINEAR, "return self.fc(x.view(-1, x.size(1)))"), r"line 6"),
    (module(LINEAR, "return self.fc(x) * x"), r"line 6.*only the sum is read"),
    (module(LINEAR, "return 3"), r"forward returns no tensor"),
    (module(LINEAR, "return x"), r"goes through no layer"),
    (module("self.fc = nn.Linear(n, 2)", "return self.fc(x)"), r"line 4.*there is no n here"),
    (module("self.fc = nn.Linear(10 ** 9 ** 9, 2)", "return self.fc(x)"), r"line 4.*an exponent is from 0 to 64"),
    (module("self.fc = nn.Linear(9 * 999999999999 * 9, 2)", "return self.fc(x)"), r"a number above"),
    (module("self.fc = open('/etc/passwd')", "return self.fc(x)"), r"line 4.*open is not read"),
    (module("self.fc = __import__('os').system('ls')", "return self.fc(x)"), r"line 4.*__import__ is not read"),
    (module("self.again = Net()", "return self.again(x)"), r"line 4, Net\(\): calls are nested deeper than 30"),
    ("x = " + "-" * 5000 + "1\n", r"nested too deep|cannot be read|is not valid Python"),
    (module("self.conv = nn.Conv2d(3, 4, 3)", "return self.conv(x)"), r"line 4.*takes maps"),
]


@pytest.mark.parametrize(("source", "message"), BAD_SOURCES, ids=[bad[1][:30] for bad in BAD_SOURCES])
def test_source_that_is_not_read_is_refused_with_its_line(source: str, message: str) -> None:
    with pytest.raises(FullmarksError, match=message) as refusal:
        total(source, 4)
    assert str(refusal.value).startswith("network_summary: layers: ")
    assert len(str(refusal.value)) < 500


def test_a_short_network_is_worked_in_every_row_and_a_long_one_once_a_kind() -> None:
    def worked(name: str, *size: int) -> list[str]:
        lines = summary(name, *size).marked.parts[0].lines
        return [line.line.name for line in lines if line.line.name.startswith("p_")]

    assert worked("lenet5", 1, 32, 32) == ["p_1", "p_4", "p_7", "p_10", "p_12"]
    assert worked("resnet50", *IMAGE) == ["p_1", "p_2", "p_175"]


def test_the_table_stands_in_every_format_with_its_thousands_apart() -> None:
    found = summary("lenet5", 1, 32, 32)
    for name, thousands in (("terminal", "117,600"), ("md", "117,600"), ("tex", "117,600")):
        text = render(found, name)
        assert isinstance(text, str)
        assert thousands in text
        assert "16×10×10" in text.replace(r"\ensuremath{\times}", "×")
    assert bytes(render(found, "pdf"))[:4] == b"%PDF"


def test_json_has_the_table_as_a_list_of_rows() -> None:
    quantities = summary("lenet5", 1, 32, 32).to_dict()["quantities"]
    first = quantities["network_summary.table"][0]
    expected = {"row": 1, "name": "conv2d 6 5×5", "output_shape": [6, 28, 28]}
    assert first == expected | {"parameters": 156, "multiplications": 117_600, "memory": 18_816}


def test_the_line_of_the_table_is_an_array_of_numbers_on_both_routes() -> None:
    marked = summary("lenet5", 1, 32, 32).marked
    table = marked.solution.worked.quantities["network_summary.table"]
    assert isinstance(table, Expr)
    assert isinstance(table.operation, Let)
    assert table.shape == (12, 3)


def test_a_question_shows_source_and_lists_as_they_are_written() -> None:
    text = render(summary(NET, 1, 32, 32), "terminal", "question")
    assert isinstance(text, str)
    assert "self.conv1 = nn.Conv2d(1, 6, 3)" in text
    assert "81" not in text.partition("Tabulate")[2]
    assert "max_pool2d 2\n" in str(render(summary(["conv2d 2 3x3", "max_pool2d 2"], 1, 8, 8), "terminal", "question"))


def test_a_formula_names_a_network_without_quotes() -> None:
    found = solved("N = network_summary(lenet5, [1, 32, 32]); half = N / 2; N.table")
    assert found["half"] == 30_853
    assert found["N.table"][0]["name"] == "conv2d 6 5×5"
    text = str(render(found, "terminal"))
    assert text.count("117,600") == 1  # in the part that asks for the table
