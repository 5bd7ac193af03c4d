"""A document as CommonMark with mathematics between dollars, as GitHub, Jupyter and pandoc read it."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, assert_never
from urllib.parse import quote

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Cover,
    Document,
    Formula,
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
from fullmarks.math.figures import Figure
from fullmarks.math.notation import Node, Text
from fullmarks.math.notation.latex import latex
from fullmarks.render.long_formulas import rows
from fullmarks.render.words import printable, printable_lines

SPECIAL: Final = re.compile(r"[\\`*_\[\]<>&$~|]")
LIST_OR_HEADING: Final = re.compile(r"^(\s*)(#|[-+=](?=\s|[-+=]|$)|\d+(?=[.)]))")

# Digits in one line of working before it goes on below; about the width of a page.
LONGEST_LINE: Final = 78.0


Files = Mapping[Figure, str]  # the name of the file of each figure that has one


def render(document: Document, files: Files | None = None) -> str:
    """Return the document as Markdown; words are escaped so that prose stays prose.

    A figure is the image in its file; without one, it is printed as its description in words.
    """
    parts = [f"# {_escaped(document.title)}"]
    parts += [f"*{_escaped(document.subtitle).strip()}*"] if document.subtitle.strip() else []
    parts += _blocks(document.blocks, "", files or {})
    parts += ["---", f"*{_escaped(document.footer)}*"] if document.footer else []
    return "\n\n".join(parts) + "\n"


def figures(blocks: Iterable[Block]) -> tuple[Figure, ...]:
    """Return the figures among blocks in the order in which they are first printed."""
    found: list[Figure] = []
    for block in blocks:
        match block:
            case Picture(figure):
                found.append(figure)
            case Labelled(body=body):
                found.extend(figures(body))
    return tuple(dict.fromkeys(found))


def _blocks(blocks: tuple[Block, ...], label: str, files: Files) -> list[str]:
    """Return paragraphs of Markdown; the label stands in bold before the first."""
    parts: list[str] = []
    if label and not (blocks and isinstance(blocks[0], Paragraph | Labelled)):
        parts.append(label)
        label = ""
    for block in blocks:
        parts.extend(_block(block, label, files))
        label = ""
    return parts


def _block(block: Block, label: str, files: Files) -> list[str]:
    match block:
        case Heading(text, level):
            return [f"{'#' * min(level + 1, 6)} {_inlines(text)}"]
        case Paragraph():
            return [_paragraph(block, label)]
        case Givens(items):
            return ["\n".join(f"- {_labelled_formula(item.label, item.formula)}" for item in items)]
        case Working(steps):
            return [_working(steps)]
        case Answer(formula, marks):
            beside = rf" \qquad {_upright(marks)}" if marks else ""
            return [f"$$\n\\boxed{{{latex(formula)}}}{beside}\n$$"]
        case Bullets(items):
            return ["\n".join(f"- {_at_line_start(_inlines(item.text))}{_marks(item.marks)}" for item in items)]
        case Table(header, body, numbers):
            rule = "|" + "".join(" ---: |" if place in numbers else " --- |" for place in range(len(header)))
            return ["\n".join([_cells(header), rule, *(_cells(cells) for cells in body)])]
        case Code(text):
            return [_fenced("\n".join(printable_lines(text)))]
        case Picture(figure):
            words = _escaped(figure.alt)
            return [f"![{words}]({_address(files[figure])})" if figure in files else f"*Figure: {words}*"]
        case Labelled(name, body):
            return _blocks(body, _joined(label, f"**{_escaped(name)}**") if name else label, files)
        case Total(text):
            return [f"**{_escaped(text)}**"]
        case Cover():
            return _cover(block)
        case PageBreak():
            return ["---"]
        case _:
            assert_never(block)


def _address(name: str) -> str:
    """Return a file beside the page as a link, also one whose name is not valid UTF-8."""
    return quote(name.encode(errors="surrogateescape"))


def _paragraph(paragraph: Paragraph, label: str) -> str:
    text = _inlines(paragraph.text)
    if paragraph.style == "note" and text.strip():
        text = f"*{text.strip()}*"
    whole = _joined(label, text) if label else _at_line_start(text)
    return whole + _marks(paragraph.marks)


def _labelled_formula(label: Inlines, formula: Node) -> str:
    mathematics = f"${latex(formula)}$"
    return f"{_at_line_start(_inlines(label))}, {mathematics}" if label else mathematics


def _working(steps: tuple[Step, ...]) -> str:
    lines = [line for step in steps for line in _step(step)]
    body = " \\\\[4pt]\n".join(lines)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def _step(step: Step) -> list[str]:
    left = "" if step.left is None else latex(step.left)
    first, *others = [latex(piece) for piece in rows(step.right, LONGEST_LINE)] or [""]
    lines = [f"{left} &{first}".lstrip(), *(f"&\\qquad {{}}{piece}" for piece in others)]
    if step.note:
        lines[-1] += rf" \quad {_upright(step.note)}"
    if step.marks:
        lines[-1] += f" && {_upright(step.marks)}"
    return lines


def _upright(words: str) -> str:
    return latex(Text(printable(words)))


def _cover(cover: Cover) -> list[str]:
    time_allowed = f"Time allowed: {cover.duration}" if cover.duration else ""
    facts = [_escaped(fact) for fact in (cover.date, time_allowed, cover.total) if fact]
    parts = [f"**{_escaped(cover.session)}**"] if cover.session else []
    parts += [" · ".join(facts)] if facts else []
    if cover.instructions:
        parts.append("**Instructions to candidates**")
        numbered = enumerate(cover.instructions, start=1)
        parts.append("\n".join(f"{number}. {_at_line_start(_escaped(line))}" for number, line in numbered))
    blank = r"\_" * 30
    parts.extend(f"**{_escaped(asked)}:** {_escaped(printed) or blank}" for asked, printed in cover.candidate)
    return [*parts, "---"]


def _inlines(inlines: Inlines) -> str:
    written: list[str] = []
    for inline in inlines:
        match inline:
            case Words(text, style):
                written.append(_styled(printable(text), style))
            case Formula(node):
                written.append(f"${latex(node)}$")
            case _:
                assert_never(inline)
    return "".join(written)


def _styled(text: str, style: str) -> str:
    inside = text.strip(" ")
    if style == "plain" or not inside:
        return _escaped(text)
    # Emphasis must touch its words, so blanks at either end move outside.
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    if style == "code":
        return f"{before}{_code(inside)}{after}"
    mark = {"strong": "**", "emphasis": "*"}[style]
    return f"{before}{mark}{_escaped(inside)}{mark}{after}"


def _code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _cells(cells: tuple[Inlines, ...]) -> str:
    written = [_inlines(cell) for cell in cells]
    # Inside a table a bar ends the cell even within code.
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in written) + " |"


def _marks(marks: str) -> str:
    return f" **{_escaped(marks)}**" if marks else ""


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: "\\" + found[0], printable(text))


def _at_line_start(text: str) -> str:
    """Escape what would open a heading, a list or a rule at the start of a line."""
    return LIST_OR_HEADING.sub(_with_backslash, text.lstrip(" "))


def _with_backslash(found: re.Match[str]) -> str:
    opening = found[2]
    return f"{found[1]}{opening}\\" if opening.isdigit() else f"{found[1]}\\{opening}"


def _joined(label: str, text: str) -> str:
    return f"{label} {text}".strip()
