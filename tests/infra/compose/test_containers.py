"""What holds in real containers: walls, limits, replicas, and an end that comes whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Network
from itertools import islice
from pathlib import Path

import psutil
import pytest

from infra.common import ports
from infra.compose import containers, reaper, state
from infra.compose.daemon import client
from infra.compose.deployment import ComposeDeployment
from infra.compose.render import DEPLOYMENT
from infra.errors import InfraError, PlatformBroken
from infra.runtime import Deployment, Runtime, runtime
from tests.infra.toy import Place, ask_back, eventually, usable

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[3]
BITS = 27
"""Of a subnet for the toy's three services and sixteen replicas more."""

ASK_NEAR_BY = """
import errno, ipaddress, socket
own = socket.gethostbyname(socket.gethostname())
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
near = list(ipaddress.ip_network(own + "/20", strict=False))
unreachable = 0
for address in near:
    try:
        asking.sendto(b"", (str(address), 9))
    except OSError as error:
        unreachable += error.errno == errno.ENETUNREACH
print(len(near), len(open("/proc/net/arp").readlines()) - 1, unreachable)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    place = Place(runtime("compose"))
    usable(place.runtime, place.system)
    yield place
    place.stop_all()


@pytest.fixture(scope="module")
def toy(place: Place) -> ComposeDeployment:
    deployment = place.deploy()
    assert isinstance(deployment, ComposeDeployment)
    return deployment


def in_container(deployment: ComposeDeployment, service: str, code: str) -> str:
    """What Python code prints inside a service."""
    command = ["docker", "exec", f"{deployment.name}-{service}-1", "python", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()


def address_inside(deployment: ComposeDeployment, service: str, network: str) -> str:
    form = f'{{{{(index .NetworkSettings.Networks "{deployment.name}_{network}").IPAddress}}}}'
    command = ["docker", "inspect", f"{deployment.name}-{service}-1", "--format", form]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_services_run_without_rights(toy: ComposeDeployment) -> None:
    status = in_container(toy, "shop", "import os; print(os.getuid(), open('/proc/self/status').read())")
    assert status.startswith("10001 ")
    assert "CapEff:\t0000000000000000" in status and "NoNewPrivs:\t1" in status


@pytest.mark.parametrize("path", ["/", "/app", "/venv", "/etc"])
def test_the_root_file_system_is_read_only(toy: ComposeDeployment, path: str) -> None:
    said = in_container(toy, "shop", f"open('{path}/x', 'w')")
    assert "Read-only file system" in said or "Permission denied" in said


def test_scratch_space_can_be_written(toy: ComposeDeployment) -> None:
    code = "open('/tmp/x', 'w').write('x'); open('/data/x', 'w').write('x'); print('ok')"
    assert in_container(toy, "front", code) == "ok"


def test_secrets_do_not_reach_open_services(toy: ComposeDeployment) -> None:
    show = "import os; print(dict(os.environ))"
    assert "tell-nobody" in in_container(toy, "front", show)
    assert "tell-nobody" not in in_container(toy, "shop", show)


def test_a_service_on_an_internal_network_has_no_route_out(toy: ComposeDeployment) -> None:
    routes = in_container(toy, "back", "print(open('/proc/net/route').read())").splitlines()[1:]
    assert routes and all(row.split()[1] != "00000000" for row in routes)


def test_it_does_not_reach_this_machine(toy: ComposeDeployment) -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        gateway = next(IPv4Network(f"{address_inside(toy, 'back', 'inside')}/{BITS}", strict=False).hosts())
        assert not reaches(toy, "back", gateway, server.getsockname()[1])


def test_it_does_not_reach_another_deployment(place: Place, toy: ComposeDeployment) -> None:
    """Asked only of addresses that this machine has a route to, so that no packet of the test leaves it."""
    other = place.deploy()
    assert isinstance(other, ComposeDeployment)
    try:
        edge, inside = (address_inside(other, "front", network) for network in ("edge", "inside"))
        assert reaches(other, "front", edge, 8080) and reaches(other, "back", inside, 8080)
        assert not reaches(toy, "front", edge, 8080)
        assert not reaches(toy, "back", edge, 8080)
        assert not reaches(toy, "back", inside, 8080)
    finally:
        other.stop()


def test_a_flood_of_addresses_leaves_the_table_of_neighbours_alone(toy: ComposeDeployment) -> None:
    """It is one table for the whole machine, in which 1,024 addresses have room. `back` has no way out."""
    asked, neighbours, unreachable = map(int, in_container(toy, "back", ASK_NEAR_BY).split())
    assert asked == 1 << 12 and unreachable == asked - (1 << (32 - BITS)) and neighbours < 1 << (32 - BITS)
    assert in_container(toy, "back", "print(open('/proc/net/if_inet6').read().split()[5::6])") in ("[]", "['lo']")


def test_subnets_are_small_and_their_own(place: Place, toy: ComposeDeployment) -> None:
    several: list[Deployment] = []
    try:
        with ThreadPoolExecutor(3) as pool:
            several += pool.map(lambda _: place.deploy(), range(3))
        found = [subnet for one in [toy, *several] for subnet in subnets(one)]
    finally:
        for one in several:
            one.stop()
    assert len(found) == 8 and all(subnet.prefixlen == BITS for subnet in found)
    assert not any(one.overlaps(other) for n, one in enumerate(found) for other in found[:n])


def subnets(deployment: Deployment) -> list[IPv4Network]:
    there = client().networks(filters={"label": f"{DEPLOYMENT}={deployment.name}"})
    return [IPv4Network(part["Subnet"]) for network in there for part in network["IPAM"]["Config"]]


def reaches(deployment: ComposeDeployment, service: str, host: object, port: int) -> bool:
    code = f"import urllib.request as r; print(r.urlopen('http://{host}:{port}/healthz', timeout=1).read())"
    return in_container(deployment, service, code).endswith("b'\"ok\"'")


def test_replicas_have_stable_addresses_of_their_own(toy: ComposeDeployment) -> None:
    toy.scale("shop", 3)
    try:
        before = [toy.address("shop", 8081, replica) for replica in range(3)]
        toy.restart("shop")
        assert [toy.address("shop", 8081, replica) for replica in range(3)] == before
        assert len({address.port for address in before}) == 3
        for address in before:
            eventually(partial(_listens, address.host, address.port))
        assert toy.status("shop").replicas == 3
    finally:
        toy.scale("shop", 1)


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            return bool(connection.recv(1))
    except OSError:
        return False


def test_a_port_that_somebody_took_is_chosen_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as thief:
        stolen, choose = iter([thief.getsockname()[1]]), ports.free_ports
        monkeypatch.setattr(
            ports, "free_ports", lambda count, *others: [*islice(stolen, 1), *choose(count, *others)][:count]
        )
        deployment = place.deploy()
        assert deployment.address("front", 8080).port != thief.getsockname()[1]
        deployment.stop()


def test_a_service_over_its_memory_limit_is_killed_alone(toy: ComposeDeployment) -> None:
    with suppress(OSError):
        ask_back(toy, "/grow?mib=900")
    eventually(lambda: toy.status("back").exit_code == -9)
    assert toy.status("front").replicas == 1
    toy.start("back")
    toy.wait_ready("back")


def test_a_removed_container_is_the_platforms_fault(place: Place) -> None:
    deployment = place.deploy()
    subprocess.run(["docker", "rm", "-f", f"{deployment.name}-shop-1"], capture_output=True, check=True)
    with pytest.raises(PlatformBroken):
        deployment.status("shop")
    deployment.stop()


def test_leftovers_are_found_when_owner_and_reaper_are_killed(place: Place) -> None:
    name = f"toy-orphan-{os.getpid()}"
    code = (
        "import sys, time; from pathlib import Path; from infra.runtime import Request, runtime;"
        "from infra.system import load_system; system = load_system(Path(sys.argv[1]), ('code',));"
        "runtime('compose').deploy(system, Request(sys.argv[2], ready_timeout_s=90));"
        "print('up', flush=True); time.sleep(60)"
    )
    toy = str(REPOSITORY / "tests" / "infra" / "systems" / "toy" / "compose.yaml")
    starter = subprocess.Popen([sys.executable, "-c", code, toy, name], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert starter.stdout is not None
    try:
        assert starter.stdout.readline() == b"up\n"
        assert name not in place.runtime.leftovers()
        for pid in _reapers(name):
            os.kill(pid, signal.SIGKILL)
    finally:
        starter.kill()
        starter.wait()
        starter.stdout.close()
    time.sleep(0.2)
    assert name in place.runtime.leftovers()
    place.runtime.clear(name)
    assert name not in place.runtime.leftovers()
    assert not state.folder(name).exists()
    assert not _known(place.runtime, name)


def test_a_command_under_way_ends_with_its_owner(place: Place, tmp_path: Path) -> None:
    """Else it makes containers that nobody removes, on a busy machine long after its owner was killed."""
    name = f"toy-late-{os.getpid()}"
    slow, real, read = tmp_path / "docker", shutil.which("docker"), tmp_path / "compose.json"
    after = f'exec {real} compose --progress quiet -p "$5" -f {read} create --no-build --pull never'
    slow.write_text(f'#!/bin/sh\ncp "$7" {read}\nsleep 4\n{after}\n', "utf-8")
    slow.chmod(0o755)
    code = (
        "import os, sys; from pathlib import Path; from infra.runtime import Request, runtime;"
        "from infra.system import load_system; system = load_system(Path(sys.argv[1]), ('code',));"
        "runtime('compose').deploy(system, Request(sys.argv[2], owner_pid=os.getpid(), ready_timeout_s=90))"
    )
    toy = str(REPOSITORY / "tests" / "infra" / "systems" / "toy" / "compose.yaml")
    path = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    starter = subprocess.Popen([sys.executable, "-c", code, toy, name], cwd=REPOSITORY, env=path)
    try:
        eventually(lambda: bool(_commands(name)) or starter.poll() is not None, within_s=30)
        under_way = _commands(name)
        assert under_way
    finally:
        starter.kill()
        starter.wait()
    psutil.wait_procs(under_way, timeout=60)
    assert not containers.ids(name)
    eventually(lambda: name not in place.runtime.leftovers() and not state.folder(name).exists())


def test_what_docker_makes_late_is_removed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"toy-later-{os.getpid()}"
    monkeypatch.setattr(reaper, "QUIET_S", 4.0)
    made = threading.Timer(2.5, lambda: client().create_volume(f"{name}_x", labels={DEPLOYMENT: name}))
    made.start()
    reaper.reap(name, None)
    made.join()
    assert not client().volumes(filters={"label": f"{DEPLOYMENT}={name}"})["Volumes"]


def _commands(name: str) -> list[psutil.Process]:
    file = str(state.folder(name) / state.FILE)
    return [process for process in psutil.process_iter(["cmdline"]) if file in (process.info["cmdline"] or [])]


def _reapers(name: str) -> list[int]:
    found = [process for process in psutil.process_iter(["cmdline"]) if name in (process.info["cmdline"] or [])]
    return [process.pid for process in found if "infra.compose.reaper" in process.info["cmdline"]]


def _known(place: Runtime, name: str) -> bool:
    try:
        place.attach(name)
    except InfraError:
        return False
    return True
