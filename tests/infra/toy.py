"""The toy system, places to run it in, ways to ask it, and a way to poll."""

from __future__ import annotations

import json
import os
import secrets
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from infra.errors import InfraError, RuntimeUnavailable
from infra.runtime import Deployment, Request, Runtime, State, runtimes
from infra.system import System, load_system
from tests import waiting

TOY = Path(__file__).parent / "systems" / "toy"
PATIENCE_S = float(os.environ.get("BROWNOUT_TEST_PATIENCE_S", "20"))
START_S = 90.0  # a machine that tests and a cluster share was seen to take 30 s for two containers
SECRETS = {"BROWNOUT_TOKEN": "tell-nobody"}


class Place:
    """A runtime under test; everything deployed through it is gone at the end."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.system = load_system(TOY / "compose.yaml", ("code",))
        self._made: list[Deployment] = []

    def deploy(self, system: System | None = None, **asked: Any) -> Deployment:
        name = asked.pop("name", None) or a_name()
        request = Request(name, secrets=SECRETS, **{"ready_timeout_s": START_S, **asked})
        deployment = self.runtime.deploy(system or self.system, request)
        self._made.append(deployment)
        return deployment

    def stop_all(self) -> None:
        while self._made:
            self._made.pop().stop()

    def knows(self, name: str) -> bool:
        try:
            self.runtime.attach(name)
        except InfraError:
            return False
        return True


def a_name() -> str:
    """A name that no other deployment on this machine has."""
    return f"toy-{secrets.token_hex(4)}"


def ask(deployment: Deployment, path: str, service: str = "front", port: int = 8080, timeout: float = 5.0) -> Any:
    """The JSON that a published service answers; OSError if it does not."""
    with urllib.request.urlopen(deployment.address(service, port).url + path, timeout=timeout) as answer:
        return json.load(answer)


def ask_back(deployment: Deployment, path: str) -> Any:
    """The same of the service that only `front` can reach."""
    return ask(deployment, f"/via?name=BACK&path={quote(path)}")


def ask_shop(deployment: Deployment, path: str) -> Any:
    """The same of the open service."""
    return ask(deployment, path, "shop", 8081)


def answers(deployment: Deployment, path: str = "/healthz", service: str = "front", port: int = 8080) -> bool:
    """Whether it answers within a second."""
    try:
        ask(deployment, path, service, port, timeout=1.0)
    except (OSError, HTTPException):  # also an answer that breaks off
        return False
    return True


def eventually(holds: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """The first true value of `holds`, polled; fakes of runtimes are waited for less long."""
    return waiting.eventually(holds, within_s)


class Shelf:
    """One deployment that many tests share; replaced when a test has left it in another state than it found it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._kept: Deployment | None = None

    def take(self) -> Deployment:
        if self._kept is None or not self._whole(self._kept):
            if self._kept is not None:
                self._kept.stop()
            self._kept = self._place.deploy()
        return self._kept

    @staticmethod
    def _whole(deployment: Deployment) -> bool:
        try:
            deployment.wait_ready(timeout_s=2.0)
            return all(deployment.status(name).state is State.RUNNING for name in deployment.services())
        except InfraError:
            return False


def places(found: Mapping[str, Runtime] | None = None) -> list[Any]:
    """Runtimes as parameters: all that there are, unless told which. Those that start more than processes are slow."""
    known = runtimes() if found is None else found
    slow = [pytest.mark.slow]
    return [pytest.param(one, id=name, marks=() if one.name == "process" else slow) for name, one in known.items()]


def usable(runtime: Runtime, system: System) -> None:
    """Skip the test with the reason if the runtime cannot be used here."""
    try:
        runtime.check()
        runtime.prepare(system)
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
