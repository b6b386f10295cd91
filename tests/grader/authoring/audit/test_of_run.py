"""What is kept of a finished run: events that an objective could count, of trials that counted."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.audit.recording import of_run
from grader.judge.run import load_rules
from tests.grader.judge.synthetic import good_rows, trial, write_run


def test_of_several_samples_the_first_that_counted_is_kept(tmp_path: Path) -> None:
    trials = (trial("calm"), trial("storm"), trial("calm", sample=1), trial("calm", sample=2))
    run = write_run(tmp_path / "run", good_rows(*trials), trials=trials)
    spec = load_rules(run / "scenario").scenario

    kept = of_run(run, spec, ["storm.0", "calm.1", "calm.2"], "digest")

    assert {one.id for one in kept.trials} == {row["trial"] for row in kept.rows} == {"calm.1", "storm.0"}


def test_only_what_could_count_is_kept(tmp_path: Path) -> None:
    rows = good_rows(trial("calm"), trial("storm"))
    run = write_run(tmp_path / "run", rows)
    spec = load_rules(run / "scenario").scenario

    kept = of_run(run, spec, ["calm.0"], "digest")

    windows = [window for window in spec.objectives.values() if "calm" in window.trials]
    wanted = [
        row
        for row in rows
        if row["trial"] == "calm.0"
        and any(row["kind"] == w.kind and (not w.phases or row["phase"] in w.phases) for w in windows)
    ]
    assert len(kept.rows) == len(wanted) > 0
    assert {trial.kind for trial in kept.trials} == {"calm"}
    assert {row["trial"] for row in kept.rows} == {"calm.0"}
