"""What Docker's words mean; all captured from Docker 26.1 and Compose 2.26, but for the look-alikes."""

from __future__ import annotations

import pytest

from infra.compose.failure import PortTaken, dying, exit_code, mount_gone, trouble
from infra.errors import PlatformBroken, RuntimeUnavailable

POOLS = (
    "failed to create network px_default: Error response from daemon: could not find an available, non-overlapping "
    "IPv4 address pool among the defaults to assign to the network"
)
BOUND = (
    "driver failed programming external connectivity on endpoint vigilant_x (12ed5a2b): Error starting userland proxy: "
    "listen tcp4 127.0.0.1:21999: bind: address already in use"
)
ALLOCATED = (
    "driver failed programming external connectivity on endpoint youthful_x (fe7fb837): Bind for 127.0.0.1:21998 "
    "failed: port is already allocated"
)
NO_IMAGE = "Error response from daemon: No such image: brownout/core:5d1e"
NO_SOURCE = 'invalid mount config for type "bind": bind source path does not exist: /submission/code'
NOT_A_FOLDER = (
    "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: "
    'unable to start container process: error during container init: error mounting "/submission/code" to rootfs at '
    '"/app": create mount destination for /app mount: cannot mkdir in /merged/app: not a directory: unknown: Are you '
    "trying to mount a directory onto a file (or vice-versa)?"
)
DISK_FULL = "Error response from daemon: mkdir /var/lib/docker/overlay2/1f: no space left on device"


@pytest.mark.parametrize("said", [BOUND, ALLOCATED])
def test_a_taken_port_can_be_tried_again(said: str) -> None:
    assert isinstance(trouble(said, "starting"), PortTaken)


def test_no_network_left_is_the_machines_fault_and_says_what_to_do() -> None:
    error = trouble(POOLS, "creating toy")
    assert isinstance(error, PlatformBroken) and "default-address-pools" in str(error)


def test_a_missing_image_names_the_command_that_makes_it() -> None:
    error = trouble(NO_IMAGE, "creating toy")
    assert isinstance(error, RuntimeUnavailable) and "make images" in str(error)


@pytest.mark.parametrize("said", [DISK_FULL, "", "Error response from daemon: image store is locked"])
def test_anything_else_is_the_machines_fault(said: str) -> None:
    assert type(trouble(said, "creating toy")) is PlatformBroken


@pytest.mark.parametrize("said", [NO_SOURCE, NOT_A_FOLDER])
def test_a_vanished_mount_is_told_apart(said: str) -> None:
    assert mount_gone(said)


@pytest.mark.parametrize("said", [BOUND, POOLS, DISK_FULL, 'error mounting "proc" to rootfs: permission denied'])
def test_other_trouble_is_no_vanished_mount(said: str) -> None:
    assert not mount_gone(said)


@pytest.mark.parametrize(("docker", "ours"), [(0, 0), (1, 1), (127, 127), (128, 128), (137, -9), (255, 255)])
def test_exit_codes(docker: int, ours: int) -> None:
    assert exit_code(docker) == ours


def test_a_container_that_is_still_dying_is_told_from_one_that_cannot_be_removed() -> None:
    said = "could not kill: tried to kill container, but did not receive an exit event"
    assert dying(f'cannot remove container "/x-desk-1": {said}')
    assert not dying("removal of container 1fb1 is already in progress") and not dying(DISK_FULL)
