"""Packages in `labs/cast/lib` of a course are there for a load.py, wherever it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.load.traffic import make_traffic
from tests.grader.load.load_helpers import LOAD, Server, plan, run


@pytest.mark.parametrize("place", ["scenarios/a-lab", "labs/a-lab/rehearsal"])
def test_a_load_imports_them(tmp_path: Path, server: Server, place: str) -> None:
    package = tmp_path / "labs" / "cast" / "lib" / f"shared_by_{place.partition('/')[0]}"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("PATH = '/ok'\n")
    folder = tmp_path / place
    folder.mkdir(parents=True)
    order = plan(folder, server.address, seconds=0.2)
    (folder / "load.py").write_text(f"import {package.name}\n" + LOAD.replace('"/ok"', f"{package.name}.PATH"))

    *events, _ = run(folder, order)

    assert {event["answer"] for event in events} == {"right"}
    assert make_traffic(folder / "load.py", {}, 7, ()).request(0).path == "/ok"  # as it is read to plan a trial
