"""HTML pages: whole, self-contained, escaped, and the same every time."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import sample
from msgspec.structs import replace

from fullmarks import api
from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Cover,
    Document,
    Formula,
    Given,
    Givens,
    Heading,
    Item,
    Labelled,
    Paragraph,
    Picture,
    Step,
    Table,
    Total,
    Words,
    Working,
)
from fullmarks.math.notation import Number, Row, Sign, Symbol, Text
from fullmarks.problem.bank import bank_ids
from fullmarks.render import render_document

VOID = {"meta", "hr", "wbr", "br"}
REFERENCES = {"src", "href", "srcset", "data", "action", "poster", "xlink:href", "background"}
NASTY = "</p><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & &amp; &#60; {{ 7*7 }} {% x %} -->]]>"
PLAIN_NASTY = " ".join(NASTY.split())


class Reader(HTMLParser):
    """A page's elements and words; every element must be closed where it was opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.words += data


def page(*blocks: Block, title: str = "T", subtitle: str = "", footer: str = "") -> str:
    made = render_document(Document(title, blocks, subtitle=subtitle, footer=footer), "html")
    assert isinstance(made, str)
    return made


def read(made: str) -> Reader:
    reader = Reader()
    reader.feed(made)
    reader.close()
    assert reader.open == []
    return reader


def body(made: str) -> str:
    return made[made.index("</h1>") + len("</h1>") : made.index("</main>")].strip()


def check(made: str) -> None:
    """Assert what must hold for every page."""
    reader = read(made)
    tags = [tag for tag, _ in reader.elements]
    assert made.startswith("<!DOCTYPE html>")
    assert [tags.count(tag) for tag in ("html", "head", "title", "body", "main", "h1", "style", "script")] == [
        1
    ] * 7 + [0]
    assert dict(reader.elements)["html"] == {"lang": "en"}
    for tag, attributes in reader.elements:
        assert not REFERENCES & set(attributes), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    style = made[made.index("<style>") : made.index("</style>")]
    assert re.findall(r"url\(([^;)]*)", style) == ["data:font/woff2"]
    assert "@import" not in style
    for formula in re.findall(r"<math.*?</math>", made, re.DOTALL):
        assert ET.fromstring(formula).attrib["aria-label"].strip()  # noqa: S314 - our own text


def test_a_page_that_is_not_whole_is_noticed() -> None:
    whole = page()
    for broken in (
        whole.replace("</main>", ""),
        whole.replace("</h1>", '</h1><p onclick="x">a</p>'),
        whole.replace("</h1>", '</h1><img src="a.png">'),
        whole.replace("</h1>", "</h1><h3>too deep</h3>"),
        whole.replace("</h1>", '</h1><p id="a"></p><p id="a"></p>'),
        whole.replace("</style>", "p { background: url(a.png) }</style>"),
    ):
        assert broken != whole
        with pytest.raises(AssertionError):
            check(broken)


@pytest.mark.parametrize("document", [sample.PAPER, sample.SOLUTION], ids=["paper", "solution"])
def test_the_sample_is_a_whole_page_and_equal_every_time(document: Document) -> None:
    made = render_document(document, "html")
    assert isinstance(made, str)
    check(made)
    assert render_document(document, "html") == made


@pytest.mark.parametrize("problem_id", bank_ids())
def test_every_problem_of_the_bank_is_a_whole_page(problem_id: str) -> None:
    solution = api.solve(api.load(problem_id))
    for document in api.DOCUMENTS:
        made = api.render(solution, "html", document)
        assert isinstance(made, str)
        check(made)


def test_a_solution_looks_as_it_did_when_it_was_last_read(compare_with_golden: Callable[[str, str], None]) -> None:
    made = api.render(api.solve(api.load("lstm-forget-gate")), "html", "solution")
    assert isinstance(made, str)
    compare_with_golden("solutions/lstm-forget-gate.html", body(made) + "\n")


EVERYWHERE: tuple[Block, ...] = (
    Cover(NASTY, NASTY, NASTY, NASTY, (NASTY,), ((NASTY, NASTY),)),
    Heading((Words(NASTY),)),
    Paragraph((Words(NASTY), Words(NASTY, "strong"), Words(NASTY, "code"), Formula(Text(NASTY))), marks=NASTY),
    Givens((Given((Words(NASTY),), Text(NASTY)),)),
    Working((Step(Text(NASTY), Row((Sign("="), Text(NASTY))), NASTY, NASTY),)),
    Answer(Text(NASTY), NASTY),
    Bullets((Item((Words(NASTY),), NASTY),)),
    Table(((Words(NASTY),),), (((Words(NASTY),),),)),
    Code(NASTY),
    Picture(replace(sample.FIGURE, alt=NASTY)),
    Labelled(NASTY, (Total(NASTY),)),
)


def test_prose_stays_prose_wherever_it_stands() -> None:
    made = page(*EVERYWHERE, title=NASTY, subtitle=NASTY, footer=NASTY)
    check(made)
    reader = read(made)
    assert "img" not in [tag for tag, _ in reader.elements]
    places = reader.words.replace("\N{NO-BREAK SPACE}", " ").count(PLAIN_NASTY)
    assert places == 32
    assert dict(reader.elements)["svg"]["aria-label"] == PLAIN_NASTY


def test_control_characters_reach_no_page() -> None:
    made = page(Paragraph((Words("a\x00\x1b[31m\u202eb\x85"), Formula(Text("c\x00\u200fd")))), Code("e\x07f"))
    assert "a[31mb" in made
    assert "<mtext>cd</mtext>" in made
    assert "ef" in made
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200f\u202e]", made)


def test_marks_come_after_the_words_that_earn_them() -> None:
    made = body(page(Paragraph((Words("Find it."),), marks="[3]")))
    assert made == '<div class="line"><p>Find it.<span class="marks"><span>[3]</span></span></p></div>'


def test_a_formula_keeps_the_punctuation_beside_it() -> None:
    made = body(page(Paragraph((Words("of x ("), Formula(Symbol("x")), Words("), 1 pixel")))))
    assert re.fullmatch(r'<p>of x <span class="whole">\(<math.*</math>\),</span> 1 pixel</p>', made)


def test_a_long_formula_may_go_on_below_before_a_sign_and_no_term_is_lost() -> None:
    made = body(page(Working((Step(Symbol("y"), Row((Sign("="), sample.sum_of_products(27))), "", ""),))))
    pieces = made.split("<wbr>")
    assert len(pieces) == 27
    assert all('<mo form="infix">+</mo>' in piece for piece in pieces[1:])
    assert re.findall(r"<mn>(0\.\d+)</mn>", made) == [f"0.{place + 1}" for place in range(27)]


def test_what_may_be_wider_than_a_phone_can_be_scrolled_by_key_and_what_is_narrow_is_no_stop() -> None:
    wide = Row((Symbol("Y"), Sign("="), sample.numbers("0.123 0.123 0.123 0.123 0.123 0.123")))
    for block in (
        Answer(wide),
        Givens((Given((), wide),)),
        Working((Step(None, wide),)),
        Paragraph((Formula(wide),)),
        Bullets((Item((Formula(wide),)),)),
        Table(((Formula(wide),),), ()),
    ):
        assert 'tabindex="0"' in body(page(block)), block
    assert "tabindex" not in body(page(Answer(Row((Symbol("y"), Sign("="), Number("0.982"))))))


def test_a_picture_is_named_by_what_it_shows() -> None:
    made = read(page(Picture(replace(sample.FIGURE, alt='A "window"'))))
    picture = dict(made.elements)["svg"]
    assert picture["role"] == "img"
    assert picture["aria-label"] == 'A "window"'


def test_every_block_of_the_sample_says_its_words() -> None:
    reader = read(page(*sample.BLOCKS))
    for expected in ("M1 A1", "(18 Marks)", "Ana #1 Smith & Co", "every product written out", "Time allowed: 2 hours",
                     "layer = nn.Conv2d(3, 6, kernel_size=3)", "    print(layer)"):  # fmt: skip
        assert expected in reader.words


def test_html_does_not_load_what_only_other_formats_need() -> None:
    program = (
        "import sys; from fullmarks.document.blocks import Document; from fullmarks.render import render_document; "
        "render_document(Document('T', ()), 'html'); print({'typst', 'rich'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert shown.stdout == "set()\n"
