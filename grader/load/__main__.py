"""`python -m grader.load PLAN.json`: the open-loop generator. docs/architecture.md has the formats.

Prints `{"ready": true}` when everything is imported, then waits for `start_at`, from the plan or else from a line on
stdin. Exit codes: 0 finished or stopped by a signal (the files' last lines say which), 2 bad plan, 70 load.py or
exam.py is broken, 74 the events cannot be written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from grader.errors import BadInput
from grader.lifeline import Lifeline
from grader.load.plan import Go, LoadPlan, read, read_file


def main(arguments: list[str]) -> int:
    """Exit code; sends its messages to stderr."""
    lifeline = Lifeline()
    if len(arguments) != 1:
        print("usage: python -m grader.load PLAN.json", file=sys.stderr)
        return 2
    try:
        return _run(read_file(LoadPlan, Path(arguments[0])), lifeline)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2


def without_web_page() -> None:
    """Before Locust is imported: leave out its page in a browser, which nobody opens here. With all that it imports
    (Flask and more) it took 0.37 of the 1.2 s of a core that a generator needs to start."""
    page = ModuleType("locust.web")
    vars(page)["WebUI"] = object
    sys.modules["locust.web"] = page


def _run(plan: LoadPlan, lifeline: Lifeline) -> int:
    without_web_page()
    from grader.load.generator import EXIT_DISK, EXIT_SCENARIO, Generator
    from grader.load.traffic import ScenarioBroken

    try:
        generator = Generator(plan, lifeline)
    except ScenarioBroken as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return EXIT_SCENARIO
    except OSError as error:
        print(f"{error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
        return EXIT_DISK
    print('{"ready": true}', flush=True)
    generator.run(Go(start_at=plan.start_at) if plan.start_at else _go())


def _go() -> Go:
    line = sys.stdin.readline()
    if not line:
        raise BadInput("stdin: ended before it gave start_at")
    return read(Go, line, "stdin")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
