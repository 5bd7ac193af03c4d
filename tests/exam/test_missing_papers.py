"""One paper that cannot be set never loses the others, and is never missing without a word."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fullmarks as fm
from fullmarks.cli import main
from fullmarks.document.blocks import Document
from fullmarks.errors import IncompleteError
from fullmarks.exam import build
from fullmarks.problem.model import Instance

Refused = Callable[..., str]
PROBLEM = """
id = "divided"
title = "Short"
[given.x]
value = 2
draw = { integers = [0, 3] }
[where]
y = "1 / x"
[[part]]
find = "y"
"""
BLUEPRINT = """
title = "E"
[[question]]
problem = "max-pooling"
marks = 6
[[question]]
parts = ["fc-softmax", "p.toml"]
"""
CALL = ("exam", "e.toml", "--format", "md", "-o", "out", "--seed")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.toml").write_text(PROBLEM)
    Path("e.toml").write_text(BLUEPRINT)


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in Path("out", folder).glob("*.md"))


def instance_of(paper: build.Paper) -> Instance:
    return paper.questions[1].problems[1].solution.instance


def test_a_paper_whose_numbers_cannot_be_worked_is_left_out_and_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*CALL, "1", "--variants", "8"]) == 1
    captured = capfd.readouterr()
    record = json.loads(Path("out/exam.lock.json").read_text())
    missing = [failure["name"] for failure in record["failed"]]
    assert 0 < len(missing) < 8
    written = [f"paper-{number}" for number in range(1, 9) if f"paper-{number}" not in missing]
    assert names("papers") == names("schemes") == [paper["name"] for paper in record["papers"]] == written
    assert captured.out.splitlines()[0] == f"out/papers/{written[0]}.md"
    first = captured.err.splitlines()[1]
    assert first.startswith(f"{missing[0]}: question 2: divided: ")
    assert "not finite" in first
    assert first.endswith("(seed 1)")
    assert f"{len(missing)} of 8 papers cannot be set; the others are written" in captured.err
    assert "Traceback" not in captured.err


def test_the_other_papers_are_what_they_would_be_alone() -> None:
    papers = fm.build_exam("e.toml", seed=1, variants=8).papers
    failed = {failure.paper for failure in fm.build_exam("e.toml", seed=1, variants=8).failures}
    assert {paper.name for paper in papers} | failed == {f"paper-{number}" for number in range(1, 9)}
    first = fm.build_exam("e.toml", seed=1, variants=int(papers[0].version)).papers[0]
    assert instance_of(first) == instance_of(papers[0])


@pytest.mark.parametrize("fault", [ZeroDivisionError("of two exact numbers"), KeyError("z"), RecursionError("deep")])
def test_a_fault_in_one_scheme_costs_that_paper_alone(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("p.toml").write_text(PROBLEM.replace("[0, 3]", "[1, 3]"))
    compose = build.scheme_of_paper

    def faulty(cover: Any, questions: Any) -> Document:
        if cover.version == "2" and any(problem.solution.instance.problem.id == "divided"
                                        for question in questions for problem in question.problems):  # fmt: skip
            raise fault
        return compose(cover, questions)

    with monkeypatch.context() as patch:
        patch.setattr(build, "scheme_of_paper", faulty)
        assert main([*CALL, "1", "--variants", "3"]) == 1
    message = capfd.readouterr().err
    assert f"paper-2: question 2: divided: {type(fault).__name__}: " in message
    assert "1 of 3 papers" in message
    assert names("papers") == names("schemes") == ["paper-1", "paper-3"]
    assert main([*CALL, "1"]) == 0  # the fault is mended: the paper comes, and no other changes
    assert names("papers") == ["paper-1", "paper-2", "paper-3"]


def test_a_paper_that_is_there_is_not_lost_to_a_fault(monkeypatch: pytest.MonkeyPatch, refused: Refused) -> None:
    Path("p.toml").write_text(PROBLEM.replace("[0, 3]", "[1, 3]"))
    assert main([*CALL, "1", "--variants", "2"]) == 0
    render = build.document_files

    def faulty(document: Document, format_name: str, name: str) -> dict[str, bytes]:
        if document.footer == "Paper 2":
            raise fm.FullmarksError("no font has ♥")
        return render(document, format_name, name)

    monkeypatch.setattr(build, "document_files", faulty)
    assert "whose paper-2 cannot be written now: no font has ♥" in refused(*CALL, "1")


def test_where_no_paper_can_be_set_nothing_is_written(refused: Refused) -> None:
    Path("p.toml").write_text(PROBLEM.replace("[0, 3]", "[0, 0]"))
    message = refused(*CALL, "1", "--variants", "7")
    assert "paper-1: question 2: divided: " in message
    assert "and 2 more" in message
    assert not Path("out").exists()


def test_python_raises_once_the_other_papers_are_written() -> None:
    exam = fm.build_exam("e.toml", seed=1, variants=8)
    with pytest.raises(IncompleteError, match="question 2: divided") as raised:
        exam.write("out", ("md",))
    assert all(path.is_file() for path in raised.value.made)
    assert sum(path.suffix == ".md" for path in raised.value.made) == 2 * len(exam.papers)
