"""`python -m grader.cli.live_alone ID`: serves the page of a running lab until it, or the lab, is stopped."""

from __future__ import annotations

import signal
import sys
import threading

from grader.classroom.desk import joined
from grader.classroom.desk.seat import seat
from grader.errors import GraderError
from grader.practice.live.serving import serving
from infra.errors import InfraError


def main(arguments: list[str]) -> int:
    """Exit code; says what is wrong on stderr."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    joined.environment()
    try:
        with serving(seat(arguments[0]), alone=True) as page:
            while not stop.is_set() and not page.over.is_set():
                stop.wait(0.5)
    except (GraderError, InfraError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
