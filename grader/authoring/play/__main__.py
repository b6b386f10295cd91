"""`python -m grader.authoring.play LAB FILES`: plays plans by number against staged files, one after the other.

Says `{"ready": true}`, then reads a line `{"number": 3}` for each plan and answers it with a line: `{"told": [...],
"seconds": 2.1}`, or `{"failed": "one sentence"}`, or, where a service of the system did not start, `{"service",
"exit_code", "log"}`. It ends with its input or its parent, and what it started goes with it.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import astuple
from pathlib import Path
from typing import Any

from grader.authoring.play.season import play
from grader.course import catalog
from grader.course.spec import Scenario
from grader.errors import GraderError
from grader.load.traffic import share_modules
from infra.errors import InfraError, ServiceFailed
from infra.runtime import runtime
from infra.system import System, load_system

RUNTIME, TRIES = "process", 2


def main(lab_id: str, files: str) -> None:
    """Answer every line of stdin."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lab = catalog.find_lab(lab_id)
    scenario = catalog.find_scenario(lab)
    sys.path.insert(0, str(scenario.folder.resolve()))
    share_modules(scenario.folder)
    system = load_system(lab.folder / "compose.yaml", lab.spec.open)
    _say({"ready": True})
    for line in sys.stdin:
        _say(_answer(scenario, system, Path(files), int(json.loads(line)["number"])))


def _answer(scenario: Scenario, system: System, files: Path, number: int) -> dict[str, Any]:
    """One plan; once more if our own parts failed, which on a busy machine they may."""
    said: dict[str, Any] = {}
    for _ in range(TRIES):
        begun = time.monotonic()
        try:
            told = [astuple(one) for one in play(scenario, system, runtime(RUNTIME), files, number)]
            return {"told": told, "seconds": round(time.monotonic() - begun, 2)}
        except ServiceFailed as error:
            said = {"service": error.service, "exit_code": error.exit_code, "log": error.log_tail}
        except (GraderError, InfraError) as error:
            said = {"failed": str(error)}
    return said


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
