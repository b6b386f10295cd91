"""`grade`: a whole grading run, from a submission to a written result."""

from __future__ import annotations

import math
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from enum import Enum, auto
from importlib import metadata
from pathlib import Path, PurePosixPath

import grader
from grader import events
from grader.chaos.allowed import read_drill
from grader.chaos.check import check_experiment
from grader.course.reader import reader_questions
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial
from grader.exam.folder import run_folder
from grader.exam.gang import DRAIN_S, run_gang
from grader.exam.outpost import Outpost
from grader.exam.progress import progress
from grader.exam.removal import Removal
from grader.exam.trial import READY_S, Stage, TrialRun
from grader.intake.controls import stage_control
from grader.intake.submission import Submission
from grader.judge.evidence import cause
from grader.judge.record import Close, RunRecord, TrialRecord
from grader.judge.run import check_objectives, judge_run
from grader.judge.verdict import Rules, busy_in_all, judge, too_busy
from grader.result import Progress, Result, Verdict
from infra.errors import SystemRefused
from infra.runtime import Runtime
from infra.system import load_system

ALPHA = 0.05
MAX_ATTEMPTS = 3
STAND_IN = "shipped"
SHARE = 2 / 3
"""How much of the room trials may need: 1.15 of 2 cores left enough to prove something, 1.15 of 1.5 did not
(docs/adr/0019)."""


_PACKAGES = ("brownout", "duckdb", "locust", "chaostoolkit-lib")


class Ends(Enum):
    """When an exam ends, at the latest after its trials."""

    VERDICT = auto()
    """As soon as the verdict is certain."""
    OBJECTIVES = auto()
    """A fail not before every trial has run or every objective is decided: a candidate sees all that was missed."""
    TIMELINE = auto()
    """No trial before its whole timeline, for comparison."""


def grade(
    scenario: Scenario,
    submission: Submission,
    runtime: Runtime,
    *,
    seed: int,
    out: Path,
    on_progress: Callable[[Progress], None] = lambda _: None,
    until: str | None = None,
    apart: bool = False,
    ends: Ends = Ends.VERDICT,
    quote: bool = True,
    close: Close = "decide",
) -> Result:
    """Grade a submission and write result.json, report.html, junit.xml, the events and the logs.

    Args:
        scenario: the exam.
        submission: staged open files.
        runtime: where the systems run.
        seed: all trials, ids and fault times follow from it.
        out: the run folder; made, or emptied if it holds an older run.
        on_progress: called about twice a second.
        until: go on past other missed objectives until this one is decided.
        apart: trials that tell `until`, where they are fewer than half, run before the others and without them, and
            are tried again before others begin: for what has to miss it, the others would only take their time.
        ends: when to stop.
        quote: reasons may quote what the submission wrote; else it is a stranger's, and they name the file that has
            it, so that nothing of a stranger's gets into result.json. And where the machine was too busy in every try,
            the lab as shipped takes the last trials too: if it finds the machine quiet, the submission is suspect.
        close: what an objective comes to that is still too close to tell when all draws are done.

    Raises:
        BadInput: `out` cannot be used, an experiment or an objective is malformed, or the submission's own experiment
            is not what the lab allows.
        RuntimeUnavailable, SystemRefused: the runtime cannot run this lab here.
        PlatformBroken: the machine failed in a way that leaves no run folder to judge (disk full).
        Unproven: the grader's own parts did not start.
    """
    out = out.resolve()  # children have a working directory of ours
    system = load_system(scenario.lab.folder / "compose.yaml", scenario.lab.spec.open)
    runtime.check()
    if reason := runtime.refusal(system):
        raise SystemRefused(f"lab {scenario.lab.id} cannot run on {runtime.name}: {reason}")
    _check_experiments(scenario, submission, seed)
    check_objectives(Rules(scenario.spec, scenario.slos), scenario.folder / "slo.yaml", scenario.slo_files)
    runtime.prepare(system)
    with run_folder(out, scenario) as raw:
        stand_ins = _stand_ins(scenario, raw, also=() if quote else (STAND_IN,))
        prefix = scenario.lab.id[:16]
        name, reads = f"{prefix}-post-{secrets.token_hex(4)}", _reads(scenario, submission)
        first = _telling(scenario, until) if apart else ()
        sound = scenario.spec.cores is not None and not first
        outpost = Outpost(lambda: runtime.post(name, reads, raw), raw, sound=sound)
        whole = ends is Ends.TIMELINE
        stage = Stage(scenario, system, runtime, submission.path, prefix, out, raw, outpost, stand_ins, quote, whole)
        with Removal(scenario.spec.parallel) as removal:
            with closing(outpost):
                exam = _Exam(stage, removal, seed, on_progress, until, first, ends, submission.kept, close)
                exam.run()
            return exam.written()


def longest_s(scenario: Scenario) -> float:
    """Seconds after which an exam is stuck, whatever holds it: twice what all its rounds and tries may take when each
    system is as late as it may be."""
    spec = scenario.spec
    planned = max(sum(phase.seconds for phase in spec.phases(trial.id)) for trial in spec.trials)
    return 2 * (spec.rounds + spec.more.rounds + MAX_ATTEMPTS) * (READY_S + planned + DRAIN_S)


class _Exam:
    def __init__(
        self,
        stage: Stage,
        removal: Removal,
        seed: int,
        on_progress: Callable[[Progress], None],
        until: str | None,
        first: Sequence[str],
        ends: Ends,
        put_back: Sequence[PurePosixPath],
        close: Close,
    ) -> None:
        self.stage = stage
        self.put_back = tuple(map(str, put_back))
        self.close = close
        self.reader = reader_questions(stage.scenario.folder)
        self.removal = removal
        self.seed = seed
        self.on_progress = on_progress
        self.until = until
        self.first = first
        self.ends = ends
        self.began = time.monotonic()
        self.took = 0.0
        self.runs: list[TrialRun] = []
        self.rules = Rules(stage.scenario.spec, stage.scenario.slos)
        self.stage_name = "preparing"
        self.why = ""
        self.trial_time = 0.0
        self.start_s = 0.0
        """How long the first systems took to start; others are taken to be as fast."""
        self.goal = 0.0
        self.result: Result | None = None
        self.at_once = stage.scenario.spec.parallel

    def run(self) -> None:
        """All gangs, until the verdict is certain."""
        spec = self.stage.scenario.spec
        if spec.cores is not None and self.first:  # these few have room anywhere, and others after them are rare
            self.at_once = _halved(spec.parallel, 1)
        elif spec.cores is not None:
            self.at_once = _at_once(spec.parallel, spec.cores, self.stage.outpost.room)
        try:
            for kinds in self._gangs():
                gang = [self._new_run(kind, attempt) for kind, attempt in kinds]
                self._hold(gang, _why(gang, self.result))
                if any(failure.blame == "submission" for run in gang for failure in run.failures):
                    break
            if STAND_IN in self.stage.stand_ins and (busy := self._to_compare()):
                self._hold([self._compared(kind) for kind in busy], ", to see whether the machine is busy by itself")
        finally:
            self.removal.begin(self.runs)
            self.took = time.monotonic() - self.began

    def _hold(self, gang: list[TrialRun], why: str) -> None:
        self.removal.await_end()
        self.why = why
        self.goal = time.monotonic() - self.began + self.start_s + max(run.record.planned_s for run in gang)
        self.runs += gang
        run_gang(self.stage, gang, self._watch, self._say)
        self._say("removing")
        self.removal.begin(gang)

    def _to_compare(self) -> list[str]:
        """Kinds of the last trials, if the run proves nothing and the machine was too busy in every try of theirs."""
        result = self.result = self.assess()
        tries = list(zip((run.record for run in self.runs), result.trials, strict=True))
        last = [run.record.kind for run in self.runs if run.record.attempt == MAX_ATTEMPTS and not run.spec.system]
        busy = [kind for kind in last if busy_in_all([trial for record, trial in tries if record.kind == kind])]
        proven = result.verdict is not Verdict.INVALID or any(reason.code == "suspect" for reason in result.reasons)
        return [] if proven else busy[-_halved(self.at_once, MAX_ATTEMPTS - 1) :]

    def _compared(self, kind: str) -> TrialRun:
        """A trial as the submission had it, with the lab as shipped in its place."""
        sample = sum(run.record.kind == kind for run in self.runs)
        record = draw_trial(self.stage.scenario, kind, sample, sample + 1, self.seed, STAND_IN)
        return TrialRun(self.stage, record, token=secrets.token_hex(16))

    def _gangs(self) -> _Gangs:
        return _Gangs(self)

    def _new_run(self, kind: str, attempt: int) -> TrialRun:
        sample = sum(run.record.kind == kind for run in self.runs)
        record = draw_trial(self.stage.scenario, kind, sample, attempt, self.seed)
        before = zip(self.runs, self.result.trials if self.result else (), strict=False)
        tries = [trial for run, trial in before if run.record.kind == kind]
        busy = attempt > 1 and all(map(too_busy, tries))
        return TrialRun(self.stage, record, token=secrets.token_hex(16), was_busy=busy)

    def _say(self, stage: str) -> None:
        self.stage_name = f"{stage}{self.why}"
        if stage == "running" and not self.start_s:
            self.start_s = time.monotonic() - self.began
            self.goal += self.start_s
        self.on_progress(Progress(self.stage_name, time.monotonic() - self.began, self.goal))

    def _watch(self, trial_time: float) -> bool:
        self.trial_time = trial_time
        result = self.assess()
        self.on_progress(
            progress(
                self.stage_name, time.monotonic() - self.began, self.goal, self.runs, trial_time, result, self._files()
            )
        )
        return self.ends is not Ends.TIMELINE and self.decided(result)

    def decided(self, result: Result) -> bool:
        """Whether nothing that could still be seen would change what is asked for."""
        if any(reason.code == "suspect" for reason in result.reasons):
            return True
        if self.until is not None and result.verdict is not Verdict.PASS:
            broken = any(trial.verdict is Verdict.FAIL for trial in result.trials)
            return broken or any(o.id == self.until and o.verdict is Verdict.FAIL for o in result.objectives)
        if result.verdict is Verdict.FAIL and self.ends is Ends.OBJECTIVES:
            broken = any(trial.verdict is Verdict.FAIL for trial in result.trials)
            return broken or all(o.verdict is not Verdict.UNDECIDED for o in result.objectives)
        return result.verdict in (Verdict.FAIL, Verdict.PASS)

    def assess(self) -> Result:
        """The verdict as far as it can be told now."""
        connection = events.live(self._files(), [run.plan_file for run in self.runs])
        try:
            return judge(self._record(live=True), self.rules, connection)
        finally:
            connection.close()

    def _files(self) -> list[Path]:
        return [
            path for run in self.runs for path in (run.events_file, run.faults_file, run.ledgers_file, *run.drill_files)
        ]

    def _record(self, *, live: bool = False) -> RunRecord:
        return RunRecord(
            lab=self.stage.scenario.lab.id,
            seed=self.seed,
            runtime=self.stage.runtime.name,
            alpha=ALPHA,
            duration_s=round(self.took or time.monotonic() - self.began, 3),
            versions={**_versions(), **self.stage.runtime.programs(self.stage.system)},
            trials=tuple(_as_is(run, self.trial_time) if live else run.record for run in self.runs),
            put_back=self.put_back,
            reader=self.reader,
            close="invalid" if live else self.close,
        )

    def written(self) -> Result:
        """The verdict, from the run folder that is written here; only once the post is closed, for until then it may
        still bring what was written there."""
        out = self.stage.out
        events.save(self._files(), out / "events.parquet")
        events.save([run.plan_file for run in self.runs], out / "plan.parquet")
        self._record().save(out)
        shutil.rmtree(self.stage.raw)
        result = judge_run(out)
        from grader.report.html import write_html
        from grader.report.junit import write_junit

        write_junit(out / "junit.xml", result)
        write_html(out, result)
        return result


class _Gangs:
    """Which trials to run next, as long as the exam is not decided: first all kinds, then invalid ones again, then more
    samples of those whose objectives are undecided."""

    def __init__(self, exam: _Exam) -> None:
        self.exam = exam
        spec = exam.stage.scenario.spec
        self.waiting: list[tuple[str, int]] = [(trial.id, 1) for trial in spec.trials]
        self.rounds = 1
        self.planned_s = 0.0
        """How long the planned rounds took, once they are over."""

    def __iter__(self) -> _Gangs:
        return self

    def __next__(self) -> Sequence[tuple[str, int]]:
        if self.exam.runs:
            result = self.exam.result = self.exam.assess()
            if self.exam.decided(result):
                raise StopIteration
            if result.verdict is Verdict.FAIL and self.exam.until is None and not self.waiting:
                raise StopIteration  # more trials would only tell by how much
            again = self._again(result)
            first = [trial for trial in again if trial[0] in self.exam.first]
            self.waiting = first + self.waiting or again or self._more(result)
        if not self.waiting:
            raise StopIteration
        ready = [trial for trial in self.waiting if trial[0] in self.exam.first] or self.waiting
        gang = ready[: _halved(self.exam.at_once, ready[0][1] - 1)]
        self.waiting = [trial for trial in self.waiting if trial not in gang]
        return gang

    def _again(self, result: Result) -> list[tuple[str, int]]:
        """Kinds without a usable trial, unless they had their tries."""
        tries: dict[str, int] = {}
        for run in self.exam.runs:
            tries[run.record.kind] = max(tries.get(run.record.kind, 0), run.record.attempt)
        usable = self._usable(result)
        return [(kind, n + 1) for kind, n in tries.items() if kind not in usable and n < MAX_ATTEMPTS]

    def _usable(self, result: Result) -> set[str]:
        """Kinds with a trial that counts."""
        pairs = zip(self.exam.runs, result.trials, strict=True)
        return {run.record.kind for run, trial in pairs if trial.verdict is not Verdict.INVALID}

    def _further(self) -> bool:
        """Whether one more round may begin past those that were planned: see `MoreSpec`."""
        spec, took = self.exam.stage.scenario.spec, time.monotonic() - self.exam.began
        self.planned_s = self.planned_s or took
        most = spec.more.seconds or 2 * self.planned_s
        return self.rounds < spec.rounds + spec.more.rounds and took + took / self.rounds <= most

    def _more(self, result: Result) -> list[tuple[str, int]]:
        """Kinds that could settle an undecided objective, while rounds are left; not those that had all their tries."""
        spec = self.exam.stage.scenario.spec
        if self.rounds >= spec.rounds and not self._further():
            return []
        self.rounds += 1
        open_ones = [o.id for o in result.objectives if o.verdict is Verdict.UNDECIDED]
        kinds = {kind for name in open_ones for kind in spec.objectives[name].trials} & self._usable(result)
        return [(trial.id, 1) for trial in spec.trials if trial.id in kinds]


def _why(gang: Sequence[TrialRun], before: Result | None) -> str:
    """What to say of trials that were run before: why they are run again."""
    trials = f"{len(gang)} trial{'s' if len(gang) > 1 else ''}"
    if tries := [run.record for run in gang if run.record.attempt > 1]:
        spoilt = [trial for trial in before.trials if trial.verdict is Verdict.INVALID] if before else []
        codes = [reason.code for trial in reversed(spoilt) for reason in trial.reasons]
        return f", {trials} again, try {tries[0].attempt} of {MAX_ATTEMPTS}: {cause(codes)}"
    if any(not run.record.id.endswith(".0") for run in gang):
        return f", {trials} once more: too close to tell"
    return ""


def _telling(scenario: Scenario, objective: str | None) -> Sequence[str]:
    """The trials that tell an objective, if they are fewer than half of all; else there is little to be spared."""
    spec = scenario.spec
    telling = spec.objectives[objective].trials if objective is not None else ()
    return telling if 2 * len(telling) < len(spec.trials) else ()


def _at_once(parallel: int, cores: float, room: float) -> int:
    """How many trials to run side by side at the first try: all that may, in as many rounds as it takes to need no more
    than SHARE of the room that there is."""
    rounds = min(parallel, max(1, math.ceil(cores / (SHARE * room))))
    return -(-parallel // rounds)


def _halved(count: int, times: int) -> int:
    """Half as many at each further try, rounded up: a machine too busy for all may be quiet enough for some."""
    return -(-count >> times)


def _as_is(run: TrialRun, trial_time: float) -> TrialRecord:
    if run.record.duration_s:
        return run.record
    ended = max(0.0, min(trial_time, run.record.planned_s - 0.001))
    return run.record.model_copy(update={"ended_s": ended, "failures": tuple(run.failures)})


def _stand_ins(scenario: Scenario, raw: Path, also: Sequence[str]) -> dict[str, Path]:
    """The controls that trials deploy in place of the submission, and those that may be, staged below `raw`."""
    names = sorted({trial.system for trial in scenario.spec.trials if trial.system} | set(also))
    return {name: stage_control(scenario, name, raw / "systems" / name).path for name in names}


def _check_experiments(scenario: Scenario, submission: Submission, seed: int) -> None:
    """Every experiment whole, functions and arguments included; BadInput names the first fault."""
    rules = scenario.lab.spec.drill
    if rules is not None and any(spec.drill for spec in scenario.spec.trials):
        read_drill(submission.path, rules)
    for spec in scenario.spec.trials:
        parameters = draw_trial(scenario, spec.id, 0, 1, seed).parameters
        known = {**scenario.configuration(spec.id), **parameters}
        check_experiment(scenario.folder / spec.experiment, known, scenario.folder)


def _reads(scenario: Scenario, submission: Submission) -> list[Path]:
    """What load and experiments read: our own code, this lab and the parts that labs share (an exam may look at what a
    sealed service has), this scenario, and the submission where its experiment is run."""
    lab, cast = scenario.lab.folder, scenario.lab.folder.parent / "cast"
    shared = [cast] if cast.is_dir() else []
    drilled = [submission.path] if scenario.lab.spec.drill is not None else []
    return [Path(grader.__path__[0]), lab, *shared, scenario.folder, *drilled]


def _versions() -> dict[str, str]:
    found = {"python": sys.version.split()[0]}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
