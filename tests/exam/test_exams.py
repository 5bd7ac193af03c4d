import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import fullmarks as fm
from fullmarks.exam.build import Exam
from fullmarks.marking import wrong_answers

PROBLEM = """
id = "{name}"
title = "Pooled"
topic = "cnn"
source = "a secret source"
setting = 'An image $\\mathbf{{A}}$ meets a filter.'
require = ["max(Y) > 0", "distinct(Y)"]
[given.A]
label = "Image"
value = [[1, 2, 0], [3, 4, 1], [0, 1, 5]]
draw = {{ integers = [-4, 4] }}
[given.F]
label = "Filter"
value = [[1, 0], [0, 1]]
[where]
Y = "conv2d(A, F)"
P = "max_pool2d(Y, size=2)"
[[part]]
find = "Y"
marks = 4
[[part]]
find = "P"
marks = 2
"""
BLUEPRINT = """
title = "Networks"
session = "Semester 1"
date = 2026-11-30
duration = "2 hours"
instructions = ["Answer all questions."]
total = 28
[[question]]
problem = "one.toml"
marks = 18
[[question]]
parts = ["one.toml", "two.toml"]
numbers = "as printed"
marks = 10
"""


@pytest.fixture
def blueprint(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(PROBLEM.format(name=name))
    path = tmp_path / "exam.toml"
    path.write_text(BLUEPRINT)
    return path


def lock(exam: Exam) -> dict[str, Any]:
    return json.loads(exam.lock_text())


def test_marks_of_a_question_scale_its_parts_and_add_up_to_the_total(blueprint: Path) -> None:
    exam = fm.build_exam(blueprint, seed=1)
    record = lock(exam)
    (paper,) = record["papers"]
    assert [question["marks"] for question in paper["questions"]] == [18, 10]
    for question in paper["questions"]:
        parts = [part["marks"] for problem in question["problems"] for part in problem["parts"]]
        assert sum(parts) == question["marks"]
    assert [part["marks"] for part in paper["questions"][0]["problems"][0]["parts"]] == [12, 6]


def test_a_total_that_does_not_add_up_is_refused_with_the_sum(blueprint: Path) -> None:
    blueprint.write_text(BLUEPRINT.replace("total = 28", "total = 100"))
    with pytest.raises(fm.FullmarksError, match=r"total is 100.*18 \+ 10 = 28"):
        fm.build_exam(blueprint, seed=1)


def test_variants_differ_and_as_printed_questions_do_not(blueprint: Path) -> None:
    papers = lock(fm.build_exam(blueprint, seed=1, variants=4))["papers"]
    drawn = {json.dumps(paper["questions"][0]["problems"][0]["given"]) for paper in papers}
    printed = {json.dumps(paper["questions"][1]["problems"][0]["given"]) for paper in papers}
    assert len(drawn) == 4
    assert len(printed) == 1


def test_adding_a_question_changes_no_other(blueprint: Path) -> None:
    before = lock(fm.build_exam(blueprint, seed=5))["papers"][0]["questions"][0]
    blueprint.write_text(BLUEPRINT.replace("total = 28\n", "") + '[[question]]\nproblem = "two.toml"\n')
    after = lock(fm.build_exam(blueprint, seed=5))["papers"][0]["questions"]
    assert after[0] == before
    assert len(after) == 3


def test_the_lock_file_says_what_was_set_and_its_hash_covers_it(blueprint: Path) -> None:
    record = lock(fm.build_exam(blueprint, seed=1))
    claimed = record.pop("hash")
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False)
    assert hashlib.sha256(text.encode()).hexdigest() == claimed
    problem = record["papers"][0]["questions"][0]["problems"][0]
    image, pooled = problem["given"]["A"], problem["quantities"]["P"]
    diagonal_sums = [image[r][c] + image[r + 1][c + 1] for r in (0, 1) for c in (0, 1)]
    assert pooled == [[max(diagonal_sums)]]


def test_the_lock_file_holds_all_that_marking_needs(tmp_path: Path) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(
        'title = "Test"\n[[question]]\nproblem = "rnn-two-steps"\n'
        '[[question]]\nproblem = "batch-norm-by-hand"\nmarks = 9\n'
    )
    exam = fm.build_exam(path, seed=1)
    for question, locked in zip(exam.papers[0].questions, lock(exam)["papers"][0]["questions"], strict=True):
        for marked, record in zip(question.problems, locked["problems"], strict=True):
            solved = fm.Solution(marked).to_dict()
            assert {name: record[name] for name in ("given", "quantities")} == {
                name: solved[name] for name in ("given", "quantities")
            }
            for part, of_the_scheme in zip(record["parts"], solved["parts"], strict=True):
                for name in ("label", "find", "marks", "answer", "accept", "wrong", "points", "needed"):
                    assert part.get(name) == of_the_scheme.get(name), name
                on_lines = sum(mark["worth"] for line in part["lines"] for mark in line["marks"])
                assert on_lines + marked_points(part) == part["marks"]


def marked_points(part: dict[str, Any]) -> int:
    return sum(point["marks"] for point in part.get("points", [])[: part.get("needed", 0)])


def test_the_lock_file_works_no_wrong_answer_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "exam.toml"
    path.write_text('title = "Test"\n[[question]]\nproblem = "rnn-two-steps"\n')
    exam = fm.build_exam(path, seed=1)
    exam.write(tmp_path / "out", ("md",))
    monkeypatch.setattr(wrong_answers, "World", None)  # without it no mistake can be followed
    assert lock(exam)["papers"][0]["questions"][0]["problems"][0]["parts"][0]["wrong"]


def test_without_a_seed_the_key_is_random_and_long(blueprint: Path) -> None:
    keys = {fm.build_exam(blueprint).key for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)


def test_equal_input_gives_equal_bytes_and_every_file_is_there(blueprint: Path, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        fm.build_exam(blueprint, seed=2, variants=2).write(tmp_path / folder, ("pdf", "tex"))
    names = sorted(str(path.relative_to(tmp_path / "first")) for path in (tmp_path / "first").rglob("*.*"))
    assert names == [
        "exam.lock.json",
        *(f"{kind}/paper-{n}.{end}" for kind in ("papers", "schemes") for n in (1, 2) for end in ("pdf", "tex")),
    ]
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def text_of(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the text inside PDF is looked at in CI")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_a_question_paper_holds_questions_and_marks_and_no_answer(blueprint: Path, tmp_path: Path) -> None:
    fm.build_exam(blueprint, seed=2).write(tmp_path / "out")
    paper = text_of(tmp_path / "out/papers/paper-1.pdf")
    for expected in ("Networks", "Time allowed: 2 hours", "28 Marks", "Candidate", "(18 Marks)", "(10 Marks)", "(ii)"):
        assert expected in paper
    for answer in ("M1", "A1", "max(", "If you see", "secret source", "Marking"):
        assert answer not in paper


def test_nothing_in_the_source_of_a_question_paper_tells_an_answer(blueprint: Path, tmp_path: Path) -> None:
    exam = fm.build_exam(blueprint, seed=2)
    exam.write(tmp_path / "out", ("tex", "md"))
    for path in (tmp_path / "out/papers").iterdir():
        text = path.read_text()
        for answer in ("M1", "A1", "largest value", "If you see", "secret source", r"\\max"):
            assert answer not in text


def test_the_scheme_has_the_papers_marks_and_known_wrong_answers(blueprint: Path, tmp_path: Path) -> None:
    fm.build_exam(blueprint, seed=2).write(tmp_path / "out")
    scheme = text_of(tmp_path / "out/schemes/paper-1.pdf")
    assert "If you see" in scheme
    assert "took the average" in scheme
    assert "12" in scheme
    assert "[12]" in text_of(tmp_path / "out/papers/paper-1.pdf")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('problem = "one.toml"', 'problem = "nine.toml"'), r"question 1.*nine\.toml"),
        (('problem = "one.toml"', 'problm = "one.toml"'), r"question 1.*problm.*did you mean 'problem'"),
        (('problem = "one.toml"', 'problem = "one.toml"\nparts = ["two.toml"]'), r"question 1.*problem and parts"),
        (("marks = 18", "marks = 0"), r"question 1.*marks is 0"),
        (("marks = 18", 'marks = "many"'), r"question 1: marks.*whole number"),
        (('numbers = "as printed"', 'numbers = "old"'), r"question 2.*old"),
        (("date = 2026-11-30", "date = 7"), r"date.*7"),
        (('title = "Networks"', ""), r"title"),
        (("[[question]]", "[[question"), r"exam\.toml"),
    ],
)
def test_a_wrong_blueprint_is_refused_with_file_and_field(
    blueprint: Path, change: tuple[str, str], message: str
) -> None:
    blueprint.write_text(BLUEPRINT.replace(*change, 1))
    with pytest.raises(fm.FullmarksError, match=message) as refusal:
        fm.build_exam(blueprint, seed=1)
    assert "exam.toml" in str(refusal.value)
