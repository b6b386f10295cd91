"""A recording is read as it was written, and is told from anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.audit import recording
from grader.authoring.audit.lab import audit
from grader.errors import BadInput
from grader.proof.digests import FOR_PEOPLE
from tests.grader.authoring.audit.toy import Toy, passed


def test_a_recording_comes_back_as_it_was_written(tmp_path: Path) -> None:
    kept = passed(Toy(tmp_path).scenario())
    path = tmp_path / recording.NAME

    recording.save(kept, path)

    assert recording.load(path) == kept


def test_the_same_recording_is_the_same_file(tmp_path: Path) -> None:
    kept = passed(Toy(tmp_path).scenario())

    recording.save(kept, tmp_path / "one")
    recording.save(kept, tmp_path / "other")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("data", [b"", b"no gzip", b"\x1f\x8b\x08\x00"])
def test_what_is_no_recording_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / recording.NAME
    path.write_bytes(data)

    with pytest.raises(BadInput, match="is no recorded pass"):
        recording.load(path)


def test_without_a_recording_what_could_be_given_up_is_open(tmp_path: Path) -> None:
    report = audit(Toy(tmp_path).scenario(), None)

    assert [finding.key for finding in report.open] == ["sacrifice/unknown"]


def test_a_pass_that_is_none_any_more_is_open(tmp_path: Path) -> None:
    report = Toy(tmp_path).audit(answer="wrong")

    assert [finding.key for finding in report.open] == ["sacrifice/unknown"]
    assert "right" in report.notes[0]


def test_a_recording_of_another_state_is_noted(tmp_path: Path) -> None:
    scenario = Toy(tmp_path).scenario()

    report = audit(scenario, passed(scenario), digest="another")

    assert not report.findings
    assert "earlier state" in report.notes[0]


def test_no_proof_depends_on_what_an_audit_keeps() -> None:
    assert {"audit.yaml", recording.NAME} <= FOR_PEOPLE
