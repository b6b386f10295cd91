"""What an exam leaves in the cluster."""

from __future__ import annotations

import base64
import gzip
import io
import json
import secrets
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classroom.cluster.model import Objective
from grader.classroom.examiner import exams, results
from grader.classroom.examiner.exams import Outcome
from grader.result import ObjectiveResult, Reason, Result, Verdict
from tests.grader.classroom.examiner.made import sent


def result(verdict: Verdict, *codes: str) -> Result:
    objective = ObjectiveResult("fair", "Fair to all", "", 0.9, 9, 10, 0.9, 0.5, 1.0, verdict)
    reasons = tuple(Reason(code, f"because of {code}") for code in codes)
    return Result("desk", verdict, reasons, (objective,), (), 7, "k8s", 12.5, {})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "result.json").write_text(json.dumps({"verdict": "pass"}))
    (tmp_path / "report.html").write_text("<p>fine</p>")
    (tmp_path / "logs" / "t.0").mkdir(parents=True)
    (tmp_path / "logs" / "t.0" / "desk.log").write_text("hello\n")
    return tmp_path


@pytest.mark.parametrize(
    ("verdict", "codes", "again"),
    [
        (Verdict.PASS, (), False),
        (Verdict.FAIL, ("objective-missed",), False),
        (Verdict.INVALID, ("undecided",), False),
        (Verdict.INVALID, ("machine-busy",), True),
        (Verdict.INVALID, ("undecided", "platform"), True),
    ],
)
def test_only_what_the_cluster_is_to_blame_for_is_tried_again(
    verdict: Verdict, codes: tuple[str, ...], again: bool
) -> None:
    found = results.outcome(result(verdict, *codes), 5)
    assert (found.verdict, found.again, found.seed, found.memory_bytes) == (verdict.value, again, 7, 5)
    assert found.objectives == (Objective("fair", "Fair to all", verdict.value),)


def test_a_close_call_stays_close_and_is_not_tried_again() -> None:
    near = result(Verdict.PASS, "close")
    near = replace(near, close=True, objectives=(replace(near.objectives[0], close=True),))

    found = results.outcome(near, 5)
    settled = results.outcome(replace(near, verdict=Verdict.INVALID, close=False), 5)

    assert (found.verdict, found.close, found.again) == ("pass", True, False)
    assert [one.word for one in found.objectives] == ["close pass"] and exams.read(exams.write(found)) == found
    assert [one.close for one in settled.objectives] == [False], "the run proves nothing"


def test_an_outcome_is_read_as_it_was_written() -> None:
    outcome = Outcome("fail", ("one", "two"), (Objective("a", "A", "fail"),), 3.5, 9, True, 1)
    assert exams.read(exams.write(outcome)) == outcome


def test_result_report_and_logs_lie_beside_the_submission(out: Path) -> None:
    one = sent(3, "a", tries=1)
    said = results.said("e", exams.of(one), Outcome("pass"), results.kept(out))
    found = results.beside(one, "e", said)
    assert (found["metadata"]["namespace"], found["metadata"]["name"]) == ("ws-e--a", "result-desk-3")
    assert json.loads(found["data"]["result.json"])["verdict"] == "pass"
    assert gzip.decompress(base64.b64decode(found["binaryData"]["report.html.gz"])) == b"<p>fine</p>"
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(found["binaryData"]["logs.tar.gz"]))) as logs:
        assert "logs/t.0/desk.log" in logs.getnames()


def test_a_report_that_is_too_large_is_left_out_and_that_is_said(out: Path) -> None:
    (out / "report.html").write_text(secrets.token_hex(results.MOST_BYTES))
    kept = results.kept(out)
    assert results.REPORT not in kept and results.LOGS in kept
    assert "report.html.gz is left out: it takes" in kept[results.LEFT_OUT].decode()
    assert sum(map(len, kept.values())) < 1 << 20


def test_where_nothing_ran_nothing_is_kept() -> None:
    found = results.beside(sent(3, "a", tries=1), "e", results.said("e", "exam", Outcome("fail"), results.kept(None)))
    assert found["data"] == {} and found["binaryData"] == {}
