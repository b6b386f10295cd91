"""The one door to Docker: a client made on first use, and foreign errors translated where they enter."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from infra.compose.failure import trouble
from infra.errors import PlatformBroken, RuntimeUnavailable

if TYPE_CHECKING:
    from docker import APIClient

CLI_TIMEOUT_S = 120
_lock = threading.Lock()


def client() -> APIClient:
    """The client of this process, shared by its threads.

    Raises:
        PlatformBroken: the daemon does not answer.
    """
    with _lock:
        return _client()


@contextmanager
def talking(doing: str) -> Iterator[None]:
    """Translate what Docker's client raises.

    Raises:
        PlatformBroken: the daemon is gone or failed; names what was being done.
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as error:
        raise trouble(error.explanation or str(error), doing) from error
    except (DockerException, RequestException) as error:
        raise PlatformBroken(f"{doing}: Docker does not answer ({type(error).__name__}): is its daemon up?") from error


def compose(name: str, file: Path, arguments: Sequence[str], doing: str) -> None:
    """Run `docker compose` on one project.

    Raises:
        RuntimeUnavailable: the docker command or an image is missing.
        PlatformBroken: it failed.
    """
    project = ["docker", "compose", "--progress", "quiet", "-p", name, "-f", str(file)]
    try:
        done = subprocess.run(
            [*project, "--project-directory", str(file.parent), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd=file.parent,  # a .env in the current folder may be a stranger's
            timeout=CLI_TIMEOUT_S,
        )
    except FileNotFoundError:
        raise RuntimeUnavailable("the docker command is missing: install Docker 24 or later") from None
    except subprocess.TimeoutExpired:
        raise PlatformBroken(f"{doing}: `docker compose` did not end within {CLI_TIMEOUT_S} s") from None
    if done.returncode != 0:
        raise trouble(done.stderr or done.stdout, doing)


@cache
def cpus() -> float:
    """Cores of the machine that the daemon runs on."""
    with talking("asking Docker for its cores"):
        return float(client().info()["NCPU"])


@cache
def _client() -> APIClient:
    from docker import APIClient

    with talking("connecting to Docker"):
        return APIClient(base_url=_endpoint(), max_pool_size=32)


def _endpoint() -> str | None:
    """DOCKER_HOST, else what the docker command's current context names, as for Docker Desktop."""
    if os.environ.get("DOCKER_HOST"):
        return os.environ["DOCKER_HOST"]
    from docker.context import ContextAPI

    context = ContextAPI.get_current_context()
    host = context.Host if context is not None else None
    return str(host) if host else None
