"""What Python makes of the texts that answers in letters and exact forms are written as, without running them."""

import ast
import math
import operator
from collections.abc import Mapping
from typing import Any

FUNCTIONS_OF_PYTHON: dict[str, Any] = {
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "tanh": math.tanh, "max": max, "abs": abs,
}  # fmt: skip
SIGNS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


def value_of_text(text: str, numbers: Mapping[str, float] | None = None) -> float:
    """Return what Python makes of a text, with numbers put in for its letters."""
    return float(_value_of(ast.parse(text, mode="eval").body, numbers or {}))


def _value_of(node: ast.expr, numbers: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value_of(operand, numbers)
        case ast.BinOp(left=left, op=sign, right=right):
            return SIGNS[type(sign)](_value_of(left, numbers), _value_of(right, numbers))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS_OF_PYTHON[name](*(_value_of(argument, numbers) for argument in arguments))
        case _:
            raise AssertionError(ast.dump(node))
