"""A document as one self-contained HTML file with MathML, in the frame of ``templates/html/document.html.j2``."""

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final, assert_never

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Cover,
    Document,
    Given,
    Givens,
    Heading,
    Inlines,
    Item,
    Labelled,
    PageBreak,
    Paragraph,
    Picture,
    Step,
    Table,
    Total,
    Words,
    Working,
)
from fullmarks.math.figures import Figure
from fullmarks.math.figures.svg import figure_svg
from fullmarks.math.notation import Node
from fullmarks.render.headings import without_skipped_levels
from fullmarks.render.html_formulas import displayed, inlines, scrolling, text, widest, widest_of
from fullmarks.render.long_formulas import width
from fullmarks.render.words import printable, printable_lines

if TYPE_CHECKING:
    import jinja2

FRAME: Final = "html/document.html.j2"
STYLE: Final = "html/style.css"
FONT: Final = "html/math-font.woff2"
WORDS: Final = ("title", "subtitle", "footer", "kind", "paper", "style", "body")  # that the template may use

LONG_LEFT: Final = 9.0
"""A left side wider than this, in digits, stands above its right side on a phone."""

LONGEST_LEFT: Final = 26.0
"""A left side wider than this stands above its right side everywhere."""

NARROW_TABLE: Final = 20.0
"""A table up to this many digits wide fits on any screen."""

SHORT_CELL: Final = 10.0

LOWEST_HEADING: Final = 6
SVG_START: Final = "<svg "
NARROW_PICTURE: Final = 240.0  # pixels, on any screen


def render(document: Document) -> str:
    """Return the document as HTML that needs no other file, no script and no network; equal input gives equal text."""
    from markupsafe import Markup

    return _frame().render(
        title=printable(document.title),
        subtitle=printable(document.subtitle),
        footer=printable(document.footer),
        kind=document.kind,
        paper=any(isinstance(block, Cover) for block in document.blocks),
        style=Markup(_style()),  # noqa: S704 - our own style sheet, not anybody's words
        body=Markup(_blocks(without_skipped_levels(document.blocks))),  # noqa: S704 - every word in it is escaped
    )


@cache
def _style() -> str:
    """Return the style sheet, before it the font that brackets as high as a matrix need."""
    from fullmarks.render.templates import data_address, template

    source = f'url({data_address(FONT, "font/woff2")}) format("woff2")'
    return f'@font-face {{ font-family: "Fullmarks Math"; src: {source}; }}\n{template(STYLE)}'


@cache
def _frame() -> "jinja2.Template":
    from jinja2.sandbox import SandboxedEnvironment

    from fullmarks.render.templates import frame

    environment = SandboxedEnvironment(autoescape=True, keep_trailing_newline=True, trim_blocks=True)
    return frame(FRAME, WORDS, environment)


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Heading(words, level):
            name = f"h{min(level + 1, LOWEST_HEADING)}"
            return f"<{name}>{inlines(words)}</{name}>"
        case Paragraph():
            return _paragraph(block)
        case Givens(items):
            lines = [_given(item, last=item is items[-1]) for item in items]
            return _element("ul", "givens", "\n".join(lines))
        case Working(steps):
            return _element("div", "working", "\n".join(_step(step) for step in steps))
        case Answer(formula, marks):
            box = f'<div class="answer"{scrolling(widest(formula))}>{displayed(formula)}</div>'
            return f'<div class="line answered">{box}{_marks(marks)}</div>'
        case Bullets(items):
            return _element("ul", "bullets", "\n".join(_item(item) for item in items))
        case Table():
            return _table(block)
        case Code(listing):
            listed = "\n".join(escape(line) for line in printable_lines(listing))
            return f'<pre tabindex="0" role="group" aria-label="Listing"><code>{listed}</code></pre>'
        case Picture(figure):
            return _picture(figure)
        case Labelled(label, body, kind):
            inside = _blocks(body)
            if not label:
                return _element("section", kind, inside)
            return _element(
                "section", f"labelled {kind}", f'<span class="label">{text(label)}</span>\n<div>{inside}</div>'
            )
        case Total(words):
            return f'<p class="total">{text(words)}</p>'
        case Cover():
            return _cover(block)
        case PageBreak():
            return '<hr class="page-break">'
        case _:
            assert_never(block)


def _element(name: str, classes: str, inside: str) -> str:
    return f'<{name} class="{classes}">\n{inside}\n</{name}>'


def _paragraph(paragraph: Paragraph) -> str:
    classes = ' class="note"' if paragraph.style == "note" else ""
    words = f"<p{classes}{scrolling(widest_of(paragraph.text))}>{inlines(paragraph.text)}{_marks(paragraph.marks)}</p>"
    return f'<div class="line">{words}</div>' if paragraph.marks else words


def _given(given: Given, *, last: bool) -> str:
    label = f"{inlines(given.label)}, " if given.label else ""
    ending = "." if last else ","
    inside = f"{label}{displayed(given.formula)}{ending}"
    return f"<li><div{scrolling(widest(given.formula))}>{inside}</div></li>"


def _step(step: Step) -> str:
    left = "" if step.left is None else f'<div class="{_left_class(step.left)}">{displayed(step.left)}</div>'
    note = f' <span class="note">{text(step.note)}</span>' if step.note else ""
    right = f'<div class="right"{scrolling(widest(step.right))}>{displayed(step.right)}{note}{_marks(step.marks)}</div>'
    return f'<div class="step">{left}{right}</div>'


def _left_class(left: Node) -> str:
    digits = width(left)
    if digits > LONGEST_LEFT:
        return "left longest"
    return "left long" if digits > LONG_LEFT else "left"


def _item(item: Item) -> str:
    words = f"<div{scrolling(widest_of(item.text))}>{inlines(item.text)}{_marks(item.marks)}</div>"
    return f'<li><div class="line">{words}</div></li>'


def _table(table: Table) -> str:
    header = "".join(
        f'<th scope="col"{_classes(number=place in table.numbers)}>{inlines(cell, breaking=False)}</th>'
        for place, cell in enumerate(table.header)
    )
    rows = "\n".join(f"<tr>{_cells(row, table.numbers)}</tr>" for row in table.rows)
    inside = f"<table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    wide = sum(max(_digits(cell) for cell in column) for column in zip(table.header, *table.rows, strict=True))
    reached = ' tabindex="0" role="group" aria-label="Table that may be wide"' if wide > NARROW_TABLE else ""
    return f'<div class="tabulated"{reached}>\n{inside}\n</div>'


def _digits(cell: Inlines) -> float:
    return sum(len(inline.text) if isinstance(inline, Words) else width(inline.node) for inline in cell)


def _cells(cells: tuple[Inlines, ...], numbers: tuple[int, ...]) -> str:
    how = [_classes(short=_digits(cell) <= SHORT_CELL, number=place in numbers) for place, cell in enumerate(cells)]
    return "".join(f"<td{one}>{inlines(cell, breaking=False)}</td>" for one, cell in zip(how, cells, strict=True))


def _classes(**applies: bool) -> str:
    names = [name for name, does in applies.items() if does]
    return f' class="{" ".join(names)}"' if names else ""


def _picture(figure: Figure) -> str:
    """Put a drawing into the page itself, named by what it shows in words."""
    named = figure_svg(figure).replace(SVG_START, f'{SVG_START}role="img" aria-label="{text(figure.alt)}" ', 1)
    narrow = figure.width <= NARROW_PICTURE
    reached = "" if narrow else ' tabindex="0" role="group" aria-label="Picture that may be wide"'
    return f'<div class="picture"{reached}>{named}</div>'


def _cover(cover: Cover) -> str:
    parts = [f'<p class="session">{text(cover.session)}</p>'] if cover.session else []
    allowed = f"Time allowed: {cover.duration}" if cover.duration else ""
    facts = "".join(f"<span>{text(fact)}</span>" for fact in (cover.date, allowed, cover.total))
    parts.append(f'<p class="facts">{facts}</p>')
    if cover.instructions:
        lines = "\n".join(f"<li>{text(line)}</li>" for line in cover.instructions)
        parts.append(f"<h2>Instructions to candidates</h2>\n<ol>\n{lines}\n</ol>")
    if cover.candidate:
        boxes = [f"<dt>{text(asked)}</dt><dd>{text(printed)}</dd>" for asked, printed in cover.candidate]
        parts.append(_element("dl", "candidate", "\n".join(boxes)))
    return _element("div", "cover", "\n".join(parts))


def _marks(marks: str) -> str:
    # The outer element stands at the end of the last line; the inner one is moved from there into the margin.
    return f'<span class="marks"><span>{text(marks)}</span></span>' if marks else ""
