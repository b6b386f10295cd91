"""What follows of a lab with a casebook: its scenarios and its plans, from what little they say of themselves.

scenario.yaml has a block `casebook`. Timeline, trial, evidence, experiment and objectives follow from it, each unless
it is given. The files that say the rest are in `labs/cast/lib/casebook`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from grader.course.modules import import_file
from grader.course.reading import validate
from grader.course.strict import Strict
from grader.errors import BadInput

FOLDER = Path("cast") / "lib" / "casebook"
"""Below labs/."""

PLAN_SEED = {"integer": [1, 9007199254740991]}
"""Each exam's plan is drawn anew: from a whole number that JSON keeps."""

COUNTED_SEED = 1
"""Of the plan whose questions are counted: every plan of a lab has as many."""

FASTEST = 400.0
"""Questions a second: a question waits for its answer whenever it is asked, so an exam need not wait for questions.
`slow-pipeline` was proven at 518."""

PATIENCE = {"sent_share": 0.1, "lateness_s": 0.5, "metronome_s": 0.25}
"""Bounds of evidence where no clock is judged."""


class CasebookSpec(Strict):
    """`casebook` in scenario.yaml.

    Attributes:
        service: the casebook's name in compose.yaml.
        seconds: for how long questions are sent, at most: with `waiting`, FASTEST are sent, and the rest is waiting.
        waiting: for how long their answers are waited for after `seconds`; 0: not at all.
        trial, title: the trial's, as in `trials`. A rehearsal's is called `public`.
        closed: so many cases have to be closed at the end of an exam; 0 where all are closed on their last day.
    """

    service: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
    seconds: float = Field(gt=0, le=600)
    waiting: float = Field(20, ge=0, le=600)
    trial: str = "cases"
    title: str = ""
    closed: int = Field(1, ge=0)


def expanded(
    document: Mapping[str, Any], source: Path, lab: Path, objectives: Sequence[str], *, exam: bool
) -> dict[str, Any]:
    """A scenario.yaml with all that follows from its block `casebook`.

    Args:
        document: as it is read from `source`.
        lab: the lab's folder.
        objectives: their ids, in order.
        exam: else it is the rehearsal.

    Raises:
        BadInput: the block is malformed, or there is no plan to count the questions of.
    """
    spec = validate(CasebookSpec, document["casebook"], source)
    trial: dict[str, Any] = {"id": spec.trial if exam else "public", "title": spec.title}
    if exam:
        trial["parameters"] = {"plan_seed": PLAN_SEED}
    own = "experiment.yaml"
    if not (source.parent / own).is_file():
        up = Path("..", "..", "labs") if exam else Path("..", "..")
        trial["experiment"] = str(up / FOLDER / (own if exam else "rehearsal.yaml"))
    many = questions(lab, exam=exam)
    sending = min(spec.seconds, many / FASTEST) if spec.waiting else spec.seconds
    phases = [{"phase": "questions", "seconds": sending, "rate": many / sending}]
    if spec.waiting:
        phases.append({"phase": "waiting", "seconds": round(spec.seconds + spec.waiting - sending, 6), "rate": 0})
    told = {"name": "told", "url": f"http://{spec.service}:9000/ledger", "count": "told", "events": "status = 200"}
    given = dict(document)
    evidence = {**PATIENCE, **({"ledgers": [told]} if exam else {}), **(given.pop("evidence", None) or {})}
    followed = {
        "timeline": phases,
        "trials": [trial],
        "objectives": {name: {"trials": [trial["id"]]} for name in objectives},
    }
    return {**followed, **given, "evidence": evidence}


def questions(lab: Path, *, exam: bool) -> int:
    """How many questions a lab's plan has: that of an exam, or the public one.

    Raises:
        BadInput: there is no such plan, or it makes no sense.
    """
    source = drawer(lab) if exam else public_plan(lab)
    plan = drawn(lab, COUNTED_SEED) if exam else _read(source)
    try:
        found = sum(sum(case.get("asked", {}).values()) for case in plan["cases"])
    except (TypeError, KeyError, AttributeError) as error:
        raise BadInput(
            f"{source}: the cases of the plan are not of the form that a casebook plays: {error!r}"
        ) from error
    if not found:
        raise BadInput(f"{source}: the plan asks nothing")
    return int(found)


def drawer(lab: Path) -> Path:
    """The draw.py of a lab's exam."""
    return lab.parents[1] / "scenarios" / lab.name / "draw.py"


def public_plan(lab: Path) -> Path:
    """The plan that is played in practice."""
    return lab / "public" / "plan.json"


def drawn(lab: Path, seed: int | None) -> dict[str, Any]:
    """The plan of an exam, or the public one without a seed, as draw.py draws it.

    Raises:
        BadInput: there is no draw.py, or it failed.
    """
    path = drawer(lab)
    try:
        module = import_file(path)
        plan: dict[str, Any] = module.public() if seed is None else module.draw(seed)
    except BadInput:
        raise
    except Exception as error:  # the lab's own code
        raise BadInput(f"{path}: cannot draw a plan: {error!r}") from error
    return plan


def _read(path: Path) -> dict[str, Any]:
    try:
        plan: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{path}: does not exist; `lab plan {path.parents[1].name} --public` writes it") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read as JSON: {error}") from error
    return plan
