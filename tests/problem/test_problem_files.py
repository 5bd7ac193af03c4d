import os
from fractions import Fraction
from pathlib import Path

import pytest
from problem_sample import SAMPLE

from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.problem.formula import Call, Name
from fullmarks.problem.model import Choice, Draw, Integers
from fullmarks.problem.reading import problem_from_text, read_problem


def test_a_problem_file_is_read_as_written() -> None:
    problem = problem_from_text(SAMPLE, "cnn-pipeline.toml")
    assert problem.id == "cnn-pipeline"
    assert list(problem.given) == ["stride", "padding", "A", "F"]
    assert problem.given["A"].draw == Draw(Integers(0, 4), (3, 3))
    assert problem.given["F"].draw is not None
    assert isinstance(problem.given["F"].draw.source, Choice)
    assert problem.given["F"].draw.source.values[0] == KERNELS["sobel_x"]
    assert problem.given["F"].draw.shape == ()
    assert problem.where["Y"] == Call(
        "conv2d", (Name("A"), Name("F")), (("stride", Name("stride")), ("padding", Name("padding")))
    )
    assert [(part.find, part.marks) for part in problem.parts] == [("Y", 6), ("P", None)]
    assert problem.symbols == {"Y": r"\mathbf{Y}"}


def test_decimals_in_a_file_are_fractions() -> None:
    text = SAMPLE.replace("[[4, 0, 1]", '[[4, 0.1, "1/3"]')
    value = problem_from_text(text, "p.toml").given["A"].value
    assert isinstance(value, list)
    assert value[0] == [4, Fraction(1, 10), Fraction(1, 3)]


def test_a_file_without_id_is_called_by_its_name() -> None:
    assert problem_from_text(SAMPLE.replace('id = "cnn-pipeline"', ""), "folder/my exam.toml").id == "my-exam"


BAD = [
    ('title = "Exercise: CNN"', "", r"p.toml: title is missing"),
    ('title = "Exercise: CNN"', "title = 3", r"p.toml: title: 3 is a whole number; expected text"),
    ('title = "Exercise: CNN"', "titel = 'x'", r"p.toml: unknown key 'titel'; did you mean 'title'\?"),
    ('level = "medium"', 'level = "meduim"', r"p.toml: level: 'meduim' is none of .*; did you mean 'medium'\?"),
    (
        'level = "medium"',
        'level = "medium"\nlevel = "hard"',
        r"p.toml: is no TOML: Cannot overwrite a value \(at line 6.*is there twice",
    ),
    ('level = "medium"', "level = ", r"is no TOML: Invalid value \(at line 5, column 9\)"),
    ('level = "medium"', 'tags = ["a", 3]', r"tags: entry 2: 3 is a whole number; expected text"),
    ('id = "cnn-pipeline"', 'id = "../x"', r"p.toml: id: '../x' has more than"),
    (
        'source = "Lecture 4"',
        'source = "$\\\\beta$ $\\beta$"',
        r"source: a control character \(U\+0008\).*double quotes",
    ),
    ('source = "Lecture 4"', 'source = "$\\theta$"', r"source: a control character \(U\+0009\).*\\theta"),
    ('source = "Lecture 4"', 'source = "$\\nabla$"', r"source: a line break before 'abla'.*double quotes"),
    ('source = "Lecture 4"', 'source = "$\\mathbf{A}$"', r"is no TOML: .*single quotes"),
    ('source = "Lecture 4"', 'source = "costs 3$"', r"source: a \$ without its partner"),
    (
        "{padding} pixel",
        "{pading} pixel",
        r"setting: \{pading\}: there is no quantity 'pading'; did you mean 'padding'",
    ),
    ("marks = 6", "marks = -1", r"part 1: marks: -1 is below 0"),
    ("marks = 6", "marks = 2.5", r"part 1: marks: 2.5 is a decimal number; expected a whole number"),
    ("marks = 6", "marks = true", r"part 1: marks: true is true or false; expected a whole number"),
    ("marks = 6", "mark = 6", r"part 1: unknown key 'mark'; did you mean 'marks'"),
    ('find = "P"', 'find = "Q"', r"p.toml: part 2: find: there is no quantity 'Q'"),
    ('find = "P"', 'find = "A"', r"part 2: find: 'A' is given"),
    ('find = "P"', 'find = "P.weights"', r"part 2: find: max_pool2d gives no 'weights'"),
    ('find = "P"', "", r"part 2: finds nothing"),
    ('find = "P"', 'discuss = "conv2d(A, F)"', r"part 2: discuss: .* discusses nothing"),
    ("[4, 0, 2]", "[4, 0]", r"given: A: value: row 2 has 2 entries, the first has 3 entries"),
    ("[4, 0, 2]", "7", r"given: A: value: row 2 is a whole number, the first is a list"),
    ("[4, 0, 2]", "[4, nan, 2]", r"given: A: value: row 2: column 2: is nan; expected a finite number"),
    ("[4, 0, 2]", "[4, -inf, 2]", r"column 2: is -inf"),
    ("[4, 0, 2]", "[4, 1e400, 2]", r"column 2: is inf"),
    ("[4, 0, 2]", '[4, "x y", 2]', r"row 2: column 2: 'x y' is no number"),
    ("[4, 0, 2]", "[4, true, 2]", r"row 2: column 2: 'True' is true or false; expected a number"),
    ("[[4, 0, 1], [4, 0, 2], [0, 2, 2]]", "[[[[[1]]]]]", r"given: A: value: .*at most 4 axes"),
    ("[[4, 0, 1], [4, 0, 2], [0, 2, 2]]", "[]", r"given: A: value: an empty list"),
    ("stride = 2\n", "stride = 2\nunused = 3\n", r"given: unused: is never used"),
    ("stride = 2\n", "stride = 2\nconv2d = 3\n", r"given: conv2d: 'conv2d' is an operator's name"),
    ("stride = 2\n", "stride = 2\nlambda = 3\n", r"given: lambda: 'lambda' is a reserved word"),
    ("stride = 2\n", "stride = 2\nnone = 3\n", r"given: none: 'none' is a reserved word"),
    ("stride = 2\n", 'stride = 2\n"é" = 3\n', r"cannot be a name"),
    ("stride = 2\n", "stride = 2\nP = 3\n", r"where: P: is in \[given\] too"),
    ("stride = 2\n", "stride = 2\nx = { }\n", r"given: x: has no value"),
    (
        "stride = 2\n",
        "stride = 2\nx = { draw = { integers = [0, 4] } }\n",
        r"given: x: draw: there is no value .* add shape",
    ),
    ("integers = [0, 4]", "integers = [4, 0]", r"given: A: draw: integers: the bounds are upside down"),
    ("integers = [0, 4]", "integers = [0, 4, 5]", r"draw: integers: has 3 numbers; expected \[low, high\]"),
    ("integers = [0, 4]", "integers = [0, 0.5]", r"draw: integers: entry 2: 0.5 is a decimal number; expected a whole"),
    ("integers = [0, 4]", "integer = [0, 4]", r"draw: unknown key 'integer'; did you mean 'integers'"),
    ("integers = [0, 4]", "integers = [0, 4], shape = [2, 2]", r"draw: shape is \[2, 2\] but the value's is \[3, 3\]"),
    ("integers = [0, 4]", "integers = [0, 0], nonzero = true", r"nonzero = true leaves nothing"),
    ("integers = [0, 4]", "decimals = [0, 1], step = 0.3", r"steps of 0.3 from 0 do not reach 1"),
    ("integers = [0, 4]", "decimals = [0, 1], step = 0", r"step is 0"),
    ("integers = [0, 4]", "integers = [0, 4], step = 1", r"step belongs to decimals"),
    ("integers = [0, 4]", "nonzero = true", r"draw: has none of them; expected one of"),
    ("integers = [0, 4]", "integers = [0, 4], choice = [1]", r"draw: has integers and choice; expected one of"),
    ('"prewitt_y"]', '"prewit_y"]', r"choice 4: 'prewit_y' is no kernel's name; did you mean 'prewitt_y'"),
    ("conv2d(A, F,", "conv3d(A, F,", r"where: Y: there is no operator 'conv3d'; did you mean 'conv2d'"),
    ("conv2d(A, F,", "conv2d(A, G,", r"where: Y: there is no quantity 'G'"),
    ("conv2d(A, F,", "conv2d(A,", r"where: Y: conv2d lacks its argument 'kernel'"),
    ("conv2d(A, F,", "conv2d(A, F, x=A,", r"where: Y: conv2d has its argument 'x' twice|positional argument"),
    ("padding=padding)", "paddding=padding)", r"conv2d has no argument 'paddding'; did you mean 'padding'"),
    ("padding=padding)", "padding=padding, padding=1)", r"conv2d has its argument 'padding' twice|repeated"),
    ("padding=padding)", "padding=)", r"where: Y: .* is no formula"),
    ("conv2d(A, F,", "conv2d(P, F,", r"where: goes round in a circle: P needs Y, Y needs P"),
    ("conv2d(A, F,", "conv2d(Y, F,", r"where: goes round in a circle: Y needs Y"),
    ("max(Y) > 0", "maximum(Y) > 0", r"require: 'maximum' cannot be called in a condition"),
    ("max(Y) > 0", "max(y) > 0", r"require: there is no quantity 'y'; did you mean 'Y'|no quantity 'y'"),
    ("max(Y) > 0", "max(Y)", r"require: 'max\(Y\)': expected a condition"),
    ("Y = '\\mathbf{Y}'", "Z = '\\mathbf{Y}'", r"symbol: there is no computed quantity 'Z'"),
    ("[symbol]", "[sybol]", r"unknown key 'sybol'; did you mean 'symbol'"),
]


@pytest.mark.parametrize(("good", "bad", "message"), BAD, ids=[f"{bad[:40]!r}" for _, bad, _ in BAD])
def test_a_mistake_in_a_file_is_refused_with_its_field(good: str, bad: str, message: str) -> None:
    assert good in SAMPLE
    with pytest.raises(FullmarksError, match=message) as refusal:
        problem_from_text(SAMPLE.replace(good, bad, 1), "p.toml")
    assert str(refusal.value).startswith("p.toml: ")
    assert "\n" not in str(refusal.value)


def test_a_part_must_be_asked() -> None:
    with pytest.raises(FullmarksError, match="part is missing"):
        problem_from_text('title = "x"', "p.toml")
    with pytest.raises(FullmarksError, match="asks nothing"):
        problem_from_text('title = "x"\npart = []', "p.toml")


def test_bare_and_quoted_options_are_the_same() -> None:
    bare = SAMPLE.replace("padding=padding)", "padding=same)").replace("{padding}", "").replace("padding = 1\n", "")
    quoted = bare.replace("padding=same)", "padding='same')")
    assert problem_from_text(bare, "p").where == problem_from_text(quoted, "p").where


def test_deep_toml_is_refused_and_not_a_crash() -> None:
    with pytest.raises(FullmarksError, match=r"nested too deep|is no TOML"):
        problem_from_text("x = " + "[" * 5_000, "p.toml")


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(FullmarksError, match="is no TOML"):
        problem_from_text("x = " + "1" * 5_000, "p.toml")


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "cnn.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    assert read_problem(path).title == "Exercise: CNN"


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin.toml").write_bytes(b'title = "x"\nsetting = "\xe9"')
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    expected = {
        "missing.toml": "there is no such file",
        ".": "is a folder",
        "pipe": "no ordinary file",
        "latin.toml": "line 2: byte 0xe9 is not UTF-8",
        "large.toml": "larger than 1,000,000 bytes",
        "x" * 300: "cannot be read",
        "nul\0": "cannot be read",
    }
    for name, message in expected.items():
        with pytest.raises(FullmarksError, match=message):
            read_problem(tmp_path / name)


def test_a_label_of_blanks_is_none(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('title = "One"\n[given.x]\nlabel = "  "\nvalue = 2\n[where]\ny = "x * x"\n[[part]]\nfind = "y"\n')
    assert read_problem(path).given["x"].label == ""
