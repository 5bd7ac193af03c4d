"""Whatever is thrown at the program: it works, or refuses with one message, in bounded time, and writes nothing else.

``make test`` tries a few examples of each kind, the same every time; ``make fuzz EXAMPLES=2000`` tries many, others
every time. A failure prints a ``@reproduce_failure`` line; put it above the test to see that example again, and add the
example to ``test_found_by_fuzzing.py``.
"""

import contextlib
import io
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import generators
import problem_generators
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullmarks.cli import main
from fullmarks.errors import FullmarksError

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
LONGEST = 60  # seconds after which an example counts as one that never ends: no measure of speed
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class TooLongError(BaseException):
    """An example does not end; no handler of the program may catch this."""


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Fail where the block does not end."""

    def stop(_number: int, _frame: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Captured(io.TextIOWrapper):
    """A standard stream in memory, with a buffer for bytes as the real one has."""

    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding="utf-8", write_through=True)


def run(*arguments: str, content: bytes | None = None) -> tuple[int, str, str]:
    """Make a call in a folder of its own, with ``content`` in ``p.toml``; check what every call promises."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        if content is not None:
            Path("p.toml").write_bytes(content)
        output, complaints = Captured(), Captured()
        with (
            bounded(),
            mock.patch("sys.stdin", Captured()),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(complaints),
        ):
            status = main(arguments)
        said, complained = (stream.bytes.getvalue().decode() for stream in (output, complaints))
        assert status in (0, 2), complained
        written = {path.name for path in Path().iterdir()}
        if status == 2:
            assert said == ""
            assert complained.strip()
            assert len(complained) < 10_000
            assert written <= {"p.toml"}
        assert written <= {"p.toml", "out.md", "out-1.md", "out-2.md", "exam"}
    return status, said, complained


@fuzz
@given(st.one_of(generators.formulas(), st.text(max_size=40)))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    from fullmarks.problem.formula import parse_condition, parse_formula, parse_statements

    for parse in (parse_formula, parse_condition, parse_statements):
        with bounded(), contextlib.suppress(FullmarksError):
            parse(text)


@fuzz
@given(st.data())
def test_any_arguments_are_worked_or_refused(data: st.DataObject) -> None:
    operator = data.draw(st.sampled_from(generators.operators()))
    run("solve", operator, *data.draw(generators.assignments(operator)))


@fuzz
@given(generators.worked_formulas(), st.sampled_from(["terminal", "md", "tex", "json", "html"]))
def test_any_formulas_are_worked_or_refused(formulas: tuple[str, list[str]], format_name: str) -> None:
    formula, givens = formulas
    run("solve", "--format", format_name, "--", formula, *givens)


@fuzz
@given(problem_generators.problem_files())
def test_any_problem_file_is_solved_and_drawn_or_refused(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    run("solve", "p.toml", content=content)
    run("generate", "p.toml", "--seed", "1", "--format", "tex", content=content)


@fuzz
@given(problem_generators.spoilt_bank(), st.sampled_from(["terminal", "md", "tex", "json", "html"]))
def test_a_spoilt_bank_is_solved_or_refused_and_the_file_named(content: bytes, format_name: str) -> None:
    status, _, complained = run("solve", "p.toml", "--format", format_name, content=content)
    assert status == 0 or "p.toml" in complained
    run("generate", "p.toml", "--seed", "1", "--format", format_name, content=content)


@fuzz
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_a_problem_a_blueprint_a_key_or_refused(content: bytes) -> None:
    run("solve", "p.toml", content=content)
    run("exam", "p.toml", "--seed", "1", content=content)
    for suffix in ("csv", "json", "npy"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"x.{suffix}"
            path.write_bytes(content)
            run("solve", "relu", f"x=@{path}")


@fuzz
@given(generators.command_lines())
def test_any_command_line_works_or_is_refused(call: list[str]) -> None:
    run(*call)


def for_ever() -> None:
    with bounded():
        while True:
            pass


def test_an_example_that_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "LONGEST", 1)
    with pytest.raises(TooLongError):
        for_ever()
