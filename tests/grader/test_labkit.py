"""The face of the engine for labs: each finds what is its own."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader import labkit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "labs/a-lab/rehearsal/load.py": "WHAT = 'rehearsal'",
        "labs/a-lab/world/world.py": "import rules\nWHAT = rules.WHAT",
        "labs/a-lab/world/rules.py": "WHAT = 'world'",
        "labs/cast/part/names.py": "WHAT = 'cast'",
        "scenarios/a-lab/draw.py": "WHAT = 'exam'",
        "scenarios/a-lab/twists/one/world.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("file", ["labs/a-lab/rehearsal/load.py", "scenarios/a-lab/twists/one/world.py"])
def test_a_file_finds_the_modules_of_its_lab(root: Path, file: str) -> None:
    here = str(root / file)

    assert labkit.lab_of(here) == root / "labs" / "a-lab"
    assert labkit.import_rehearsal(here, "load").WHAT == "rehearsal"
    assert labkit.import_exam(here, "draw").WHAT == "exam"
    assert labkit.import_shared(here, "part/names.py").WHAT == "cast"


def test_a_file_of_no_lab_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is in no lab and in no scenario"):
        labkit.lab_of(str(tmp_path / "scenarios" / "a-lab" / "draw.py"))


def test_a_world_leaves_others_of_its_name_as_they_were(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModuleType("world")
    monkeypatch.setitem(sys.modules, "world", other)

    with labkit.world(str(root / "scenarios" / "a-lab" / "draw.py")):
        import world  # type: ignore[import-not-found]

        assert world.WHAT == "world"

    assert sys.modules["world"] is other
    assert "rules" not in sys.modules
