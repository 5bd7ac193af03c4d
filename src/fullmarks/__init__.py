"""fullmarks: exercises on neural networks, solved with every step worked, generated, set as exams and marked.

The functions that most programs need stand here; each imports what it uses when it is first called.
"""

from typing import TYPE_CHECKING, Any

import fullmarks.render  # noqa: F401 - before the function of that name, which a later import of it would hide
from fullmarks.errors import FullmarksError

if TYPE_CHECKING:
    from fullmarks.api import Solution, build_exam, load, solve

__version__ = "0.1.0"
__all__ = ["FullmarksError", "Solution", "build_exam", "load", "render", "solve"]


def render(solution: "Solution", format_name: str = "md", document: str = "solution", **options: Any) -> str | bytes:
    """Render a solution, or only its ``question``, or its marking ``scheme``: see ``fullmarks.api.render``."""
    from fullmarks import api

    return api.render(solution, format_name, document, **options)


def __getattr__(name: str) -> Any:
    if name in __all__:
        from fullmarks import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
