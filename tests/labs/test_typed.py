"""The check of types sees a world that a casebook could not play, and looks again at what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grader.course import REPOSITORY
from tests.labs import typed

GOOD = """
from casebook.world import Case, On, Plan


class World:
    def __init__(self, plan: Plan[Case]) -> None:
        self.lanes = [plan["cases"]]

    async def play(self, lane: list[Case], on: On) -> None:
        for case in lane:
            on.tell_rest(case["id"], "right")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [("async def play", "def play"), ("self.lanes", "self.rows"), ('case["id"]', 'case["name"]'), (" -> None", "")],
)
def test_a_wrong_world_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]) -> None:
    (tmp_path / "labs/yard/world").mkdir(parents=True)
    (tmp_path / "labs/cast").symlink_to(REPOSITORY / "labs/cast")
    (tmp_path / "pyproject.toml").write_text((REPOSITORY / "pyproject.toml").read_text())
    world = tmp_path / "labs/yard/world/world.py"
    world.write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(typed, "REPOSITORY", tmp_path)

    assert "labs/yard/world" in typed.folders()
    assert typed.checked("labs/yard/world", REPOSITORY / ".mypy_cache/test") == []
    world.write_text(GOOD.replace(*change))
    assert "labs/yard/world/world.py" in typed.checked("labs/yard/world", REPOSITORY / ".mypy_cache/test")[0]
