"""The world of a decision lab: a plan that is fresh, cases that are told of, and pictures of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.authoring.lint.lab import Looked
from grader.course import plans
from grader.course.casebook import COUNTED_SEED, drawn


def public_files(at: Looked) -> Iterator[str]:
    """What draw.py makes is what it makes now."""
    yield from plans.old_plan(at.lab.folder)
    yield from plans.old_files(at.lab.folder)


def questions(at: Looked) -> Iterator[str]:
    """What a plan asks is judged, and what is judged is asked."""
    if not at.is_decision:
        return
    asked = {aspect for case in drawn(at.lab.folder, COUNTED_SEED)["cases"] for aspect in case.get("asked", {})}
    for name in sorted(asked - set(at.exam.slos)):
        yield f"{at.beside('draw.py')}: asks for '{name}', which no objective judges; add one to slo.yaml"
    for name in sorted(set(at.exam.slos) - asked):
        yield f"{at.beside('draw.py')}: asks nothing for the objective '{name}'; ask for it in some cases"


def code(at: Looked) -> Iterator[str]:
    """It tells of what its plan asks for, and draws pictures."""
    if not at.is_decision:
        return
    trees = []
    for path in sorted((at.lab.folder / "world").rglob("*.py")):
        try:
            trees.append(ast.parse(path.read_bytes()))
        except (SyntaxError, ValueError) as error:
            yield f"{at.inside(str(path.relative_to(at.lab.folder)))}: is no Python, mend it: {error}"
            return
    yield from plans.untold(at.lab.folder)
    names = (node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    if "pictures" not in names:
        yield (
            f"{at.inside('world')}: give the world a `pictures`, in which the mistake of the lab as shipped is seen "
            "at a glance"
        )
