"""Whether a query brings its answer along, as a constant in what it puts out."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cited.values import Value, agrees, is_number

FIGURES = 3
"""A constant of so many figures within one per cent of the answer is the answer."""

_CONDITIONS = {"when_expr", "filter", "where_clause", "having", "condition", "qualify", "modifiers", "order_bys", "sample"}
_COMPARED = {"COMPARISON", "CONJUNCTION", "BETWEEN", "SUBQUERY_COMPARISON"}
_DO = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def bring(tree: Mapping[str, Any], answer: Value, spared: bool) -> bool:
    """Whether the answer is nothing but a constant, or stands among the constants of what is put out.

    Args:
        tree: of the query.
        spared: only look whether a constant is all that is put out: for small counts, truth and words of a brief, which
            may well stand in a CASE.
    """
    outputs = [each for node in _selects(tree) for each in node["select_list"]]
    if any(_bare(output) for output in outputs[:1]):
        return True
    return not spared and any(_is(found, answer) for found in _constants(tree))


def _selects(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Selects of a tree, the outermost first."""
    if isinstance(tree, dict) and "select_list" in tree:
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _selects(child)


def _bare(node: Mapping[str, Any]) -> bool:
    """A constant, or a function of constants alone: `max(true)`, `2000 + 114`."""
    if node.get("class") == "CAST":
        return _bare(node["child"])
    if node.get("class") == "FUNCTION":
        arguments = [each["expression"] for each in node["arguments"]]
        return bool(arguments) and node["filter"] is None and all(map(_bare, arguments))
    return node.get("class") == "CONSTANT"


def _constants(tree: Any) -> Iterator[float | str]:
    """Constants of what a query puts out, also in its inner selects: not those of its conditions."""
    if isinstance(tree, list):
        for child in tree:
            yield from _constants(child)
    elif isinstance(tree, dict) and tree.get("class") not in _COMPARED:
        found = _folded(tree)
        if found is not None:
            yield found
        for key, child in tree.items():
            if key not in _CONDITIONS:
                yield from _constants(child)


def _folded(node: Mapping[str, Any]) -> float | str | None:
    """What a constant is, or four operations over constants; else None."""
    if node.get("class") == "CAST":
        return _folded(node["child"])
    if node.get("class") == "CONSTANT":
        literal = node.get("literal", {})
        return _number(literal["text"]) if literal.get("kind") in ("INTEGER", "NUMERIC") else literal.get("text")
    if node.get("class") == "FUNCTION" and node["function_name"] in _DO:
        sides = [_folded(each["expression"]) for each in node["arguments"]]
        if len(sides) == 2 and is_number(sides[0]) and is_number(sides[1]):
            try:
                return float(_DO[node["function_name"]](sides[0], sides[1]))
            except ArithmeticError:
                return None
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is(found: float | str, answer: Value) -> bool:
    if isinstance(answer, datetime):
        try:
            moment = datetime.fromisoformat(str(found))
        except ValueError:
            return False
        return agrees(moment.replace(tzinfo=None), answer, seconds=60)
    if isinstance(answer, str) or isinstance(found, str):
        return found == answer
    long = len(f"{abs(found):.15g}".replace(".", "").strip("0")) >= FIGURES
    return agrees(found, answer, 0.01 if long else 1e-9)
