"""A document as LaTeX source for pdflatex, in the frame of ``templates/latex/document.tex.j2``."""

from functools import cache
from typing import TYPE_CHECKING, Final, assert_never

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
from fullmarks.math.figures.tikz import figure_tikz
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import is_tall, latex
from fullmarks.render.latex_words import escaped, escaped_line, in_ascii
from fullmarks.render.long_formulas import LONG_PRODUCT, segments, width
from fullmarks.render.templates import frame
from fullmarks.render.words import printable_lines

if TYPE_CHECKING:
    import jinja2

FRAME: Final = "latex/document.tex.j2"
WORDS: Final = ("title", "subtitle", "footer", "paper", "dense", "body")  # that the template may use

UNBREAKABLE: Final = 25.0
"""A piece wider than this, in digits, may be wider than the page and is set smaller if so."""

STYLES: Final = {"plain": "{}", "strong": r"\textbf{{{}}}", "emphasis": r"\emph{{{}}}", "code": r"\texttt{{{}}}"}

SECTIONS: Final = ("section", "subsection", "subsubsection")

WIDE_TABLE: Final = 70.0
"""A table wider than this, in digits, does not fit on a line without breaking its cells."""

MOST_SHARED_COLUMNS: Final = 4
"""A wide table of more columns than this keeps all but the longest as wide as they are."""

CELL_LINE: Final = 22.0
"""Digits on one line of that longest column, about."""

TABLE_LINES: Final = 44
"""Lines of a table that fit on a page."""

COLUMN_GAP: Final = 4.0

WIDE_IN_A_CELL: Final = 12.0
"""A formula wider than this, in digits, may be wider than its column of a table."""

MOST_OF_A_LINE: Final = 0.8
"""What one column of formulas may take of a wide table."""

SPACE_ABOVE: Final = {"question": "14pt", "part": "8pt", "subpart": "6pt"}


def render(document: Document) -> str:
    """Return the LaTeX source of a document, in ASCII.

    Raises FullmarksError naming a character that pdflatex cannot set.
    """
    source = _frame().render(
        title=escaped(document.title),
        subtitle=escaped(document.subtitle),
        footer=escaped(document.footer),
        paper=any(isinstance(block, Cover) for block in document.blocks),
        dense=document.kind == "scheme",
        body=_blocks(document.blocks, ()),
    )
    return in_ascii(source)


@cache
def _frame() -> "jinja2.Template":
    from jinja2.sandbox import SandboxedEnvironment

    # Jinja2's own braces are LaTeX's, and the escaping is ours, so the delimiters change and autoescape stays off.
    environment = SandboxedEnvironment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        autoescape=False,
        keep_trailing_newline=True,
    )
    return frame(FRAME, WORDS, environment)


def _blocks(blocks: tuple[Block, ...], labels: tuple[str, ...]) -> str:
    """Write blocks in order; the labels hang before the first."""
    written: list[str] = []
    if labels and not (blocks and isinstance(blocks[0], Paragraph | Labelled)):
        written.append(_hanging(labels) + r"\leavevmode\par\nobreak")
        labels = ()
    for place, block in enumerate(blocks):
        written.append(_block(block, labels))
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if isinstance(block, Paragraph) and following is not None and (labels or not isinstance(following, Paragraph)):
            written.append(r"\nobreak")
        labels = ()
    return "\n".join(written)


def _block(block: Block, labels: tuple[str, ...]) -> str:
    match block:
        case Heading(text, level):
            return rf"\{SECTIONS[min(max(level, 1), len(SECTIONS)) - 1]}*{{{_inlines(text)}}}"
        case Paragraph():
            return _paragraph(block, labels)
        case Givens(items):
            return "\n".join([*(_given(item, last=item is items[-1]) for item in items), r"\par"])
        case Working(steps):
            return "\n".join([r"\begin{working}", *(_step(step) for step in steps), r"\end{working}"])
        case Answer(formula, marks):
            return rf"\answer{{{_displayed(formula)}}}{{{_marks(marks)}}}"
        case Bullets(items):
            points = [_item(item) for item in items]
            return "\n".join([r"\begin{itemize}[nosep,leftmargin=1.5em,labelsep=0.6em]", *points, r"\end{itemize}"])
        case Table():
            return _table(block)
        case Code(text):
            lines = [_listed(line) for line in printable_lines(text)]
            return "{\\small\\ttfamily " + r"\\ ".join(lines) + r"\par}"
        case Picture(figure):
            return f"\\drawing{{%\n{figure_tikz(figure)}}}"
        case Labelled(label, body, kind):
            inside = _blocks(body, (*labels, label))
            return f"\\begin{{labelled}}{{{SPACE_ABOVE[kind]}}}\n{inside}\n\\end{{labelled}}"
        case Total(text):
            return rf"\total{{{escaped(text)}}}"
        case Cover():
            return _cover(block)
        case PageBreak():
            return r"\clearpage"
        case _:
            assert_never(block)


def _paragraph(paragraph: Paragraph, labels: tuple[str, ...]) -> str:
    text = _inlines(paragraph.text)
    if paragraph.style == "note":
        text = rf"\note{{{text}}}"
    return _hanging(labels) + text + _marks(paragraph.marks) + r"\par"


def _hanging(labels: tuple[str, ...]) -> str:
    if not labels:
        return ""
    names = "".join(rf"\hanginglabel{{{escaped(label)}}}" for label in labels)
    return rf"\hanging{{{len(labels)}}}{{{names}}}"


def _given(given: Given, *, last: bool) -> str:
    label = f"{_inlines(given.label)}, " if given.label else ""
    return rf"\given{{{label}${_displayed(given.formula)}${'.' if last else ','}}}"


def _step(step: Step) -> str:
    left = "" if step.left is None else latex(step.left)
    note = rf"\quad\note{{{escaped(step.note)}}}" if step.note else ""
    return rf"\step{{{left}}}{{{_displayed(step.right)}}}{{{note}{_marks(step.marks)}}}"


def _item(item: Item) -> str:
    return rf"\item{{}} {_inlines(item.text)}{_marks(item.marks)}"


def _table(table: Table) -> str:
    header = " & ".join(rf"\textbf{{{_inlines(cell)}}}" for cell in table.header)
    widths = [max(_cell_width(cell) for cell in column) for column in zip(table.header, *table.rows, strict=True)]
    widest = [max((_widest_formula(row[place]) for row in table.rows), default=0.0) for place in range(len(widths))]
    more = len(widths) - MOST_SHARED_COLUMNS  # and so many gaps more than the width of a line allows for
    if more > 0 and sum(widths) + 1.5 * COLUMN_GAP * more > WIDE_TABLE:
        longest = widths.index(max(widths))
        others = ["r" if place in table.numbers else "l" for place in range(len(widths))]
        others[longest] = r">{\raggedright\arraybackslash}X"
        begin, end = rf"\begin{{tabularx}}{{\linewidth}}{{{''.join(others)}}}", r"\end{tabularx}"
        heights = [1 + int(_cell_width(row[longest]) / CELL_LINE) for row in table.rows]
        around = (r"{\small\setlength{\tabcolsep}{4pt}", "}")
    else:
        begin, end = rf"\begin{{tabular}}{{{_columns(widths, widest, table.numbers)}}}", r"\end{tabular}"
        heights = [1] * len(table.rows)
        around = ("", "")
    pieces = []
    for rows in _pages(table.rows, heights):
        body = [" & ".join(_cell(cell) for cell in row) + r" \\" for row in rows]
        lines = [around[0] + begin, r"\toprule", rf"{header} \\", r"\midrule", *body, r"\bottomrule"]
        pieces.append("\n".join([*lines, rf"{end}\par{around[1]}"]))
    return "\n".join(pieces)


def _cell(cell: Inlines) -> str:
    """Return a cell; a formula in it keeps a distance from the rows around it, and is no wider than its column."""
    return "".join(
        rf"\celled{{{latex(inline.node)}}}"
        if isinstance(inline, Formula) and (is_tall(inline.node) or width(inline.node) > WIDE_IN_A_CELL)
        else _inlines((inline,))
        for inline in cell
    )


def _pages(rows: tuple[tuple[Inlines, ...], ...], heights: list[int]) -> list[list[tuple[Inlines, ...]]]:
    """Split the rows of a table, so many lines high each, over pages: a tabular never breaks."""
    pages: list[list[tuple[Inlines, ...]]] = [[]]
    filled = 0
    for row, height in zip(rows, heights, strict=True):
        if filled + height > TABLE_LINES and pages[-1]:
            pages.append([])
            filled = 0
        pages[-1].append(row)
        filled += height
    return pages


def _columns(widths: list[float], widest: list[float], numbers: tuple[int, ...]) -> str:
    """Return columns as wide as their cells, or with shares of the line where the page is too narrow for that."""
    if sum(widths) < WIDE_TABLE:
        return "".join("r" if place in numbers else "l" for place in range(len(widths)))
    # The longest column may break its lines; the others should not have to, and a formula cannot.
    least = [min(formula, MOST_OF_A_LINE * WIDE_TABLE) for formula in widest]
    weights = [
        max(min(natural, WIDE_TABLE / 2), formula) + COLUMN_GAP for natural, formula in zip(widths, least, strict=True)
    ]
    shares = [weight / sum(weights) for weight in weights]
    column = r">{{\{ragged}\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
    return "".join(
        column.format(share=share - 0.001, ragged="raggedleft" if place in numbers else "raggedright")
        for place, share in enumerate(shares)
    )


def _cell_width(cell: Inlines) -> float:
    return sum(len(inline.text) if isinstance(inline, Words) else width(inline.node) for inline in cell)


def _widest_formula(cell: Inlines) -> float:
    return max((width(inline.node) for inline in cell if isinstance(inline, Formula)), default=0.0)


def _cover(cover: Cover) -> str:
    allowed = f"Time allowed: {escaped(cover.duration)}" if cover.duration else ""
    lines = [rf"\cover{{{escaped(cover.session)}}}{{{escaped(cover.date)}}}{{{allowed}}}{{{escaped(cover.total)}}}"]
    if cover.instructions:
        items = [rf"\item{{}} {escaped(line)}" for line in cover.instructions]
        lines += [r"\begin{instructions}", *items, r"\end{instructions}"]
    lines += [rf"\candidate{{{escaped(asked)}}}{{{escaped(printed)}}}" for asked, printed in cover.candidate]
    return "\n".join([*lines, r"\coverend"])


def _inlines(inlines: Inlines) -> str:
    written: list[str] = []
    for inline in inlines:
        match inline:
            case Words(text, style):
                written.append(STYLES[style].format(escaped(text)))
            case Formula(node):
                written.append(f"${latex(node)}$")
            case _:
                assert_never(inline)
    return "".join(written)


def _displayed(node: Node) -> str:
    """Return a formula that the frame breaks only where this allows it: before relations, plus and minus."""
    return r" \allowbreak ".join(_segment(segment) for segment in segments(node))


def _segment(segment: tuple[Node, ...]) -> str:
    long = width(Row(segment)) > LONG_PRODUCT
    between = r" \allowbreak " if long else " "
    return between.join(
        rf"\fitted{{{latex(piece)}}}" if width(piece) > UNBREAKABLE else latex(piece) for piece in segment
    )


def _listed(line: str) -> str:
    return r"\mbox{}" + escaped_line(line)


def _marks(marks: str) -> str:
    return rf"\marginmarks{{{escaped(marks)}}}" if marks else ""
