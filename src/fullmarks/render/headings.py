"""Headings as readers who cannot see the page need them: none deeper than one below the heading before it."""

from fullmarks.document.blocks import Block, Heading


def without_skipped_levels(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks whose headings go down one level at a time, as PDF/UA demands and screen readers expect."""
    level = 0
    checked: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            level = min(max(block.level, 1), level + 1)
            checked.append(Heading(block.text, level))
        else:
            checked.append(block)
    return tuple(checked)
