"""What an experiment.yaml can do and look at: Chaos Toolkit activities.

    - type: action
      name: kill the controller
      provider: {type: python, module: grader.faults, func: kill_service, arguments: {service: controller}}
    - type: probe
      name: the controller is gone
      tolerance: false
      provider: {type: python, module: grader.faults, func: answers, arguments: {url: "http://controller:8080/"}}

Services and URLs are in the system's names. Times are seconds. An activity that raises is a failed step. `grader.chaos`
says which deployment is meant, with `use`.
"""

from __future__ import annotations

import json as _json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.addresses import locate
from grader.errors import GraderError
from grader.exchange import exchange
from infra.errors import InfraError, PlatformBroken

if TYPE_CHECKING:
    from infra.runtime import Deployment

HARMFUL = frozenset({"kill_service", "pause_service", "scale_service", "control"})
CONTROL_TIMEOUT_S = 5.0


class FaultFailed(GraderError):
    """A fault could not be set, or a sealed service would not say what it saw."""


@dataclass
class Context:
    """The trial that activities act on.

    Attributes:
        deployment: opens the deployment on first use.
        addresses: `<service>:<port>` to `host:port`.
        token: what sealed services take for their control ports.
        now: trial time in seconds.
        hurry: set when the experiment is ended early; waits return at once.
        broken: what the platform did, if it failed or the deployment is gone.
    """

    deployment: Callable[[], Deployment]
    addresses: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    now: Callable[[], float] = time.monotonic
    hurry: threading.Event = field(default_factory=threading.Event)
    broken: str = ""


_context: Context | None = None


def use(context: Context) -> None:
    """Make activities act on this trial."""
    global _context
    _context = context


def current() -> Context:
    """The trial in use; FaultFailed when none is."""
    if _context is None:
        raise FaultFailed("no deployment is in use; activities run under `python -m grader.chaos`")
    return _context


def at(seconds: float) -> None:
    """Wait until this trial time; returns at once if it is past."""
    context = current()
    context.hurry.wait(max(0.0, float(seconds) - context.now()))


def kill_service(service: str) -> None:
    """SIGKILL every process of a service; it stays dead until started."""
    _act(lambda deployment: deployment.kill(service))


def start_service(service: str) -> None:
    """Run a dead service again. Returns when its process runs, ready or not; no error if it runs."""
    _act(lambda deployment: deployment.start(service))


def restart_service(service: str) -> None:
    """Kill and start a service."""
    _act(lambda deployment: deployment.restart(service))


def pause_service(service: str) -> None:
    """Freeze a service: its connections stay open and hang."""
    _act(lambda deployment: deployment.pause(service))


def resume_service(service: str) -> None:
    """Thaw a paused service; no error if it is not paused."""
    _act(lambda deployment: deployment.resume(service))


def scale_service(service: str, replicas: int) -> None:
    """Run this many instances of a service."""
    _act(lambda deployment: deployment.scale(service, int(replicas)))


def control(service: str, port: int, path: str, payload: Any = None) -> Any:
    """POST `payload` as JSON to a sealed service's control port; its answer, parsed, or None without a body.

    Raises:
        FaultFailed: no answer within 5 s, a status other than 2xx, or no JSON.
    """
    return _sealed("POST", service, port, path, _json.dumps({} if payload is None else payload).encode())


def read(service: str, port: int, path: str) -> Any:
    """GET JSON (a ledger, a state) from a sealed service's control port; raises as `control` does."""
    return _sealed("GET", service, port, path, None)


def call(url: str, method: str = "GET", json: Any = None, timeout_s: float = 5.0) -> dict[str, Any]:
    """A request to a part that the candidate may have written: `{"status": int, "body": parsed JSON or text}`.

    Never fails for what the part does: status 0 and the reason as body when there is no answer in time.
    """
    url = locate(url, current().addresses)
    body, headers = None, {}
    if json is not None:
        body, headers = _json.dumps(json).encode(), {"content-type": "application/json"}
    try:
        status, answer = exchange(method, url, body, headers, timeout_s)
    except OSError as error:
        return {"status": 0, "body": str(error)}
    return {"status": status, "body": _parsed(answer)}


def answers(url: str, timeout_s: float = 2.0) -> bool:
    """Whether a GET is answered with a status below 400 in time."""
    return 200 <= int(call(url, timeout_s=timeout_s)["status"]) < 400


def slow_ratio(
    url: str, method: str = "GET", json: Any = None, n: int = 10, over_s: float = 0.5, every_s: float = 0.05
) -> float:
    """Share (0 to 1) of `n` requests, sent every `every_s` seconds, that take longer than `over_s` or do not answer."""
    return _ratio(n, every_s, lambda: _timed(url, method, json, over_s)[1] > over_s)


def error_ratio(
    url: str, method: str = "GET", json: Any = None, n: int = 10, timeout_s: float = 2.0, every_s: float = 0.05
) -> float:
    """Share (0 to 1) of `n` requests, sent every `every_s` seconds, answered with 5xx or not at all."""

    def bad() -> bool:
        status = int(call(url, method, json, timeout_s)["status"])
        return status == 0 or status >= 500

    return _ratio(n, every_s, bad)


def _timed(url: str, method: str, json: Any, over_s: float) -> tuple[int, float]:
    """Status, and seconds it took; infinity without an answer. Not awaited much longer than `over_s`."""
    begin = time.monotonic()
    status = int(call(url, method, json, timeout_s=over_s + 0.5)["status"])
    return status, time.monotonic() - begin if status else float("inf")


def _ratio(n: int, every_s: float, bad: Callable[[], bool]) -> float:
    with ThreadPoolExecutor(max_workers=n) as pool:
        jobs = []
        for _ in range(n):
            jobs.append(pool.submit(bad))
            time.sleep(every_s)
        return sum(job.result() for job in jobs) / n


def _act(what: Callable[[Deployment], None]) -> None:
    context = current()
    try:
        deployment = context.deployment()
    except InfraError as error:  # it was there when the experiment was planned
        context.broken = str(error)
        raise
    try:
        what(deployment)
    except PlatformBroken as error:
        context.broken = str(error)
        raise


def _sealed(method: str, service: str, port: int, path: str, body: bytes | None) -> Any:
    context = current()
    url = locate(f"http://{service}:{port}{path}", context.addresses)
    headers = {"authorization": f"Bearer {context.token}", "content-type": "application/json"}
    try:
        status, answer = exchange(method, url, body, headers, CONTROL_TIMEOUT_S)
    except OSError as error:
        raise FaultFailed(f"{method} {service}:{port}{path}: {error}") from error
    if not 200 <= status < 300:
        raise FaultFailed(f"{method} {service}:{port}{path}: status {status}")
    parsed = _parsed(answer)
    if answer and isinstance(parsed, str) and not answer.lstrip().startswith(b'"'):
        raise FaultFailed(f"{method} {service}:{port}{path}: the answer is no JSON")
    return parsed if answer else None


def _parsed(body: bytes) -> Any:
    try:
        return _json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
