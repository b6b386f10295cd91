"""`lab logs`."""

from __future__ import annotations

import time

from grader.cli.console import next_step, note, plain
from grader.cli.finding import MOST_BYTES
from grader.practice import rig
from grader.practice.live.logs import added
from infra.runtime import Deployment

_EVERY_S = 0.4


def logs(lab_id: str, service: str, follow: bool, lines: int) -> None:
    """Print the end of one service's log, or of all; with `follow`, what is added, until interrupted."""
    deployment = rig.require(lab_id)
    chosen = (rig.check_service(deployment, service),) if service else deployment.services()
    width = max(map(len, chosen)) if len(chosen) > 1 else 0
    seen = {}
    for name in chosen:
        seen[name] = deployment.logs(name)
        if len(seen[name].splitlines()) < lines:  # more may be kept than was read
            seen[name] = deployment.logs(name, MOST_BYTES)
        _print(name, seen[name].splitlines()[-lines:], width)
    if not any(seen.values()):
        note(f"{', '.join(chosen)}: nothing was written yet")
    if follow:
        _follow(deployment, seen, width)
    next_step(f"lab logs {lab_id} {chosen[0]} -f", "follows one service")


def _follow(deployment: Deployment, seen: dict[str, str], width: int) -> None:
    while True:
        time.sleep(_EVERY_S)
        for name, before in seen.items():
            now = deployment.logs(name)
            complete = now[: now.rfind("\n") + 1]
            _print(name, added(before, complete).splitlines(), width)
            seen[name] = complete


def _print(name: str, lines: list[str], width: int) -> None:
    for line in lines:
        print(f"{name.ljust(width)} | {plain(line)}" if width else plain(line), flush=True)
