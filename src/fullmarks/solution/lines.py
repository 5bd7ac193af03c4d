"""How one line of working is laid out: formula in symbols, numbers put in, result; entry by entry for arrays."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from fullmarks.math.array_operations import under_its_name
from fullmarks.math.expression import Expr, Given, Index, Let, entry, is_named, leaf_source
from fullmarks.math.found import is_found
from fullmarks.math.history import leaves
from fullmarks.math.marks import Mark
from fullmarks.math.notation import Node, Row, Sign
from fullmarks.math.notation.latex import latex
from fullmarks.math.numbers import rounded, shown_in_full
from fullmarks.math.symbolic import Symbolic
from fullmarks.math.symbols import entry_symbol, on_one_line
from fullmarks.math.writing import (
    ATOM,
    NotWritable,
    Pen,
    Written,
    given_number,
    is_size,
    matrix,
    number,
    planes,
    shown_indices,
    times,
    write,
)
from fullmarks.solution.entries import (
    ENTRIES_IN_FULL,
    equation,
    is_gap,
    is_rearrangement,
    is_substituted,
    origin_of,
    plane_symbol,
    printed_entries,
)
from fullmarks.solution.places import Places, checked_entries, checked_value

if TYPE_CHECKING:
    from fullmarks.math.exact_forms import ExactForms

LONGEST_EXACT_FORM = 40  # characters of its text, in a line of working
UNROUNDED = "unrounded values used"


class LineRow(Struct, frozen=True):
    """One printed row: left side or none where it goes on, right side from its relation on, and a note."""

    left: Node | None
    right: Node
    note: str = ""


class Line(Struct, frozen=True):
    """A named line of working as it is printed."""

    name: str
    quantity: str  # the quantity that this line belongs to
    symbol: Node
    reason: str
    rows: tuple[LineRow, ...]
    checks: tuple[LineRow, ...]
    check_words: str
    marks: tuple[Mark, ...]
    expression: Expr


class Layout:
    """Lays out lines with the symbols and places of one solution."""

    def __init__(
        self, symbols: Mapping[int, Node], places: int, lines: list[Expr], exact_forms: "ExactForms | None" = None
    ) -> None:
        self.symbols = symbols
        self.exact_forms = exact_forms  # where they are to be printed
        self.places = Places(lines, places)
        self._written: dict[int, Written] = {}  # numbers by id of their leaf, with these places

    # --- pens --------------------------------------------------------------------------------------------------------

    def symbol(self, expression: Expr) -> Node:
        """Return the symbol of a named quantity or line; an array written in place is its own symbol."""
        known = self.symbols.get(id(under_its_name(expression)))
        return known if known is not None else self.value_node(expression)

    def in_symbols(self, leaf: Expr) -> Written:
        """Write a leaf as its symbol."""
        source, index = leaf_source(leaf)
        if id(source) not in self.symbols:
            return self.in_numbers(leaf)
        symbol = self.symbols[id(source)]
        return Written(entry_symbol(symbol, index) if index and source.size > 1 else symbol, ATOM)

    def in_numbers(self, leaf: Expr) -> Written:
        """Write a leaf as the number, or the matrix, that it is shown as."""
        source, index = leaf_source(leaf)
        if source.shape == () or index:
            return self.number(leaf)
        if source.ndim > 2:  # noqa: PLR2004 - what one matrix can hold
            raise NotWritable
        return Written(self.value_node(source), ATOM)

    def number(self, leaf: Expr) -> Written:
        """Write the number of a scalar leaf: a given in full, a result with its line's places."""
        written = self._written.get(id(leaf))
        if written is None:
            origin = origin_of(leaf)
            source, _ = leaf_source(origin)
            if isinstance(source.operation, Given):
                written = given_number(origin.exact_leaf)
            else:
                written = number(origin.exact_leaf, self.places.of(source, origin.exact_leaf))
            self._written[id(leaf)] = written
        return written

    def value_node(self, expression: Expr, plane: Index = ()) -> Node:
        """Write an array's numbers, or one matrix of an array of more than two axes; a size as ``3 × 32 × 32``."""
        shape = expression.shape[len(plane) :]
        if is_size(expression):
            return times(tuple(self.number(entry(expression, (place,))).node for place in range(shape[0])))
        return matrix(shape, lambda index: self.number(entry(expression, (*plane, *index))).node)

    # --- lines -------------------------------------------------------------------------------------------------------

    def line(self, expression: Expr, quantity: str) -> Line:
        """Lay out one named line."""
        operation = expression.operation
        if not isinstance(operation, Let):
            raise TypeError(operation)
        if operation.headings is not None:
            rows = []  # a table says it all
        else:
            rows = self._number_rows(expression) if expression.size == 1 else self._array_rows(expression)
        total = self.places.total(expression)
        checked = [] if total is None else [(total, index) for index in checked_entries(total)]
        return Line(
            name=operation.name,
            quantity=quantity,
            symbol=self.symbol(expression),
            reason=operation.reason,
            rows=tuple(rows),
            checks=tuple(self._check_row(expression, *row) for row in checked),
            check_words=operation.check.words if operation.check else "",
            marks=operation.marks,
            expression=expression,
        )

    def _number_rows(self, expression: Expr) -> list[LineRow]:
        index = (0,) * expression.ndim
        expanded = entry(expression.arguments[0], index)
        result = self.number(entry(expression, index)).node
        rows: list[LineRow] = []
        symbolic = self._whole(expression) or self._in_symbols(expanded)
        steps = [symbolic, self._in_numbers(expanded), self._worked_out(expanded), self._exact(expanded)]
        for formula in self._once(steps, result):
            rows.append(LineRow(None if rows else self.symbol(expression), equation(Sign("="), formula)))
        note = UNROUNDED if self.places.needs_unrounded(expression, index) else ""
        relation = self.row_relation(expression, index) if rows else self.relation(expression, [index])
        rows.append(LineRow(None if rows else self.symbol(expression), equation(relation, result), note))
        return rows

    def _array_rows(self, expression: Expr) -> list[LineRow]:
        body = expression.arguments[0]
        symbol = self.symbol(expression)
        rows: list[LineRow] = []
        formula = self._whole(expression)
        if formula is not None:
            rows.append(LineRow(symbol, equation(Sign("="), formula)))
            substituted = self._matrices(body)
            if substituted is not None:
                rows.append(LineRow(None, equation(Sign("="), substituted)))
        if is_named(body) or is_rearrangement(body):
            return rows + self.result_rows(expression, with_symbol=not rows)
        rows += self._entry_rows(expression, first_in_symbols=formula is None)
        if expression.size == len(planes(expression.shape)) <= ENTRIES_IN_FULL:
            return rows  # every matrix is one number, and that has a row already
        return rows + self.result_rows(expression)

    def result_rows(self, expression: Expr, *, with_symbol: bool = True) -> list[LineRow]:
        """Write the assembled array: a row for each matrix that it is printed as."""
        symbol = self.symbol(expression)
        rows: list[LineRow] = []
        for plane in planes(expression.shape):
            left = plane_symbol(symbol, plane) if plane else symbol
            indices = [(*plane, *index) for index in shown_indices(expression.shape[len(plane) :])]
            right = equation(self.relation(expression, indices), self.value_node(expression, plane))
            rows.append(LineRow(left if with_symbol else None, right, self._note_on_unworked(expression, indices)))
        return rows

    def _note_on_unworked(self, expression: Expr, indices: list[Index]) -> str:
        """Return the note where an entry that has no row of its own follows from unrounded values only."""
        untrue = [index for index in indices if self.places.needs_unrounded(expression, index)]
        return UNROUNDED if untrue and not set(untrue) <= set(printed_entries(expression)) else ""

    def stated(self, answer: Expr) -> list[LineRow]:
        """State an answer with the places asked for, whatever its line shows for the sake of later ones."""
        places, written = self.places, self._written
        self.places, self._written = Places([], places.asked_for), {}
        rows = self.result_rows(answer)
        self.places, self._written = places, written
        return rows

    def relation(self, expression: Expr, indices: list[Index]) -> Sign:
        """Decide between = and ≈ before an array or an answer: equal where every number shown is exact."""
        if isinstance(expression.operation, Given):
            return Sign("=")
        exact = all(self._is_shown_in_full(origin_of(entry(expression, index))) for index in indices)
        return Sign("=") if exact else Sign("≈")

    def _is_shown_in_full(self, leaf: Expr) -> bool:
        source, _ = leaf_source(leaf)
        is_given = isinstance(source.operation, Given)
        return is_given or shown_in_full(leaf.exact_leaf, self.places.of(source, leaf.exact_leaf))

    def row_relation(self, line: Expr, index: Index) -> Sign:
        """Decide between = and ≈ within a row: equal where the numbers as printed give the printed result exactly."""
        expanded = entry(line.arguments[0], index)
        places = self.places.of(line, expanded.number)
        if isinstance(expanded.number, Symbolic):
            return Sign("=") if shown_in_full(expanded.number, places) else Sign("≈")
        claimed = rounded(expanded.number, places)
        found = self.places.from_shown(expanded)
        return Sign("=") if isinstance(found, Fraction) and found == claimed else Sign("≈")

    def _whole(self, expression: Expr) -> Node | None:
        if is_found(expression.arguments[0]):
            return None
        try:
            return write(expression.arguments[0], Pen(self.in_symbols, numeric=False))
        except NotWritable:
            return None

    def _matrices(self, body: Expr) -> Node | None:
        """Write the numbers into a formula with a product of matrices, where they fit."""
        if not is_substituted(body):
            return None
        try:
            return write(body, Pen(self.in_numbers, numeric=True))
        except NotWritable:
            return None

    def _in_symbols(self, expanded: Expr) -> Node:
        return write(expanded, Pen(self.in_symbols, numeric=False))

    def _in_numbers(self, expanded: Expr) -> Node:
        return write(expanded, Pen(self.in_numbers, numeric=True))

    def _worked_out(self, expanded: Expr) -> Node:
        """Write a formula one step on from its numbers: what is rounded down has been worked out."""
        return write(expanded, Pen(self.in_numbers, numeric=True, worked_out=lambda part: given_number(part.number)))

    def _exact(self, expanded: Expr) -> Node | None:
        """Write the exact form of an irrational entry where it is short and no number in it is rounded."""
        if self.exact_forms is None or not isinstance(expanded.number, float):
            return None
        from fullmarks.math.symbolic_writing import exact_text, is_printed_exactly, written  # with SymPy behind it

        if any(isinstance(leaf.exact_leaf, float) for leaf in leaves(expanded)):
            return None
        form = self.exact_forms.of(expanded)
        if not isinstance(form, Symbolic) or len(exact_text(form)) > LONGEST_EXACT_FORM:
            return None
        return written(form, self.places.asked_for).node if is_printed_exactly(form) else None

    def _entry_rows(self, expression: Expr, *, first_in_symbols: bool) -> list[LineRow]:
        rows: list[LineRow] = []
        before: Index | None = None
        for index in printed_entries(expression):
            if before is not None and is_gap(expression, before, index):
                rows.append(LineRow(Sign("⋮"), Row(()), "and so on in the same way"))
            before = index
            expanded = entry(expression.arguments[0], index)
            left = on_one_line(entry_symbol(self.symbol(expression), index))
            result = self.number(entry(expression, index)).node
            symbolic, numeric = self._in_symbols(expanded), self._in_numbers(expanded)
            in_symbols_first = first_in_symbols and not rows and symbolic not in (numeric, result)
            if in_symbols_first:
                rows.append(LineRow(left, equation(Sign("="), symbolic)))
            parts: list[Node] = []
            for formula in self._once([numeric, self._exact(expanded)], result):
                parts += [Sign("="), formula]
            note = UNROUNDED if self.places.needs_unrounded(expression, index) else ""
            relation = self.row_relation(expression, index) if parts else self.relation(expression, [index])
            right = Row((*parts, relation, result))
            rows.append(LineRow(None if in_symbols_first else left, right, note))
        return rows

    def _check_row(self, line: Expr, total: Expr, index: Index) -> LineRow:
        expanded = entry(total, index)
        claimed = checked_value(expanded)
        relation = Sign("=") if self.places.from_shown(expanded) == claimed else Sign("≈")
        result = number(claimed, self.places.of(line, claimed)).node
        note = UNROUNDED if self.places.needs_unrounded(total, index) else ""
        return LineRow(None, Row((self._in_numbers(expanded), relation, result)), note)

    @staticmethod
    def _once(formulas: list[Node | None], result: Node) -> list[Node]:
        """Drop formulas that look like the one before, or like the result that follows: they say nothing new."""
        kept: list[Node] = []
        seen = {latex(result)}
        for formula in formulas:
            if formula is not None and latex(formula) not in seen:
                seen.add(latex(formula))
                kept.append(formula)
        return kept
