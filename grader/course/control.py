"""Controls: what is known of each, and the files that it makes of the lab's or of another control's."""

from __future__ import annotations

from collections.abc import Container, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from grader.course.patch import DESCRIPTION, Tree, changed
from grader.course.reading import parse
from grader.course.strict import Strict
from grader.errors import BadInput

SHIPPED = "shipped"
"""The name of the lab as it is among controls."""


class Control(Strict):
    """controls/<name>/control.yaml: a submission whose verdict is known.

    Attributes:
        kind: `shipped` has no files of its own; a reference and an alternative pass, and so does a stranger, an honest
            design made from the brief by others; a fake fails.
        story: who would hand this in, and why it looks fixed.
        fails: the objective it must fail on (shipped and fakes).
        also: objectives that it may fail as well, because they cannot be told apart.
        base: another control, whose files this one changes, so that a fake shows only what it spoils; else the lab's.
    """

    kind: Literal["shipped", "reference", "alternative", "fake", "stranger"]
    story: str
    fails: str | None = None
    also: tuple[str, ...] = ()
    base: str | None = None

    @model_validator(mode="after")
    def _named(self) -> Control:
        if (self.kind in ("shipped", "fake")) != (self.fails is not None):
            raise ValueError("fails: a shipped lab or a fake names the objective it fails; others name none")
        return self


def read_controls(
    folder: Path, shipped: Tree, entries: tuple[str, ...], objectives: Container[str]
) -> dict[str, tuple[Control, Tree]]:
    """All controls of a folder with their files, checked: what they name is there, and their changes fit.

    Args:
        shipped: the lab's open files.
        entries: which those are, as in lab.yaml.
        objectives: of the exam.

    Raises:
        BadInput: names the file and the key, or the file and the hunk.
    """
    names = sorted(path.parent.name for path in folder.glob(f"*/{DESCRIPTION}"))
    controls = {name: parse(Control, folder / name / DESCRIPTION) for name in names}
    for name, control in controls.items():
        for objective in filter(None, (control.fails, *control.also)):
            if objective not in objectives:
                raise BadInput(f"{folder / name / DESCRIPTION}: no objective {objective!r}")
    trees: dict[str | None, Tree] = {None: shipped}
    for name in _bases_first(controls, folder):
        trees[name] = changed(trees[controls[name].base], folder / name, entries)
        if controls[name].kind == "shipped" and trees[name] != shipped:
            raise BadInput(f"{folder / name}: is the lab as shipped and has files of its own; remove them")
    return {name: (controls[name], trees[name]) for name in names}


def _bases_first(controls: Mapping[str, Control], folder: Path) -> list[str]:
    """Names of controls, each after its base."""
    bases = {name: control.base for name, control in controls.items() if control.base is not None}
    for name, base in bases.items():
        if base not in controls:
            raise BadInput(f"{folder / name / DESCRIPTION}: base: there is no control {base!r}")
    graph = {name: [bases[name]] if name in bases else [] for name in controls}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        name = error.args[1][0]
        raise BadInput(f"{folder / name / DESCRIPTION}: base: leads back to {name!r} itself") from None
