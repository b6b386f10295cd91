"""How far bounds lie from what controls burned in the exams that the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.lint.lab import Looked
from grader.authoring.play.room import LEAST, MOST
from grader.course.control import Control
from grader.proof import ledger


def close(at: Looked) -> Iterator[str]:
    """Who has to pass burns half of a budget at most, who has to miss an objective twice its own."""
    source = at.beside("ledger.jsonl")
    for name in at.exam.slos:
        must_keep, must_miss = _burnt(at, name)
        if must_keep and (most := max(must_keep))[0] > MOST:
            yield f"{source}: `{name}`: {most[1]} burns {most[0]:.2f} of the budget, and has to pass; {_MEND}"
        if must_miss and (least := min(must_miss))[0] < LEAST:
            yield f"{source}: `{name}`: {least[1]} burns {least[0]:.2f} of the budget, and has to miss it; {_MEND}"


_MEND = f"change fault or load until a bound lies a factor of {LEAST:g} from each control"


def unknown(at: Looked) -> Iterator[str]:
    """What no exam has shown yet; this is no finding."""
    if not ledger.read(at.exam.folder):
        yield f"{at.beside('ledger.jsonl')}: is not there yet; `lab verify {at.lab.id}` shows how close bounds lie"
        return
    missing = {
        "kept": [name for name in at.exam.slos if not _burnt(at, name)[0]],
        "missed": [name for name in at.exam.slos if not _burnt(at, name)[1]],
    }
    for word, names in missing.items():
        if names:
            yield (
                f"{at.beside('ledger.jsonl')}: has no exam that {word} {', '.join(f'`{name}`' for name in names)}; "
                f"`lab verify {at.lab.id}` shows how close its bounds lie"
            )


def _burnt(at: Looked, objective: str) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """What controls burned of an objective that have to pass, and of those that have to miss it, on all runtimes."""
    keep, miss = list[tuple[float, str]](), list[tuple[float, str]]()
    for (runtime, name), entry in ledger.read(at.exam.folder).items():
        control = at.exam.controls.get(name)
        if control is None or objective not in entry.burn or not _holds(control, entry):
            continue
        row = (entry.burn[objective], f"{name} on {runtime}")
        if control.fails is None:
            keep.append(row)
        elif control.fails == objective:
            miss.append(row)
    return keep, miss


def _holds(control: Control, entry: ledger.Entry) -> bool:
    return entry.verdict == "pass" if control.fails is None else control.fails in entry.failed
