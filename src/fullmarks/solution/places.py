"""How many decimals each line shows, and what a reader's calculator makes of the numbers as printed."""

from fullmarks.math.exact_forms import worked_number
from fullmarks.math.expression import Expr, Given, Index, entry, leaf_source
from fullmarks.math.history import leaves
from fullmarks.math.numbers import Exact, fits, rounded, rounded_throughout
from fullmarks.math.symbolic import Symbolic
from fullmarks.solution.entries import origin_of, printed_entries

MOST_MORE_PLACES = 3


class Places:
    """The places that each line is shown with, so many that its later lines are true; where they are not, it says so.

    ``asked_for`` are those of an answer, and of whatever is no line here.
    """

    def __init__(self, lines: list[Expr], asked_for: int) -> None:
        self.asked_for = asked_for
        self._chosen = dict.fromkeys((id(line) for line in lines), asked_for)
        self._shown: dict[int, Exact] = {}  # what a reader sees, by id of the leaf
        self._from_shown: dict[int, Exact] = {}  # what a reader's calculator gives, by id of the entry
        self._unrounded: set[tuple[int, Index]] = set()
        self._choose(lines)

    def of(self, line: Expr) -> int:
        """Return the places of a line."""
        return self._chosen.get(id(line), self.asked_for)

    def needs_unrounded(self, line: Expr, index: Index) -> bool:
        """Tell whether a printed entry follows from unrounded values only."""
        return (id(line), index) in self._unrounded

    def shown(self, leaf: Expr) -> Exact:
        """Return the number that a reader sees for a leaf."""
        seen = self._shown.get(id(leaf))
        if seen is None:
            origin = origin_of(leaf)
            source, _ = leaf_source(origin)
            seen = origin.exact_leaf
            if not isinstance(source.operation, Given):
                seen = rounded(seen, self.of(source))
            self._shown[id(leaf)] = seen
        return seen

    def from_shown(self, expanded: Expr) -> Exact:
        """Return what a reader's calculator gives for an entry, from the numbers as printed."""
        found = self._from_shown.get(id(expanded))
        if found is None:
            try:
                found = worked_number(expanded, self.shown)
            except (ZeroDivisionError, OverflowError):
                found = float("nan")
            self._from_shown[id(expanded)] = found
        return found

    def _choose(self, lines: list[Expr]) -> None:
        """Give lines more places until every printed row is true on a reader's calculator, three more at most."""
        for more in range(MOST_MORE_PLACES + 1):
            self._unrounded = {(id(line), index) for line in lines for index in self._untrue(line)}
            if not self._unrounded or more == MOST_MORE_PLACES:
                return
            wanting = {one for one, _ in self._unrounded}
            for line in lines:
                if id(line) in wanting:
                    self._show_more_below(line)

    def _show_more_below(self, line: Expr) -> None:
        """Show one place more of everything rounded that an untrue row of ``line`` is worked from."""
        needed = [origin_of(leaf) for index in self._untrue(line) for leaf in leaves(entry(line.arguments[0], index))]
        limit = self.asked_for + MOST_MORE_PLACES
        for source_id in {
            id(leaf_source(leaf)[0])
            for leaf in needed
            if id(leaf_source(leaf)[0]) in self._chosen
            and not fits(leaf.exact_leaf, self._chosen[id(leaf_source(leaf)[0])])
        }:
            self._chosen[source_id] = min(self._chosen[source_id] + 1, limit)
        self._shown.clear()
        self._from_shown.clear()

    def _untrue(self, line: Expr) -> list[Index]:
        """Return the printed entries whose numbers, put into the formula, do not give the printed result."""
        places = self.of(line)
        wrong = []
        for index in printed_entries(line):
            expanded = entry(line.arguments[0], index)
            if isinstance(expanded.number, Symbolic) and not expanded.number.letters:
                continue  # shown exactly: e beside e^a
            claimed = rounded_throughout(expanded.number, places)
            if rounded_throughout(self.from_shown(expanded), places) != claimed:
                wrong.append(index)
        return wrong
