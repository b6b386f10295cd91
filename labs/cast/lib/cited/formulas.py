"""Formulas over other claims: `= users / customers`. Four operations, brackets, and few numbers."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable

MOST_NUMBERS = 2
UNITS = {1, 2, 7, 12, 24, 30, 52, 60, 365, 1440, 3600, 86400, *(10**power for power in range(1, 10))}
"""Numbers that turn one unit into another, or halve. Others are figures, and belong into a claim of their own."""

_NAME = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*(?:-[\w.]+)*")
_DO: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Formula:
    """A formula that was read. `names`: the claims that it leans on.

    Raises:
        ValueError: it is none. One sentence.
    """

    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        body = _NAME.sub(self._placeholder, text.removeprefix("=").strip())
        try:
            self._tree = ast.parse(body, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError("not a formula: names of claims, + - * / and brackets") from None
        nodes = list(ast.walk(self._tree))
        numbers = [node.value for node in nodes if isinstance(node, ast.Constant)]
        if not all(isinstance(node, (ast.BinOp, ast.Name, ast.Constant, ast.expr_context, *_DO)) for node in nodes):
            raise ValueError("a formula has names of claims, + - * / and brackets, and nothing else")
        if len(numbers) > MOST_NUMBERS or not all(type(number) is int and number in UNITS for number in numbers):
            raise ValueError(
                f"a formula has at most {MOST_NUMBERS} numbers, and these only turn units: 60, 24, 100 ..."
            )
        if not self.names:
            raise ValueError("a formula leans on no claim")

    def _placeholder(self, found: re.Match[str]) -> str:
        self.names.append(found[0])
        return f"_{len(self.names) - 1}"

    def value(self, values: dict[str, float]) -> float:
        """What it gives.

        Raises:
            ArithmeticError: a division by zero, or a number without end.
        """
        return self._value(self._tree, values)

    def _value(self, node: ast.expr, values: dict[str, float]) -> float:
        if isinstance(node, ast.BinOp):
            return _DO[type(node.op)](self._value(node.left, values), self._value(node.right, values))
        if isinstance(node, ast.Name):
            return values[self.names[int(node.id[1:])]]
        assert isinstance(node, ast.Constant) and isinstance(node.value, int)
        return float(node.value)
