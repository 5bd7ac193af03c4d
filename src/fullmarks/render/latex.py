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
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import latex
from fullmarks.render.latex_words import escaped, escaped_line, in_ascii
from fullmarks.render.long_formulas import LONG_PRODUCT, segments, width
from fullmarks.render.templates import template
from fullmarks.render.words import printable_lines

if TYPE_CHECKING:
    import jinja2

FRAME: Final = "latex/document.tex.j2"

UNBREAKABLE: Final = 25.0
"""A piece wider than this, in digits, may be wider than the page and is set smaller if so."""

STYLES: Final = {"plain": "{}", "strong": r"\textbf{{{}}}", "emphasis": r"\emph{{{}}}", "code": r"\texttt{{{}}}"}

SECTIONS: Final = ("section", "subsection", "subsubsection")

WIDE_TABLE: Final = 70.0
"""A table wider than this, in digits, does not fit on a line without breaking its cells."""

COLUMN_GAP: Final = 4.0

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
    return environment.from_string(template(FRAME))


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
        case Picture(_, alt):
            # A picture would need a second file; its description needs none.
            return rf"\note{{[Picture: {escaped(alt)}]}}\par"
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
    rows = [" & ".join(_inlines(cell) for cell in row) + r" \\" for row in table.rows]
    lines = [rf"\begin{{tabular}}{{{_columns(table)}}}", r"\toprule", rf"{header} \\", r"\midrule", *rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}\par"])


def _columns(table: Table) -> str:
    """Return columns as wide as their cells, or with shares of the line where the page is too narrow for that."""
    widths = [max(_cell_width(cell) for cell in column) for column in zip(table.header, *table.rows, strict=True)]
    if sum(widths) < WIDE_TABLE:
        return "l" * len(widths)
    # The longest column may break its lines; the others should not have to.
    weights = [min(natural, WIDE_TABLE / 2) + COLUMN_GAP for natural in widths]
    shares = [weight / sum(weights) for weight in weights]
    column = r">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
    return "".join(column.format(share=share - 0.001) for share in shares)


def _cell_width(cell: Inlines) -> float:
    return sum(len(inline.text) if isinstance(inline, Words) else width(inline.node) for inline in cell)


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
