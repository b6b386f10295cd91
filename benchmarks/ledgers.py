"""What the ledgers of all labs hold, as rows of the proof."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.proving.matrix import Row, misfit
from grader.authoring.proving.standing import Place, places
from grader.course.catalog import find_lab, find_scenario, is_draft, lab_ids
from grader.proof import ledger
from infra.runtime import runtimes


def rows() -> Iterator[tuple[str, Row]]:
    """Runtime and row of every entry of a control that there is, lab by lab."""
    for lab in lab_ids():
        scenario = find_scenario(find_lab(lab))
        for (runtime, name), entry in sorted(ledger.read(scenario.folder).items()):
            if (control := scenario.controls.get(name)) is not None:
                yield (
                    runtime,
                    Row(
                        lab=lab,
                        control=name,
                        kind=control.kind,
                        expected="pass" if control.fails is None else "fail",
                        got=entry.verdict,
                        objective=control.fails or "",
                        holds=not entry.close and not misfit(control, entry.verdict, entry.failed),
                        duration_s=entry.seconds,
                        failed=entry.failed,
                        reasons=(),
                        tries=entry.tries,
                        note="",
                        burn=entry.burn,
                        seed=entry.seed,
                    ),
                )


def standing() -> list[Place]:
    """How every row that is wanted stands, on every runtime; drafts are not counted."""
    names, labs = sorted(runtimes()), [lab for lab in lab_ids() if not is_draft(lab)]
    return [place for lab in labs for place in places(find_scenario(find_lab(lab)), names)]
