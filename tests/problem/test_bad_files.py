"""Wrong problem files, each given to the real program: file and field are named, and what is expected there."""

from collections.abc import Callable
from pathlib import Path

import pytest

import fullmarks as fm
from fullmarks.cli import main

Refused = Callable[..., str]
GOOD = r"""
id = "sample"
title = "Sample"
topic = "cnn"
level = "medium"
setting = 'Image $\mathbf{A}$ and stride {stride}.'
require = ["max(Y) > 0"]
[given]
stride = 1
[given.A]
label = "Image"
value = [[1, 2, 0], [3, 4, 1], [0, 1, 5]]
draw = { integers = [-4, 4] }
[given.F]
value = [[1, 0], [0, 1]]
[where]
Y = "conv2d(A, F, stride=stride)"
P = "max_pool2d(Y, size=2)"
[[part]]
find = "Y"
marks = 4
[[part]]
find = "P"
marks = 2
"""
VALUE = "value = [[1, 0], [0, 1]]"
DRAW = "draw = { integers = [-4, 4] }"
FORMULA = 'Y = "conv2d(A, F, stride=stride)"'
GIVEN = "[given]\nstride = 1"
WHERE = "[where]"
FIND = 'find = "Y"'
SETTING = r"'Image $\mathbf{A}$ and stride {stride}.'"
LABEL = 'label = "Image"'

WHOLE_FILES = [
    (b"", ["bad.toml: is empty"]),
    (b"\n \n", ["bad.toml: is empty"]),
    (b"\xff\xfe\x00", ["line 1: byte 0xff is not UTF-8"]),
    (GOOD.encode("utf-16"), ["not UTF-8"]),
    (GOOD.encode() + b"\x00", ["is no TOML", "line"]),
    (b"x = " + b"[" * 100_000, ["nested too deep"]),
    (b"x = " + b"[" * 3000 + b"]" * 3000, ["nested too deep"]),
    (b"x = " + b"{a=" * 3000, ["nested too deep"]),
    (b"a." * 50_000 + b"b = 1", ["more than 50 dots"]),
    (b"[" + b"a." * 50_000 + b"b]", ["more than 50 dots"]),
    (b'"a"."b".' * 20_000 + b"c = 1", ["more than 50 dots"]),
    (b"\n".join(b"k%d = 1" % place for place in range(50_000)), ["unknown key 'k0'"]),
    (
        b'title = "x"\nquestion = [{problem = "cnn-pipeline"}]',
        ["is the blueprint of an exam", "fullmarks exam bad.toml"],
    ),
]

FIELDS = [
    ('title = "Sample"', 'title = ""', ["title: is empty"]),
    ('title = "Sample"', "title = 1979-05-27", ["title", "a date", "expected text"]),
    ('id = "sample"', 'id = "../../etc"', ["id", "'../../etc'"]),
    ('level = "medium"', 'level = "hrd"', ["level", "did you mean 'hard'"]),
    ('level = "medium"', 'level = "medium"\nlevel = "easy"', ["line 6", "there twice"]),
    ('level = "medium"', "level = ", ["is no TOML", "line 5, column 9"]),
    ('level = "medium"', 'levl = "easy"', ["unknown key 'levl'", "did you mean 'level'"]),
    (VALUE, "value = 1979-05-27", ["given: F: value", "a date", "expected a number"]),
    (VALUE, "value = 07:32:00", ["given: F: value", "expected a number"]),
    (VALUE, "value = nan", ["given: F: value: is nan"]),
    (VALUE, "value = -inf", ["given: F: value: is -inf"]),
    (VALUE, "value = 1e400", ["given: F: value: is inf"]),
    (VALUE, "value = " + "1" * 5000, ["thousands of digits"]),
    (VALUE, "value = []", ["given: F: value", "empty"]),
    (VALUE, "value = [[]]", ["given: F: value: row 1", "empty"]),
    (VALUE, "value = [[1], [2, 3]]", ["given: F: value: row 2 has 2 entries"]),
    (VALUE, "value = [[[[[1]]]]]", ["given: F: value", "at most 4 axes"]),
    (VALUE, 'value = [1, "a-b"]', ["given: F: value: row 2", "'a-b'"]),
    (VALUE, "value = [true]", ["given: F: value: row 1", "true or false"]),
    (VALUE, "value = {}", ["given: F: value", "a table"]),
    (VALUE, "value = true", ["bad.toml", "conv2d: kernel is true"]),
    (VALUE, 'value = "sobl_x"', ["bad.toml", "kernel", "did you mean 'sobel_x'"]),
    (VALUE, 'value = "1/0"', ["bad.toml", "kernel", "1/0"]),
    (VALUE, "value = [[1, 2, 3, 4]]", ["bad.toml: where: Y: conv2d", "1×4", "3×3"]),
    (DRAW, "draw = { integers = [4, -4] }", ["given: A: draw: integers", "upside down"]),
    (DRAW, "draw = { integers = [1] }", ["given: A: draw: integers", "[low, high]"]),
    (DRAW, "draw = { integers = [0, 1.5] }", ["given: A: draw: integers: entry 2: 1.5"]),
    (DRAW, "draw = { integers = [0, 99999999999999999999] }", ["given: A: draw: integers", "narrow the bounds"]),
    (DRAW, "draw = { decimals = [0, 1], step = 0 }", ["given: A: draw: step is 0"]),
    (DRAW, "draw = { decimals = [0, 1], step = -1 }", ["given: A: draw: step is -1"]),
    (DRAW, "draw = { decimals = [0, 1], step = nan }", ["given: A: draw: step: is nan"]),
    (DRAW, "draw = { decimals = [0, 1], step = 0.3 }", ["given: A: draw: steps of 0.3", "do not reach 1"]),
    (DRAW, "draw = { decimals = [0, 1], step = 1e-300 }", ["given: A: draw: decimals", "narrow the bounds"]),
    (DRAW, "draw = { decimals = [0, inf] }", ["given: A: draw: decimals: is inf"]),
    (DRAW, "draw = { choice = [] }", ["given: A: draw: choice is empty"]),
    (DRAW, 'draw = { choice = ["sobl_x"] }', ["given: A: draw: choice 1", "did you mean 'sobel_x'"]),
    (
        DRAW,
        "draw = { choice = [[[1, 2], [3, 4]]] }",
        ["given: A: draw: choice 1: has shape [2, 2]", "value has [3, 3]"],
    ),
    (DRAW, "draw = { choice = ['box', 3] }", ["given: A: draw: choice 2: has shape []", "the value has [3, 3]"]),
    (DRAW, "draw = { integers = [0, 0], nonzero = true }", ["given: A: draw: nonzero"]),
    (DRAW, "draw = { integers = [0, 1], shape = [9999, 9999] }", ["given: A: draw: shape", "1,000,000"]),
    (DRAW, "draw = { integers = [0, 1], shape = [2, 2] }", ["given: A: draw: shape is [2, 2]", "[3, 3]"]),
    (DRAW, "draw = { integer = [0, 1] }", ["given: A: draw", "did you mean 'integers'"]),
    (DRAW, "draw = {}", ["given: A: draw", "one of integers, decimals, choice"]),
    (GIVEN, f"{GIVEN}\nunused = 2", ["given: unused: is never used", "{unused}"]),
    (GIVEN, f"{GIVEN}\nfor = 2", ["given: for", "reserved word"]),
    (GIVEN, f"{GIVEN}\ntrue = 2", ["given: true", "reserved word"]),
    (GIVEN, f"{GIVEN}\nconv2d = 2", ["given: conv2d", "an operator's name"]),
    (GIVEN, f'{GIVEN}\n"a b" = 2', ["given: a b", "cannot be a name"]),
    (GIVEN, f'{GIVEN}\n"é" = 2', ["given: é", "cannot be a name"]),
    (GIVEN, f'{GIVEN}\n"" = 2', ["given", "cannot be a name"]),
    (GIVEN, f"{GIVEN}\n{'x' * 3000} = 2", ["given"]),
    (WHERE, f'{WHERE}\nA = "sigmoid(F)"', ["where: A", "[given] too"]),
    (WHERE, f'{WHERE}\nif = "sigmoid(F)"', ["where: if", "reserved word"]),
    (WHERE, f'{WHERE}\ntanh = "sigmoid(F)"', ["where: tanh", "an operator's name"]),
    (WHERE, f"{WHERE}\nX = 3", ["where: X", "expected text"]),
    (FORMULA, 'Y = "conv2d(A, F"', ["where: Y", "never closed"]),
    (FORMULA, 'Y = "conv2d(A, G)"', ["where: Y: there is no quantity 'G'"]),
    (FORMULA, 'Y = "conv3d(A, F)"', ["where: Y", "did you mean 'conv2d'"]),
    (FORMULA, 'Y = "conv2d(A)"', ["where: Y", "kernel"]),
    (FORMULA, 'Y = "conv2d(A, F, strid=stride)"', ["where: Y", "did you mean 'stride'"]),
    (FORMULA, "Y = 'conv2d(A, F, stride=\"2\")'", ["bad.toml: where: Y: conv2d: stride"]),
    (FORMULA, 'Y = "conv2d(A, F, stride=0 * stride)"', ["bad.toml: where: Y: conv2d: stride is 0"]),
    (FORMULA, 'Y = "conv2d(P, F, stride=stride) + A"', ["where: goes round in a circle: P needs Y, Y needs P"]),
    (FORMULA, 'Y = "A + F + stride"', ["bad.toml: where: Y: '+' cannot join shapes 3×3 and 2×2"]),
    (FORMULA, 'Y = "conv2d(A, F) / (stride - stride)"', ["bad.toml: where: Y", "not finite"]),
    (FORMULA, 'Y = "conv2d(A, F, stride=stride, padding=3000)"', ["bad.toml: where: Y", "at most 1,000,000"]),
    (FORMULA, 'Y = ""', ["where: Y: there is no formula"]),
    (FORMULA, 'Y = \'__import__("os").system("touch x")\'', ["where: Y", "only an operator can be called"]),
    (FORMULA, 'Y = "sum(A)"', ["where: Y", "'require' only"]),
    ("size=2", "size=9", ["bad.toml: where: P: pooling: the window covers 9×9"]),
    (FIND, 'find = "A"', ["part 1: find: 'A' is given"]),
    (FIND, 'find = "Q"', ["part 1: find: there is no quantity 'Q'"]),
    (FIND, 'find = ""', ["part 1: find"]),
    (FIND, 'find = "Y.nope"', ["part 1: find: conv2d gives no 'nope'"]),
    (FIND, 'find = "filter_effect(F)"', ["part 1: find"]),
    (FIND, "", ["part 1: finds nothing"]),
    (FIND, "find = 3", ["part 1: find: 3 is a whole number"]),
    (FIND, 'discuss = "conv2d(A, F)"', ["part 1: discuss", "discusses nothing"]),
    (FIND, 'discuss = "filter_efect(F)"', ["part 1: discuss", "did you mean 'filter_effect'"]),
    (FIND, 'discuss = ""', ["part 1: discuss: there is no formula"]),
    ("marks = 4", "marks = -1", ["part 1: marks: -1"]),
    ("marks = 4", "marks = 2.5", ["part 1: marks: 2.5"]),
    ("marks = 4", "marks = 1e400", ["part 1: marks"]),
    ("marks = 4", 'marks = "4"', ["part 1: marks: '4' is text"]),
    ("marks = 4", "marks = 99999999999999999999", ["part 1: marks"]),
    ("marks = 4", "marks = 100000", ["part 1: marks: 100000 are too many", "1000"]),
    ("marks = 4", "mark = 4", ["part 1", "did you mean 'marks'"]),
]

CONDITIONS = [
    ("max(Y) > 1000", ["none of 200 draws", "holds in 0%"]),
    ("1 > 2", ["none of 200 draws"]),
    ("max(Y) >", ["is no formula"]),
    ("max(Y)", ["expected a condition"]),
    ("max(Q) > 0", ["there is no quantity 'Q'"]),
    ("distinct(Y, P)", ["expected a condition"]),
    ('max("a") > 0', ["'a' is no number"]),
    ('Y > "a"', ["'a' is no number"]),
    ("true > 0", ["'true' is no number"]),
    ("max() > 0", ["takes quantities"]),
    ("Y + [1, 2, 3] > 0", ["cannot use '+'"]),
    ("Y @ P > 0", ["cannot use '@'"]),
    ("[1, [2, 3]] > 0", ["different shapes"]),
    ("sum([]) > 0", ["empty list"]),
    ("max(Y) in A", ["reserved word"]),
    ("max(Y) > 0; 1 > 0", ["one formula"]),
    ("not " * 300 + "1 > 0", ["nested deeper"]),
    ("max(Y) > 1e400", ["too large"]),
    ('__import__("os").system("touch x") > 0', ["only an operator can be called"]),
]

MATHEMATICS = [
    (r"$\input{/etc/passwd}$", r"unknown macro \input"),
    (r"$\write18{id}$", r"unknown macro \write"),
    (r"$\def\x{\x\x}\x$", r"unknown macro \def"),
    (r"$\href{javascript:x}{y}$", r"unknown macro \href"),
    (r"$\foo$", r"unknown macro \foo"),
    (r"$\begin{foo}x\end{foo}$", "unknown environment 'foo'"),
    (r"$\frac{1}{2$", "ends before '}'"),
    (r"$\frac{1}$", "lacks an argument"),
    (r"$\left( x$", "never closed"),
    ("$x^2^3$", "second superscript"),
    ("$x_$", "script mark"),
    ("$%$", "comment"),
    ("$}$", "nothing opens"),
    ("$" + "{" * 500 + "}" * 500 + "$", "500 braces deep"),
    ("$" + r"\sqrt{" * 300 + "x" + "}" * 300 + "$", "300 braces deep"),
    ("$" + "x" * 5_000 + "$", "at most 2,000 characters"),
    ("$$x$$", "empty formula"),
    ("costs 3$", "without its partner"),
    ("{Q}", "there is no quantity 'Q'"),
    ("{__class__}", "there is no quantity '__class__'"),
    ("{A.nope}", "has no 'nope'"),
    ("a" * 30_000, "at most 20,000"),
]

HARMLESS = [
    *(
        "# heading",
        r"\input /etc/passwd",
        r"\write18",
        "<script>alert(1)</script>",
        "<% x %>",
    ),
    *("<< title >>", '#read("x")', "%", "&", "_", "^", "~", "\\", "`rm -rf`", "[x](javascript:alert(1))", "<!-- -->"),
    *("|a|b|", "$<script>$", r"$\text{<script>}$", r"\end", "^^41", "@ref", "=1+1"),
    *(r"costs \$5",),
]
LONE_BRACES = [r"\input{/etc/passwd}", "{{", "}}", "{% x %}", "{0}", "{}", "{", "a } b", "{stride!r}", "{a b}"]


def write(folder: Path, old: str, new: str) -> None:
    assert old in GOOD
    (folder / "bad.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")


def test_the_file_that_is_spoiled_below_is_good(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    assert main(["solve", str(tmp_path / "good.toml"), "-o", str(tmp_path / "good.md")]) == 0
    again = tmp_path / "again" / "good.md"
    again.parent.mkdir()
    for content in ("\ufeff" + GOOD, GOOD.replace("\n", "\r\n")):  # as some editors write it
        (tmp_path / "good.toml").write_bytes(content.encode())
        assert main(["solve", str(tmp_path / "good.toml"), "-o", str(again)]) == 0
        assert again.read_bytes() == (tmp_path / "good.md").read_bytes()


@pytest.mark.parametrize(("content", "words"), WHOLE_FILES, ids=range(len(WHOLE_FILES)))
def test_a_file_that_is_no_problem_is_refused(
    content: bytes, words: list[str], tmp_path: Path, refused: Refused
) -> None:
    (tmp_path / "bad.toml").write_bytes(content)
    message = refused("solve", "bad.toml")
    for word in ("bad.toml", *words):
        assert word in message


@pytest.mark.parametrize(("old", "new", "words"), FIELDS, ids=range(len(FIELDS)))
def test_a_wrong_field_is_refused_by_its_name(
    old: str, new: str, words: list[str], tmp_path: Path, refused: Refused
) -> None:
    write(tmp_path, old, new)
    message = refused("solve", "bad.toml")
    for word in ("bad.toml", *words):
        assert word in message


@pytest.mark.parametrize(("condition", "words"), CONDITIONS, ids=range(len(CONDITIONS)))
def test_a_wrong_condition_is_refused_when_it_is_read_or_after_bounded_tries(
    condition: str, words: list[str], tmp_path: Path, refused: Refused
) -> None:
    write(tmp_path, 'require = ["max(Y) > 0"]', f"require = ['{condition}']")
    message = refused("generate", "bad.toml", "--seed", "1")
    for word in ("bad.toml: require", *words):
        assert word in message


@pytest.mark.parametrize(("text", "words"), MATHEMATICS, ids=range(len(MATHEMATICS)))
def test_mathematics_that_cannot_be_read_is_refused_with_file_and_field(
    text: str, words: str, tmp_path: Path, refused: Refused
) -> None:
    for old, new, field in (
        (SETTING, f"'''{{stride}} {text}'''", "setting"),
        (LABEL, f"label = '''{text}'''", "given: A: label"),
        (FIND, f"{FIND}\nask = '''{text}'''", "part 1: ask"),
    ):
        write(tmp_path, old, new)
        for format_name in ("terminal", "json"):
            message = refused("solve", "bad.toml", "--format", format_name)
            assert f"bad.toml: {field}: " in message
            assert words in message


@pytest.mark.parametrize("symbol", [r"\foo", "a$b$c", r"\frac{1}", "{a", "}", "x_{", "%", "#", "&"])
def test_a_symbol_that_cannot_be_read_is_refused(symbol: str, tmp_path: Path, refused: Refused) -> None:
    write(tmp_path, LABEL, f"symbol = '{symbol}'")
    assert "bad.toml: given: A: symbol: " in refused("solve", "bad.toml")


@pytest.mark.parametrize(("escape", "words"), [(r"\u001b[31m", "U+001B"), (r"\b", "U+0008"), (r"\u0000", "U+0000")])
def test_control_characters_are_refused_wherever_they_stand(
    escape: str, words: str, tmp_path: Path, refused: Refused
) -> None:
    for field in ("source", "topic", "setting", "title"):
        old = {"source": 'topic = "cnn"', "setting": f"setting = {SETTING}", "title": 'title = "Sample"'}.get(
            field, 'topic = "cnn"'
        )
        write(tmp_path, old, f'{field} = "{{stride}} {escape}"')
        message = refused("solve", "bad.toml")
        assert f"bad.toml: {field}: " in message
        assert words in message
    (tmp_path / "bad.toml").write_text(GOOD.replace("Sample", "a\x1b[31m"))
    assert "control character" in refused("solve", "bad.toml")


@pytest.mark.parametrize("text", LONE_BRACES)
def test_a_brace_that_shows_no_quantity_is_refused_where_prose_is_read(
    text: str, tmp_path: Path, refused: Refused
) -> None:
    for old, new, field in (
        (SETTING, f"'''{{stride}} {text}'''", "setting"),
        (LABEL, f"label = '''{text}'''", "given: A: label"),
        (FIND, f"{FIND}\nask = '''{text}'''", "part 1: ask"),
    ):
        write(tmp_path, old, new)
        message = refused("solve", "bad.toml")
        assert f"bad.toml: {field}: " in message
        assert "brace" in message


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
def test_words_that_mean_something_to_a_format_are_printed_as_words(text: str, tmp_path: Path) -> None:
    write(tmp_path, SETTING, f"'''{{stride}} {text}'''")
    written = {}
    for format_name in ("terminal", "md", "tex", "pdf", "html", "json"):
        path = tmp_path / f"out.{format_name}"
        assert main(["solve", str(tmp_path / "bad.toml"), "--format", format_name, "-o", str(path)]) == 0
        written[format_name] = path.read_bytes()
    assert b"<script>" not in written["html"]
    assert b"\\input{" not in written["tex"]
    assert b"\\write" not in written["tex"].replace(b"\\textbackslash", b"")
    assert all(b"\x1b" not in content for name, content in written.items() if name != "pdf")


MENTIONED = """title = "One{title}"
[given.A]
label = "Input{label}"
value = [[1, 2], [3, 4]]
[where]
Y = "relu(A)"
Z = "A @ A"
[reason]
Z = "Multiply{reason}."
[[part]]
find = "Y"
ask = "Find it{ask}."
[[part]]
find = "Z"
[[part]]
ask = "Why{why}?"
points = ["Because{point}."]
"""
MENTIONS = dict.fromkeys(("title", "label", "reason", "ask", "why", "point"), "")


@pytest.mark.parametrize(
    ("field", "mention", "words"),
    [
        ("ask", "{Y.a.b}", "part 1: ask: relu gives no 'a.b'"),
        ("ask", "{Y.}", "part 1: ask: relu gives no ''"),
        ("why", "{result}", "part 3: ask: {result}: there is no quantity 'result'"),
        ("point", "{Yy}", "part 3: points: entry 1: {Yy}: there is no quantity 'Yy'; did you mean 'Y'?"),
        ("title", "{A}", "title: {A}: quantities are shown in setting, ask and points only"),
        ("label", "{Y}", "given: A: label: {Y}: quantities are shown in setting, ask and points only"),
        ("reason", "{A}", "reason: Z: {A}: quantities are shown in setting, ask and points only"),
    ],
)
def test_a_quantity_that_prose_cannot_show_is_refused(
    field: str, mention: str, words: str, tmp_path: Path, refused: Refused
) -> None:
    text = MENTIONED
    for name, nothing in MENTIONS.items():
        text = text.replace(f"{{{name}}}", mention if name == field else nothing)
    (tmp_path / "bad.toml").write_text(text)
    assert f"bad.toml: {words}" in refused("solve", "bad.toml")


def test_the_quantity_to_find_is_shown_as_the_result(tmp_path: Path) -> None:
    text = MENTIONED.replace("{ask}", " and call it {result}")
    for name in MENTIONS:
        text = text.replace(f"{{{name}}}", "")
    (tmp_path / "good.toml").write_text(text)
    found = fm.render(fm.solve(tmp_path / "good.toml"), "md", "question")
    assert r"Find it and call it $\mathbf{Y}$." in str(found)
