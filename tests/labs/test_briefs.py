"""What a brief tells a candidate to type can be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.course.spec import Lab
from infra.system import load_system

LABS = sorted(path.parent for path in (Path(__file__).resolve().parents[2] / "labs").glob("*/lab.yaml"))


@pytest.mark.parametrize("folder", LABS, ids=lambda folder: folder.name)
def test_commands_name_the_lab_and_what_it_has(folder):
    lab = Lab(folder)
    has = {"open": set(lab.spec.pages), "logs": set(load_system(folder / "compose.yaml", lab.spec.open).services)}

    commands = re.findall(r"^lab (\w+) ?([\w-]*) ?([\w-]*)", lab.brief, re.MULTILINE)

    assert commands
    for verb, lab_id, name in commands:
        assert lab_id == folder.name, (verb, lab_id)
        assert not name or verb not in has or name in has[verb], (verb, name)
