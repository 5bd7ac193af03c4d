"""Every field of a problem file or a call that holds words, given words that a terminal or a format would act upon."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from fullmarks import FullmarksError, load, render, solve
from fullmarks.api import Exercise
from fullmarks.exam.blueprint import load_blueprint
from fullmarks.problem.reading import problem_from_text

Refused = Callable[..., str]
FIELDS = {
    "title": "title", "source": "source", "tag": "tags: entry 1", "topic": "topic", "setting": "setting",
    "label": "given: x: label", "symbol": "given: x: symbol", "word": "given: names: entry 1",
    "option": "given: kind: draw: choice: entry 1", "computed": "symbol: k", "reason": "reason: d",
    "shown": "shown: s", "ask": "part 1: ask", "point": "part 2: points: entry 1",
    "valued": "part 2: points: entry 2: words",
}  # fmt: skip
PROBLEM = """
title = {title}
source = {source}
tags = [{tag}]
topic = {topic}
setting = {setting}
[given]
names = [{word}, "b", "c"]
[given.x]
label = {label}
symbol = {symbol}
value = [0.9, 0.1, 0.2]
[given.kind]
value = "a"
draw = {{ choice = [{option}, "b"] }}
[where]
k = "argmax(x, labels=names)"
d = "x - x"
s = "x + x"
[symbol]
k = {computed}
[reason]
d = {reason}
[shown]
s = {shown}
[[part]]
find = "k"
ask = {ask}
[[part]]
ask = "Discuss {{kind}}."
points = [{point}, {{ words = {valued}, worth = 2 }}]
[[part]]
find = "d"
"""
UNSEEN = {
    "\x1b]52;c;aGk=\x07": "U+001B", "\x9b31m": "U+009B", "\x7f": "U+007F", "a\u202eb": "U+202E", "a\u2066b": "U+2066",
    "a\u200eb": "U+200E", "a\u200bb": "U+200B", "\ufeffa": "U+FEFF", "a\u2028b": "U+2028", "a\ue000b": "U+E000",
    "a\U000e0041b": "U+E0041",
}  # fmt: skip
MARKUP = [
    "![x](http://example.org/x.png)", "[x](javascript:alert(1))", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "`code`", "a | b", "# heading", "1. item", "- item", "> quoted", "&lt;b&gt;", "C# #", "#read(x)",
    "a & b % c _ d ^ e",
]  # fmt: skip


def problem_text(**words: str) -> str:
    plain = dict.fromkeys(FIELDS, "a") | words
    quoted = {field: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f") for field, text in plain.items()}
    return PROBLEM.format(**quoted)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_character_that_no_page_prints_is_refused_in_every_field_by_its_number(unseen: str) -> None:
    problem_from_text(problem_text(), "good.toml")
    for field, shown in FIELDS.items():
        with pytest.raises(FullmarksError) as reason:
            problem_from_text(problem_text(**{field: unseen}), "bad.toml")
        assert str(reason.value).startswith(f"bad.toml: {shown}: ")
        assert UNSEEN[unseen] in str(reason.value)


def test_a_dollar_among_the_words_of_a_value_is_refused_whether_or_not_it_is_drawn() -> None:
    for field in ("word", "option"):
        with pytest.raises(FullmarksError, match=r"bad\.toml: given: (names|kind: draw: choice 1): .*has a \$"):
            problem_from_text(problem_text(**{field: "a$b"}), "bad.toml")
    for call in (lambda word: solve("argmax", x=[1, 2], labels=["a", word]),
                 lambda word: solve(f"argmax(x, labels=['a', '{word}'])", x=[1, 2])):  # fmt: skip
        call("b")
        with pytest.raises(FullmarksError, match=r"has a \$"):
            call("b$")


@pytest.mark.parametrize("unseen", ["\x1b[31m", "a\u202eb", "\udcff"])
@pytest.mark.parametrize(
    "call",
    [
        ["solve", "argmax", "x=1 2", "labels=a,{}"],
        ["solve", "argmax", "x=1 2", 'labels=["a","{}"]'],
        ["solve", "argmax(x, labels=['a', '{}'])", "x=1 2"],
        ["solve", "argmax", "x=1 2", "{}=3"],
        ["solve", "{}"],
        ["generate", "{}"],
        ["exam", "{}"],
        ["exam", "ee6427-part4", "--key-file", "{}"],
        ["solve", "relu", "x=@{}.csv"],
        ["show", "{}.toml"],
        ["check", "{}.toml"],
        ["list", "--topic", "{}"],
        ["solve", "relu", "x=1", "--format", "{}"],
        ["generate", "relu", "--seed", "{}"],
    ],
)
def test_words_of_a_call_that_no_terminal_prints_are_refused_and_shown_as_escapes(
    call: list[str], unseen: str, refused: Refused
) -> None:
    refused(*(word.replace("{}", unseen) for word in call))  # which wants one message of printable characters


def test_a_program_with_text_that_is_reordered_is_refused(tmp_path: Path, refused: Refused) -> None:
    source = "class Net(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(2, 2)  # \u202e\n"
    (tmp_path / "net.py").write_text(source)
    assert "U+202E" in refused("solve", "network_summary", "layers=@net.py", "input_size=2")
    (tmp_path / "words.json").write_text('["a", "\\ud800"]')
    assert "U+D800" in refused("solve", "argmax", "x=1 2", "labels=@words.json")


def test_a_blueprint_with_characters_that_no_page_prints_is_refused_by_field(tmp_path: Path) -> None:
    cover = {
        "title": "title",
        "session": "session",
        "duration": "duration",
        "date": "date",
        "note": "instructions: entry 1",
    }
    for field, shown in cover.items():
        words = {name: json.dumps("a1\\u202e" if name == field else "a1") for name in cover}
        text = (
            "title = {title}\nsession = {session}\nduration = {duration}\ndate = {date}\ninstructions = [{note}]\n"
            '[[question]]\nproblem = "rnn-two-steps"\n'
        ).format(**words)
        path = tmp_path / "exam.toml"
        path.write_text(text.replace("\\\\u", "\\u"))
        with pytest.raises(FullmarksError, match=rf"exam\.toml: {shown}: .*U\+202E"):
            load_blueprint(str(path))


@pytest.mark.parametrize("words", MARKUP)
def test_words_that_are_markup_are_words_in_every_format(words: str) -> None:
    plain = {field: words for field in FIELDS if field not in ("symbol", "computed", "option")}
    exercise = Exercise(problem_from_text(problem_text(**plain), "words.toml"))
    solution = solve(exercise)
    for document in ("question", "solution", "scheme"):
        markdown = render(solution, "md", document)
        assert isinstance(markdown, str)
        page = MarkdownIt("commonmark").parse(markdown)
        assert page[1].content.replace("\\", "").rstrip("# ") == f"{words}".rstrip("# ")  # the title
        seen = [one.type for token in page for one in (token, *(token.children or []))]
        assert not {"image", "link_open", "html_inline", "html_block", "blockquote_open"} & set(seen)
        assert seen.count("heading_open") == 1
        without_formulas = MarkdownIt("commonmark").render(re.sub(r"(?<!\\)\$\$?[^$]*[^\\$]\$\$?", "", markdown))
        assert "<code>" not in without_formulas
        html = render(solution, "html", document)
        assert isinstance(html, str)
        assert not any(tag in html.split("</style>")[-1] for tag in ("<script", "<img src=x", 'javascript:alert(1)"'))
        tex = render(solution, "tex", document)
        assert isinstance(tex, str)
        assert r"\#read" in tex or "#read" not in tex
    assert solution.to_dict()["title"] == words
    assert json.loads(str(render(solution, "json")))["given"]["names"][0] == words
    assert tomllib.loads(str(render(solution, "toml")))["given"]["names"][0] == words


def test_what_is_printed_as_data_has_no_raw_character_that_a_terminal_acts_upon() -> None:
    from fullmarks.api import json_text
    from fullmarks.record.toml_values import string

    text = "".join(UNSEEN) + "\U0001f600\u200c ok"
    for written in (json_text({"a": text, "b": [text]}), string(text)):
        assert not any(one in written for one in "\x1b\x07\x9b\x7f\u202e\u2066\u200b\u2028\U000e0041")
    assert json.loads(json_text({"a": text})) == {"a": text}
    assert tomllib.loads(f"a = {string(text)}") == {"a": text}


def test_a_file_name_is_printed_with_its_escapes_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from fullmarks.cli import main

    folder = tmp_path / "a\x1b[31m\u202e"
    assert main(["exam", "ee6427-part4", "--seed", "1", "--format", "md", "-o", str(folder)]) == 0
    path = tmp_path / "\x1b[31m.toml"
    path.write_text(problem_text())
    assert main(["show", str(path)]) == 0
    assert main(["check", str(path), "-n", "2"]) in (0, 2)
    written = capfd.readouterr()
    assert "\\x1b[31m" in written.out
    assert all(one.isprintable() or one == "\n" for one in written.out + written.err)
    load(str(path))
