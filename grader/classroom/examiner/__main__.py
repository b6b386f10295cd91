"""`python -m grader.classroom.examiner WORKSHOP --image TAG --parts N [--exams N] [--busy X]`, in a pod of its own."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from grader.classroom.cluster.model import now
from grader.classroom.examiner import capacity, inside
from grader.classroom.examiner.loop import Loop
from grader.classroom.examiner.pods import Setting
from grader.classroom.examiner.pulse import Pulse
from grader.errors import GraderError
from infra.errors import InfraError


def main() -> int:
    """Runs until it is ended; exit code 2 where it cannot run at all."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pulse = Pulse()
    try:
        setting = Setting(asked.workshop, asked.image, asked.parts, os.environ.get("BASE_IMAGE", ""))
        Loop(inside.enter(), setting, exams=asked.exams, busy=asked.busy, pulse=pulse, say=_say).run()
    except (GraderError, InfraError) as error:
        _say(str(error))
        return 2
    finally:
        pulse.end()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m grader.classroom.examiner")
    parser.add_argument("workshop")
    parser.add_argument("--image", required=True)
    parser.add_argument("--parts", type=int, required=True)
    parser.add_argument("--exams", type=int, default=0)
    parser.add_argument("--busy", type=float, default=capacity.BUSY)
    return parser.parse_args()


def _say(line: str) -> None:
    print(now(), line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
