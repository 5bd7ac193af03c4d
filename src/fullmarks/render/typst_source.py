"""Typst source for a document: calls of the functions in ``templates/typst/fullmarks.typ``, which hold the look.

Words go in as Typst strings, never as markup, so nothing in them can be read as a command.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

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
from fullmarks.math.figures.svg import figure_svg
from fullmarks.math.notation import Node, Row, Sign
from fullmarks.math.notation.latex import is_tall
from fullmarks.math.notation.speech import speech
from fullmarks.math.notation.typst import string, typst
from fullmarks.math.notation.vocabulary import RELATIONS
from fullmarks.render.headings import without_skipped_levels
from fullmarks.render.long_formulas import LONG_PRODUCT, segments, terms, width
from fullmarks.render.words import printable, printable_lines

WORD_JOINER: Final = "\u2060"  # invisible, and no line breaks there

LIBRARY: Final = "fullmarks.typ"

MOST_COLUMNS_IN_FULL_SIZE: Final = 5
DENSE: Final = ("working", "tabulated", "picture")
"""What a marking scheme sets denser, by the functions whose names begin with ``dense-``."""

UNBREAKABLE: Final = 25.0
"""A piece wider than this, in digits, may be wider than its line."""

WIDE_IN_A_CELL: Final = 12.0
"""A formula wider than this, in digits, may be wider than its column of a table."""

NONE_WIDE: Final = "(),"


def source(document: Document) -> str:
    """Return the main file of a document; it imports the library from beside itself.

    A marking scheme is set denser than what students read.
    """
    paper = any(isinstance(block, Cover) for block in document.blocks)
    settings = ", ".join(
        [
            f"title: {_text(document.title)}",
            f"subtitle: {_text(document.subtitle)}",
            f"footer: {_text(document.footer)}",
            f"paper: {_truth(paper)}",
            f"dense: {_truth(document.kind == 'scheme')}",
        ]
    )
    frame = f'#import "{LIBRARY}": *\n#show: document.with({settings})\n'
    if document.kind == "scheme":
        frame += "".join(f"#let {function} = dense-{function}\n" for function in DENSE)
    return frame + _blocks(without_skipped_levels(document.blocks), labels=())


def _blocks(blocks: tuple[Block, ...], labels: tuple[str, ...], *, sticky: bool = False) -> str:
    """Write blocks in order; ``labels`` hang before the first, ``sticky`` keeps the last with what follows outside."""
    written: list[str] = []
    if labels and not (blocks and isinstance(blocks[0], Paragraph | Labelled)):
        written.append(f"#paragraph(sticky: {_truth(bool(blocks))}, labels: {_labels(labels)})[]")
        labels = ()
    for place, block in enumerate(blocks):
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        clings = sticky if following is None else _belongs_together(block, following, labelled=bool(labels))
        written.append(_block(block, labels, sticky=clings))
        labels = ()
    return "\n".join(written) + "\n"


def _belongs_together(block: Block, following: Block, *, labelled: bool) -> bool:
    match block, following:
        case (_, Total()) | (Working(), Answer()):
            return True
        case Paragraph(), Givens() | Working() | Answer() | Bullets() | Table() | Code() | Picture():
            return True
        case Paragraph(), _:
            return labelled
        case _:
            return False


def _block(block: Block, labels: tuple[str, ...], *, sticky: bool) -> str:
    match block:
        case Heading(text, level):
            return f"#heading(level: {level})[{_inlines(text)}]"
        case Paragraph():
            return _paragraph(block, labels, sticky=sticky)
        case Givens(items):
            return f"#givens(sticky: {_truth(sticky)}, {', '.join(_given(item) for item in items)})"
        case Working(steps):
            return f"#working(sticky: {_truth(sticky)}{''.join(_step(step) for step in steps)})"
        case Answer(formula, marks):
            settings = f"sticky: {_truth(sticky)}, wide: {_wide(formula)}, marks: {_text(marks)}"
            return f"#answer({settings})[{_displayed(formula)}]"
        case Bullets(items):
            points = [f"(text: [{_inlines(item.text)}], marks: {_text(item.marks)})" for item in items]
            return f"#bullets({', '.join(points)})"
        case Table(header, rows, numbers):
            body = "".join(f"{_cells(row)}, " for row in rows)
            right = f", numbers: ({''.join(f'{place}, ' for place in numbers)})" if numbers else ""
            size = ", size: 0.9em" if len(header) > MOST_COLUMNS_IN_FULL_SIZE else ""
            columns = [_wide_formulas(column) for column in zip(*rows, strict=True)]
            wide = f", wide: ({' '.join(columns)})" if any(column != NONE_WIDE for column in columns) else ""
            return f"#tabulated(header: {_cells(header)}, rows: ({body}){size}{right}{wide})"
        case Code(text):
            return f"#listing({_lines(text)})"
        case Picture(figure):
            return f"#picture({_text(figure.alt)}, {string(figure_svg(figure))})"
        case Labelled(label, body, kind):
            inside = _blocks(body, (*labels, label), sticky=sticky)
            return f'#labelled("{kind}")[\n{inside}]'
        case Total(text):
            return f"#total({_text(text)})"
        case Cover():
            return _cover(block)
        case PageBreak():
            return "#pagebreak(weak: true)"
        case _:
            assert_never(block)


def _paragraph(paragraph: Paragraph, labels: tuple[str, ...], *, sticky: bool) -> str:
    settings = [f"sticky: {_truth(sticky)}", f"note: {_truth(paragraph.style == 'note')}"]
    settings += [f"labels: {_labels(labels)}"] if labels else []
    settings += [f"marks: {_text(paragraph.marks)}"] if paragraph.marks else []
    return f"#paragraph({', '.join(settings)})[{_inlines(paragraph.text)}]"


def _given(given: Given) -> str:
    label = f"{_inlines(given.label)}, " if given.label else ""
    return f"(label: [{label}], formula: [{_displayed(given.formula)}], wide: {_wide(given.formula)})"


def _step(step: Step) -> str:
    left = "[]" if step.left is None else f"[{_displayed(step.left)}]"
    right = f"[{_displayed(step.right)}]"
    settings = f"wide: {_wide(step.right)}, marks: {_text(step.marks)}, note: {_text(step.note)}"
    role = f"entry: {_truth(_is_entry(step))}, goes-on: {_truth(_goes_on(step))}"
    return f",\n  (left: {left}, right: {right}, {role}, {settings})"


def _is_entry(step: Step) -> bool:
    """Return whether a step is complete in itself, from its symbol over a formula to the result."""
    return step.left is not None and sum(map(_begins_with_relation, segments(step.right))) > 1


def _goes_on(step: Step) -> bool:
    """Return whether a step goes on from the one before; a row of a check has no left side, yet is complete."""
    return step.left is None and any(map(_begins_with_relation, segments(step.right)[:1]))


def _begins_with_relation(segment: tuple[Node, ...]) -> bool:
    sign = segment[0]
    return isinstance(sign, Sign) and sign.kind in RELATIONS


def _cover(cover: Cover) -> str:
    instructions = "".join(f"{_text(line)}, " for line in cover.instructions)
    candidate = "".join(f"({_text(asked)}, {_text(printed)}), " for asked, printed in cover.candidate)
    return (
        f"#cover(session: {_text(cover.session)}, date: {_text(cover.date)}, duration: {_text(cover.duration)}, "
        f"total: {_text(cover.total)}, instructions: ({instructions}), candidate: ({candidate}))"
    )


def _inlines(inlines: Inlines) -> str:
    written: list[str] = []
    for inline in inlines:
        match inline:
            case Words(text, style):
                written.append(_styled(string(_beside_formulas(printable(text))), style))
            case Formula(node):
                function = "tall" if is_tall(node) else "formula"
                written.append(f"#{function}({_text(speech(node))}, ${typst(node)}$)")
            case _:
                assert_never(inline)
    return "".join(written)


def _beside_formulas(text: str) -> str:
    """Keep a × that touches a formula on its line: 27×27 is one word, also where its numbers are formulas."""
    before = WORD_JOINER if text.startswith("×") else ""
    after = WORD_JOINER if text.endswith("×") else ""
    return f"{before}{text}{after}"


def _styled(text: str, style: str) -> str:
    # The semicolon ends the expression, so that a bracket or a dot after it is not read as part of it.
    function = {"plain": "", "strong": "strong", "emphasis": "emph", "code": "raw"}[style]
    return f"#{function}({text});" if function else f"#{text};"


def _displayed(node: Node) -> str:
    if not segments(node):
        return ""  # an empty equation has no words for a screen reader
    first, *others = segments(node)
    written = " ".join([_side_by_side(first), *(_segment(segment) for segment in others)])
    return f"#displayed({_text(speech(node))}, $ {written} $)"


def _segment(segment: tuple[Node, ...]) -> str:
    """Write a sign with what follows it, as one piece that may start a line unless it is too long for that."""
    sign, *rest = segment
    if not rest or width(Row(segment)) > LONG_PRODUCT:
        return _side_by_side(segment)
    function = "related" if isinstance(sign, Sign) and sign.kind in RELATIONS else "added"
    return f"{function}({typst(sign)}, {_side_by_side(rest)})"


def _side_by_side(pieces: Sequence[Node]) -> str:
    return " ".join(f"term({typst(piece)})" if isinstance(piece, Row) else typst(piece) for piece in pieces)


def _wide(node: Node) -> str:
    """Return the pieces that cannot break and may be wider than a line, for the library to measure."""
    pieces = [typst(piece) for piece in terms(node) if width(piece) > UNBREAKABLE]
    return "(" + "".join(f"$ {piece} $, " for piece in pieces) + ")"


def _wide_formulas(column: Iterable[Inlines]) -> str:
    """Return the formulas of a column that may be wider than it, for the library to measure."""
    nodes = [inline.node for cell in column for inline in cell if isinstance(inline, Formula)]
    pieces = [typst(node) for node in nodes if width(node) > WIDE_IN_A_CELL]
    return "(" + "".join(f"$ {piece} $, " for piece in pieces) + "),"


def _cells(cells: tuple[Inlines, ...]) -> str:
    return "(" + "".join(f"[{_inlines(cell)}], " for cell in cells) + ")"


def _labels(labels: tuple[str, ...]) -> str:
    return "(" + "".join(f"{_text(label)}, " for label in labels) + ")"


def _lines(text: str) -> str:
    return string("\n".join(printable_lines(text))).replace("\\u{a}", "\\n")


def _text(text: str) -> str:
    return string(printable(text))


def _truth(value: bool) -> str:  # the one argument is the value that is written
    return "true" if value else "false"
