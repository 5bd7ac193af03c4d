"""Which document `solve` and `generate` print: the question, the solution or the marking scheme."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from fullmarks import api
from fullmarks.cli import main
from fullmarks.cli.output import FORMATS

Refused = Callable[..., str]
CALLS = [["solve", "max_pool2d", "x=4 0; 1 7", "size=2"], ["generate", "rnn-two-steps", "--seed", "7"]]


def printed(capfdbinary: pytest.CaptureFixture[bytes], *call: str) -> str:
    assert main(call) == 0
    return capfdbinary.readouterr().out.decode("latin-1")


def without_font(text: str) -> str:
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)


@pytest.mark.parametrize("call", CALLS, ids=["solve", "generate"])
@pytest.mark.parametrize("format_name", [name for name in FORMATS if name not in ("json", "toml", "pdf")])
def test_every_document_is_printed_in_every_format(
    call: list[str], format_name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    texts = {
        document: without_font(printed(capfdbinary, *call, "--format", format_name, "--document", document))
        for document in api.DOCUMENTS
    }
    assert "If you see" in texts["scheme"]
    assert "If you see" not in texts["solution"] + texts["question"]
    assert "M1" in texts["solution"]
    assert "M1" not in texts["question"]


@pytest.mark.parametrize("call", CALLS, ids=["solve", "generate"])
def test_every_document_is_a_pdf_of_its_own(call: list[str], tmp_path: Path) -> None:
    paths = [tmp_path / f"{document}.pdf" for document in api.DOCUMENTS]
    for path in paths:
        assert main([*call, "--document", path.stem, "-o", str(path)]) == 0
    assert len({path.read_bytes() for path in paths}) == 3


@pytest.mark.parametrize("call", CALLS, ids=["solve", "generate"])
def test_data_of_a_question_has_no_answer_and_that_of_a_scheme_has_wrong_ones(
    call: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    question, scheme = (
        json.loads(printed(capfdbinary, *call, "-f", "json", "--document", document))
        for document in ("question", "scheme")
    )
    assert question["format"] == "fullmarks/question/1"
    assert "quantities" not in question
    assert all(set(part) == {"label", "ask", "marks"} for part in question["parts"])
    assert any(part["wrong"] for part in scheme["parts"])


def test_solve_prints_the_solution_and_generate_the_question_unless_told_otherwise(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    solve, generate = CALLS
    assert printed(capfdbinary, *solve) == printed(capfdbinary, *solve, "--document", "solution")
    assert printed(capfdbinary, *generate) == printed(capfdbinary, *generate, "--document", "question")
    solution = printed(capfdbinary, *generate, "--document", "solution")
    assert printed(capfdbinary, *generate, "--solution") == solution


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--document", "key"], "--document key: expected one of solution, question, scheme"),
        (["--document", "shceme"], "did you mean 'scheme'"),
        (["--document", ""], "--document"),
        (["--document", "scheme", "--document", "scheme"], "twice"),
    ],
)
@pytest.mark.parametrize("call", CALLS, ids=["solve", "generate"])
def test_another_document_is_refused(call: list[str], arguments: list[str], words: str, refused: Refused) -> None:
    assert words in refused(*call, *arguments)
    assert words in refused(*call, "--format", "json", *arguments)


def test_a_solution_and_a_document_are_not_asked_for_together(refused: Refused) -> None:
    assert "expected at most one" in refused(*CALLS[1], "--solution", "--document", "solution")


def test_python_knows_no_other_document_in_any_format() -> None:
    solution = api.solve("relu", x=[1, -2])
    for format_name in ("md", "json", "toml"):
        with pytest.raises(api.FullmarksError, match="there is no document 'answers'"):
            api.render(solution, format_name, "answers")
