"""One trial while it runs: its deployment, its experiment, and what went wrong."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from grader import events, laps
from grader.chaos.check import has_faults, waits_for_the_end
from grader.course import systems
from grader.course.spec import Scenario, TrialSpec
from grader.errors import BadInput
from grader.exam.draw import phase_plans
from grader.exam.exhibits import keep_exhibits
from grader.exam.experiments import Running
from grader.exam.ledgers import read_ledgers
from grader.exam.outpost import Outpost
from grader.judge.record import Failure, TrialRecord
from grader.safe import quoted
from infra.errors import InfraError, PlatformBroken, ServiceFailed
from infra.runtime import Address, Deployment, Request, Runtime, State
from infra.system import Service, System

_CHAOS_FAILURES = {4: "unhealthy-before", 5: "fault-unseen", 6: "platform"}
LOG_BYTES = 256 * 1024
HELD_S = 1.0
READY_S = 75.0  # seven deployments at once were seen to take 44 s on two overloaded cores; it must not fail a candidate


@dataclass(frozen=True)
class Stage:
    """What all trials of a run share. `out` is the run folder, `raw` the scratch folder inside it, `outpost` where
    load and experiments run, `stand_ins` the staged controls that are deployed in place of the submission, by name,
    `quote` whether failures may quote others' words, `whole` whether no trial may end before its timeline."""

    scenario: Scenario
    system: System
    runtime: Runtime
    submission: Path
    prefix: str
    out: Path
    raw: Path
    outpost: Outpost
    stand_ins: Mapping[str, Path]
    quote: bool = True
    whole: bool = False


@dataclass
class TrialRun:
    """A trial in progress."""

    stage: Stage
    record: TrialRecord
    token: str
    deployment: Deployment | None = None
    chaos: Running | None = None
    drills: Sequence[Running] = ()
    failures: list[Failure] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    off: bool = False
    """The exam is being ended: what is being deployed is not needed any more."""
    was_busy: bool = False
    """The machine was too busy in every try before: a service that starts late may be late for that."""

    @property
    def events_file(self) -> Path:
        return self.stage.raw / f"{self.record.id}.events.jsonl"

    @property
    def faults_file(self) -> Path:
        return self.stage.raw / f"{self.record.id}.faults.jsonl"

    @property
    def drill_files(self) -> list[Path]:
        """One file of events for each run of the candidate's experiment."""
        drill = self.spec.drill
        return [self.stage.raw / f"{self.record.id}.drill-{n}.jsonl" for n in range(drill.runs if drill else 0)]

    @property
    def ledgers_file(self) -> Path:
        return self.stage.raw / f"{self.record.id}.ledgers.jsonl"

    @property
    def logs(self) -> Path:
        """Folder of what its services wrote, kept in the run folder."""
        return self.stage.out / "logs" / self.record.id

    @property
    def plan_file(self) -> Path:
        return self.stage.raw / f"{self.record.id}.plan.jsonl"

    @property
    def spec(self) -> TrialSpec:
        return self.stage.scenario.spec.trial(self.record.kind)

    @property
    def stand_in(self) -> str:
        """The control that is deployed in place of the submission, if one is."""
        return self.record.control or self.spec.system

    @property
    def experiment(self) -> Path:
        return self.stage.scenario.folder / self.spec.experiment

    @cached_property
    def until_answered(self) -> bool:
        """Whether nothing more is to be learnt once all requests are answered: objectives count only those, and the
        experiment does but wait for the end."""
        windows = [one for one in self.stage.scenario.spec.objectives.values() if self.record.kind in one.trials]
        only_requests = all(window.kind == "request" for window in windows) and self.spec.drill is None
        return only_requests and not self.stage.whole and waits_for_the_end(self.experiment)

    @property
    def broken(self) -> bool:
        """Whether the trial can prove nothing more, or the submission cannot even start."""
        return any(failure.blame != "note" for failure in self.failures)

    def deploy(self) -> None:
        """Start the system; what goes wrong becomes a failure of the trial."""
        self.began = time.monotonic()
        name = f"{self.stage.prefix}-{secrets.token_hex(4)}"
        request = Request(
            name=name,
            open_root=self.stage.stand_ins.get(self.stand_in, self.stage.submission),
            secrets={"BROWNOUT_TOKEN": self.token},
            ready_timeout_s=READY_S,
            off=lambda: self.off,
        )
        try:
            self.deployment = self.stage.runtime.deploy(self.stage.system, request)
        except ServiceFailed as error:
            self.failures.append(self._start_failure(error))
        except InfraError as error:
            self.failures.append(Failure(code="platform", message=str(error), blame="machine"))

    def _start_failure(self, error: ServiceFailed) -> Failure:
        file = self._kept(f"{error.service}.log", error.log_tail)
        message = f"{error}; {file}" if file else f"{error}:{quoted(error.log_tail)}"
        if self.stage.system.services[error.service].open and not self.stand_in:
            if self.was_busy and error.exit_code is None:
                return Failure(code="machine-busy", message=message, blame="machine")
            return Failure(code="not-started", message=message, blame="submission")
        return Failure(code="sealed-failed", message=message, blame="machine")

    def fail(self, code: str, said: str) -> None:
        """Note that machine or lab are to blame, as one of our processes said; it may repeat what an answer was."""
        self.failures.append(Failure(code=code, message=self._kept("why.txt", said) or said, blame="machine"))

    def _kept(self, name: str, said: str) -> str:
        """Where the words are that may not be quoted; nothing where they may."""
        if self.stage.quote:
            return ""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / name).open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{said.rstrip()}\n")
        return f"{name}, in the trial's folder below logs, has the words"

    def addresses(self) -> dict[str, str]:
        """Published ports as this machine reaches them, `service:port` to `host:port`."""
        return {} if self.deployment is None else self._located(self.deployment.address)

    def near(self) -> dict[str, str]:
        """The same, as the post reaches them."""
        return {} if self.deployment is None else self._located(self.deployment.near)

    def _located(self, where: Callable[[str, int], Address]) -> dict[str, str]:
        found = {}
        for service in self.stage.system.services.values():
            for port in service.published:
                address = where(service.name, port)
                found[f"{service.name}:{port}"] = f"{address.host}:{address.port}"
        return found

    def write_chaos_plan(self) -> Path:
        """The order for the experiment's process."""
        journal = self.stage.raw / f"{self.record.id}.journal.json"
        known = {**self.stage.scenario.configuration(self.record.kind), **self.record.parameters}
        more = {"parameters": known, "steps": str(self.faults_file), "journal": str(journal)}
        return self._write_order("chaos", {"experiment": str(self.experiment), **more})

    def write_drill_plans(self) -> list[Path]:
        """The orders for the runs of the candidate's experiment, a process each."""
        if self.spec.drill is None or self.stage.scenario.lab.spec.drill is None:
            return []
        rules = self.stage.scenario.lab.spec.drill.model_dump(mode="json")
        phases = [
            each.model_dump(mode="json") for each in phase_plans(self.stage.scenario.spec.phases(self.record.kind))
        ]
        shared = {"experiment": str(self.stage.submission), "phases": phases}
        return [
            self._write_order(
                f"drill-{n}",
                {
                    **shared,
                    "steps": str(path),
                    "journal": str(path.with_suffix(".journal")),
                    "drill": {"rules": rules, "start_s": start_s},
                },
            )
            for n, (path, start_s) in enumerate(zip(self.drill_files, self.spec.drill.starts(), strict=True))
        ]

    def _write_order(self, name: str, order: dict[str, Any]) -> Path:
        assert self.deployment is not None
        target = {
            "runtime": self.stage.runtime.name,
            "name": self.deployment.name,
            "addresses": self.near(),
            "token": self.token,
        }
        shared = {"deployment": target, "module_path": str(self.stage.scenario.folder), "trial": self.record.id}
        path = self.stage.raw / f"{self.record.id}.{name}.json"
        path.write_text(json.dumps({**shared, "start_at": None, **order}), "utf-8")
        return path

    def check_chaos(self) -> None:
        """Note how the runner ended, if it has; one that ended well but early has lifted its faults in mid-trial,
        if it had any. When it ended is its own word, for on a busy machine this may be asked long after."""
        if self.chaos is None or self.broken:
            return
        for drill in self.drills:
            if (ending := drill.ending()) and ending[0]:
                self.fail("platform", drill.last_words())
                return
        code, ended_s = self.chaos.ending() or (None, 0.0)
        if code:
            name = _CHAOS_FAILURES.get(code, "platform")
            self.fail(name, self.chaos.last_words())
        elif code == 0 and ended_s < self.record.planned_s - HELD_S and self._was_to_hold:
            message = f"the experiment was over at {ended_s:.1f} s of {self.record.planned_s:g} s"
            self.failures.append(Failure(code="fault-unseen", message=message, blame="machine"))

    @property
    def _was_to_hold(self) -> bool:
        """Whether there are faults that have to act until the timeline is over."""
        return has_faults(self.experiment) and not self.until_answered

    def finish(self, trial_time: float) -> None:
        """Read the ledgers, keep logs and what ended by itself, close the record. The system is there still."""
        if self.deployment is not None:
            try:
                self._read_ledgers(trial_time)
                self._keep_exhibits(trial_time)
                self._keep_season()
                self._keep()
            except PlatformBroken as error:
                self.failures.append(Failure(code="platform", message=str(error), blame="machine"))
        ended = max(0.0, min(trial_time, self.record.planned_s))
        self.record = self.record.model_copy(
            update={
                "ended_s": round(ended, 3),
                "duration_s": round(time.monotonic() - self.began, 3),
                "failures": tuple(self.failures),
            }
        )

    def remove(self) -> None:
        """Remove the system; safe to call twice."""
        if self.deployment is not None:
            deployment, self.deployment = self.deployment, None
            deployment.stop()

    def _read_ledgers(self, trial_time: float) -> None:
        kind = self.record.kind
        ledgers = [one for one in self.stage.scenario.spec.evidence.ledgers if not one.trials or kind in one.trials]
        if ledgers and trial_time > 0:
            rows = read_ledgers(self.record.id, trial_time, ledgers, self.addresses(), self.token)
            events.append(self.ledgers_file, rows)

    def _keep_exhibits(self, trial_time: float) -> None:
        """Of what was handed in, not of a control in its place."""
        found = self.stage.scenario.spec.exhibits
        if found and trial_time > 0 and not self.stand_in:
            keep_exhibits(self.stage.out, self.record.id, found, self.addresses(), self.token)

    def _keep_season(self) -> None:
        """For the report, what the public season told. Only of a rehearsal: an exam's cases are nobody's to see."""
        scenario = self.stage.scenario
        found = systems.season(scenario)
        if found is None or self.spec.system or scenario.folder != scenario.lab.folder / "rehearsal":
            return
        assert self.deployment is not None
        with contextlib.suppress(BadInput):
            laps.save(self.deployment.address(*found).url, self.stage.out / laps.FOLDER / f"{self.record.id}.json")

    def _keep(self) -> None:
        assert self.deployment is not None
        self.logs.mkdir(parents=True, exist_ok=True)
        for service in self.stage.system.services.values():
            text = self.deployment.logs(service.name, LOG_BYTES)
            (self.logs / f"{service.name}.log").write_text(text, "utf-8")
            status = self.deployment.status(service.name)
            if status.state is State.EXITED:
                self.failures.append(self._ended(service, status.exit_code))

    def _ended(self, service: Service, exit_code: int | None) -> Failure:
        message = f"service {service.name} had ended by itself (exit code {exit_code}) when the trial was over"
        if self.stand_in:
            return Failure(code="sealed-failed", message=message, blame="machine")
        if service.open:
            return Failure(code="service-ended", message=message, blame="note")
        return Failure(code="sealed-ended", message=message, blame="machine")


def start_message(start_at: float, runs: list[TrialRun]) -> dict[str, Any]:
    """What the load generator is told: the second at which trial time is 0, and where each trial's system is."""
    return {"start_at": start_at, "addresses": {run.record.id: run.near() for run in runs}}
