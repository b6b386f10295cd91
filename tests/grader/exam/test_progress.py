"""What a run's table calls not fine: what some objective of that trial and phase counts, and counts as bad."""

from __future__ import annotations

import json
from pathlib import Path

from grader.course import catalog
from grader.exam.progress import _counts, _missed
from tests.grader.practice.live.events import event


def test_not_fine_is_what_an_objective_of_that_trial_and_phase_misses(tmp_path: Path) -> None:
    rows = [
        event(1.0, trial="good.0", phase="rollout", served_by="v1"),  # `promoted` binds in the settled phase only
        event(2.0, trial="good.0", phase="settled", served_by="v1"),
        event(3.0, trial="good.0", phase="settled", served_by="v2", answer="wrong"),  # nobody judges `right` here
        event(4.0, trial="misreader.0", phase="rollout", answer="wrong"),
        event(5.0, trial="misreader.0", phase="baseline", answer="wrong"),
        event(6.0, trial="one-carrier.0", phase="rollout", status=503),  # another carrier's
        event(7.0, trial="one-carrier.1", phase="rollout", status=503, name="affected", served_by="v2"),
        event(8.0, None, trial="good.0", phase="rollout", error="cut"),
    ]
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    found = _counts([tmp_path / "e.jsonl"], _missed(catalog.rehearsal(catalog.find_lab("canary"))))

    assert found == {"good.0": (3, 1), "misreader.0": (2, 1), "one-carrier.0": (1, 0), "one-carrier.1": (1, 1)}
