"""What is done again: the same exam by its seed, the verdict from its folder, and trials that could not tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest
from jsonschema import Draft202012Validator

from grader.exam import Ends
from grader.report.schema import result_schema
from grader.result import Verdict
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime
from tests.grader.exam.toy import Toy, codes


@dataclass
class Twins:
    """The same exam taken twice: by `lab`, and in this process."""

    toy: Toy
    first: Path
    second: Path
    exit_code: int
    printed: str


@pytest.fixture(scope="module")
def twins(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    root = tmp_path_factory.mktemp("twins")
    toy = Toy(root)
    drawn = {"mood": {"uniform": [0, 1]}, "day": {"integer": [1, 1000]}}
    toy.scenario(trials=[{"id": "hidden-day", "parameters": drawn}])
    (toy.folder / "reader.md").write_text("## Would a team adopt it?\n")
    done = toy.course.lab(*toy.command("--json"))
    toy.grade(out=root / "second")
    yield Twins(toy, toy.out, root / "second", done.returncode, done.stdout)


def rows(query: str, file: Path) -> list[Any]:
    with duckdb.connect() as database:
        return database.execute(query.replace("FILE", f"'{file}'")).fetchall()


def test_the_reference_passes_and_its_result_is_as_published(twins: Twins) -> None:
    result = twins.toy.written()

    assert (twins.exit_code, result["verdict"]) == (0, "pass")
    assert twins.printed == (twins.first / "result.json").read_text()
    assert (result["put_back"], result["reader"]) == (["desk/main.py"], ["Would a team adopt it?"])
    Draft202012Validator(result_schema()).validate(result)


def test_the_same_seed_draws_the_same_trials_and_requests(twins: Twins) -> None:
    plan = "SELECT * FROM FILE ORDER BY due"
    sent = "SELECT id, name, phase, segment, due FROM FILE WHERE kind = 'request' ORDER BY due"

    first, second = twins.first, twins.second

    assert len(rows(sent, first / "events.parquet")) == 200
    assert rows(plan, first / "plan.parquet") == rows(plan, second / "plan.parquet")
    assert rows(sent, first / "events.parquet") == rows(sent, second / "events.parquet")
    drawn = [(trial["seed"], trial["parameters"]) for trial in twins.toy.written("run.json")["trials"]]
    assert drawn == [
        (trial["seed"], trial["parameters"]) for trial in twins.toy.written("../second/run.json")["trials"]
    ]


def test_judging_again_writes_the_same_bytes(twins: Twins) -> None:
    before = (twins.first / "result.json").read_bytes()

    done = twins.toy.course.lab("judge", str(twins.first))

    assert done.returncode == 0, done.stderr
    assert (twins.first / "result.json").read_bytes() == before


def test_a_post_reads_its_lab_and_what_labs_share_and_no_other_lab(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    place, seen = runtime("process"), list[Path]()
    for name in ("cast", "another"):
        (toy.lab.parent / name).mkdir()

    def refuse(name: str, reads: Sequence[Path], writes: Path) -> NoReturn:
        seen.extend(reads)
        raise RuntimeUnavailable("enough seen")

    monkeypatch.setattr(place, "post", refuse)
    with pytest.raises(RuntimeUnavailable):
        toy.grade(place=place)

    labs = [path for path in seen if toy.lab.parent in (path, path.parent)]
    assert labs == [toy.lab, toy.lab.parent / "cast"]


@pytest.mark.slow
def test_an_exam_that_cannot_tell_samples_again_and_is_decided_by_what_was_measured(toy: Toy) -> None:
    spoil = "if next(seen) % 20 == 0: raise LookupError(customer)"
    toy.candidate(before="import itertools\nseen = itertools.count()", at_each=spoil)

    stages: list[str] = []

    result = toy.grade(on_progress=lambda progress: stages.append(progress.stage))

    (close,) = [objective for objective in result.objectives if objective.close]
    kept = close.good >= round(close.target * close.valid, 9)
    assert result.close and codes(result) == ["close"]
    assert result.verdict is close.verdict is (Verdict.PASS if kept else Verdict.FAIL)
    assert [stage in stages for stage in ("running", "running, 1 trial once more: too close to tell")] == [True, True]
    assert [(trial.id, trial.attempt) for trial in result.trials] == [(f"hidden-day.{n}", 1) for n in range(3)]
    assert [trial.verdict for trial in result.trials] == [Verdict.PASS] * 3
    [answered] = [objective for objective in result.objectives if objective.id == "answered"]
    assert (answered.good, answered.valid) == (570, 600)


def test_a_candidate_sees_all_that_was_missed_and_kept(toy: Toy) -> None:
    toy.scenario(timeline=[{"phase": "steady", "seconds": 4.0, "rate": 125}], rounds=3)
    toy.candidate(before="import itertools\nseen = itertools.count()", at_each="if next(seen) < 200: raise LookupError")

    early, whole = (toy.grade(ends=ends) for ends in (Ends.VERDICT, Ends.OBJECTIVES))

    verdicts = [{o.id: o.verdict for o in result.objectives} for result in (early, whole)]
    assert {result.verdict for result in (early, whole)} == {Verdict.FAIL}
    assert verdicts == [
        {"answered": Verdict.FAIL, "fair": Verdict.UNDECIDED},
        {"answered": Verdict.FAIL, "fair": Verdict.PASS},
    ]
    assert [trial.id for trial in whole.trials] == ["hidden-day.0"]
    assert early.trials[0].stopped_early
