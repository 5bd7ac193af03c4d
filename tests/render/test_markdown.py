import re

import pytest
import sample
from markdown_it import MarkdownIt
from msgspec.structs import replace

from fullmarks.document.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Formula,
    Heading,
    Item,
    Labelled,
    Paragraph,
    Picture,
    Table,
    Words,
)
from fullmarks.math.notation import Number
from fullmarks.render import document_files, render_document


def markdown(*blocks: Block) -> str:
    text = render_document(Document("T", blocks), "md")
    assert isinstance(text, str)
    return text


def read_back(text: str) -> str:
    """Return the words of the first paragraph, as a CommonMark reader without HTML of its own sees them."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    place = next(place for place, token in enumerate(tokens) if token.type == "paragraph_open")
    children = tokens[place + 1].children or []
    assert all(child.type in {"text", "text_special"} for child in children), children
    return "".join(child.content for child in children)


@pytest.mark.parametrize(
    "prose",
    [
        sample.NASTY,
        "# no heading",
        "- no item",
        "+ no item",
        "1. no list",
        "12) no list",
        "> no quotation",
        "=== no underline",
        "--- no rule",
        "``` no fence",
        "    no code block".strip(),
        "~~not struck~~ **not bold** __not bold__ `not code`",
        "&amp; &#35; <!-- not a comment --> <https://example.org>",
        r"C:\temp\* and a final \ ".strip(),
        "![no picture](x) [no link]: y",
    ],
)
def test_prose_that_looks_like_markup_is_read_as_prose(prose: str) -> None:
    assert read_back(markdown(Paragraph((Words(prose),)))) == prose


def test_no_unescaped_dollar_of_prose_opens_mathematics() -> None:
    text = markdown(Paragraph((Words("costs $5 or $x$"),)))
    assert not re.search(r"(?<!\\)\$", text)


def test_a_line_break_in_prose_cannot_start_a_heading() -> None:
    assert "\n#" not in markdown(Paragraph((Words("one\n\n# two"),)))[len("# T") :]


def test_a_bar_in_a_cell_does_not_make_another_column() -> None:
    text = markdown(Table(((Words("a|b"),),), (((Words("c|d", "code"),),),)))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert sum(token.type == "td_open" for token in tokens) == 1


def test_a_listing_with_fences_inside_stays_one_listing() -> None:
    listing = "```\n# inside\n````"
    tokens = MarkdownIt().parse(markdown(Code(listing)))
    assert [token.content for token in tokens if token.type == "fence"] == [listing + "\n"]


def test_a_heading_is_below_the_title() -> None:
    assert "\n## Section\n" in markdown(Heading((Words("Section"),), 1))


def test_marks_end_the_line_they_belong_to() -> None:
    text = markdown(Bullets((Item((Words("a point"),), "B1"),)))
    assert "- a point **B1**\n" in text


def test_a_picture_without_a_file_is_described_in_words() -> None:
    text = markdown(Picture(replace(sample.FIGURE, alt="an [arrow]")))
    assert "\n*Figure: an \\[arrow\\]*\n" in text
    assert "data:" not in text


def test_a_picture_is_an_image_in_a_file_beside_the_page() -> None:
    other = replace(sample.FIGURE, alt="another")
    blocks = (Picture(sample.FIGURE), Labelled("(a)", (Picture(other), Picture(sample.FIGURE))))
    made = document_files(Document("T", blocks), "md", "a quiz (1).md")
    assert list(made) == ["a quiz (1).md", "a quiz (1)-figure-1.svg", "a quiz (1)-figure-2.svg"]
    text = made["a quiz (1).md"].decode()
    assert re.findall(r"!\[(.*)\]\((.*)\)", text) == [
        (sample.FIGURE.alt, "a%20quiz%20%281%29-figure-1.svg"),
        ("another", "a%20quiz%20%281%29-figure-2.svg"),
        (sample.FIGURE.alt, "a%20quiz%20%281%29-figure-1.svg"),
    ]
    for name in list(made)[1:]:
        assert re.fullmatch(rb"<svg .*</svg>\n", made[name])


@pytest.mark.parametrize("format_name", ["tex", "html", "pdf"])
def test_no_other_format_has_files_beside_it(format_name: str) -> None:
    assert list(document_files(Document("T", (Picture(sample.FIGURE),)), format_name, "x")) == ["x"]


def test_a_formula_stands_between_dollars() -> None:
    assert "is $12$." in markdown(Paragraph((Words("is "), Formula(Number("12")), Words("."))))


def test_a_part_without_a_label_leaves_no_empty_bold_behind() -> None:
    part = Labelled("", (Paragraph((Words("Find it."),), marks="[2]"),), "subpart")
    assert "****" not in str(render_document(Document("Alone", (part,)), "md"))
