"""A slip in an operator's file is told with operator, file, line and hint, and no request to report it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fullmarks as fm
from fullmarks import operators
from fullmarks.cli import main
from fullmarks.errors import FullmarksError

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"
SOURCE = GUIDE.read_text().split("```python\n")[1].split("```")[0]
LENGTH = 'length = {"easy": 2, "medium": 3, "hard": 5}[level]'
HEAD = "operator = Operator("
EVALUATED = "np.asarray(np.linalg.norm(prediction - target) ** 2 / 2)"
SOLVE = ("solve", "prediction=0.5 0.2", "target=1 0", "--format", "json")
NUMPY = "use those of fullmarks.math.functions"
TRUTH = "use maximum or branches"
Add = Callable[[str, str], str]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    monkeypatch.setattr(operators, "__path__", [*operators.__path__, str(tmp_path)])
    count = sum(1 for _ in Path(tmp_path.parent).iterdir())

    def write(old: str, new: str) -> str:
        assert old in SOURCE
        name = f"slip_{count}_{abs(hash((old, new)))}"
        (tmp_path / f"{name}.py").write_text(SOURCE.replace(old, new, 1))
        operators.operator_names.cache_clear()
        operators.load_operator.cache_clear()
        return name

    yield write
    operators.operator_names.cache_clear()
    operators.load_operator.cache_clear()


SLIPS = {  # what is changed, into what, the line that the message names, what it says
    "np.exp": ("d**2,", "np.exp(d),", 22, NUMPY),
    "np.maximum": ("d**2,", "np.maximum(d, 0),", 22, NUMPY),
    "np.sum": ("q.sum() / 2", "np.sum(q) / 2", 23, NUMPY),
    "an array in let": ("d**2,", "d.value**2,", 22, "let('q', …) needs an Expr, found a ndarray"),
    "a forgotten return": ("    return let(RESULT,", "    let(RESULT,", 20, "working returned nothing; end it"),
    "a forgotten return in evaluate": ("    return np", "    np", 16, "evaluate returned nothing; end it with return"),
    "truth": ("    q = let", "    _ = 1 if d else 0\n    q = let", 22, TRUTH),
    "an order": ("    q = let", "    _ = d > 0\n    q = let", 22, TRUTH),
    "a name": ("d**2,", "dd**2,", 22, "NameError: name 'dd' is not defined"),
    "another shape": (EVALUATED, "prediction - target", 16, "a single number), but evaluate (2): both need the same"),
    "another result": (EVALUATED, "{'loss': 1}", 16, "evaluate gives loss, but the operator's results are result"),
    "a text": (EVALUATED, "'text'", 16, "evaluate gives what is no array of numbers"),
    "a complex number": (EVALUATED, "1j", 16, "evaluate gives what is no array of numbers: found complex128"),
    "unequal rows": (EVALUATED, "[[1], [1, 2]]", 16, "evaluate gives what is no array of numbers"),
    "an argument": ("working(prediction: Expr", "working(output: Expr", 20, "it is called with the operator's arg"),
    "a mistake": ("mistakes=(", "mistakes=(mistake('a', q=lambda d: np.exp(d)),", 38, NUMPY),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_operator_file_line_and_hint(
    slip: str, add: Add, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old, new, line, said = SLIPS[slip]
    name = add(old, new)
    command, *rest = SOLVE
    assert main([command, name, *rest]) == 2
    found = capfd.readouterr()
    assert f"operator {name}: {tmp_path / name}.py, line {line}: " in found.err
    assert said in found.err
    assert "report" not in found.err
    assert found.out == ""


SLIPS_ELSEWHERE = {
    "sample": ('    return {"prediction"', '    {"prediction"', "generate", "sample returned nothing"),
    "sample raises": (LENGTH, "length = {}[level]", "check", "sample: KeyError: 'easy'"),
    "check": (HEAD, "def check(**_o):\n    [][0]\n\n" + HEAD + "check=check,", "generate", "check: IndexError"),
    "figure": (HEAD, HEAD + "figure=lambda **_o: 'x',", "generate", "expected a Figure"),
    "wording": ("{prediction}", "{predictoin}", "show", "no argument 'predictoin'; did you mean 'prediction'?"),
    "a line": ("mistakes=(", "mistakes=(mistake('a', qq=1),", "show", "no argument or line 'qq'"),
    "another line": ("mistakes=(", "mistakes=(mistake('a', q=lambda dd: dd),", "show", "no argument or line 'dd'"),
    "syntax": ("    return np", "    return return np", "show", ".py, line 17: SyntaxError: invalid syntax"),
    "no operator": (HEAD, "one = Operator(", "show", ".py: AttributeError: module"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS_ELSEWHERE)
def test_a_slip_is_told_by_every_command(slip: str, add: Add, capfd: pytest.CaptureFixture[str]) -> None:
    old, new, command, said = SLIPS_ELSEWHERE[slip]
    name = add(old, new)
    options = {"check": ["-n", "2"], "generate": ["--seed", "1", "--solution", "-f", "html"], "show": []}[command]
    assert main([command, name, *options]) == 2
    message = capfd.readouterr().err
    assert f"operator {name}" in message
    assert said in message
    assert "report" not in message


SLIPS_OR_FAULTS = {  # nobody can tell whether the operator is wrong or the program: both are named
    "another formula": ('/ 2, "Halve', '/ 3, "Halve', "line 20; evaluate is at ", "routes to slip"),
    "an index": ("d**2,", "d[7],", "line 22: working", "IndexError"),
    "draws": ("numbers.decimals(-1", "numbers.decimals(2", "line 28: sample", "cannot draw"),
}


@pytest.mark.parametrize("slip", SLIPS_OR_FAULTS)
def test_a_fault_on_the_way_through_an_operator_names_its_file_and_line(
    slip: str, add: Add, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old, new, line, said = SLIPS_OR_FAULTS[slip]
    name = add(old, new)
    assert main(["generate", name, "--seed", "1", "--solution"]) == 1
    message = capfd.readouterr().err
    assert f"operator {name}: " in message
    assert f"{tmp_path / name}.py, {line}" in message
    assert said in message


def test_a_slip_is_an_error_of_ours_in_python(add: Add) -> None:
    name = add("d**2,", "np.exp(d),")
    with pytest.raises(FullmarksError, match="line 22: working: TypeError"):
        fm.solve(name, prediction=[1], target=[2])


def test_a_fault_of_the_program_still_asks_for_a_report(
    add: Add, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    name = add("half_square_loss: half", "half")

    def broken(*_values: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("fullmarks.solution.walk.results_of", broken)
    command, *rest = SOLVE
    assert main([command, name, *rest]) == 1
    assert "Please report" in capfd.readouterr().err
