"""PyTorch source is counted as PyTorch counts it, or refused with its line, within limits of time and memory."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from fullmarks.api import Solution, render
from fullmarks.api import solve as solved
from fullmarks.errors import FullmarksError
from fullmarks.operators import load_operator
from fullmarks.problem.adhoc import problem_from_operator
from network_sources import HEAD, SOURCES

LINES = len(HEAD.splitlines())
MEGABYTE = 2**20


def summary(source: str, *input_size: int) -> Solution:
    return solved(problem_from_operator("network_summary", {"layers": source, "input_size": list(input_size)}))


def net(constructor: str, forward: str, *, body: str = "", after: str = "") -> str:
    """Return a source whose ``Net`` has these lines; ``constructor`` begins on line 8 of the file."""
    lines = ["class Net(nn.Module):", "    def __init__(self, n=4):", "        super().__init__()"]
    lines += [f"        {line}" for line in constructor.splitlines()]
    lines += ["    def forward(self, x):", *(f"        {line}" for line in forward.splitlines())]
    return HEAD + "\n".join([*lines, *(f"    {line}" for line in body.splitlines()), *after.splitlines()]) + "\n"


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_has_pytorchs_counts_on_both_routes(name: str) -> None:
    source = SOURCES[name]
    found = summary(source.text, *source.input_size)
    counts = (int(found["network_summary"]), int(found["network_summary.multiplications"]))
    assert counts == (source.parameters, source.multiplications)


FC = "self.fc = nn.Linear(4, 4)"
FC_FC = f"{FC}\nself.other = nn.Linear(4, 4)"
CALL = "return self.fc(x)"
REFUSED = {
    "two networks are built": (
        f"{HEAD}small = nn.Sequential(nn.Linear(4, 2))\nlarge = nn.Sequential(nn.Linear(4, 64))\n",
        r"several networks: small \(line 5\), large \(line 6\)",
    ),
    "two classes of which neither uses the other": (
        net(FC, CALL) + net(FC, CALL).removeprefix(HEAD).replace("Net", "Two"),
        r"several networks: Net \(line 5\), Two \(line 11\)",
    ),
    "networks in a list": (
        net(FC, CALL, after="models = [Net(), nn.Sequential(nn.Linear(4, 9))]"),
        r"several networks: models",
    ),
    "two functions build it differently": (
        net(FC, CALL, after="def one():\n    return Net(4)\ndef two():\n    return Net(5)"),
        r"line 1[24], Net\(\d\): the arguments that Net is built with are not known",
    ),
    "a function builds it with what it is given": (
        net(FC, CALL, after="n = 4\ndef one(n):\n    return Net(n)"),
        r"line 13, Net\(n\): the arguments that Net is built with are not known",
    ),
    "it is built with what is not known": (
        net(FC, CALL, after="import sys\nmodel = Net(int(sys.argv[1]))"),
        r"line 12, sys.argv",
    ),
    "a second network is built with what is not known": (
        net(FC, CALL, after="model = Net()\nimport sys\nlarge = Net(len(sys.argv))"),
        r"several networks: model \(line 11\), large \(line 13\)",
    ),
    "an undefined method": (
        net(FC, "return self.fc(x.view(-1, self.count(x)))"),
        r"line 10, self.count: self.count is not assigned",
    ),
    "an undefined function": (net(FC, "return helper(self.fc(x))"), r"line 10, helper: there is no helper here"),
    "a branch on the training mode": (
        net(FC, "if self.training:\n    x = self.fc(x)\nreturn self.fc(x)"),
        r"line 10, self.training: whether this holds",
    ),
    "a branch on the shape": (
        net(FC, "if x.shape[1] > 3:\n    x = self.fc(x)\nreturn self.fc(x)"),
        r"line 10, x.shape\[1\]",
    ),
    "super().__init__() is missing": (
        net(FC, CALL).replace("        super().__init__()\n", ""),
        r"line 7, self.fc: super\(\).__init__\(\) is not called before",
    ),
    "layers in a plain list are not counted by PyTorch": (
        net("self.all = [nn.Linear(4, 4)]", "return self.all[0](x)"),
        r"line 8, nn.Linear\(4, 4\): .*not part of the network.*nn.ModuleList",
    ),
    "a layer made in forward": (
        net(FC, "return nn.Linear(4, 4)(self.fc(x))"),
        r"line 10, nn.Linear\(4, 4\): .*not part of the network",
    ),
    "a layer that is never used": (net(FC_FC, CALL), r"line 9, nn.Linear\(4, 4\): forward never uses self.other"),
    "a result that is never used": (
        net(FC_FC, "y = self.other(x)\nreturn self.fc(x)"),
        r"line 9, nn.Linear\(4, 4\): its result is never used",
    ),
    "a call within print": (net(FC, "print(self.fc(x))\nreturn self.fc(x)"), r"line 10, print\(self.fc\(x\)\)"),
    "weights that are tied": (
        net(f"{FC_FC}\nself.fc.weight = self.other.weight", "return self.other(self.fc(x))"),
        r"line 10, self.other.weight: the attribute weight",
    ),
    "a parameter of its own": (
        net(f"{FC}\nself.scale = nn.Parameter(torch.ones(4))", CALL),
        r"line 9, torch.ones\(4\): ones is not read",
    ),
    "a layer with the name of a method": (
        net("self.act = nn.Linear(4, 4)", "return self.act(x)", body="def act(self, x):\n    return x"),
        r"line 8, self.act: act is an attribute of the class too",
    ),
    "a method that PyTorch calls": (
        net(FC, CALL, body="def __call__(self, x):\n    return self.fc(self.fc(x))"),
        r"its __call__ is not read",
    ),
    "a decorator": (
        net(FC, CALL).replace("    def forward", "    @twice\n    def forward"),
        r"line 10, forward: its decorator or kind is not read",
    ),
    "a subclass of a layer": (
        HEAD + "class Own(nn.Linear):\n    pass\n\nmodel = nn.Sequential(Own(4, 4))\n",
        r"line 8, Own\(4, 4\): class Own derives neither from nn.Module nor",
    ),
    "a base that is not known": (
        HEAD + "import lightning as L\nclass Net(L.LightningModule):\n    def forward(self, x):\n        return x\n",
        r"class Net derives neither",
    ),
    "the network is changed by what is not understood": (
        net(FC, CALL, after="model = Net()\nfor m in model.modules():\n    m.bias = None"),
        r"line 13, m.bias: this may change the network",
    ),
    "the network is changed within a function": (
        net(FC, CALL, after="def cut(m):\n    m.fc = nn.Linear(4, round(2.2))\nmodel = Net()\ncut(model)"),
        r"line 12, m.fc: this may change the network",
    ),
    "another library is handed the network": (
        net(FC, CALL, after="from pruning import prune\nmodel = Net()\nprune(model)"),
        r"line 13, prune\(model\): this may change the network",
    ),
    "a layer of PyTorch is replaced": (
        HEAD + "nn.ReLU = nn.Sigmoid\nmodel = nn.Sequential(nn.Linear(4, 4), nn.ReLU())\n",
        r"line 5, nn.ReLU: this may change the network",
    ),
    "a list that may have been shuffled": (
        HEAD + "import random\nlayers = [nn.Linear(4, 4), nn.Linear(4, 2)]\nsame = layers\nrandom.shuffle(same)\n"
        "model = nn.Sequential(*layers)\n",
        r"line 9, layers: its value is not known: line 8, random.shuffle",
    ),
    "a global that a function sets": (
        HEAD + "n = 3\ndef more():\n    global n\n    n = 4\nmore()\nmodel = nn.Linear(4, n)\n",
        r"line 10, n: its value is not known",
    ),
    "names of a module that is not known": (
        HEAD + "from layers import *\nmodel = nn.Sequential(nn.Linear(4, 4))\n",
        r"line 6, nn: its value is not known: line 5, from layers import \*",
    ),
    "a name that was never imported": (
        "import torch\nmodel = torch.nn.Sequential(Linear(4, 4))\n", r"line 2, Linear: there is no Linear here",
    ),
    "a switch in another file": (
        net("from settings import DEEP\nself.fc = nn.Linear(4, 9 if DEEP else 4)", CALL),
        r"line 9, DEEP: whether this holds is not known",
    ),
    "a default in another file": (
        net("import settings\nself.fc = nn.Linear(4, 4 if settings.SIZE is None else 9)", CALL),
        r"line 9, settings.SIZE is None: this comparison is not known",
    ),
    "a function that PyTorch does not have": (
        net(FC, "return F.flatten(self.fc(x), 1)"),
        r"line 10, F.flatten\(self.fc\(x\), 1\): flatten is not read",
    ),
    "a product of tensors": (net(FC, "return x * self.fc(x)"), r"line 10, x \* self.fc\(x\): .*only the sum"),
    "two outputs": (net(FC, "return self.fc(x), x"), r"line 5, .*no tensor, or several"),
    "two inputs": (net(FC, CALL).replace("forward(self, x)", "forward(self, x, y)"), r"line 5, .*lacks its argument y"),
    "a name that Python changes": (net("self.__fc = nn.Linear(4, 4)", "return self.__fc(x)"), r"line 8, self.__fc"),
    "a name used before it is assigned": (net(f"{FC}\nk = n\nn = 3\nprint(m)", CALL), r"line 11, m: there is no m"),
    "a misspelt argument": (net(FC, CALL, after="model = Net(m=3)"), r"line 11, Net\(m=3\): .*has no parameter m"),
    "an argument given twice": (net(FC, CALL, after="model = Net(3, n=3)"), r"line 11, .*has its argument n twice"),
    "BatchNorm2d of a vector": (HEAD + "model = nn.Sequential(nn.BatchNorm2d(4))\n", r"line 5, .*takes maps of C×H×W"),
    "an axis that is not there": (
        HEAD + "model = nn.Sequential(nn.Linear(4, 4), nn.Softmax(2))\n",
        r"line 5, nn.Softmax\(2\): there is no axis 2",
    ),
    "what is not valid Python": (HEAD + "def f(x, x):\n    pass\n", r"line 5 is not valid Python: duplicate"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused_with_line_and_reason(name: str) -> None:
    source, message = REFUSED[name]
    with pytest.raises(FullmarksError, match=message) as refusal:
        summary(source, 4)
    assert len(str(refusal.value)) < 600


def test_rows_of_overlapping_sums_say_where_their_inputs_come_from() -> None:
    source = SOURCES["sums that overlap count a layer once"]
    rows = [row["name"] for row in summary(source.text, *source.input_size)["network_summary.table"]]
    assert rows == [
        "a: linear 5", "b: linear 5", "add (from row 2 and the input)", "c: linear 5", "add (from rows 1 and 4)",
        "add (from rows 3 and 5)", "d: linear 2",
    ]  # fmt: skip


def test_a_layer_on_channels_is_worked_for_every_row_of_every_channel() -> None:
    found = summary(f"{HEAD}model = nn.Sequential(nn.Linear(8, 5))\n", 3, 4, 8)
    working = str(render(found, "terminal"))
    assert "C H n_in n_out" in working
    assert "3 × 4 × 8 × 5" in working


@pytest.mark.parametrize("name", ["a layer that is used twice", "sums that overlap count a layer once"])
def test_no_wrong_answer_is_made_of_a_network_that_no_list_of_layers_describes(name: str) -> None:
    changes = [one.changes["layers"] for one in load_operator("network_summary").mistakes if "layers" in one.changes]
    assert len(changes) > 2
    assert {change((SOURCES[name].text,)) for change in changes} == {None}
    assert None not in {change((SOURCES["arguments by name"].text,)) for change in changes}


def test_a_total_that_floats_do_not_hold_is_refused() -> None:
    layers = ["linear 10000000", "linear 10000000"] * 60
    with pytest.raises(FullmarksError, match=r"too large: a total is above 9,007,199,254,740,992"):
        solved(problem_from_operator("network_summary", {"layers": layers, "input_size": [10**7]}))


DOUBLED = "s = nn.Sequential(s, s)\n" * 60
UNBOUNDED = {
    "nested": (f"s = nn.Sequential(nn.Linear(4, 4))\n{DOUBLED}", "more than 1,000 layers"),
    "nested and empty": (f"s = nn.Sequential()\n{DOUBLED}", "more than 100,000 steps"),
    "range": (net(FC, "for _ in range(10**9):\n    x = self.fc(x)\nreturn x"), "longer than 2,000"),
    "loops": (net(FC, f"for i in range(2000):\n  for j in range(2000):\n    k = i * j\n{CALL}"), "100,000 steps"),
    "power": ("model = nn.Sequential(nn.Linear(10**10**10, 4))\n", "an exponent is from 0 to 64"),
    "lists": ("rows = [[0] * 1999 for i in range(1999)]\nmodel = nn.Linear(4, len(rows))\n", "100,000 steps"),
    "text": ("a = 'a' * 10**9\nb = [0] * 10**9\nmodel = nn.Linear(4, len(a) + len(b))\n", "line 1|line 3"),
    "recursion": (net(f"{FC}\nself.inner = Net()", CALL), "calls are nested deeper than 30"),
    "brackets": (f"model = nn.Linear(4, 4)\nx = {'[' * 150}{']' * 150}\n", "nested too deep"),
    "calls": (f"model = nn.Sequential(nn.Linear(4, 4))\nx = {'f(' * 190}1{')' * 190}\n", "nested too deep"),
    "minus": (f"model = nn.Linear(4, {'-' * 100_000}4)\n", "nested too deep|not valid Python|cannot be read"),
    "long": ("# " + "x" * 300_000 + "\nmodel = nn.Linear(4, 4)\n", "200,000 at most"),
    "many": ("model = nn.Linear(4, 4)\n" + "x = 1\n" * 30_000, "more than 40,000 parts"),
    "functions": (
        "l = [1]\n" + "".join(f"def f{n}(): f{n + 1}(); f{n * 7 % 1500}(); g()\n" for n in range(1500))
        + "".join(f"f{n}()\n" for n in range(1500)) + "model = nn.Linear(4, 4)\n",
        "too many functions",
    ),
}  # fmt: skip
ALL_ARE_REFUSED = """
import sys
from fullmarks import solve
from fullmarks.errors import FullmarksError
for source in sys.stdin.read().split("\\0"):
    try:
        solve("network_summary(s, [4])", s=source)
    except FullmarksError as refusal:
        print(str(refusal).replace("\\n", " "))
    else:
        print("it was accepted")
"""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1500 * MEGABYTE, 1500 * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


def test_small_sources_with_endless_work_are_refused_within_limits_of_time_and_memory() -> None:
    command = [sys.executable, "-c", ALL_ARE_REFUSED]
    sources = "\0".join(source for source, _ in UNBOUNDED.values())
    done = subprocess.run(command, input=sources, capture_output=True, text=True, check=False, preexec_fn=_limit)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for (name, (_, message)), line in zip(UNBOUNDED.items(), done.stdout.splitlines(), strict=True):
        assert any(part in line for part in message.split("|")), f"{name}: {line}"


def test_words_in_source_reach_no_terminal_as_commands(tmp_path: Path) -> None:
    escape = r"\x1b]52;c;x\x07"
    for source in (
        net(f"{FC}\nself.add_module('{escape}', nn.ReLU())", CALL),
        net(FC, f"return getattr(self, '{escape}')(x)"),
        net("self.c = nn.Conv2d(4, 4, 1, 1, '" + escape + "')", "return self.c(x)"),
        net(FC, CALL, after=f"model = Net(**{{'{escape}': 1}})"),
    ):
        with pytest.raises(FullmarksError) as refusal:
            summary(source, 4)
        assert str(refusal.value).isprintable()
    assert not list(tmp_path.iterdir())
