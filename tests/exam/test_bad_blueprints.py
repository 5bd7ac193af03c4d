"""Wrong blueprints, each given to the real program: file and field are named, and nothing is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

Refused = Callable[..., str]
GOOD = """
title = "Exam"
session = "S"
date = 2026-11-30
duration = "2 hours"
instructions = ["Answer all."]
total = 20
[[question]]
problem = "cnn-pipeline"
marks = 10
[[question]]
parts = ["fc-softmax"]
marks = 10
"""
PROBLEM = 'problem = "cnn-pipeline"'
PARTS = 'parts = ["fc-softmax"]'
INSTRUCTIONS = 'instructions = ["Answer all."]'
DATE = "date = 2026-11-30"

FIELDS = [
    ('title = "Exam"', "", ["title is missing"]),
    ('title = "Exam"', 'title = ""', ["title: is empty"]),
    ('title = "Exam"', "title = 3", ["title: 3 is a whole number"]),
    ('title = "Exam"', 'titel = "Exam"', ["unknown key 'titel'", "did you mean 'title'"]),
    ('title = "Exam"', "title = '$'", ["title: a $ without its partner"]),
    ('title = "Exam"', 'title = "\\u001b[31m"', ["title: a control character (U+001B)"]),
    (DATE, "date = 2026-13-30", ["is no TOML", "line 4"]),
    (DATE, "date = 3", ["date: 3 is no date"]),
    (DATE, "date = 07:30:00", ["date: 07:30:00 is no date"]),
    (DATE, "date = [1]", ["date", "no date"]),
    (DATE, 'date = "\\u001b"', ["date: a control character"]),
    ('duration = "2 hours"', "duration = 2", ["duration: 2 is a whole number"]),
    (INSTRUCTIONS, 'instructions = "a"', ["instructions", "expected a list"]),
    (INSTRUCTIONS, "instructions = [1]", ["instructions: entry 1"]),
    (INSTRUCTIONS, 'instructions = ["$"]', ["instructions: entry 1: a $"]),
    ("total = 20", "total = 19", ["total is 19", "10 + 10 = 20"]),
    ("total = 20", "total = -1", ["total is -1"]),
    ("total = 20", "total = 2.5", ["total: 2.5"]),
    ("total = 20", "total = nan", ["total: nan"]),
    ("total = 20", 'total = "20"', ["total: '20' is text"]),
    ("total = 20", "totl = 20", ["did you mean 'total'"]),
    (PROBLEM, 'problem = "cnn-pipelin"', ["question 1: problem", "did you mean 'cnn-pipeline'"]),
    (PROBLEM, 'problem = ""', ["question 1: problem"]),
    (PROBLEM, "problem = 3", ["question 1: problem: 3 is a whole number"]),
    (PROBLEM, 'problem = "conv2d"', ["question 1: problem: there is no problem 'conv2d'"]),
    (PROBLEM, 'problem = "b.toml"', ["question 1: problem: b.toml: is the blueprint of an exam"]),
    (PROBLEM, 'problem = "no.toml"', ["question 1: problem: no.toml: there is no such file"]),
    (PROBLEM, 'problem = "/etc/passwd"', ["question 1: problem"]),
    (PROBLEM, 'problem = "a\\u0000.toml"', ["question 1: problem"]),
    (PROBLEM, 'problem = "-"', ["question 1: problem: there is no problem '-'"]),
    (PROBLEM, f"{PROBLEM}\n{PARTS}", ["question 1", "exactly one of problem, parts and pick"]),
    (PROBLEM, "", ["question 1", "exactly one of problem, parts and pick"]),
    (PROBLEM, "pick = 1000", ["question 1: pick is 1000", "the bank has"]),
    (PROBLEM, "pick = 0", ["question 1: pick is 0", "at least 1"]),
    (PROBLEM, "pick = -1", ["question 1: pick is -1", "at least 1"]),
    (PROBLEM, "pick = 1.5", ["question 1: pick: 1.5"]),
    (PROBLEM, 'pick = 1\ntopic = "cn"', ["question 1: topic", "did you mean 'cnn'"]),
    (PROBLEM, 'pick = 1\nlevel = "hrd"', ["question 1: level", "did you mean 'hard'"]),
    (PROBLEM, f'{PROBLEM}\ntopic = "cnn"', ["question 1", "go with pick"]),
    (PROBLEM, f'{PROBLEM}\nnumbers = "printed"', ["question 1: numbers", '"as printed"']),
    (PROBLEM, f"{PROBLEM}\nper_paper = 1", ["question 1: per_paper: 1"]),
    (PROBLEM, f'{PROBLEM}\nproblem = "fc-softmax"', ["line 10", "there twice"]),
    (PROBLEM, 'problm = "cnn-pipeline"', ["question 1: unknown key 'problm'", "did you mean 'problem'"]),
    (PARTS, "parts = []", ["question 2: parts is empty"]),
    (PARTS, 'parts = "fc-softmax"', ["question 2: parts", "expected a list"]),
    (PARTS, "parts = [3]", ["question 2: parts: entry 1"]),
    (PARTS, 'parts = ["fc-softmax", "fc-softmax"]\nnumbers = "as printed"', ["question 2: parts", "twice"]),
    (PARTS, 'parts = ["fc-sofmax"]', ["question 2: parts", "did you mean 'fc-softmax'"]),
    ("marks = 10", "marks = 0", ["question 1: marks is 0"]),
    ("marks = 10", "marks = -5", ["question 1: marks is -5"]),
    ("marks = 10", "marks = 1.5", ["question 1: marks: 1.5"]),
    ("marks = 10", "marks = true", ["question 1: marks: true"]),
    ("marks = 10", "marks = 1", ["question 1: marks is 1", "cannot be shared out"]),
    ("marks = 10", "marks = 1000000000000", ["question 1: marks", "at most 1000"]),
    ("marks = 10", "mark = 10", ["question 1", "did you mean 'marks'"]),
    ("[[question]]", "[question]", ["is no TOML", "line"]),
    ("[[question]]", "[[questions]]", ["did you mean 'question'"]),
]


@pytest.mark.parametrize(("old", "new", "words"), FIELDS, ids=range(len(FIELDS)))
def test_a_wrong_field_is_refused_by_its_name(
    old: str, new: str, words: list[str], tmp_path: Path, refused: Refused
) -> None:
    assert old in GOOD
    (tmp_path / "b.toml").write_text(GOOD.replace(old, new, 1))
    message = refused("exam", "b.toml", "--seed", "1", "--format", "md", "-o", "out")
    for word in ("b.toml: ", *words):
        assert word in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xff", "not UTF-8"),
        (b"x = " + b"[" * 50_000, "nested too deep"),
        (b"a." * 50_000 + b"b = 1", "more than 50 dots"),
        (b'title = "P"\n[[part]]\nfind = "Y"', "is a problem, not the blueprint"),
        (b'title = "E"\nquestion = []', "question: there is none"),
        (b'title = "E"', "question is missing; expected at least one [[question]]"),
    ],
    ids=range(7),
)
def test_a_file_that_is_no_blueprint_is_refused(content: bytes, words: str, tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "b.toml").write_bytes(content)
    assert words in refused("exam", "b.toml", "--seed", "1")


def test_more_problems_than_are_left_to_pick_are_refused(tmp_path: Path, refused: Refused) -> None:
    picks = "\n".join(['[[question]]\npick = 1\ntopic = "training"'] * 300)
    (tmp_path / "b.toml").write_text(f'title = "E"\n{picks}\n')
    assert "every problem to pick from is asked already" in refused("exam", "b.toml", "--seed", "1", "--format", "md")
