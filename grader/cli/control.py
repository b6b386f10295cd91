"""`lab control`."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from grader.cli.console import next_step, say
from grader.course import catalog, files
from grader.course.control import SHIPPED, Control
from grader.course.files import shown
from grader.course.patch import DESCRIPTION, PATCH, Tree, changed, difference, tree
from grader.course.reading import validate
from grader.course.spec import Scenario
from grader.errors import BadInput
from grader.intake.controls import copy_control
from grader.intake.submission import stage

_NAME = re.compile(r"^[a-z][a-z0-9-]*$")


def new(
    lab_id: str, name: str, source: Path, *, story: str, base: str, kind: str, fails: str, also: Sequence[str]
) -> None:
    """Make scenarios/<id>/controls/<name> of an edited folder, whole or not at all.

    Raises:
        BadInput: a name that is not usable, taken or unknown; a folder that could not be handed in or changes nothing;
            or no way to write.
    """
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    folder = scenario.folder / "controls" / name
    _check_names(scenario, folder, base, [*filter(None, [fails]), *also])
    said = {"kind": kind or ("fake" if fails else "alternative"), "story": story, "fails": fails or None}
    control = validate(Control, {**said, "also": list(also), "base": base or None}, folder / DESCRIPTION)
    if not story.strip():
        raise BadInput("--story: is empty; say who would hand this in, and why it looks fixed")
    start, wanted = scenario.edited(base or SHIPPED), _handed_in(scenario, source, base or SHIPPED)
    if start == wanted:
        raise BadInput(f"{shown(source)} changes nothing of {base or f'lab {lab_id}'}; edit it first")
    try:
        _write(folder, control, start, wanted, scenario.lab.spec.open)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}") from error
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        say(f"made {path.relative_to(catalog.root())}")
    next_step(f"lab verify {lab_id} --control {name}", "shows whether it gets its verdict")


def copy(lab_id: str, name: str, into: Path) -> None:
    """Write a whole copy of the lab as a control has it.

    Raises:
        BadInput: no such control, `into` is there already, or no way to write.
    """
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    _check_known(scenario, name)
    if into.exists():
        raise BadInput(f"{shown(into)} exists already; name a folder that does not")
    try:
        copy_control(scenario, name, into)
    except OSError as error:
        raise BadInput(f"{shown(into)} cannot be written: {error.strerror}") from error
    say(f"{shown(into)} holds lab {lab_id} as {name} has it.")
    next_step(f"lab control new {lab_id} NAME --from {shown(into)} --base {name}", "makes a control of what you change")


def _check_names(scenario: Scenario, folder: Path, base: str, objectives: Sequence[str]) -> None:
    if not _NAME.match(folder.name):
        raise BadInput(f"{folder.name!r} cannot be a control's name; use lower-case letters, digits and hyphens")
    if folder.exists():
        raise BadInput(f"{folder} exists already; choose another name, or remove it first")
    if base:
        _check_known(scenario, base)
    for objective in objectives:
        if objective not in scenario.slos:
            near = catalog.suggestion(objective, list(scenario.slos))
            raise BadInput(f"lab {scenario.lab.id} has no objective {objective!r}; {near}")


def _check_known(scenario: Scenario, name: str) -> None:
    if name not in scenario.controls:
        near = catalog.suggestion(name, list(scenario.controls))
        raise BadInput(f"lab {scenario.lab.id} has no control {name!r}; {near}")


def _handed_in(scenario: Scenario, source: Path, base: str) -> Tree:
    """The open files of an edited copy of the lab, or of changed files that lie over those of a control; checked as a
    submission is."""
    opened = scenario.lab.spec.open
    with tempfile.TemporaryDirectory(prefix="brownout-control-") as scratch:
        whole = stage(scenario.lab, source, Path(scratch) / "whole").path
        if (source / "lab.yaml").is_file():
            return tree(whole, opened)
        copy_control(scenario, base, Path(scratch) / "laid")
        for path, file in tree(source, opened).items():
            files.write(Path(scratch) / "laid" / path, file.data, file.executable)
        return tree(Path(scratch) / "laid", opened)


def _write(folder: Path, control: Control, start: Tree, wanted: Tree, opened: tuple[str, ...]) -> None:
    patch, whole = difference(start, wanted)
    said = control.model_dump(mode="json", exclude_defaults=True)
    try:
        for path, file in whole.items():
            files.write(folder / path, file.data, file.executable)
        files.write(folder / DESCRIPTION, yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110).encode())
        if patch:
            files.write(folder / PATCH, patch.encode("utf-8", "surrogateescape"))
        if changed(start, folder, opened) != wanted:
            raise BadInput(f"{folder}: a patch cannot say this change; keep names of files plain")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
