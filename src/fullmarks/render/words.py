"""Plain text made fit to print: what no output format may let through."""

from fullmarks.characters import never_printed


def printable(text: str) -> str:
    """Return ``text`` on one line, every run of white space as one blank, without characters that print nothing.

    Escape sequences, text-direction overrides and lone surrogates are dropped: each could make a page or a terminal
    show something other than what was written.
    """
    return visible(_with_single_blanks(text))


def printable_lines(text: str) -> list[str]:
    """Return the lines of a listing, blanks kept and tabs expanded, without characters that print nothing."""
    return [visible(line.expandtabs(4)).rstrip() for line in text.splitlines()]


def _with_single_blanks(text: str) -> str:
    # Leading and trailing blanks keep neighbouring words apart, so only runs shrink.
    if text.isprintable() and "  " not in text:
        return text
    blanks = "".join(
        " " if character.isspace() and character != "\N{NO-BREAK SPACE}" else character for character in text
    )
    while "  " in blanks:
        blanks = blanks.replace("  ", " ")
    return blanks


def visible(text: str) -> str:
    """Return ``text`` without control, formatting and unassigned characters."""
    if text.isprintable():
        return text
    return "".join(character for character in text if not never_printed(character))
