"""Where the page furniture is: inside the installed package, else in the checkout."""

from functools import cache
from pathlib import Path

from fullmarks.errors import FullmarksError


@cache
def template(name: str) -> str:
    """Return the text of a template such as ``typst/fullmarks.typ``."""
    package = Path(__file__).parents[1]
    # A wheel carries the templates inside the package; an editable install leaves them at the top of the checkout.
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise FullmarksError(f"templates/{name} is missing; reinstall fullmarks, or put the file back")
