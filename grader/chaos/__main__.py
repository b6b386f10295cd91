"""`python -m grader.chaos PLAN.json`: one experiment, its rollbacks always. `--together PLAN.json ...`: see `together`.

Prints `{"ready": true}` once everything is imported and checked, then waits for `start_at`, from the plan or else from
a line on stdin. A second line says that all requests of the trial are answered: no activity waits from then on. Exit
codes:
    0    every step succeeded and every tolerance was met
    2    the plan or the experiment is malformed
    4    the hypothesis was not met before the faults: the sealed parts were not healthy
    5    a fault failed or was not seen to act
    6    the deployment or the machine broke
    143  ended by a signal; rollbacks were run
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.chaos.plan import ChaosGo, ChaosPlan, DrillOrder, Target
from grader.errors import BadInput
from grader.lifeline import POLL_S, Lifeline, read_line
from grader.load.plan import read, read_file

if TYPE_CHECKING:
    from grader.faults import Context

SHARED = (
    "chaoslib.experiment",
    "grader.chaos.allowed",
    "grader.chaos.drill",
    "grader.chaos.experiment",
    "grader.chaos.steps",
    "grader.labkit",
    "infra.runtime",
)
EXIT_UNHEALTHY, EXIT_FAULT, EXIT_PLATFORM, EXIT_STOPPED = 4, 5, 6, 143


def main(arguments: list[str]) -> int:
    """Exit code; one sentence on stderr unless it is 0."""
    lifeline = Lifeline()
    if arguments[:1] != ["--together"] and len(arguments) == 1:
        return _one(Path(arguments[0]), lifeline)
    if len(arguments) < 2 or arguments[0] != "--together":
        print("usage: python -m grader.chaos PLAN.json, or --together PLAN.json ...", file=sys.stderr)
        return 2
    from grader.chaos.together import run_together

    for module in SHARED:
        import_module(module)
    return run_together([Path(argument) for argument in arguments[1:]], lambda plan: _one(plan, Lifeline()), lifeline)


def _one(plan: Path, lifeline: Lifeline) -> int:
    try:
        order = read_file(ChaosPlan, plan)
        code, message = _drill(order, order.drill, lifeline) if order.drill else _run(order, lifeline)
    except BadInput as error:
        code, message = 2, str(error)
    except OSError as error:
        code, message = EXIT_PLATFORM, f"{error.filename or 'events'}: cannot be written: {error.strerror}"
    if message:
        print(" ".join(message.split()), file=sys.stderr)
    return code


def _run(plan: ChaosPlan, lifeline: Lifeline) -> tuple[int, str]:
    from grader.chaos.experiment import load
    from grader.chaos.steps import Follower
    from grader.load.record import Recorder
    from grader.load.traffic import share_modules

    sys.path.insert(0, str(plan.module_path.resolve()))
    share_modules(plan.module_path)
    experiment = load(plan.experiment, plan.parameters)
    recorder = Recorder(plan.trial, plan.steps)
    context = _ready(plan)
    follower = Follower(recorder, plan.phases, context.now, context.hurry)
    time.sleep(max(0.0, -context.now()))
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()
    threading.Thread(target=_hear, args=(context.hurry,), daemon=True).start()
    journal = _execute(experiment, follower)
    recorder.close("stopped" if follower.stopped else "finished")
    plan.journal.write_text(json.dumps(journal, default=repr), "utf-8")
    return _ending(follower, context.broken, journal)


def _drill(plan: ChaosPlan, order: DrillOrder, lifeline: Lifeline) -> tuple[int, str]:
    from grader.chaos.allowed import read_drill
    from grader.chaos.drill import run_drill

    experiment = read_drill(plan.experiment, order.rules)
    context = _ready(plan)
    broken = run_drill(plan, order, experiment, context.now, lifeline)
    return (EXIT_PLATFORM, f"a drill could not be run: {broken}") if broken else (0, "")


def _ready(plan: ChaosPlan) -> Context:
    """Say so, wait for the order to start, and make activities act on the deployment that it names."""
    from grader.faults import Context, use

    print('{"ready": true}', flush=True)
    go = ChaosGo(start_at=plan.start_at) if plan.start_at else _go()
    zero = time.monotonic() + go.start_at - time.time()
    target = go.deployment or plan.deployment
    context = Context(_opener(target), target.addresses, target.token, lambda: time.monotonic() - zero)
    use(context)
    return context


def _execute(experiment: dict[str, Any], follower: Any) -> dict[str, Any]:
    """Run it with chaoslib; the hypothesis once, before the method. The journal."""
    from chaoslib.experiment import run_experiment
    from chaoslib.types import Strategy

    journal: dict[str, Any] = run_experiment(
        experiment,
        settings={"runtime": {"rollbacks": {"strategy": "always"}}},
        strategy=Strategy.BEFORE_METHOD,
        event_handlers=[follower],
    )
    return journal


def _ending(follower: Any, broken: str, journal: dict[str, Any]) -> tuple[int, str]:
    """Exit code and sentence, the gravest first."""
    if broken:
        return EXIT_PLATFORM, f"the platform broke: {broken}"
    if follower.stopped:
        return EXIT_STOPPED, "ended by a signal; rollbacks were run"
    if follower.unmet:
        return EXIT_UNHEALTHY, f"the sealed parts were not healthy before the faults: {follower.unmet[0]}"
    if follower.failed:
        return EXIT_FAULT, f"a fault did not act: {follower.failed[0]}"
    if journal.get("status") != "completed":
        return EXIT_FAULT, f"the experiment ended {journal.get('status')}"
    return 0, ""


def _opener(target: Target) -> Callable[[], Any]:
    """Attaches to the deployment on first use."""
    opened: list[Any] = []

    def deployment() -> Any:
        if not opened:
            from infra.runtime import runtime

            opened.append(runtime(target.runtime).attach(target.name))
        return opened[0]

    return deployment


def _watch(lifeline: Lifeline) -> None:
    """End as by a signal, rollbacks included, when the parent is gone."""
    import os
    import signal

    while not lifeline.cut():
        time.sleep(POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _hear(hurry: threading.Event) -> None:
    """Wait no more once a second line comes. Read from the system: Python's own stream is locked while it is read, and
    cannot be closed at the end of the process."""
    import os

    if os.read(sys.stdin.fileno(), 1):
        hurry.set()


def _go() -> ChaosGo:
    line = read_line()
    if not line:
        raise BadInput("stdin: ended before it gave start_at")
    return read(ChaosGo, line, "stdin")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
