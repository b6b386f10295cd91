"""Whether Docker can be used here, told from what its commands print. `diagnose` is pure."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

OLDEST_ENGINE = (24, 0)
OLDEST_COMPOSE = (2, 20)
MISSING = 127


@dataclass(frozen=True)
class Output:
    """What a command printed. `code` is 127 when there is no such command."""

    code: int
    stdout: str
    stderr: str


def run(*command: str) -> Output:
    """Run a command to its end, for at most 20 s (exit code 124 after that)."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=20)
    except FileNotFoundError:
        return Output(MISSING, "", "")
    except subprocess.TimeoutExpired:
        return Output(124, "", "no answer within 20 s")
    return Output(done.returncode, done.stdout, done.stderr)


def ask() -> tuple[Output, Output]:
    """The outputs that `diagnose` reads: the engine's version, then the Compose plugin's."""
    return run("docker", "version", "--format", "{{.Server.Version}}"), run("docker", "compose", "version", "--short")


def diagnose(engine: Output, compose: Output) -> str | None:
    """Why Docker cannot be used, as a sentence with the remedy; None if it can."""
    return _engine_trouble(engine) or _compose_trouble(compose)


def version(text: str) -> tuple[int, int] | None:
    """Major and minor of a version (`26.1.5+dfsg1`, `v2.26.1-4`), or None if that is no version."""
    found = re.match(r"\s*v?(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def _engine_trouble(engine: Output) -> str | None:
    said = engine.stderr.lower()
    if engine.code == MISSING:
        return "the docker command is not installed: install Docker 24 or later with its Compose plugin"
    if "permission denied" in said:
        return "this user may not use Docker: add it to the group `docker` and log in again"
    if engine.code != 0:
        last = (engine.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
        return f"Docker's daemon does not answer: start Docker and try again ({last})"
    found = version(engine.stdout)
    if found is None or found < OLDEST_ENGINE:
        return f"Docker {engine.stdout.strip() or 'of unknown version'} is too old: update to version 24 or later"
    return None


def _compose_trouble(compose: Output) -> str | None:
    found = version(compose.stdout)
    if compose.code != 0 or found is None:
        return "Docker's Compose plugin is missing: install `docker compose` 2.20 or later"
    if found < OLDEST_COMPOSE:
        return f"Docker Compose {compose.stdout.strip()} is too old: update to version 2.20 or later"
    return None
