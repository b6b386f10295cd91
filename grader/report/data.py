"""A run folder as tables: events, and each event judged by the objectives that cover it.

The folder's SQL comes from a file, so it runs in a database that can reach nothing but these tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from grader.course.reading import parse
from grader.course.slo import Slo, load_slos
from grader.course.spec import ScenarioSpec
from grader.errors import BadRun
from grader.report.summary import Hotspot

_COLUMNS = {
    "trial": "varchar", "kind": "varchar", "name": "varchar", "id": "varchar", "phase": "varchar",
    "segment": "varchar", "due": "double", "sent": "double", "done": "double", "status": "integer",
    "answer": "varchar", "served_by": "varchar", "value": "double", "error": "varchar",
}  # fmt: skip

LONG_TRIAL_S = 60
"""Trials longer than this have their worst stretch named by ten seconds, others by one."""


@dataclass(frozen=True)
class Span:
    """One trial's extent: seconds from its start to its last event, and how many requests were due."""

    end_s: float
    requests: int


class RunData:
    """The events of a run folder, in memory.

    Attributes:
        spec: scenario.yaml, or None when the run did not get so far as to copy it.
        slos: slo.yaml by id; empty without one.
        spans: by trial id.

    Raises:
        BadRun: a file is there but cannot be used.
    """

    def __init__(self, run_dir: Path) -> None:
        scenario = run_dir / "scenario"
        self.spec = parse(ScenarioSpec, scenario / "scenario.yaml") if (scenario / "scenario.yaml").exists() else None
        self.slos: dict[str, Slo] = load_slos(scenario / "slo.yaml") if (scenario / "slo.yaml").exists() else {}
        self._base = duckdb.connect(config={"threads": 1})
        self._load(run_dir / "events.parquet")
        self._judge(run_dir)
        self.spans = {
            str(trial): Span(float(end), int(requests))
            for trial, end, requests in self.rows(
                "select trial, max(due), count(*) filter (kind = 'request') from events group by trial"
            )
        }

    def __enter__(self) -> RunData:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over `events` and `judged`."""
        return self._base.execute(query, list(parameters)).fetchall()

    def covers(self, objective: str, trial: str) -> bool:
        """Whether an objective judges a trial (by id)."""
        window = self.spec.objectives.get(objective) if self.spec else None
        return window is not None and trial.rpartition(".")[0] in window.trials

    def _load(self, path: Path) -> None:
        """Tables `events` and `plan`; the events stand for the plan where there is none. Events that were cut say
        nothing of the system: they are planned, and were not seen."""
        self._read("events", path)
        self._base.execute("delete from events where error = 'cut'")
        plan = path.with_name("plan.parquet")
        self._read("plan", plan if plan.exists() else path)
        self._base.execute("set enable_external_access = false; set lock_configuration = true")

    def _read(self, table: str, path: Path) -> None:
        fields = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in _COLUMNS.items())
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in _COLUMNS.items())
        source, where = ("read_parquet($path)", "due is not null") if path.exists() else (f"(select {empty})", "false")
        query = f"""create table {table} as
            select row_number() over () as n, *, coalesce(done - due, 'infinity'::double) as latency
            from (select {fields} from {source}) where {where}"""
        try:
            self._base.execute(query, {"path": str(path)} if path.exists() else None)
        except duckdb.Error as error:
            raise BadRun(f"{path}: not a file of events: {' '.join(str(error).split())[:300]}") from error

    def _judge(self, run_dir: Path) -> None:
        self._base.execute(
            "create table judged (objective varchar, n bigint, trial varchar, phase varchar, due double, good boolean,"
            " latency double, symptom varchar)"
        )
        for name, window in self.spec.objectives.items() if self.spec else ():
            slo = self.slos.get(name)
            if slo is None:
                continue
            query = f"""insert into judged
                select $name, n, trial, phase, due, coalesce(({slo.good}), false), latency, {_symptom(slo)} from events
                where kind = $kind and list_contains($trials, regexp_replace(trial, '[.][0-9]+$', ''))
                  and (len($phases) = 0 or list_contains($phases, phase)) and ({slo.total})"""
            values = {"name": name, "kind": window.kind, "trials": list(window.trials), "phases": list(window.phases)}
            try:
                self._base.execute(query, values)
            except duckdb.Error as error:
                reason = " ".join(str(error).split())[:300]
                raise BadRun(f"{run_dir / 'scenario' / 'slo.yaml'}: {name}: cannot be evaluated: {reason}") from error


def _symptom(slo: Slo) -> str:
    """SQL that says what makes an event bad for an objective as far as can be told: no answer, one that would have
    been good at once, or what the event has in a column that the objective asks about; else an empty text."""
    at_once = re.sub(r"\blatency\b", "0.0", slo.good)
    words = {
        "status": "when status >= 400 then 'status ' || status",
        "answer": """when coalesce(answer, '') not in ('', 'right')
            then case when kind = 'probe' then '' else 'answer ' end || '"' || answer || '"'""",
        "served_by": "when coalesce(served_by, '') <> '' then 'served by ' || served_by",
    }
    asked = [words[name] for name in words if re.search(rf"\b{name}\b", slo.good)]
    return f"""case
        when done is null then 'no answer' || case when coalesce(error, '') = '' then '' else ' (' || error || ')' end
        when ({at_once}) then 'slow answers' {" ".join(asked)} {words["status"]} else '' end"""


def tallies(data: RunData) -> dict[tuple[str, str], tuple[int, int]]:
    """(bad, valid) events by objective and trial id."""
    rows = data.rows("select objective, trial, count(*) filter (not good), count(*) from judged group by all")
    return {(objective, trial): (bad, valid) for objective, trial, bad, valid in rows}


def hotspots(data: RunData, trials: list[str]) -> dict[str, Hotspot]:
    """For each objective with bad events in `trials` (ids), the trial, phase and stretch with most of them."""
    long = any(span.end_s > LONG_TRIAL_S for span in data.spans.values())
    width = 10.0 if long else 1.0
    rows = data.rows(
        """with stretches as (
               select objective, trial, phase, floor(due / $1) * $1 as began, count(*) filter (not good) as bad,
                      count(*) as valid, mode(symptom) filter (not good) as looks
               from judged where list_contains($2, trial) group by all),
           summed as (
               select *, sum(bad) over (partition by objective, trial) as of_trial,
                      sum(bad) over (partition by objective, trial, phase) as of_phase
               from stretches)
           select objective, trial, phase, began, bad, valid, looks from summed
           qualify row_number() over (partition by objective order by of_trial desc, trial, of_phase desc, phase,
                                      bad desc, began) = 1""",
        width,
        trials,
    )
    return {
        objective: Hotspot(objective, trial, phase or "", began, began + width, bad, valid, symptom or "")
        for objective, trial, phase, began, bad, valid, symptom in rows
        if bad
    }


def told_words(data: RunData) -> dict[str, dict[str, list[tuple[str, int, bool]]]]:
    """By trial id and objective: the words that answers had, how often, and whether each is good; good ones first."""
    rows = data.rows(
        """select trial, objective, answer, count(*), good from judged join events using (n, trial)
           where answer <> '' group by all order by good desc, count(*) desc, answer"""
    )
    found: dict[str, dict[str, list[tuple[str, int, bool]]]] = {}
    for trial, objective, word, many, good in rows:
        found.setdefault(trial, {}).setdefault(objective, []).append((word, many, good))
    return found


@dataclass(frozen=True)
class Request:
    """One request as the grader saw it, unescaped; `missed` holds the ids of the objectives it was bad for."""

    id: str
    name: str
    phase: str
    segment: str
    due: float
    latency: float | None
    status: int
    answer: str
    served_by: str
    error: str
    missed: tuple[str, ...]


def worst_requests(data: RunData, limit: int = 10) -> dict[str, list[Request]]:
    """By trial id, up to `limit` requests: those bad for most objectives first, then the slowest."""
    rows = data.rows(
        """with bad as (select n, list(objective order by objective) as missed from judged where not good group by n)
           select trial, id, name, phase, segment, due, done - due, status, answer, served_by, error,
                  coalesce(missed, [])
           from events left join bad using (n) where kind = 'request'
           qualify row_number() over (partition by trial order by len(coalesce(missed, [])) desc, latency desc, due)
                   <= $1
           order by trial, len(coalesce(missed, [])) desc, latency desc, due""",
        limit,
    )
    worst: dict[str, list[Request]] = {}
    for trial, *fields, missed in rows:
        worst.setdefault(trial, []).append(_request(fields, tuple(missed)))
    return worst


def _request(fields: list[Any], missed: tuple[str, ...]) -> Request:
    key, name, phase, segment, due, latency, status, answer, served_by, error = fields
    return Request(
        id=key or "",
        name=name or "",
        phase=phase or "",
        segment=segment or "",
        due=due,
        latency=latency,
        status=status or 0,
        answer=answer or "",
        served_by=served_by or "",
        error=error or "",
        missed=missed,
    )
