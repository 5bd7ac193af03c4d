"""An independent reader of printed working: it knows what a formula on paper means, and nothing of how it got there.

It evaluates notation as a careful reader does, with the numbers as they are printed: matrices beside each other are a
product of matrices, a small T is a transpose, a power of a matrix is a power of the matrix. It shares no code with the
program's own decision how many decimals are shown.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from mpmath import mp, mpf

from fullmarks.document.blocks import Answer, Block, Document, Given, Givens, Labelled, Working
from fullmarks.math import notation
from fullmarks.math.notation import (
    Call,
    Fence,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation.terminal import text
from fullmarks.math.symbols import entry_symbol, on_one_line

mp.dps = 60
NEGLIGIBLE = mpf(10) ** -40  # of sixty digits, the last twenty are noise
ALIKE = mpf(10) ** -6
DIGITS_OF_A_FLOAT = 14
UNROUNDED = "unrounded values used"
FUNCTIONS: Mapping[str, Any] = {
    "ln": mp.log,
    "tanh": mp.tanh,
    "sin": mp.sin,
    "cos": mp.cos,
    "erf": mp.erf,
    "sigma": lambda z: 1 / (1 + mp.exp(-z)),
    "sign": lambda x: mpf((x > 0) - (x < 0)),
}
Array = list[list[Any]]  # of numbers: a matrix, or a vector as a column
Place = tuple[int, int]


class Unreadable(Exception):  # noqa: N818 - no error: dots and words cannot be worked
    """A formula that a reader cannot work out from what is printed: dots, words, symbols without a number."""


class Misleading(Exception):  # noqa: N818 - what a test looks for
    """A formula that reads as an operation that is not defined: a quotient of vectors, the square of a column."""


# --- formulas ------------------------------------------------------------------------------------------------------


def flat(node: Node) -> list[Node]:
    """Return what stands beside each other, as a reader sees it."""
    if not isinstance(node, Row):
        return [node]
    return [item for part in node.items for item in flat(part)]


def value(node: Node, known: Mapping[Node, Any] | None = None) -> Any:
    """Work a formula out; ``known`` has the values of symbols."""
    found = _Reader(flat(node), known or {}).everything()
    return _number_of(found)


def _number_of(found: Any) -> Any:
    return found[0][0] if isinstance(found, list) and len(found) == 1 and len(found[0]) == 1 else found


class _Reader:
    """Reads a flat row by precedence: sums of products of signed factors."""

    def __init__(self, items: list[Node], known: Mapping[Node, Any]) -> None:
        self.items = items
        self.place = 0
        self.known = known

    def everything(self) -> Any:
        found = self.sum()
        if self.place < len(self.items):
            raise Unreadable(self.items[self.place])
        return found

    def _next(self) -> Node | None:
        while self.place < len(self.items) and isinstance(self.items[self.place], Space):
            self.place += 1
        return self.items[self.place] if self.place < len(self.items) else None

    def sum(self) -> Any:
        total = self.product()
        while self._next() in (Sign("+"), Sign("−")):
            minus = self._next() == Sign("−")
            self.place += 1
            if self._next() in (Sign("+"), Sign("−")) or begins_with_minus(self._next()):
                raise Misleading("two signs beside each other")
            term = self.product()
            total = plus(total, times(mpf(-1), term) if minus else term)
        return total

    def product(self) -> Any:
        found = self.factors()
        while self._next() in (Sign("×"), Sign("⋅"), Sign("⊙"), Sign("/")):
            sign = self._next()
            self.place += 1
            other = self.factors()
            if sign == Sign("⊙"):
                found = entrywise(found, other, lambda a, b: a * b)
            else:
                found = over(found, other) if sign == Sign("/") else times(found, other)
        return found

    def factors(self) -> Any:
        """Read what stands beside each other without a sign, which belongs together more closely than any sign."""
        found = self.signed()
        while True:
            match self._next():
                case None | Sign():
                    return found
                case Number(digits) if digits.startswith("-"):
                    raise Misleading("a minus inside a product")
                case _:
                    found = times(found, self.signed())

    def signed(self) -> Any:
        if self._next() == Sign("−"):
            self.place += 1
            return times(mpf(-1), self.signed())
        return self.atom()

    def atom(self) -> Any:
        node = self._next()
        if node is None:
            raise Unreadable("a formula that breaks off")
        self.place += 1
        if node in self.known:
            return self.known[node]
        match node:
            case Number(digits):
                return mpf(str(digits)) if re.fullmatch(r"-?\d+(\.\d+)?", digits) else _unreadable(node)
            case Sign("∞"):
                return mp.inf
            case Symbol("pi"):
                return +mp.pi
            case Text(name) if name in FUNCTIONS:
                return each(FUNCTIONS[name], self.atom())
            case Script(Symbol("e"), None, above) if above is not None:
                exponent = value(above, self.known)
                if min(_shape(exponent)) > 1:
                    raise Misleading("e to the power of a matrix")
                return each(mp.exp, exponent)
            case Script(base, None, Text("T")):
                return [list(row) for row in zip(*array(self._inside(base)), strict=True)]
            case Script(Number(digits), None, above) if above is not None and digits.startswith("-"):
                return -power(mpf(digits[1:]), value(above, self.known))
            case Script(base, None, above) if above is not None:
                return power(self._inside(base), value(above, self.known))
            case notation.Fraction(top, bottom):
                return over(value(top, self.known), value(bottom, self.known))
            case Root(body):
                return each(mp.sqrt, scalar(value(body, self.known), "a root"))
            case Fence(body, "(", ")"):
                return value(body, self.known)
            case Fence(body, "|", "|"):
                return each(abs, scalar(value(body, self.known), "a modulus"))
            case Fence(body, "⌊", "⌋"):
                return each(mp.floor, value(body, self.known))
            case Fence(body, "[", "]"):
                return self._bracket(body)
            case Matrix(rows):
                return joined([[value(one, self.known) for one in row] for row in rows]) if rows else _unreadable(node)
            case Call(function, arguments):
                return self._call(function, [value(one, self.known) for one in arguments])
            case _:
                raise Unreadable(node)

    def _inside(self, base: Node) -> Any:
        return value(base, self.known)

    def _bracket(self, body: Node) -> Any:
        items = flat(body)
        for place, item in enumerate(items):
            if item in tuple(map(Sign, ("=", ">", "≥", "<", "≤"))):
                left = value(Row(tuple(items[:place])), self.known)
                right = value(Row(tuple(items[place + 1 :])), self.known)
                holds = RELATIONS[item.kind]  # type: ignore[union-attr]  # it is one of those signs
                return entrywise(left, right, lambda a, b: mpf(holds(a, b)))  # noqa: B023 - used at once
        raise Unreadable(body)

    def _call(self, function: Node, arguments: list[Any]) -> Any:
        name = function.words if isinstance(function, Text) else getattr(function, "name", "")
        if name in FUNCTIONS:
            return each(FUNCTIONS[name], arguments[0])
        if name in ("max", "min"):
            best = arguments[0]
            for other in arguments[1:]:
                best = entrywise(best, other, max if name == "max" else min)
            return best
        if name == "argmax":
            return mpf(max(range(len(arguments)), key=lambda place: (arguments[place], -place)))
        raise Unreadable(function)


RELATIONS: Mapping[str, Any] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
}


def _unreadable(node: Node) -> Any:
    raise Unreadable(node)


def begins_with_minus(node: Node | None) -> bool:
    """Return whether a printed number has a minus in front."""
    return isinstance(node, Number) and node.text.startswith("-")


def is_array(found: Any) -> bool:
    """Return whether a value is a matrix, or a vector as a column."""
    return isinstance(found, list)


def array(found: Any) -> Array:
    """Return a value as a matrix."""
    return found if is_array(found) else [[found]]


def scalar(found: Any, what: str) -> Any:
    """Return a number; of an array the operation is not defined, or is another one."""
    if is_array(found):
        raise Misleading(f"{what} of an array")
    return found


def joined(blocks: Array) -> Array:
    """Return a matrix of numbers from one whose entries may be matrices themselves."""
    found = []
    for row in blocks:
        parts = [array(block) for block in row]
        if len({len(part) for part in parts}) > 1:
            raise Misleading("matrices of different heights beside each other")
        found += [[one for part in parts for one in part[place]] for place in range(len(parts[0]))]
    return found


def each(function: Any, found: Any) -> Any:
    """Apply a function to a number, or to each entry."""
    return [[function(one) for one in row] for row in found] if is_array(found) else function(found)


def entrywise(left: Any, right: Any, function: Any) -> Any:
    """Combine entry by entry; numbers go with every entry."""
    if not is_array(left) and not is_array(right):
        return function(left, right)
    rows, columns = (max(lengths) for lengths in zip(_shape(left), _shape(right), strict=True))
    left, right = (stretched(one, rows) if _shape(one) == (1, columns) else one for one in (left, right))
    for one in (left, right):
        if is_array(one) and _shape(one) != (rows, columns):
            raise Misleading(f"entries of {_shape(left)} with entries of {_shape(right)}")
    return [[function(_at(left, (i, j)), _at(right, (i, j))) for j in range(columns)] for i in range(rows)]


def stretched(row: Array, rows: int) -> Array:
    """Put a row under itself: a bias that is added to every row of a batch."""
    return [row[0]] * rows


def _shape(found: Any) -> Place:
    return (len(found), len(found[0])) if is_array(found) else (0, 0)


def _at(found: Any, place: Place) -> Any:
    return found[place[0]][place[1]] if is_array(found) else found


def plus(left: Any, right: Any) -> Any:
    """Add: numbers, matrices, or a number to every entry."""
    return entrywise(left, right, lambda a, b: a + b)


def times(left: Any, right: Any) -> Any:
    """Multiply as it is read: numbers, a number with a matrix, or matrices."""
    if not is_array(left) or not is_array(right):
        return entrywise(left, right, lambda a, b: a * b)
    if len(left[0]) != len(right):
        raise Misleading(f"a product of {_shape(left)} and {_shape(right)}")
    return _number_of(
        [[sum((left[i][k] * right[k][j] for k in range(len(right))), mpf(0)) for j in range(len(right[0]))]
         for i in range(len(left))]
    )  # fmt: skip


def over(top: Any, bottom: Any) -> Any:
    """Divide by a number."""
    divisor = scalar(bottom, "a quotient")
    if divisor == 0:
        raise Unreadable("a division by 0")
    return each(lambda one: one / divisor, top)


def power(base: Any, exponent: Any) -> Any:
    """Raise a number; of a matrix, the power of the matrix."""
    if not is_array(base):
        return base ** scalar(exponent, "a power")
    if _shape(base)[0] != _shape(base)[1]:
        raise Misleading("a power of an array that is not square")
    found = base
    for _ in range(int(exponent) - 1):
        found = times(found, base)
    return found


# --- rows ----------------------------------------------------------------------------------------------------------


def all_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks of a document, those behind labels too."""
    for block in blocks:
        yield block
        if isinstance(block, Labelled):
            yield from all_blocks(block.body)


class Chain:
    """Formulas with relations between them, from a left side to the last result: ``z = 1 + 2 = 3``."""

    def __init__(self, left: Node | None) -> None:
        self.left = left
        self.formulas: list[tuple[str, Node]] = []  # each with the relation before it
        self.notes: set[str] = set()

    def add(self, right: Node, note: str) -> None:
        """Add a printed row."""
        relation, formula = "", []
        for item in right.items if isinstance(right, Row) else (right,):
            if item in (Sign("="), Sign("≈")):
                if formula:
                    self.formulas.append((relation, Row(tuple(formula))))
                relation, formula = item.kind, []  # type: ignore[union-attr]  # it is a sign
            else:
                formula.append(item)
        if formula:
            self.formulas.append((relation, Row(tuple(formula))))
        self.notes.add(note)

    def __str__(self) -> str:
        """Write the chain on one line."""
        left = text(self.left) if self.left is not None else ""
        return " ".join([left, *(f"{relation} {text(formula)}" for relation, formula in self.formulas)])


def chains(document: Document) -> Iterator[Chain]:
    """Yield what is claimed in the working and the answers."""
    for block in all_blocks(document.blocks):
        match block:
            case Working(steps):
                chain: Chain | None = None
                for step in steps:
                    if step.left is not None or chain is None or chain.left is None:
                        if chain is not None:
                            yield chain
                        chain = Chain(step.left)
                    chain.add(step.right, step.note)
                if chain is not None:
                    yield chain
            case Answer(Row((left, Row() as right))):
                chain = Chain(left)
                chain.add(_without_words(right), "")
                yield chain


def _without_words(right: Row) -> Row:
    """Leave out the label of a class that stands behind an index."""
    items = right.items
    if len(items) == 1 and isinstance(items[0], Row):
        items = items[0].items
    return Row(items[: items.index(Space("wide"))] if Space("wide") in items else items)


# --- printed numbers -----------------------------------------------------------------------------------------------


def decimals(node: Node) -> int | None:
    """Return how many decimals a printed number has (4.25 × 10⁻⁹ has 11), or ``None`` for anything else."""
    match flat(node):
        case [Sign("−"), *rest]:
            return decimals(Row(tuple(rest)))
        case [Number(digits)] if re.fullmatch(r"-?\d+(\.\d+)?", digits):
            return len(digits.partition(".")[2])
        case [Number(digits), Sign("×"), Script(Number("10"), None, above)] if above is not None:
            return len(digits.partition(".")[2]) - int(value(above))
        case _:
            return None


def rounded(number: Any, places: int) -> Any:
    """Round half away from zero, as a reader does."""
    if mp.isinf(number):
        return number
    units = mp.floor(abs(number) * mpf(10) ** places + mpf(1) / 2 + NEGLIGIBLE)
    return (1 if number >= 0 else -1) * units / mpf(10) ** places


def printed_numbers(node: Node) -> dict[Place, Node] | None:
    """Return the entries of a printed number, vector or matrix by their places, or ``None`` for a formula."""
    if decimals(node) is not None:
        return {(0, 0): node}
    items = flat(node)
    if len(items) != 1 or not isinstance(items[0], Matrix):
        return None
    found = {
        (i, j): entry
        for i, row in enumerate(items[0].rows)
        for j, entry in enumerate(row)
        if decimals(entry) is not None
    }
    return found or None


# --- what must be true ---------------------------------------------------------------------------------------------


def follows(found: Any, result: Node, places: int) -> bool:
    """Return whether a calculator that shows ``found`` gives the printed result to its digits, or to ``places``."""
    claimed = value(result)
    own = decimals(result) or 0
    whole = len(str(int(abs(claimed))))
    digits = max(own, min(places, DIGITS_OF_A_FLOAT - whole))
    return equal(rounded(found, digits), claimed)


def complaints(document: Document, places: int) -> Iterator[str]:
    """Yield every row that a reader's calculator contradicts, unless it says that unrounded values were used."""
    every_chain = list(chains(document))
    noted = {chain.left for chain in every_chain if UNROUNDED in chain.notes}
    for number, chain in enumerate(every_chain):
        if UNROUNDED in chain.notes:
            continue
        try:
            yield from _untrue(chain, places)
            result = next((later for later in every_chain[number + 1 :] if later.left == chain.left), None)
            if chain.left is not None and result is not None:
                yield from _unlike_its_result(chain, result, noted, places)
        except Misleading as problem:
            yield f"{chain}: reads as {problem}"


def _unlike_its_result(chain: Chain, result: Chain, noted: set[Node | None], places: int) -> Iterator[str]:
    """Yield what is wrong with an array worked as a whole, whose result stands further down."""
    symbol, last = chain.left, chain.formulas[-1][1]
    found = _worked(last)
    assembled = printed_numbers(result.formulas[-1][1])
    if symbol is None or symbol in noted or not is_array(found) or not assembled:
        return
    for place, node in assembled.items():
        is_noted = noted & {on_one_line(entry_symbol(symbol, index)) for index in (place, place[:1])}
        if not is_noted and not follows(_at(found, place), node, places):
            yield f"{chain}: {mp.nstr(_at(found, place), 12)} at {place} is not {text(node)}"


def _untrue(chain: Chain, places: int) -> Iterator[str]:
    worked = [(relation, formula, _worked(formula)) for relation, formula in chain.formulas]
    for (_, _, before), (relation, formula, found) in pairwise(worked):
        if before is None or found is None:
            continue
        printed = printed_numbers(formula)
        if relation == "=" and not same(before, found):
            yield f"{chain}: {text(formula)} is not exactly what stands before it"
        elif relation == "≈" and printed is not None:
            for place, node in printed.items():
                if not follows(_at(array(before), place), node, places):
                    yield f"{chain}: {mp.nstr(_at(array(before), place), 12)} is not {text(node)}"
    if worked and printed_numbers(worked[-1][1]) is None and worked[-1][2] is not None and chain.left is None:
        yield f"{chain}: has no result"


def _worked(formula: Node) -> Any:
    try:
        return value(formula)
    except Unreadable:
        return None


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal, but for the last of sixty digits."""
    if is_array(left) != is_array(right):
        return False
    if _shape(left) != _shape(right):
        return False
    pairs = zip((x for row in array(left) for x in row), (x for row in array(right) for x in row), strict=True)
    return all(equal(a, b) for a, b in pairs)


def equal(left: Any, right: Any) -> bool:
    """Return whether two numbers are equal, but for the last of sixty digits."""
    return bool(left == right or abs(left - right) <= NEGLIGIBLE * max(abs(left), mpf(10) ** -12))


# --- one quantity, printed several times ----------------------------------------------------------------------------


def printings(document: Document) -> Iterator[tuple[Node, dict[Place, Node], bool]]:
    """Yield what quantities are printed as: symbol, entries, and whether as exact."""
    for chain in chains(document):
        if chain.left is not None and chain.formulas:
            relation, formula = chain.formulas[-1]
            numbers = printed_numbers(formula)
            if numbers is not None:
                exact = all(one == "=" for one, _ in chain.formulas) and len(chain.formulas) == 1
                yield chain.left, numbers, exact and relation == "="


def disagreements(document: Document) -> Iterator[str]:
    """Yield quantities of which one printed form, rounded to the digits of another, is not that other."""
    seen: dict[tuple[Node, Place], list[Node]] = {}
    for symbol, numbers, _ in printings(document):
        for place, node in numbers.items():
            seen.setdefault((symbol, place), []).append(node)
    for (symbol, place), nodes in seen.items():
        fewest = min(nodes, key=lambda node: decimals(node) or 0)
        for node in nodes:
            if not equal(rounded(value(node), decimals(fewest) or 0), value(fewest)):
                yield f"{text(symbol)} at {place}: {text(node)} and {text(fewest)}"


def givens(document: Document) -> Iterator[Given]:
    """Yield the quantities that the question states."""
    for block in all_blocks(document.blocks):
        if isinstance(block, Givens):
            yield from block.items


def misread(document: Document) -> Iterator[str]:
    """Yield formulas in symbols that say something else than the numbers below them: the square of a matrix."""
    found_by_symbol: dict[Node, list[Any]] = {}
    for symbol, found in _known(document):
        found_by_symbol.setdefault(symbol, []).append(found)
    known = {
        symbol: found[-1] for symbol, found in found_by_symbol.items() if all(near(one, found[-1]) for one in found)
    }
    for chain in chains(document):
        if chain.left is None or UNROUNDED in chain.notes:
            continue
        result = known.get(chain.left)
        for _, formula in chain.formulas:
            try:
                found = value(formula, known)
            except Unreadable:
                continue
            except Misleading as problem:
                yield f"{chain}: reads as {problem}"
                continue
            if is_array(result) and not near(found, result):
                yield f"{chain}: {text(formula)} is not what is printed"


def _known(document: Document) -> Iterator[tuple[Node, Any]]:
    """Yield the symbols that stand for numbers, and those of the entries of arrays."""
    stated = [(part.formula, part) for part in givens(document)]
    for formula, _ in stated:
        match formula:
            case Row((symbol, Sign("="), formula)):
                yield from _entries(symbol, _worked(formula))
    for symbol, numbers, _ in printings(document):
        rows, columns = (max(place[axis] for place in numbers) + 1 for axis in (0, 1))
        if len(numbers) == rows * columns:
            yield from _entries(symbol, [[value(numbers[i, j]) for j in range(columns)] for i in range(rows)])


def _entries(symbol: Node, found: Any) -> Iterator[tuple[Node, Any]]:
    if found is None:
        return
    yield symbol, _number_of(found)
    if is_array(found):
        for i, row in enumerate(found):
            for j, one in enumerate(row):
                yield entry_symbol(symbol, (i,) if len(row) == 1 else (i, j)), one


def near(left: Any, right: Any) -> bool:
    """Return whether two values agree as well as numbers of twelve places do."""
    if _shape(left) != _shape(right):
        return False
    pairs = zip((x for row in array(left) for x in row), (x for row in array(right) for x in row), strict=True)
    return all(a == b or abs(a - b) <= ALIKE * max(1, abs(b)) for a, b in pairs)
