"""What drawings show in words, for people who cannot see them."""

from collections.abc import Sequence


def listed(items: Sequence[str]) -> str:
    """Join words or numbers: ``a``, ``a and b``, ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
