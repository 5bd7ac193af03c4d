"""Papers that cannot be set: which question of which paper it is, and why; the other papers are set without it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullmarks.errors import FullmarksError, IncompleteError, OperatorFault

MOST_NAMED = 5  # failures of which a message tells
REFUSALS = (FullmarksError, OperatorFault)  # what else is raised is a fault of the program


class PaperError(FullmarksError):
    """One paper cannot be set."""

    def __init__(self, paper: str, question: int, problem: str, reason: Exception) -> None:
        self.paper, self.question, self.problem, self.reason = paper, question, problem, reason
        super().__init__(f"{paper}: question {question}: {problem}: {reason_text(reason)}")

    def record(self) -> dict[str, Any]:
        """Return what the lock file keeps of it."""
        return {
            "name": self.paper,
            "question": self.question,
            "problem": self.problem,
            "reason": reason_text(self.reason),
        }


def reason_text(reason: Exception) -> str:
    """Return the message of a refusal as it is, that of a fault with its kind."""
    return str(reason) if isinstance(reason, REFUSALS) else f"{type(reason).__name__}: {reason}"


@contextmanager
def blaming(paper: str, question: int, problem: str) -> Iterator[None]:
    """Raise whatever goes wrong in the block as a ``PaperError`` that names the question."""
    try:
        yield
    except MemoryError:  # the next paper would not fare better
        raise
    except Exception as reason:
        raise PaperError(paper, question, problem, reason) from reason


def nothing_set(failures: Sequence[PaperError], drawn_from: str) -> FullmarksError:
    """Return what is raised where no paper can be set: a refusal if the first failure is one."""
    message = _listed(failures, drawn_from)
    refused = isinstance(failures[0].reason, REFUSALS)
    return FullmarksError(message) if refused else IncompleteError(f"no paper can be set\n{message}")


def some_missing(failures: Sequence[PaperError], papers: int, drawn_from: str, made: Sequence[Path]) -> IncompleteError:
    """Return what is raised once the other papers are written, whose files are ``made``."""
    asked = len(failures) + papers
    more = f"--variants {asked + len(failures)} adds as many"
    missing = f"{len(failures)} of {asked} papers cannot be set; the others are written ({more})"
    return IncompleteError(f"{missing}\n{_listed(failures, drawn_from)}", made)


def _listed(failures: Sequence[PaperError], drawn_from: str) -> str:
    lines = [f"{failure} ({drawn_from})" for failure in failures[:MOST_NAMED]]
    if len(failures) > MOST_NAMED:
        lines.append(f"and {len(failures) - MOST_NAMED} more")
    if not all(isinstance(failure.reason, REFUSALS) for failure in failures):
        lines.append("This is a fault of fullmarks, not of your input: please report it together with the call.")
    return "\n".join(lines)
