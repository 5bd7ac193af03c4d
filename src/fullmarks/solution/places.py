"""How many decimals each line shows, and what a reader's calculator makes of the numbers as printed."""

from fractions import Fraction

from fullmarks.math.exact_forms import worked_number
from fullmarks.math.expression import Expr, Given, Index, Let, entry, leaf_source
from fullmarks.math.history import leaves
from fullmarks.math.numbers import (
    MOST_STEADY,
    Exact,
    common_places,
    entry_places,
    fits,
    is_settled,
    misleads,
    rounded,
    rounded_throughout,
)
from fullmarks.math.symbolic import Symbolic
from fullmarks.solution.entries import ENTRIES_AT_THE_START, all_indices, origin_of, shown_entries, worked_entries

MOST_MORE_PLACES = 3
MOST_PLACES = 13  # of a line that shows more than are asked for: what floats have beyond is noise
NEAR = 1e-9  # how far the value of a check may be from the plain number that it is meant to be


class Places:
    """The places that each line is shown with, so many that its later lines are true; where they are not, it says so.

    ``asked_for`` are those of an answer, and of whatever is no line here. A line that shows more of them shows so many
    that no number of it, rounded again by a reader, differs from the answer as it is stated.
    """

    def __init__(self, lines: list[Expr], asked_for: int) -> None:
        self.asked_for = asked_for
        self._asked: dict[int, tuple[int, Expr]] = {}  # by id, which stays that of the expression beside it
        self._totals = {id(line): total for line in lines if (total := _total(line)) is not None}
        self._chosen = {id(line): self._steady(line, self._stated(line)) for line in lines}
        self._shown: dict[int, Exact] = {}  # what a reader sees, by id of the leaf
        self._from_shown: dict[int, Exact] = {}  # what a reader's calculator gives, by id of the entry
        self._unrounded: set[tuple[int, Index]] = set()
        self._choose(lines)

    def of(self, source: Expr, number: Exact) -> int:
        """Return the places that a number of a line, or of any other quantity, is shown with.

        One that keeps three digits in an answer has no fewer of them in its line.
        """
        return entry_places(number, self.asked_for, self._chosen.get(id(source), self._stated(source)))

    def needs_unrounded(self, line: Expr, index: Index) -> bool:
        """Return whether a printed entry, or with the total of a check its row, follows from unrounded values only."""
        return (id(line), index) in self._unrounded

    def total(self, line: Expr) -> Expr | None:
        """Return what the check of a line works out."""
        return self._totals.get(id(line))

    def shown(self, leaf: Expr) -> Exact:
        """Return the number that a reader sees for a leaf."""
        seen = self._shown.get(id(leaf))
        if seen is None:
            origin = origin_of(leaf)
            source, _ = leaf_source(origin)
            seen = origin.exact_leaf
            if not isinstance(source.operation, Given):
                seen = rounded(seen, self.of(source, seen))
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

    def _stated(self, source: Expr) -> int:
        """Return the places of an answer: those asked for, or three where an entry keeps three digits anyway."""
        if source.size == 1:
            return self.asked_for
        if id(source) not in self._asked:
            numbers = (entry(source, index).exact_leaf for index in shown_entries(source))
            self._asked[id(source)] = (common_places(numbers, self.asked_for), source)
        return self._asked[id(source)][0]

    def _steady(self, line: Expr, places: int) -> int:
        """Return at least ``places``, so many that no shown entry would be rounded again to another answer."""
        stated = self._stated(line)
        if places == stated:
            return places
        numbers = [entry(line, index).exact_leaf for index in shown_entries(line)]
        for more in range(places, min(places + MOST_STEADY, MOST_PLACES + 1)):
            if not any(misleads(number, more, stated) for number in numbers):
                return more
        return stated

    def _choose(self, lines: list[Expr]) -> None:
        """Give lines more places until every printed row is true on a reader's calculator, three more at most."""
        untrue: dict[int, list[Index]] = {}
        pending = list(range(len(lines)))  # lines printed with a number whose places have changed: at first all
        users = _users(lines)
        while pending:
            changed: list[Expr] = []
            for place in pending:
                untrue[id(lines[place])] = self._untrue(lines[place])
            for place in pending:
                changed += self._show_more_below(lines[place], untrue[id(lines[place])])
            for place in pending:
                changed += self._show_more_for_check(lines[place])
            pending = sorted({place for line in changed for place in users.get(id(line), ())})
        self._unrounded = {(one, index) for one, indices in untrue.items() for index in indices}
        for line in lines:
            total = self._totals.get(id(line))
            if total is not None:
                self._unrounded |= {(id(total), index) for index in self._untrue_checks(line, total)}

    def _show_more_below(self, line: Expr, untrue: list[Index]) -> list[Expr]:
        """Show one place more of everything rounded that untrue entries are worked from; return what has changed."""
        wanting: dict[int, Expr] = {}
        for index in untrue:
            for leaf in leaves(entry(line.arguments[0], index)):
                origin = origin_of(leaf)
                source, _ = leaf_source(origin)
                places = self._chosen.get(id(source), MOST_PLACES)
                if places < self._most(source) and not fits(origin.exact_leaf, places):
                    wanting[id(source)] = source
        return [source for source in wanting.values() if self._show(source, self._chosen[id(source)] + 1)]

    def _show_more_for_check(self, line: Expr) -> list[Expr]:
        """Show so many places more that the check of ``line`` is true, or none more where that does not help."""
        total = self._totals.get(id(line))
        if total is None or not self._untrue_checks(line, total):
            return []
        before = self._chosen[id(line)]
        for places in range(before + 1, self._most(line) + 1):
            if self._show(line, places) and not self._untrue_checks(line, total):
                return [line]
        self._chosen[id(line)] = before
        self._forget()
        return []

    def _most(self, line: Expr) -> int:
        return min(self._stated(line) + MOST_MORE_PLACES, MOST_PLACES)

    def _show(self, line: Expr, places: int) -> bool:
        before = self._chosen[id(line)]
        self._chosen[id(line)] = max(before, self._steady(line, places))
        self._forget()
        return self._chosen[id(line)] > before

    def _forget(self) -> None:
        self._shown.clear()
        self._from_shown.clear()

    def _untrue(self, line: Expr) -> list[Index]:
        """Return the printed entries whose numbers, put into the formula, do not give the printed result."""
        wrong = []
        for index in worked_entries(line):
            expanded = entry(line.arguments[0], index)
            if isinstance(expanded.number, Symbolic) and not expanded.number.letters:
                continue  # shown exactly: e beside e^a
            places = self.of(line, expanded.number)
            claimed = rounded_throughout(expanded.number, places)
            found = self.from_shown(expanded)
            if rounded_throughout(found, places) != claimed or not is_settled(found, places):
                wrong.append(index)
        return wrong

    def _untrue_checks(self, line: Expr, total: Expr) -> list[Index]:
        """Return the rows of a line's check whose numbers, put into the formula, do not give what it claims."""
        wrong = []
        for index in checked_entries(total):
            claimed = checked_value(entry(total, index))
            if isinstance(claimed, Symbolic):
                continue
            places = self._stated(line)  # so many digits make a check: 0.2741 + 0.7260 is 1 to three places
            if rounded(self.from_shown(entry(total, index)), places) != rounded(claimed, places):
                wrong.append(index)
        return wrong


def _users(lines: list[Expr]) -> dict[int, list[int]]:
    """Return, by id of a line, the places of those that are printed with numbers of it, itself included."""
    users: dict[int, list[int]] = {id(line): [place] for place, line in enumerate(lines)}
    for place, line in enumerate(lines):
        found = (origin_of(leaf) for index in worked_entries(line) for leaf in leaves(entry(line.arguments[0], index)))
        for key in {id(leaf_source(leaf)[0]) for leaf in found}:
            users.setdefault(key, []).append(place)
    return users


def _total(line: Expr) -> Expr | None:
    operation = line.operation
    check = operation.check if isinstance(operation, Let) else None
    return None if check is None else check.expression(line)


def checked_entries(total: Expr) -> list[Index]:
    """Return the entries of a check that are printed."""
    return all_indices(total)[:ENTRIES_AT_THE_START]


def checked_value(expanded: Expr) -> Exact:
    """Return what a check comes to: the plain number that a float is meant to be, the 1 of 0.99999999."""
    number = expanded.number
    if not isinstance(number, float):
        return number
    plain = Fraction(number).limit_denominator(1000)
    return plain if abs(plain - Fraction(number)) < NEAR else number
