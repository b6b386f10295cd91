"""The same code written otherwise, drawn for each bundle, so that no text tells what a bundle does."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq,
}  # fmt: skip
_MOVED = ast.BinOp | ast.Compare | ast.BoolOp | ast.IfExp | ast.Call | ast.Subscript
_OFTEN = 0.25
_CHOICES = (
    "({one} if {calls} < {far} else {other})", "({other}, {one})[{calls} < {far}]", "[{one}, {other}][{calls} > {far}]",
)  # fmt: skip


class Spelling(ast.NodeTransformer):
    """Turns sums, comparisons and branches round, moves what can be moved into functions, writes numbers otherwise.
    Statements below `with any_order` come in any order.

    Attributes:
        helpers: functions that were made, to be put beside the class.
    """

    def __init__(
        self, rng: Random, known: set[str], words: Iterator[str], settings: Mapping[str, Callable[[], str]]
    ) -> None:
        """`known`: names of the module; `words`: new names; `settings`: of attributes, the source that is read instead,
        another each time."""
        self._rng, self._words, self._settings = rng, words, settings
        self._known = known | set(dir(builtins)) | {"__file__", "FACTOR", "STEP"}
        self.helpers: list[ast.stmt] = []

    def _often(self) -> bool:
        return self._rng.random() < 0.5

    def visit(self, node: ast.AST) -> Any:
        """The node, or what stands in for it."""
        found: Any = super().visit(node)
        moved = isinstance(found, _MOVED) and isinstance(getattr(found, "ctx", ast.Load()), ast.Load)
        return self._moved(found) if moved and self._rng.random() < _OFTEN else found

    def _moved(self, node: ast.expr) -> ast.expr:
        """A call of a function of its own."""
        names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
        own = {each.id for each in names if isinstance(each.ctx, ast.Store)} | self._known
        given = sorted({each.id for each in names} - own)
        self._rng.shuffle(given)
        name = next(self._words)
        self._known.add(name)
        self.helpers += ast.parse(f"def {name}({', '.join(given)}):\n    return {ast.unparse(node)}").body
        return _expression(f"{name}({', '.join(given)})")

    def visit_With(self, node: ast.With) -> list[ast.stmt]:
        """Its statements, in any order."""
        self.generic_visit(node)
        return self._rng.sample(node.body, len(node.body))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Sums and products, perhaps the other way round."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self._often():
            node.left, node.right = node.right, node.left
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """A comparison, perhaps from the other side."""
        self.generic_visit(node)
        if (turned := _TURNED.get(type(node.ops[0]))) and self._often():
            return ast.Compare(node.comparators[0], [turned()], [node.left])
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """One of two, perhaps the other way round."""
        self.generic_visit(node)
        return ast.IfExp(_not(node.test), node.orelse, node.body) if self._often() else node

    def visit_If(self, node: ast.If) -> ast.AST:
        """A branch, perhaps as the other one."""
        self.generic_visit(node)
        if node.orelse or self._often():
            return node
        return ast.If(_not(node.test), [ast.Pass()], node.body)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """`+=`, perhaps written out."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Add) or self._often():
            return node
        written = _expression(ast.unparse(node.target))
        both = [written, node.value] if self._often() else [node.value, written]
        return ast.Assign([node.target], ast.BinOp(both[0], ast.Add(), both[1]), lineno=node.lineno)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A whole number, perhaps as a sum or a difference."""
        if type(node.value) is not int or node.value < 2 or self._often():
            return node
        part = self._rng.randint(1, node.value - 1)
        return _expression(self._rng.choice((f"({part} + {node.value - part})", f"({node.value + part} - {part})")))

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """A setting is read as one of two, of which one is always it."""
        if isinstance(node.ctx, ast.Load) and node.attr in self._settings:
            return self.visit(_expression(self._settings[node.attr]()))
        self.generic_visit(node)
        return node


def respelt(source: str, rng: Random, words: Iterator[str], settings: Mapping[str, Callable[[], str]]) -> str:
    """The source of a module with one class, otherwise; `settings` as `Spelling` has them."""
    tree: Any = ast.parse(source)
    spelling = Spelling(rng, _defined(tree), words, settings)
    tree = ast.fix_missing_locations(spelling.visit(tree))
    *imports, load, model = tree.body
    model.body = rng.sample(model.body, len(model.body))
    rest = rng.sample([load, model, *spelling.helpers], len(spelling.helpers) + 2)
    return ast.unparse(ast.fix_missing_locations(ast.Module([*imports, *rest], []))) + "\n"


def _defined(tree: Any) -> set[str]:
    """What a module defines and imports."""
    return {
        name
        for each in tree.body
        for name in (
            [alias.name for alias in each.names] if isinstance(each, ast.Import | ast.ImportFrom) else [each.name]
        )
    }


def choice(rng: Random, calls: str, one: str, other: str, far: str) -> str:
    """Source that is `one` if `far` is above the number of calls, else `other`."""
    return rng.choice(_CHOICES).format(calls=calls, one=one, other=other, far=far)


def _not(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def _expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body
