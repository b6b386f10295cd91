"""The flow of a batch: a task a submission, which calls `lab grade` as a child.

The Python of the image `flows` runs this file: it has Prefect, and nothing of ours. The first line on stdin is the
plan. When stdin ends, who began us is gone; then we end at once, and the kernel tells our children to.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

RETRIES = 2
"""Further tries of a submission whose run proved nothing."""

_QUIET = (
    "CANCELLATION_CLEANUP", "EVENT_LOGGER", "EVENT_PERSISTER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS",
    "SCHEDULER", "TASK_RUN_RECORDER", "TRIGGERS",
)  # fmt: skip
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def main() -> None:
    """Grade what the plan has, then end without waiting for Prefect's own threads."""
    plan = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    grading = dict(os.environ)
    _serve(Path(plan["prefect"]))
    _flow(plan, grading)
    os._exit(0)


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(1)


def _serve(home: Path) -> None:
    """Prefect's server, in a thread of this process: it cannot outlive us. Only who has the password can use it."""
    shutil.rmtree(home, ignore_errors=True)  # a database that a kill left half made would be of no use
    home.mkdir()
    listener = socket.create_server(("127.0.0.1", 0))
    password = f"batch:{secrets.token_hex(16)}"
    for name in [name for name in os.environ if name.startswith("PREFECT_") or name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ |= {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{listener.getsockname()[1]}/api",
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home}/prefect.db",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_TASKS_RUNNER_ENABLE_RESOURCE_METRICS": "false",
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _QUIET},
    }
    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(final=True), log_level="warning", access_log=False))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.05)


def _flow(plan: dict[str, Any], grading: dict[str, str]) -> None:
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.futures import wait
    from prefect.runtime import task_run
    from prefect.task_runners import ThreadPoolTaskRunner

    def grade(row: dict[str, Any]) -> None:
        outcome = _grade(row, plan, grading) | {"tries": task_run.run_count}
        again = outcome["verdict"] == "invalid" and not outcome["suspect"] and not outcome["close"]
        if again and task_run.run_count <= RETRIES:
            raise RuntimeError(f"the run proves nothing: {outcome['reason']}")
        _keep(Path(row["outcome"]), {**row["about"], **outcome})

    one = task(grade, retries=RETRIES, task_run_name="{row[name]}", cache_policy=NO_CACHE, persist_result=False)

    def batch() -> None:
        wait([one.submit(row) for row in plan["rows"]])

    flow(batch, task_runner=ThreadPoolTaskRunner(max_workers=plan["at_once"]))()


def _grade(row: dict[str, Any], plan: dict[str, Any], grading: dict[str, str]) -> dict[str, Any]:
    """One try, in a run folder that is new: what a kill left of an older one is thrown away."""
    shutil.rmtree(row["run"], ignore_errors=True)
    began, us = time.monotonic(), os.getpid()

    def bound() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != us:
            os._exit(1)

    with Path(row["log"]).open("wb") as log:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": log}
        place = {"cwd": plan["prefect"], "env": grading, "pass_fds": [plan["lock"]]}
        child = subprocess.Popen(row["command"], **streams, **place, preexec_fn=bound)
        try:
            out = child.communicate(timeout=row["limit_s"])[0]
        except subprocess.TimeoutExpired:
            child.kill()
            out = child.communicate()[0]
    result: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        result = json.loads(out)
    verdict = {0: "pass", 1: "fail", 2: "refused"}.get(child.returncode, "invalid")
    if verdict in ("pass", "fail") and result.get("verdict") != verdict:
        verdict = "invalid"  # a child that could not even begin exits 1 as well
    said = Path(row["log"]).read_text("utf-8", "replace").splitlines()
    why = [one["message"] for one in result.get("reasons", ())]
    why += [line[5:] for line in reversed(said) if line.startswith("lab: ")]
    why += [f"`lab grade` ended with {child.returncode}"]
    codes = {one["code"] for one in result.get("reasons", ())}
    close = result.get("close") is True if verdict in ("pass", "fail") else row["near"] and codes == {"undecided"}
    reason = "" if verdict == "pass" and not close else " ".join(why[0].split())[:1000]
    told = {"verdict": verdict, "close": close, "suspect": "suspect" in codes, "reason": reason}
    return {**told, "seconds": round(time.monotonic() - began, 1)}


def _keep(path: Path, outcome: dict[str, Any]) -> None:
    """Whole or not at all, whenever we are killed."""
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(outcome, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


if __name__ == "__main__":
    main()
