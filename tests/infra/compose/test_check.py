"""Whether Docker can be used, from what its commands print (captured from Docker 20 to 26)."""

from __future__ import annotations

import pytest

from infra.compose.check import MISSING, Output, diagnose, version

ENGINE = Output(0, "26.1.5+dfsg1\n", "")
COMPOSE = Output(0, "2.26.1-4\n", "")
NO_DAEMON = Output(
    1, "\n", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
)
FORBIDDEN = Output(
    1,
    "\n",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: "
    'Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.45/version": dial unix /var/run/docker.sock: connect: permission denied',
)
NO_PLUGIN = Output(1, "", "docker: 'compose' is not a docker command.\nSee 'docker --help'")


def test_a_good_docker_is_found_good() -> None:
    assert diagnose(ENGINE, COMPOSE) is None


@pytest.mark.parametrize(
    ("engine", "compose", "remedy"),
    [
        (Output(MISSING, "", ""), Output(MISSING, "", ""), "is not installed"),
        (NO_DAEMON, COMPOSE, "start Docker"),
        (FORBIDDEN, COMPOSE, "group `docker`"),
        (Output(124, "", "no answer within 20 s"), COMPOSE, "start Docker"),
        (Output(0, "23.0.6\n", ""), COMPOSE, "too old"),
        (Output(0, "\n", ""), COMPOSE, "unknown version"),
        (ENGINE, NO_PLUGIN, "plugin is missing"),
        (ENGINE, Output(0, "2.19.1\n", ""), "too old"),
        (ENGINE, Output(0, "1.29.2\n", ""), "too old"),
    ],
)
def test_trouble_is_named_with_its_remedy(engine: Output, compose: Output, remedy: str) -> None:
    assert remedy in (diagnose(engine, compose) or "")


def test_a_warning_is_no_trouble() -> None:
    noisy = Output(0, "27.0.3\n", "WARNING: Plugin docker-scan is not valid: permission was granted to all")
    assert diagnose(noisy, Output(0, "v2.29.0\n", "")) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("v2.20.0", (2, 20)), ("24.0.0-rc.1", (24, 0)), ("5.1", (5, 1)), ("dev", None), ("", None)]
)
def test_version(text: str, expected: tuple[int, int] | None) -> None:
    assert version(text) == expected
