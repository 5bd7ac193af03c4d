"""The formula language: how text becomes the nodes of `syntax`; nothing is ever run as Python."""

import ast
import keyword
from fractions import Fraction
from typing import Literal, TypeVar

from fullmarks.errors import FullmarksError
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.syntax import (
    Binary,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Distinct,
    Either,
    Formula,
    Name,
    Negative,
    Not,
    Number,
    Relation,
    Result,
    Sequence,
    Sign,
    Word,
    calls_in,
    children_of,
    names_in,
    parts_of,
)
from fullmarks.problem.tokens import CONDITION_WORDS, CONSTANTS, ascii_line, check_tokens

__all__ = [
    "Binary", "Both", "Call", "Comparison", "Condition", "Constant", "Distinct", "Either", "Formula", "Name",
    "Negative", "Not", "Number", "Result", "Sequence", "Word", "calls_in", "check_name", "names_in", "parse_condition",
    "parse_formula", "parse_statements", "parts_of",
]  # fmt: skip

DEEPEST = 50
LONGEST_NAME = 100
MOST_TERMS = 250  # of one sum: whoever walks a formula goes one call deeper for each
MOST_PRODUCTS = 8  # of matrices in one row: written out, each multiplies the number of terms in every entry

_SIGNS: dict[type[ast.operator], Sign] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"}
_RELATIONS: dict[type[ast.cmpop], Relation] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_REFUSED: dict[type[ast.AST], str] = {
    ast.Subscript: "single entries cannot be picked out with [ ]",
    ast.ListComp: "lists are written out: [1, 2, 3]",
    ast.Tuple: "a list is written in square brackets: [1, 2, 3]",
    ast.Starred: "'*' stands between two formulas",
    ast.Pow: "there is no power '**'; write a product",
    ast.FloorDiv: "'//' is no operation; division is '/'",
    ast.UAdd: "a plus sign stands between two formulas",
    ast.Compare: "a comparison may stand in 'require' only",
    ast.BoolOp: "'and' and 'or' join conditions, in 'require' only",
    ast.Not: "'not' stands before a condition, in 'require' only",
}


def parse_formula(source: str, where: str = "formula") -> Formula:
    """Read one formula, such as ``conv2d(A, F, stride=2)``; ``where`` begins the message of a refusal."""
    check_tokens(source, where)
    tree, flat = _parsed(source, where, "eval")
    assert isinstance(tree, ast.Expression)  # noqa: S101  what mode="eval" returns
    return _not_too_tall(_Reader(flat, where).formula(tree.body, 1), where)


def parse_condition(source: str, where: str = "require") -> Condition:
    """Read one condition, such as ``max(Y) > 0 and distinct(Z)``."""
    check_tokens(source, where, allowed_words=CONDITION_WORDS, signs="<>!")
    tree, flat = _parsed(source, where, "eval")
    assert isinstance(tree, ast.Expression)  # noqa: S101  what mode="eval" returns
    return _not_too_tall(_Reader(flat, where).condition(tree.body, 1), where)


def parse_statements(source: str, where: str = "formulas") -> list[tuple[str | None, Formula]]:
    """Read ``Y = conv2d(A, F); sigmoid(Y)`` as formulas in order, each with the name it is given or none."""
    check_tokens(source, where, signs=";")
    tree, flat = _parsed(source, where, "exec")
    assert isinstance(tree, ast.Module)  # noqa: S101  what mode="exec" returns
    if not tree.body:
        raise FullmarksError(f"{where}: there is no formula; expected one such as 'Y = conv2d(A, F, stride=2)'")
    reader = _Reader(flat, where)
    statements = [reader.statement(statement) for statement in tree.body]
    return [(name, _not_too_tall(formula, where)) for name, formula in statements]


def check_name(name: str, where: str) -> str:
    """Return ``name`` if it may name a quantity: ASCII letters, digits and ``_``, and no word of the language."""
    if not (name.isascii() and name.isidentifier()):
        raise FullmarksError(
            f"{where}: {ascii_line(name)} cannot be a name; names have A-Z, a-z, 0-9 and _, no digit first"
        )
    if len(name) > LONGEST_NAME:
        raise FullmarksError(f"{where}: a name of {len(name):,} characters; at most {LONGEST_NAME} are read")
    if keyword.iskeyword(name) or name in CONSTANTS:
        raise FullmarksError(f"{where}: {name!r} is a reserved word and cannot be a name; choose another")
    return name


def cut(name: str) -> str:
    """Return a name as a message shows it: no more of it than a name may have."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _parsed(source: str, where: str, mode: Literal["eval", "exec"]) -> tuple[ast.AST, str]:
    """Return Python's tree of a formula, and the text that its positions refer to."""
    blanks = "\t\r" if mode == "exec" else "\t\r\n"  # between statements a line's end is one's end
    flat = source.translate(dict.fromkeys(map(ord, blanks), " "))
    flat = "\n".join(line.strip(" ") for line in flat.split("\n")).strip("\n")
    if not flat:
        raise FullmarksError(f"{where}: there is no formula; expected one such as 'conv2d(A, F, stride=2)'")
    try:
        return ast.parse(flat, mode=mode), flat
    except (RecursionError, MemoryError):
        raise FullmarksError(_too_deep(where)) from None
    except (SyntaxError, ValueError) as problem:
        reason = problem.msg if isinstance(problem, SyntaxError) else str(problem)
        if "too many nested" in reason:
            raise FullmarksError(_too_deep(where)) from None
        raise FullmarksError(f"{where}: {ascii_line(flat)} is no formula: {_in_our_words(reason)}") from None


def _in_our_words(reason: str) -> str:
    """Return why Python cannot read a formula, without advice on writing Python."""
    if reason == "invalid syntax":
        return "something is missing or too much; expected one such as 'Y = conv2d(A, F, stride=2)'"
    if reason.startswith("cannot assign"):
        return "only a name stands before '=', as in 'Y = relu(x)'"
    return reason


Tree = TypeVar("Tree", bound=Formula | Condition)


def _not_too_tall(tree: Tree, where: str) -> Tree:
    """Return what was read, or refuse it where walking it would go too deep, though its levels are few."""
    waiting: list[tuple[Formula | Condition, int]] = [(tree, 1)]
    while waiting:
        part, height = waiting.pop()
        if height > MOST_TERMS:
            raise FullmarksError(_too_deep(where))
        waiting += [(child, height + 1) for child in children_of(part)]
    return tree


def _too_deep(where: str) -> str:
    return (
        f"{where}: nested deeper than {DEEPEST} levels, or a sum of more than {MOST_TERMS} terms; "
        "give a part of the formula a name of its own"
    )


class _Reader:
    """Turns Python's tree of one text into ours, node by allowed node."""

    def __init__(self, flat: str, where: str) -> None:
        self._lines = [line.encode() for line in flat.split("\n")]
        self._where = where

    def statement(self, statement: ast.stmt) -> tuple[str | None, Formula]:
        """Read ``name = formula`` or a formula alone."""
        match statement:
            case ast.Expr(value):
                return None, self.formula(value, 1)
            case ast.Assign([ast.Name(name)], value):
                return check_name(name, self._where), self.formula(value, 1)
            case _:
                raise self._error(statement, "expected 'name = formula' or a formula")

    def formula(self, node: ast.expr, level: int) -> Formula:
        """Read a formula ``level`` levels deep."""
        if level > DEEPEST:
            raise FullmarksError(_too_deep(self._where))
        match node:
            case ast.Name(name) if name in CONSTANTS:
                return Constant(CONSTANTS[name])
            case ast.Name(name):
                return Name(name)
            case ast.Constant(str() as text):
                return Word(text)
            case ast.Constant():
                return self._number(node)
            case ast.List(items):
                return Sequence(tuple(self.formula(item, level + 1) for item in items))
            case ast.BinOp(_, operation, _) if type(operation) in _SIGNS:
                return self._chain(node, level)
            case ast.UnaryOp(ast.USub(), body):
                return Negative(self.formula(body, level + 1))
            case ast.Attribute(ast.Name(name), result):
                return Result(name, result)
            case ast.Call(ast.Name(operator)):
                return self._call(operator, node, level)
            case _:
                raise self._error(node, _why_refused(node))

    def _chain(self, node: ast.BinOp, level: int) -> Formula:
        """Read ``a + b - c``: one level, however many terms there are."""
        later: list[tuple[Sign, ast.expr]] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and type(first.op) in _SIGNS:
            later.append((_SIGNS[type(first.op)], first.right))
            first = first.left
        if sum(sign == "@" for sign, _ in later) >= MOST_PRODUCTS:
            raise FullmarksError(
                f"{self._where}: more than {MOST_PRODUCTS} matrices in one product; "
                "give a part of the formula a name of its own"
            )
        chain = self.formula(first, level + 1)
        for sign, right in reversed(later):
            chain = Binary(sign, chain, self.formula(right, level + 1))
        return chain

    def condition(self, node: ast.expr, level: int) -> Condition:
        """Read a condition ``level`` levels deep."""
        if level > DEEPEST:
            raise FullmarksError(_too_deep(self._where))
        match node:
            case ast.BoolOp(ast.And(), conditions):
                return Both(tuple(self.condition(condition, level + 1) for condition in conditions))
            case ast.BoolOp(ast.Or(), conditions):
                return Either(tuple(self.condition(condition, level + 1) for condition in conditions))
            case ast.UnaryOp(ast.Not(), condition):
                return Not(self.condition(condition, level + 1))
            case ast.Call(ast.Name("distinct"), [body], []):
                return Distinct(self.formula(body, level + 1))
            case ast.Compare():
                return self._comparison(node, level)
            case _:
                raise self._error(node, "expected a condition, such as 'max(Y) > 0' or 'distinct(Y)'")

    def _comparison(self, node: ast.Compare, level: int) -> Condition:
        sides = [self.formula(side, level + 1) for side in (node.left, *node.comparators)]
        comparisons = []
        for operation, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operation) not in _RELATIONS:
                raise self._error(node, "the comparisons are < <= > >= == !=")
            comparisons.append(Comparison(_RELATIONS[type(operation)], left, right))
        return comparisons[0] if len(comparisons) == 1 else Both(tuple(comparisons))

    def _call(self, operator: str, node: ast.Call, level: int) -> Call:
        keywords = []
        for given in node.keywords:
            if given.arg is None:
                raise self._error(node, "'**' is no part of a call")
            keywords.append((given.arg, self.formula(given.value, level + 1)))
        return Call(operator, tuple(self.formula(item, level + 1) for item in node.args), tuple(keywords))

    def _number(self, node: ast.Constant) -> Number:
        text = self._source(node)
        value = exact_number(text)
        if value is None:
            raise self._error(node, "expected a decimal number")
        return Number(Fraction(value))

    def _source(self, node: ast.expr | ast.stmt) -> str:
        # ast.get_source_segment splits the whole text again for every literal: seconds for a long list of numbers.
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        if first != last:
            return b" ".join(self._lines[first : last + 1]).decode()
        return self._lines[first][node.col_offset : node.end_col_offset].decode()

    def _error(self, node: ast.expr | ast.stmt, reason: str) -> FullmarksError:
        return FullmarksError(f"{self._where}: {ascii_line(self._source(node))}: {reason}")


def _why_refused(node: ast.expr) -> str:
    match node:
        case ast.BinOp(_, operation, _):
            return _REFUSED.get(type(operation), "the operations are + - * / @")
        case ast.UnaryOp(operation, _):
            return _REFUSED.get(type(operation), "the only sign before a formula is a minus")
        case ast.Call():
            return "only an operator can be called, by its name"
        case ast.Attribute():
            return "'.' reaches one result of one quantity, as in Z.weights; name the quantity first"
        case _:
            return _REFUSED.get(type(node), "this is no part of the formula language")
