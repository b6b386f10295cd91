"""An experiment that the lab does not allow is refused in a sentence, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.exam import grade
from grader.intake.submission import stage
from infra.runtime import runtime

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "rag-chaos", ROOT / "scenarios" / "rag-chaos"
SHIPPED = (LAB / "chaos" / "experiment.json").read_bytes()


@pytest.mark.parametrize(
    "experiment",
    [
        b"",
        bytes(range(256)),
        b"[" * 30_000,
        b" " * 40_000,
        b'{"title": NaN}',
        SHIPPED.replace(b'"http"', b'"process"'),
        SHIPPED.replace(b"proxy:8080/", b"proxy:8474/"),
        SHIPPED.replace(b"grader.chaos.activities", b"os"),
    ],
    ids=["empty", "binary", "deep", "huge", "NaN", "process", "control port", "other Python"],
)
def test_an_experiment_that_is_not_allowed_is_refused_before_anything_starts(tmp_path, experiment):
    (tmp_path / "mine" / "chaos").mkdir(parents=True)
    (tmp_path / "mine" / "chaos" / "experiment.json").write_bytes(experiment)
    lab = Lab(LAB)
    submission = stage(lab, tmp_path / "mine", tmp_path / "staged")

    with pytest.raises(BadInput, match=r"^chaos/experiment\.json: "):
        grade(Scenario(EXAM, lab), submission, runtime("process"), seed=9, out=tmp_path / "run")

    assert not (tmp_path / "run").exists()
