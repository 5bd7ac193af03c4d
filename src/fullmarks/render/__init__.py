"""Renderers: a document of blocks becomes one format each; none of them knows what a problem is."""

from typing import TYPE_CHECKING, Final, assert_never, get_args
from typing import Literal as _Literal

from fullmarks.errors import FullmarksError, nearest

if TYPE_CHECKING:
    from fullmarks.document.blocks import Document

Format = _Literal["terminal", "md", "tex", "pdf", "html"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def render_document(document: "Document", format_name: str, *, width: int = 80, colour: bool = False) -> str | bytes:
    """Return a document in one of ``FORMATS``: bytes for ``pdf``, text for the others.

    ``width`` (in characters) and ``colour`` matter to ``terminal`` only.
    Raises FullmarksError for an unknown format, and for a character that the format cannot show.
    """
    # Each renderer is imported only when it is asked for: Typst and Jinja2 cost more than a short text does.
    match _known(format_name):
        case "terminal":
            from fullmarks.render.terminal import render as render_terminal

            return render_terminal(document, width=width, colour=colour)
        case "md":
            from fullmarks.render.markdown import render as render_markdown

            return render_markdown(document)
        case "tex":
            from fullmarks.render.latex import render as render_latex

            return render_latex(document)
        case "pdf":
            from fullmarks.render.pdf import render as render_pdf

            return render_pdf(document)
        case "html":
            from fullmarks.render.html import render as render_html

            return render_html(document)
        case unknown:
            assert_never(unknown)


def document_files(document: "Document", format_name: str, name: str) -> dict[str, bytes]:
    """Return a document as the file ``name`` and the files that it shows, each by name; they belong into one folder.

    Only Markdown has files beside it: ``quiz.md`` shows ``quiz-figure-1.svg``.
    Raises FullmarksError as ``render_document`` does.
    """
    if format_name != "md":
        content = render_document(document, format_name)
        return {name: content.encode() if isinstance(content, str) else content}
    from fullmarks.math.figures.svg import figure_file
    from fullmarks.render.markdown import figures
    from fullmarks.render.markdown import render as render_markdown

    stem = name.removesuffix(".md")
    beside = {figure: f"{stem}-figure-{place}.svg" for place, figure in enumerate(figures(document.blocks), 1)}
    drawn = {file: figure_file(figure).encode() for figure, file in beside.items()}
    return {name: render_markdown(document, beside).encode(), **drawn}


def _known(format_name: str) -> Format:
    for known in FORMATS:
        if format_name == known:
            return known
    expected = ", ".join(FORMATS)
    raise FullmarksError(f"unknown format {format_name!r}; expected one of {expected}{nearest(format_name, FORMATS)}")
