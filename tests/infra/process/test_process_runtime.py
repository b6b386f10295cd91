"""What is particular to local processes: the supervisor's death, lost ports, hidden orphans, trouble with the disk."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil
import pytest

from infra.errors import PlatformBroken, ServiceFailed, SystemRefused
from infra.home import home
from infra.process import ports, runtime
from infra.process.deployment import ProcessDeployment
from infra.process.folders import folder_of
from infra.process.identity import identify
from infra.process.plan import MARKER, mark
from infra.process.runtime import ProcessRuntime
from infra.runtime import Request, State
from infra.system import System
from tests.infra.toy import Place, a_name, answers, ask, ask_back, eventually


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place(ProcessRuntime())
    yield place
    place.stop_all()


def _supervisor(deployment: ProcessDeployment) -> int:
    return deployment._endpoint.supervisor.pid


def _running_with(word: str, processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that live and have the word in their command line."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found


def _with_shop(system: System, **changes: object) -> System:
    shop = dataclasses.replace(system.services["shop"], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(system, services=system.services | {"shop": shop})


def test_the_supervisor_imports_little() -> None:
    code = (
        "import sys, infra.process.supervisor; print(*(m for m in ('pydantic', 'yaml', 'httpx') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True)
    assert done.stdout.strip() == ""


def test_a_killed_supervisor_takes_its_services_along_and_leaves_a_leftover(place: Place) -> None:
    deployment = place.deploy()
    ask_back(deployment, "/breed")
    os.kill(_supervisor(deployment), signal.SIGKILL)
    eventually(lambda: not answers(deployment))

    with pytest.raises(PlatformBroken):
        deployment.status("front")
    assert not place.knows(deployment.name)
    assert deployment.name in place.runtime.leftovers()

    place.runtime.clear(deployment.name)

    assert deployment.name not in place.runtime.leftovers()
    assert not folder_of(deployment.name).exists()
    assert not _running_with(deployment.name, psutil.process_iter())


def test_marked_processes_without_a_folder_are_leftovers(place: Place) -> None:
    name = a_name()
    with subprocess.Popen(["sleep", "60"], env={MARKER: mark(name, "front")}) as astray:
        eventually(lambda: name in place.runtime.leftovers())
        place.runtime.clear(name)
        assert astray.wait() == -signal.SIGKILL
    assert name not in place.runtime.leftovers()


def test_what_another_checkout_runs_is_no_leftover(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deployment = place.deploy()
    mine = os.environ.get("BROWNOUT_HOME")
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "another"))

    seen = place.runtime.leftovers()
    place.runtime.clear(deployment.name)

    assert seen == []
    monkeypatch.setenv("BROWNOUT_HOME", mine) if mine else monkeypatch.delenv("BROWNOUT_HOME")
    assert answers(deployment)


def test_the_owners_death_is_seen_within_half_a_second(place: Place) -> None:
    with subprocess.Popen(["sleep", "60"]) as owner:
        deployment = place.deploy(owner_pid=owner.pid)
        supervisor = identify(_supervisor(deployment))
        assert supervisor
        owner.kill()
        owner.wait()
        since = time.monotonic()
        eventually(lambda: not supervisor.alive)
        assert time.monotonic() - since < 1.5
    assert not folder_of(deployment.name).exists()


def test_an_orphan_that_dropped_its_marker_is_ended_too(place: Place, submission: Callable) -> None:
    hide = """
import os, subprocess, sys
subprocess.Popen(["sh", "-c", "setsid sleep 77.25 & exit"], env={"PATH": os.environ["PATH"]})
"""
    sound = (place.system.root / "code" / "main.py").read_text()
    deployment = place.deploy(open_root=submission(hide + sound))

    supervisor = psutil.Process(_supervisor(deployment))
    eventually(lambda: _running_with("77.25", supervisor.children()))
    deployment.kill("shop")
    assert not _running_with("77.25", psutil.process_iter())


def test_what_a_service_leaves_when_it_exits_is_ended(place: Place) -> None:
    deployment = place.deploy()
    ask_back(deployment, "/breed")
    eventually(lambda: len(ask(deployment, "/beats")) == 2)
    ask_back(deployment, "/leave?code=0")
    eventually(lambda: deployment.status("back").state is State.EXITED)
    eventually(lambda: len(psutil.Process(_supervisor(deployment)).children(recursive=True)) == 2)


def test_a_command_that_is_not_there_fails_as_in_a_container(place: Place) -> None:
    with pytest.raises(ServiceFailed) as caught:
        place.deploy(_with_shop(place.system, command=("no-such-program",)))
    assert caught.value.exit_code == 127
    assert "no-such-program" in caught.value.log_tail


def test_no_secret_reaches_a_place_that_others_can_read(place: Place) -> None:
    deployment = place.deploy()
    folder = folder_of(deployment.name)
    assert (folder.stat().st_mode & 0o077, (folder / "plan.json").stat().st_mode & 0o077) == (0, 0)
    assert (folder / "state.json").stat().st_mode & 0o077 == 0


def test_a_wrong_token_is_not_obeyed(place: Place) -> None:
    deployment = place.deploy()
    with pytest.raises(PlatformBroken):
        dataclasses.replace(deployment._endpoint, token="guess").ask("kill", service="front")
    with socket.create_connection(("127.0.0.1", deployment._endpoint.port)) as stranger:
        stranger.sendall(b"[nonsense\n")
        assert stranger.recv(100) == b""
    assert deployment.status("front").state is State.RUNNING


def test_a_bad_name_is_refused(place: Place) -> None:
    for name in ("", "Upper", "../up", "x" * 41):
        with pytest.raises(SystemRefused):
            place.runtime.deploy(place.system, Request(name))


def test_a_lost_port_is_tried_again_with_another(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    choose, thieves = ports.choose, []

    def robbed(count: int, taken: set[int], name: str) -> list[int]:
        chosen = choose(count, taken, name)
        if not thieves:
            thieves.append(socket.create_server(("127.0.0.1", chosen[0])))
        return chosen

    monkeypatch.setattr(ports, "choose", robbed)
    with_thief = place.deploy()
    thieves[0].close()
    assert answers(with_thief)


def test_ports_that_are_always_lost_are_the_machines_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as thief:
        stolen, name = thief.getsockname()[1], a_name()
        choose = ports.choose
        monkeypatch.setattr(ports, "choose", lambda count, taken, _: [stolen, *choose(count - 1, taken)])
        with pytest.raises(PlatformBroken, match="ports of service front"):
            place.deploy(name=name)
    assert not folder_of(name).exists()


def test_a_state_folder_that_cannot_be_written_is_the_machines_fault(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place.runtime.prepare(place.system)
    (tmp_path / "images").symlink_to(home() / "images")
    (tmp_path / "deployments").write_text("a file, not a folder")
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path))
    with pytest.raises(PlatformBroken):
        place.deploy()


def test_a_log_on_a_full_disk_is_the_machines_fault(place: Place) -> None:
    deployment = place.deploy()
    psutil.Process(_supervisor(deployment)).rlimit(psutil.RLIMIT_FSIZE, (0, 0))
    ask(deployment, "/say?text=too-much")

    def broken() -> bool:
        try:
            deployment.status("front")
        except PlatformBroken as error:
            return "log of service front" in str(error)
        return False

    eventually(broken)
    deployment.stop()
    assert not folder_of(deployment.name).exists()


def test_a_machine_too_busy_to_start_a_supervisor_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "SUPERVISOR_WITHIN_S", 0.001)
    name = a_name()
    with pytest.raises(PlatformBroken, match="too busy; run again"):
        place.deploy(name=name)
    assert not folder_of(name).exists()
