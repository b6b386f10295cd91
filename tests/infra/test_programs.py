"""An image's programs out of Debian's packages run on every runtime."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.system import load_system
from tests.infra.toy import Place, ask, places, usable

SYSTEM = load_system(Path(__file__).parent / "systems" / "programs" / "compose.yaml", ())


@pytest.fixture(params=places())
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    place = Place(request.param)
    usable(place.runtime, SYSTEM)
    yield place
    place.stop_all()


def test_programs_of_an_image_run(place: Place) -> None:
    said = ask(place.deploy(SYSTEM), "/", service="checker", timeout=60.0)
    assert "1 rules found" in said["rules"]
    assert said["route"].strip() == "page"
    assert said["prometheus"].startswith("prometheus, version")
    assert said["alertmanager"].startswith("alertmanager, version")


def test_a_runtime_says_which_programs_are_this_machines(place: Place) -> None:
    named = {"prometheus", "promtool", "prometheus-alertmanager"} if place.runtime.name == "process" else set()
    assert set(place.runtime.programs(SYSTEM)) == named
