"""Whether a query brings its answer along, as a constant in what it puts out."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cited.values import Value, agrees, is_number

FIGURES = 3
"""A constant of so many figures within one per cent of the answer is the answer."""

_CONDITIONS = {
    "when_expr",
    "filter",
    "where_clause",
    "having",
    "condition",
    "qualify",
    "modifiers",
    "order_bys",
    "sample",
}
_COMPARED = {"COMPARISON", "CONJUNCTION", "BETWEEN", "SUBQUERY_COMPARISON"}
_DO = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def bring(tree: Mapping[str, Any], answer: Value, spared: bool) -> bool:
    """Whether a query's own text has its answer in it.

    That is so if all that it puts out is a constant; if a constant in what it puts out is the answer, or near to it;
    or if one in its conditions is exactly the answer. Small counts, truth and words of a brief (`spared`) may well
    stand in a condition or a CASE, and so may 0 and 1 anywhere.
    """
    select = _select(tree)
    if select is not None and any(map(_bare, select["select_list"][:1])):
        return True
    if spared and (not is_number(answer) or answer in (0, 1)):
        return False
    near = 0.0 if spared else 0.01
    if any(_is(found, answer, near) for found in _constants(tree, everywhere=False)):
        return True
    return not spared and any(_is(found, answer) for found in _constants(tree, everywhere=True))


def _select(tree: Any) -> Mapping[str, Any] | None:
    """The outermost select of a tree."""
    if isinstance(tree, dict) and "select_list" in tree:
        return tree
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return next(filter(None, map(_select, children)), None)


def _bare(node: Mapping[str, Any]) -> bool:
    """A constant, or a function of constants alone: `max(true)`, `2000 + 114`, `(SELECT 7)`."""
    kind = node.get("class")
    if kind == "CAST":
        return _bare(node["child"])
    if kind == "SUBQUERY":
        select = _select(node["subquery"])
        return select is not None and _bare(select["select_list"][0])
    if kind == "FUNCTION":
        arguments = [each["expression"] for each in node["arguments"]]
        return bool(arguments) and node["filter"] is None and all(map(_bare, arguments))
    return kind == "CONSTANT"


def _constants(tree: Any, everywhere: bool) -> Iterator[float | str]:
    """Constants of what a query puts out, also in its inner selects; `everywhere`: and of its conditions."""
    if isinstance(tree, list):
        for child in tree:
            yield from _constants(child, everywhere)
    elif isinstance(tree, dict) and (everywhere or tree.get("class") not in _COMPARED):
        found = _folded(tree)
        if found is not None:
            yield found
        for key, child in tree.items():
            if everywhere or key not in _CONDITIONS:
                yield from _constants(child, everywhere)


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


def _is(found: float | str, answer: Value, near: float = 0.0) -> bool:
    """Whether a constant is the answer; with `near`, or one of some figures that comes so near to it."""
    if isinstance(answer, datetime):
        try:
            moment = datetime.fromisoformat(str(found)).replace(tzinfo=None)
        except ValueError:
            return False
        return agrees(moment, answer, seconds=60 if near else 0)
    if isinstance(answer, str) or isinstance(found, str):
        return found == answer
    long = len(f"{abs(found):.15g}".replace(".", "").strip("0")) >= FIGURES
    return agrees(found, answer, max(near if long else 0.0, 1e-9))
