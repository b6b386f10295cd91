"""Plays of a recommender's code before a plan, and the world's modules."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import find_lab
from infra.images.venvs import environment
from tests.labs import modules

LAB = find_lab("tech-debt").folder


@pytest.fixture(scope="session")
def marrow() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Plays a plan against the code in a folder: words by aspect, calls of functions, notes, a page."""

    def play(folder: Path, plan: Mapping[str, Any], *flags: str) -> dict[str, Any]:
        path = tmp_path_factory.mktemp("plan") / "plan.json"  # not in a folder that the clerk reads
        path.write_text(json.dumps(plan))
        done = subprocess.run(
            [environment("core") / "bin" / "python", Path(__file__).with_name("playing.py"), LAB, path, folder, *flags],
            capture_output=True, text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(LAB.parents[1])},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return play
