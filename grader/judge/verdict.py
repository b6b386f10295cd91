"""From a run's evidence to its result: pure, the same for a run in progress and for one judged again years later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.slo import Slo
from grader.course.spec import ScenarioSpec, Window
from grader.judge.decide import Counts, Errors, objective_result, settled
from grader.judge.evidence import MACHINE, Facts, gather, problems
from grader.judge.ledgers import disagreements
from grader.judge.record import RunRecord, TrialRecord
from grader.result import TOO_NEAR, ObjectiveResult, Reason, Result, TrialResult, Verdict

if TYPE_CHECKING:
    import duckdb


BUSY = MACHINE | {"load-late", "load-short"}

_WHOLE = "FROM events WHERE error IS DISTINCT FROM 'cut'"
_AS_PLANNED = """SELECT * REPLACE (
    NULL::VARCHAR AS id, NULL::DOUBLE AS sent, NULL::DOUBLE AS done, NULL::INTEGER AS status, NULL::VARCHAR AS answer,
    NULL::VARCHAR AS served_by, NULL::DOUBLE AS value, NULL::VARCHAR AS error, 'infinity'::DOUBLE AS latency
) FROM events WHERE error IS DISTINCT FROM 'cut'"""  # what was seen, as `plan` has it


@dataclass(frozen=True)
class Rules:
    """What a run is judged by: the scenario's windows and bounds, and its objectives by id."""

    scenario: ScenarioSpec
    slos: Mapping[str, Slo]


def judge(record: RunRecord, rules: Rules, connection: duckdb.DuckDBPyConnection) -> Result:
    """Judge a run.

    Args:
        record: what was run.
        rules: what it is judged by.
        connection: with `events` and `plan` of the run, see `grader.events`.
    """
    facts = gather(connection, record.trials, rules.scenario.evidence)
    disagreed = disagreements(connection, record.trials, rules.scenario.evidence.ledgers)
    trials = tuple(_trial_result(trial, facts[trial.id], rules, disagreed.get(trial.id, [])) for trial in record.trials)
    usable = {result.id for result in trials if result.verdict is not Verdict.INVALID and not result.control}
    errors = Errors.of_exam(record.alpha, len(rules.slos))
    counts = count(connection, rules, [trial for trial in record.trials if trial.id in usable])
    objectives = tuple(objective_result(slo, counts[slo.id], errors) for slo in rules.slos.values())
    proven_fail = any(one.verdict is Verdict.FAIL for one in objectives)
    if record.close == "decide" and not proven_fail and _sound(rules, record.trials, trials):
        objectives = tuple(settled(one, counts[one.id]) for one in objectives)
    verdict, reasons = _conclude(rules, record.trials, trials, objectives, counts)
    return Result(
        lab=record.lab,
        verdict=verdict,
        reasons=reasons,
        objectives=objectives,
        trials=trials,
        seed=record.seed,
        runtime=record.runtime,
        duration_s=record.duration_s,
        versions=record.versions,
        put_back=record.put_back,
        reader=record.reader,
        close=verdict in (Verdict.PASS, Verdict.FAIL) and any(reason.code == "close" for reason in reasons),
    )


def count(connection: duckdb.DuckDBPyConnection, rules: Rules, usable: Sequence[TrialRecord]) -> dict[str, Counts]:
    """Events of each objective over the usable trials of its window, in one pass over each table.

    An event that is scheduled and was cut, or not seen yet, is remaining; one that was seen and turned out not to count
    is not. An outcome that `good` cannot judge is bad.
    """
    slos = tuple(rules.slos.values())
    valid = [f"coalesce(({slo.total}), false)" for slo in slos]
    good = [f"{counts} AND coalesce(({slo.good}), false)" for counts, slo in zip(valid, slos, strict=True)]
    expected = [f"coalesce(({slo.total}), true)" for slo in slos]
    windows = [_within(rules.scenario.objectives[slo.id], usable) for slo in slos]
    outcomes = _tally(connection, f"({_WHOLE})", good + valid, windows + windows)
    goods, valids = outcomes[: len(slos)], outcomes[len(slos) :]
    scheduled = _tally(connection, "plan", expected, windows)
    settled = valids
    if settled != scheduled:  # something is not seen yet, or does not count: costs a pass
        settled = _tally(connection, f"({_AS_PLANNED})", expected, windows)
    return {
        slo.id: Counts(good=fine, valid=counted, remaining=max(0, due - over))
        for slo, fine, counted, due, over in zip(slos, goods, valids, scheduled, settled, strict=True)
    }


def _within(window: Window, usable: Sequence[TrialRecord]) -> Callable[[str, str, str], bool]:
    """Whether events of a trial, kind and phase lie in an objective's window."""
    trials = {trial.id for trial in usable if trial.kind in window.trials}
    return lambda trial, kind, phase: (
        trial in trials and kind == window.kind and (not window.phases or phase in window.phases)
    )


def _tally(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    conditions: Sequence[str],
    windows: Sequence[Callable[[str, str, str], bool]],
) -> list[int]:
    """How many rows of `source` meet each condition within its window."""
    counted = ", ".join(f"count(*) FILTER ({condition})" for condition in conditions)
    rows = connection.execute(f"SELECT trial, kind, phase, {counted} FROM {source} GROUP BY ALL").fetchall()
    return [sum(row[3 + n] for row in rows if within(*row[:3])) for n, within in enumerate(windows)]


def _trial_result(trial: TrialRecord, facts: Facts, rules: Rules, disagreed: Sequence[Reason]) -> TrialResult:
    blamed = tuple(Reason(f.code, f.message, trial.id) for f in trial.failures if f.blame == "submission")
    unusable = (*problems(trial, facts, rules.scenario.evidence), *disagreed)
    notes = tuple(Reason(f.code, f.message, trial.id) for f in trial.failures if f.blame == "note")
    verdict = Verdict.FAIL if blamed else Verdict.INVALID if unusable else Verdict.PASS
    return TrialResult(
        id=trial.id,
        title=trial.title,
        attempt=trial.attempt,
        verdict=verdict,
        reasons=(*blamed, *unusable, *notes),
        events=facts.events,
        stopped_early=trial.stopped_early,
        duration_s=trial.duration_s,
        busiest=round(facts.busiest, 1),
        slowdown=round(facts.slowdown, 1),
        control=trial.control,
    )


def _conclude(
    rules: Rules,
    records: Sequence[TrialRecord],
    trials: Sequence[TrialResult],
    objectives: Sequence[ObjectiveResult],
    counts: Mapping[str, Counts],
) -> tuple[Verdict, tuple[Reason, ...]]:
    """A proven fail stands whatever else went wrong; without one, anything unproven makes the run invalid."""
    proven = [one for one in objectives if not one.close]
    failed = [*_trial_reasons(trials, Verdict.FAIL), *map(_missed, _with(proven, Verdict.FAIL))]
    if failed:
        notes = [r for t in trials for r in t.reasons if r.code == "service-ended"]
        return Verdict.FAIL, tuple(failed + notes)
    if suspect := _suspect(trials) or _busied(records, trials):
        return Verdict.INVALID, suspect
    unproven: list[Reason] = sorted(
        [*_replaced(records, trials), *_unrun(rules, records)], key=lambda r: r.code not in MACHINE
    )
    for one in _with(objectives, Verdict.UNDECIDED):
        if one.valid or not unproven:  # an objective without an event says no more than why its trials do not count
            unproven.append(_undecided(one, counts[one.id].remaining))
    if unproven or not objectives:
        return Verdict.INVALID, tuple(unproven)
    close = tuple(Reason("close", f"{one.title}: {_close(one)}") for one in objectives if one.close)
    missed = any(_with(objectives, Verdict.FAIL))
    return Verdict.FAIL if missed else Verdict.PASS, close


def _sound(rules: Rules, records: Sequence[TrialRecord], trials: Sequence[TrialResult]) -> bool:
    """Whether nothing but what was measured decides: each kind of trial counts, none was broken, nothing is suspect."""
    broken = any(trial.verdict is Verdict.FAIL for trial in trials)
    suspect = _suspect(trials) or _busied(records, trials)
    return not (broken or suspect or _replaced(records, trials) or _unrun(rules, records))


def _close(objective: ObjectiveResult) -> str:
    """What was measured of an objective that it decided, and that this proves nothing for the next exam."""
    kept = objective.good / objective.valid
    digits = next((n for n in range(4, 12) if f"{100 * kept:.{n}g}" != f"{100 * objective.target:g}"), 4)
    ratio, promised = f"{100 * kept:.{digits}g} %", f"{100 * objective.target:g} % promised"
    word = "kept" if objective.verdict is Verdict.PASS else "missed"
    return f"{ratio} of {objective.valid} good, {promised}: {word}, but {TOO_NEAR}"


def _with(objectives: Sequence[ObjectiveResult], verdict: Verdict) -> Iterable[ObjectiveResult]:
    return (objective for objective in objectives if objective.verdict is verdict)


def _trial_reasons(trials: Sequence[TrialResult], verdict: Verdict) -> list[Reason]:
    return [reason for trial in trials if trial.verdict is verdict for reason in trial.reasons]


def _replaced(records: Sequence[TrialRecord], trials: Sequence[TrialResult]) -> list[Reason]:
    """Reasons of kinds of trials that were never run in a usable way (a later try makes up for an invalid one)."""
    tries = [(r.kind, t) for r, t in zip(records, trials, strict=True) if not r.control]
    usable = {kind for kind, trial in tries if trial.verdict is not Verdict.INVALID}
    missing = [trial for kind, trial in tries if kind not in usable]
    return _trial_reasons(missing, Verdict.INVALID)


def _suspect(trials: Sequence[TrialResult]) -> tuple[Reason, ...]:
    """Sealed services ended in one trial and again in a further try. Once may be the machine's doing; who makes it
    happen would else be judged by the trials of its choice."""
    ended = [(t, r) for t in trials for r in t.reasons if r.code == "sealed-ended"]
    again = any(trial.attempt > 1 for trial, _ in ended)
    if len(ended) < 2 or not again:
        return ()
    message = f"sealed services ended in {len({trial.id for trial, _ in ended})} trials, in a further try too"
    return Reason("suspect", message), *(reason for _, reason in ended)


def _busied(records: Sequence[TrialRecord], trials: Sequence[TrialResult]) -> tuple[Reason, ...]:
    """The machine was busy in every try of a trial, and not right after, when a control stood in for the submission:
    who makes it busy would else be graded again for what he cannot pass."""
    pairs = list(zip(records, trials, strict=True))
    controls = [(record.kind, trial) for record, trial in pairs if record.control and record.duration_s]
    tries = [[t for r, t in pairs if r.kind == kind and not r.control] for kind, _ in controls]
    quiet = all(trial.verdict is Verdict.PASS for _, trial in controls)
    if not controls or not quiet or not all(map(busy_in_all, tries)):
        return ()
    most = max(trial.slowdown for _, trial in controls)
    message = (
        "the machine was busy in every try, and not with the lab as shipped in the submission's place, right after: "
        f"there work took {most:.1f} times as long as alone"
    )
    return Reason("suspect", message), *(reason for each in tries for trial in each for reason in trial.reasons)


def busy_in_all(tries: Sequence[TrialResult]) -> bool:
    """Whether there was a further try, and none that the machine was quiet enough for."""
    return len(tries) > 1 and all(map(too_busy, tries))


def too_busy(trial: TrialResult) -> bool:
    """Whether it proves nothing, and the machine was not quiet enough for it."""
    return trial.verdict is Verdict.INVALID and any(reason.code in BUSY for reason in trial.reasons)


def _unrun(rules: Rules, records: Sequence[TrialRecord]) -> list[Reason]:
    """Trials of the scenario that were not run: an objective may seem to be kept without them."""
    missing = {trial.id for trial in rules.scenario.trials} - {record.kind for record in records}
    return [Reason("no-evidence", f"trial {kind} was not run") for kind in sorted(missing)]


def _missed(objective: ObjectiveResult) -> Reason:
    message = (
        f"{objective.title}: {objective.good} of {objective.valid} good, promised {100 * objective.target:g} %, "
        f"at best {100 * objective.high:.1f} %"
    )
    return Reason("objective-missed", message)


def _undecided(objective: ObjectiveResult, unseen: int) -> Reason:
    if objective.valid == 0:
        return Reason("no-evidence", f"{objective.title}: no event could be used")
    found, promised = f"{objective.good} of {objective.valid} good", f"the promised {100 * objective.target:g} %"
    if unseen:
        return Reason("undecided", f"{objective.title}: {found}, and {unseen} never seen: too few to tell {promised}")
    return Reason("undecided", f"{objective.title}: {found} lies too close to {promised} to tell")
