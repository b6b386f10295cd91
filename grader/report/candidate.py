"""A candidate's copy of a run. It is made by what is taken, not by what is left out: the verdict, the objectives with
their numbers, reasons in words that are public or the candidate's own, and the logs of services that ran their code.

Nothing is taken of the scenario (titles of trials, phases, faults), of what was drawn, the seed, the events, and what
sealed services wrote: the next candidate may have the same exam.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from grader.course.files import shown
from grader.course.reading import parse
from grader.course.spec import ScenarioSpec
from grader.errors import BadInput
from grader.judge.evidence import REASONS
from grader.report.html import write_html
from grader.report.saved import load_result
from grader.result import Reason, Result

SCHEMA = "brownout/candidate/1"
VERDICT = "verdict.json"
_PUBLIC = {"objective-missed", "close", "undecided", "not-started", "service-ended"}
"""Reasons whose words are numbers of objectives, or about the candidate's own services."""


def write_copy(run_dir: Path, into: Path, services: Collection[str]) -> None:
    """Write verdict.json, report.html and logs/.

    Args:
        run_dir: a finished run.
        into: a new or empty folder outside the run's.
        services: names of those that ran the candidate's code.

    Raises:
        BadInput: there is no such run, or the folder cannot be used.
    """
    result = load_result(run_dir)
    names = {trial.id: f"trial-{number}" for number, trial in enumerate(result.trials, start=1)}
    public = _public(result, names)
    _make(into, run_dir)
    for trial in _own_trials(run_dir, names):
        for service in sorted(services):
            log = run_dir / "logs" / trial / f"{service}.log"
            if log.is_file() and not log.is_symlink():
                target = into / "logs" / names[trial] / log.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(log, target)
    data = {key: value for key, value in asdict(public).items() if key != "seed"}
    (into / VERDICT).write_text(json.dumps({"schema": SCHEMA, **data}, indent=2) + "\n", "utf-8")
    write_html(into, public, whole=False)


def _public(result: Result, names: Mapping[str, str]) -> Result:
    trials = tuple(
        replace(trial, id=names[trial.id], title=f"Trial {number}", reasons=_reasons(trial.reasons, names))
        for number, trial in enumerate(result.trials, start=1)
    )
    return replace(result, seed=0, trials=trials, reasons=_reasons(result.reasons, names))


def _reasons(reasons: Collection[Reason], names: Mapping[str, str]) -> tuple[Reason, ...]:
    """In public words; those that say the same of several trials, once."""
    said = (
        replace(reason, trial=names.get(reason.trial, ""))
        if reason.code in _PUBLIC
        else Reason(reason.code, REASONS.get(reason.code, "The run proves nothing."))
        for reason in reasons
    )
    return tuple(dict.fromkeys(said))


def _own_trials(run_dir: Path, names: Collection[str]) -> list[str]:
    """Trials that ran the candidate's code, and not a control in its place."""
    spec = parse(ScenarioSpec, run_dir / "scenario" / "scenario.yaml")
    own = {trial.id for trial in spec.trials if not trial.system}
    return [name for name in names if name.rpartition(".")[0] in own]


def _make(into: Path, run_dir: Path) -> None:
    if run_dir.resolve() in (into.resolve(), *into.resolve().parents):
        raise BadInput(f"{shown(into)}: lies in the run; name a folder elsewhere")
    try:
        into.mkdir(parents=True, exist_ok=True)
        if any(into.iterdir()):
            raise BadInput(f"{shown(into)}: is not empty; name a new folder")
    except OSError as error:
        raise BadInput(f"{shown(into)}: cannot be written ({error.strerror}); name another folder") from error
