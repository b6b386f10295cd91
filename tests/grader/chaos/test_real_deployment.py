"""An experiment that kills, pauses and starts a service of a real deployment, in processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.errors import RuntimeUnavailable
from infra.runtime import Deployment, runtime
from tests.grader.chaos.chaos_helpers import run, scenario, step
from tests.infra.toy import Place

URL = "http://front:8080/healthz"


@pytest.fixture
def toy() -> Iterator[Deployment]:
    place = Place(runtime("process"))
    try:
        place.runtime.check()
        place.runtime.prepare(place.system)
    except RuntimeUnavailable as missing:
        pytest.skip(str(missing))
    yield place.deploy()
    place.stop_all()


def act(func: str) -> dict[str, Any]:
    return step("action", func, func, service="front")


def looks(up: bool) -> dict[str, Any]:
    return step("probe", f"up: {up}", "answers", url=URL, timeout_s=1.0 if not up else 10.0, tolerance=up)


def test_faults_act_on_it_and_a_rollback_mends_it(toy: Deployment, tmp_path: Path) -> None:
    pause = [act("pause_service"), looks(False), act("resume_service"), looks(True)]
    path = scenario(tmp_path, [*pause, act("kill_service"), looks(False)], [looks(True)], [act("start_service")])
    address = toy.address("front", 8080)
    target = {
        "runtime": "process",
        "name": toy.name,
        "addresses": {"front:8080": f"{address.host}:{address.port}"},
    }

    code, errors, seen = run(tmp_path, path, deployment=target)

    assert (code, errors) == (0, "")
    assert [e["answer"] for e in seen] == ["yes", "done", "yes", "done", "yes", "done", "yes", "done"]
    toy.wait_ready("front")


def test_a_deployment_that_is_gone_is_no_failed_fault(tmp_path: Path) -> None:
    path = scenario(tmp_path, [act("kill_service"), looks(False)])
    target = {"runtime": "process", "name": "no-such-thing", "addresses": {"front:8080": "127.0.0.1:1"}}

    code, errors, _ = run(tmp_path, path, deployment=target)

    assert code == 6 and "no-such-thing" in errors
