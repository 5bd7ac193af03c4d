"""How a formula or condition is written, so that reading the text gives the same formula again."""

from typing import assert_never

from fullmarks.problem.numerals import decimal_text
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
    Result,
    Sequence,
    Shown,
    Word,
)

_SUM, _PRODUCT, _NEGATIVE, _ATOM = range(4)  # how tightly a formula holds together; brackets go round the looser ones


def formula_text(formula: Formula) -> str:
    """Write a formula in the formula language: ``conv2d(A, F, stride=2)``."""
    return _text(formula, _SUM)


def condition_text(condition: Condition) -> str:
    """Write a condition in the formula language, every inner one in brackets: ``(max(Y) > 0) and (min(Y) < 0)``."""
    match condition:
        case Comparison(relation, left, right):
            return f"{formula_text(left)} {relation} {formula_text(right)}"
        case Distinct(body):
            return f"distinct({formula_text(body)})"
        case Both(conditions):
            return " and ".join(f"({condition_text(one)})" for one in conditions)
        case Either(conditions):
            return " or ".join(f"({condition_text(one)})" for one in conditions)
        case Not(inner):
            return f"not ({condition_text(inner)})"
        case _:
            assert_never(condition)


def _text(formula: Formula, tightness: int) -> str:
    written, own = _written(formula)
    return f"({written})" if own < tightness else written


def _written(formula: Formula) -> tuple[str, int]:
    match formula:
        case Name(name):
            return name, _ATOM
        case Number(value):
            decimal = decimal_text(value)
            if decimal is None:
                return f"{value.numerator} / {value.denominator}", _PRODUCT
            return decimal, _NEGATIVE if value < 0 else _ATOM
        case Word(text):
            return (f"'{text}'" if '"' in text else f'"{text}"'), _ATOM
        case Constant(value):
            return str(value).lower(), _ATOM
        case Sequence(items):
            return "[" + ", ".join(map(formula_text, items)) + "]", _ATOM
        case Call(operator, arguments, keywords):
            written = [*map(formula_text, arguments), *(f"{name}={formula_text(body)}" for name, body in keywords)]
            return f"{operator}({', '.join(written)})", _ATOM
        case Binary(sign, left, right):
            own = _SUM if sign in "+-" else _PRODUCT
            return f"{_text(left, own)} {sign} {_text(right, own + 1)}", own
        case Negative(body):
            return f"-{_text(body, _NEGATIVE)}", _NEGATIVE
        case Result(name, result):
            return f"{name}.{result}", _ATOM
        case Shown(body):
            return _written(body)
        case _:
            assert_never(formula)
