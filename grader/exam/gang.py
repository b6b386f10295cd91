"""Trials that run side by side: deployed together, loaded by one generator, watched until decided or done."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module

from grader.errors import Unproven
from grader.exam.children import Child
from grader.exam.draw import phase_plans, write_plan
from grader.exam.experiments import Experiments
from grader.exam.trial import Stage, TrialRun, start_message
from grader.judge.run import load_maths
from grader.load.plan import LoadPlan, Metronome, PlannedProbe, TrialPlan, write
from grader.load.traffic import ScenarioBroken

LEAD_S = 0.5
TICK_S = 0.6
LOOK_SHARE = 0.1
"""Watching takes at most this share of a core. What a look takes of one is counted, not how long it took: on a busy
machine it waits for others most of that time, and a verdict would be seen seconds late for it."""

LOOK_NICE = 10
"""By so much a look stands back (`man 7 sched`): a tenth of a second of judging, all at once, made answers late of
systems that share what the cores have left (docs/adr/0024)."""

LOWEST_NICE = 19
POLL_S = 0.1
DRAIN_S = 6.0
METRONOME_RATE = 10.0

Watch = Callable[[float], bool]


def run_gang(stage: Stage, runs: Sequence[TrialRun], watch: Watch, say: Callable[[str], None]) -> None:
    """Run trials side by side from deployment to the end of their load. Their systems are there still.

    Args:
        stage: what they share.
        runs: the trials; their records are complete afterwards.
        watch: called with the trial time every `TICK_S`, or more rarely where that takes long; ends the gang when it
            returns True.
        say: told what is being done.
    """
    try:
        for run in runs:
            write_plan(stage.scenario, run.record, run.plan_file)
    except ScenarioBroken as error:
        _load_broken(runs, str(error))
        _each(runs, lambda run: run.finish(0.0))
        return
    generators: list[Child] = []  # one, once it is started
    trial_time = 0.0
    try:
        say("starting")
        _each(runs, TrialRun.deploy, meanwhile=lambda: _meanwhile(stage, runs, generators))
        live = [run for run in runs if not run.broken]
        if live and not any(_submission_failed(run) for run in runs):
            trial_time = _timeline(stage, generators[0], live, watch, say)
    except Unproven as error:
        _load_broken(runs, str(error))
    finally:
        for generator in generators:
            _blame_generator(generator, runs, generator.end())
        _each(runs, lambda run: run.finish(trial_time if not _undeployed(run) else 0.0))


def _meanwhile(stage: Stage, runs: Sequence[TrialRun], generators: list[Child]) -> None:
    """What need not wait for the systems, and need not be waited for later: what looks and the report import."""
    generators.append(_start_generator(stage, runs))
    load_maths()
    import_module("grader.report.html")


def _submission_failed(run: TrialRun) -> bool:
    return any(failure.blame == "submission" for failure in run.failures)


def _undeployed(run: TrialRun) -> bool:
    return run.deployment is None


def _timeline(
    stage: Stage, generator: Child, runs: Sequence[TrialRun], watch: Watch, say: Callable[[str], None]
) -> float:
    """Start load and experiments together and watch them; returns the trial time at the end."""
    orders = [(run, run.write_chaos_plan()) for run in runs]
    orders += [(run, plan) for run in runs for plan in run.write_drill_plans()]
    log = stage.raw / f"{runs[0].record.id}.runner.log"
    experiments = Experiments([plan for _, plan in orders], log, stage.outpost.post)
    try:
        generator.read()
        for number in experiments.await_ready():
            orders[number][0].fail("platform", experiments.last_words(number))
        for number, run in enumerate(runs):
            run.chaos = experiments.of(number)
            run.drills = [experiments.of(n) for n, (owner, _) in enumerate(orders) if owner is run and n != number]
        start_at = time.time() + LEAD_S
        generator.tell(start_message(start_at, list(runs)))
        experiments.go(start_at)
        say("running")
        trial_time = _run_timeline(generator, experiments, runs, start_at, watch)
        for run in runs:
            run.check_chaos()
        return trial_time
    finally:
        generator.stop()  # first: what is answered while faults are lifted tells nothing of them
        experiments.end()


def _run_timeline(
    generator: Child, experiments: Experiments, runs: Sequence[TrialRun], start_at: float, watch: Watch
) -> float:
    planned = max(run.record.planned_s for run in runs)
    with ThreadPoolExecutor(max_workers=1, initializer=_stand_back) as aside:
        while (now := time.time() - start_at) < planned + DRAIN_S:
            if generator.poll() == 0 or (generator.poll() is not None and now > planned):
                break
            looked = time.process_time()
            if generator.poll() is not None or aside.submit(watch, now).result():
                return now
            _rest(generator, max(TICK_S, (time.process_time() - looked) * (1 / LOOK_SHARE - 1)))
            for run in runs:
                run.check_chaos()
    left = max(0.0, planned - (time.time() - start_at))
    if left and generator.poll() == 0:  # all is answered, and what is left of the timeline has nothing to send
        experiments.answered()
    _await_end(experiments, left + DRAIN_S)
    return max(planned, time.time() - start_at)


def _stand_back() -> None:
    """This thread, and those that it starts, leave the cores to others; on Linux, where a priority is a thread's."""
    if sys.platform == "linux":
        mine = os.getpriority(os.PRIO_PROCESS, 0)  # never raised, which only root may do
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(LOWEST_NICE, mine + LOOK_NICE))


def _rest(generator: Child, seconds: float) -> None:
    """Wait so long, or until the load is over."""
    deadline = time.monotonic() + seconds
    while generator.poll() is None and (left := deadline - time.monotonic()) > 0:
        time.sleep(min(left, POLL_S))


def _await_end(experiments: Experiments, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and experiments.running():
        time.sleep(0.05)


def _start_generator(stage: Stage, runs: Sequence[TrialRun]) -> Child:
    plan = LoadPlan(
        start_at=None,
        metronome=Metronome(url=stage.outpost.url, rate=METRONOME_RATE),
        trials=tuple(_trial_plan(stage, run) for run in runs),
        keep=None,
        outstanding=2000,
    )
    path = stage.raw / f"{runs[0].record.id}.load.json"
    write(plan, path)
    return Child("grader.load", str(path), log=path.with_suffix(".log"), post=stage.outpost.post)


def _trial_plan(stage: Stage, run: TrialRun) -> TrialPlan:
    exam = stage.scenario.observers
    return TrialPlan(
        id=run.record.id,
        load_file=stage.scenario.load_file,
        parameters=dict(run.record.parameters),
        seed=run.record.seed,
        addresses={},
        phases=tuple(phase_plans(stage.scenario.spec.phases(run.record.kind))),
        probes=tuple(
            PlannedProbe(name=p.name, url=p.url, every_s=p.every_s, check=p.check, module=exam, phases=p.phases)
            for p in stage.scenario.spec.probes
        ),
        until_answered=run.until_answered,
        out=run.events_file,
    )


def _blame_generator(generator: Child, runs: Sequence[TrialRun], code: int) -> None:
    if generator.killed:
        for run in runs:
            run.fail("load-late", "the load generator did not end within seconds of being told to")
    elif code not in (0, -15):
        _load_broken(runs, f"the load generator ended with code {code}: {generator.last_words()}")


def _load_broken(runs: Sequence[TrialRun], message: str) -> None:
    """Note it once for each trial; the first message says most."""
    for run in runs:
        if all(failure.code != "load-broken" for failure in run.failures):
            run.fail("load-broken", message)


def _each(
    runs: Sequence[TrialRun], action: Callable[[TrialRun], None], *, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Do it for all trials at once, and something else `meanwhile`; the first error is raised after all are through. So
    is what a signal raises, for a system that was still being deployed would be missed by those who remove."""
    with ThreadPoolExecutor(max_workers=max(1, len(runs))) as pool:
        try:
            futures = [pool.submit(action, run) for run in runs]
            meanwhile()
            wait(futures)
        except BaseException:
            for run in runs:
                run.off = True
            raise
    for future in futures:
        future.result()
