"""docs/hostile.md, from what came of each submission when it was last held: `python -m tests.hostile.table`.

`record.json` keeps that, so that the page can be made again. A submission that was changed since says so in its row.
"""

from __future__ import annotations

import json
from typing import Any

from infra.own import ROOT
from tests.hostile.hold import Outcome
from tests.hostile.suite import HERE, Hostile, found

PAGE = ROOT / "docs" / "hostile.md"
RECORD = HERE / "record.json"
CLASSES = {
    "forge": "Forge evidence",
    "escape": "Escape",
    "exhaust": "Exhaust the machine, or our patience",
    "detect": "Detect the exam",
    "poison": "Poison the next one",
    "deceive": "Deceive the reader",
}
NOT_HELD = {"came_to": "not held since it was changed", "seconds": 0.0, "held": True}
HEAD = """# Hostile submissions

Each of these is a file in [tests/hostile/submissions](../tests/hostile/submissions). It is graded as a stranger's
submission is (`lab grade --strict --runtime compose`), from the folder that was handed in. It must come to what its
file says. If an attempt gets through, it says so in its log, and the test fails. [The threat model](threat-model.md)
says what is not defended.

After each one:
- nothing is left: no container, network, volume, process or temporary file;
- nothing is changed: not the course, the engine, the images, or files beside it;
- a secret that is in the grader's environment and in a file is nowhere in what comes out;
- nobody asked the grader's machine anything;
- what people read (stdout, stderr, the result in every format, the report) has no word that a CI system obeys, no
  control character, and no element that the submission wrote.

After each class, a sound submission for each of its labs is graded, and passes.

A submission whose exam ends *suspect* is not graded again by itself: a person decides. A plain *invalid* would be
graded again, so no submission here may end with one.

`make test-hostile` grades all of them, one after the other, and writes this page. CI grades those marked `*`, four at
a time, and all that are refused. The lab `desk` is the one that `lab new` makes. Its service is on an internal network
behind a sealed proxy.
"""


def keep(kind: str, each: Hostile | str, outcome: Outcome) -> None:
    """Remember what came of a submission, or of a clean one after a class."""
    entry = {"came_to": outcome.came_to, "seconds": round(outcome.seconds, 1), "held": not outcome.problems}
    name = f"{kind}/clean {each}" if isinstance(each, str) else each.id
    digest = "" if isinstance(each, str) else each.digest
    RECORD.write_text(json.dumps(dict(sorted({**kept(), name: {**entry, "digest": digest}}.items())), indent=1) + "\n")


def kept() -> dict[str, Any]:
    """What is remembered, by name."""
    return json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}


def page(record: dict[str, Any]) -> str:
    """The page."""
    parts, whole = [HEAD], found()
    seconds = sum(_entry(each, record)["seconds"] for each in whole)
    labs = ", ".join(f"`{lab}`" for lab in sorted({each.lab for each in whole}))
    took = f"One after the other, on two cores, they took {seconds:,.0f} s."
    parts.append(f"{len(whole)} submissions against {labs}. {took}\n")
    for kind, title in CLASSES.items():
        rows = [each for each in whole if each.kind == kind]
        cleans = [name for name in record if name.startswith(f"{kind}/clean ") and record[name]["held"]]
        parts.append(f"## {title}\n\n| name | lab | tries | came to | s |\n|---|---|---|---|---:|")
        parts += [_row(each, _entry(each, record)) for each in rows]
        after = ", ".join(f"`{name.partition(' ')[2]}` {record[name]['seconds']:.0f} s" for name in cleans)
        parts.append(f"\nSound submissions after this class, which passed: {after}.\n")
    return "\n".join(parts)


def _entry(each: Hostile, record: dict[str, Any]) -> dict[str, Any]:
    entry = record.get(each.id, {})
    return entry if entry.get("digest") == each.digest else NOT_HELD


def _row(each: Hostile, entry: dict[str, Any]) -> str:
    name = f"`{each.file.stem}`{' *' if each.quick else ''}"
    came_to = entry["came_to"] if entry["held"] else f"**{entry['came_to']}: not as it should be**"
    tries = each.tries.replace("|", r"\|")
    return f"| {name} | `{each.lab}` | {tries} | {came_to} | {entry['seconds']:.0f} |"


if __name__ == "__main__":
    PAGE.write_text(page(kept()), "utf-8")
