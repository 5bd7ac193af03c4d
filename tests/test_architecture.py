"""What no single module can promise: layers, docstrings, light imports, short files, and that no text is ever run."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "fullmarks"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 350  # lines
HEAVY = ("numpy", "rich", "typer", "jinja2", "typst", "sympy", "pylatexenc", "msgspec")
RUNS_TEXT = re.compile(r"(?<![\w.])(?:eval|exec|__import__)\(|\bsympify\b|\bparse_expr\b|\bpickle\b")
ALLOWED_TO_PRINT = "cli"


def _named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=_named)


def test_no_module_imports_one_above_it() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    run = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", run.stdout), run.stdout


@every_module
def test_an_operator_imports_no_other_operator(path: Path) -> None:
    if path.parent.name != "operators" or path.name.startswith("_"):
        return
    operators = {other.stem for other in path.parent.glob("[!_]*.py")}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fullmarks.operators"):
            last = (node.module or "").rpartition(".")[2]
            imported = {last, *(alias.name for alias in node.names)} if last == "operators" else {last}
            assert not imported & operators, f"{path.name} imports {imported & operators}"


@every_module
def test_a_module_opens_with_a_sentence_on_what_it_knows(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{_named(path)} has no docstring"
    first_line = docstring.splitlines()[0]
    assert first_line.endswith("."), f"{_named(path)}: its first line stands alone and ends with a full stop"


@every_module
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{_named(path)} has {lines} lines, {LONGEST_FILE} at most"


@every_module
def test_no_text_is_run_as_a_program(path: Path) -> None:
    found = RUNS_TEXT.search(path.read_text(encoding="utf-8"))
    assert found is None, f"{_named(path)} has {found[0] if found else ''}"


@every_module
def test_nothing_below_the_command_line_prints(path: Path) -> None:
    if ALLOWED_TO_PRINT in path.relative_to(SOURCE).parts:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{_named(path)}:{node.lineno} prints"


def _imported_by(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_fullmarks_imports_nothing_heavy() -> None:
    imported = _imported_by("import fullmarks")
    assert "fullmarks" in imported
    assert not imported & set(HEAVY)


def test_sympy_and_the_compilers_wait_until_they_are_needed() -> None:
    imported = _imported_by("import fullmarks; fullmarks.solve('sigmoid', x=[1, 2])")
    assert "numpy" in imported
    assert not imported & {"sympy", "typst", "jinja2", "typer"}
