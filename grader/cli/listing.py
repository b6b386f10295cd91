"""`lab list`: every lab by its pack, how long it takes, and how far the candidate is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from grader.classroom.desk import joined
from grader.classroom.desk.seat import seat
from grader.cli.console import next_step, note, paint, plain, say
from grader.course import catalog
from grader.course.catalog import Entry
from grader.practice import workspace

PACKS = {
    "start": "To begin with",
    "serving": "Serving models",
    "release": "Releasing models",
    "data": "Data and retraining",
    "telemetry": "Watching, and what it costs",
    "llm": "Language models",
    "people": "People",
    "": "Others",
}
"""What the packs of the catalogue are called, in their order; last, labs that it does not name."""

LEVELS = ("beginner", "intermediate", "scenario", "tools", "advanced")
"""From easy to hard."""


def list_labs(as_json: bool) -> None:
    """Print every lab with its question and how far the candidate is."""
    entries = catalog.entries()
    packs = {row["id"]: row["pack"] for row in catalog.catalogue()}
    if as_json:
        print(json.dumps([_published(entry, packs) for entry in entries], indent=2, ensure_ascii=False))
    elif entries:
        _list(_in_order(entries, packs), packs)
    else:
        say("There are no labs yet.")
        next_step("lab new my-lab", "makes a small working one")


def _published(entry: Entry, packs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "question": entry.question,
        "level": entry.level,
        "minutes": entry.minutes,
        "pack": packs.get(entry.id, ""),
        "runtimes": list(entry.runtimes),
        "status": workspace.status(entry.id),
        "workshop": seat(entry.id).lent,
        "draft": entry.draft,
    }


def _in_order(entries: Sequence[Entry], packs: Mapping[str, str]) -> list[Entry]:
    """By pack, and in one as the catalogue has them."""
    order = {pack: number for number, pack in enumerate(PACKS)}
    places = {lab_id: number for number, lab_id in enumerate(packs)}
    return sorted(entries, key=lambda e: (order.get(packs.get(e.id, ""), len(order)), places.get(e.id, 0)))


def _list(entries: Sequence[Entry], packs: Mapping[str, str]) -> None:
    _show(entries, packs)
    if planned := len(packs.keys() - {entry.id for entry in entries}):
        say(f"{planned} more {'is' if planned == 1 else 'are'} planned; README.md names them.")
    for entry in entries:
        if entry.problem:
            note(f"{entry.id} cannot be read: {entry.problem}")
    if any(entry.draft for entry in entries):
        say("A draft runs and has an exam, but the exam is not proven yet: do not rely on its verdicts.")
    whole = [entry for entry in entries if not entry.draft] or entries
    if kit := joined.kit():
        say(f"* runs for you in the workshop {kit.workshop}, until {kit.ends}; the others run on this machine.")
    theirs = [entry for entry in whole if seat(entry.id).lent]
    next_step(f"lab start {_suggestion(theirs or whole)}", "shows its brief")


def _show(entries: Sequence[Entry], packs: Mapping[str, str]) -> None:
    """Each lab in two lines, under what its pack is called if there are packs."""
    longest = max(len(entry.id) for entry in entries), max(len(_status(entry)) for entry in entries)
    for pack, group in groupby(entries, key=lambda entry: packs.get(entry.id, "")):
        if packs:
            print(paint(PACKS.get(pack, pack), "1"))
        for entry in group:
            takes = f"{entry.minutes:3} min, {entry.level}" if entry.minutes else ""
            print(f"  {entry.id:{longest[0]}}  {_status(entry):{longest[1]}}  {takes}".rstrip())
            say(f"      {plain(entry.question or entry.title)}")
        print()


def _status(entry: Entry) -> str:
    lent = "*" if seat(entry.id).lent else ""
    return workspace.status(entry.id) + lent + (", a draft" if entry.draft else "")


def _suggestion(entries: Sequence[Entry]) -> str:
    """The easiest lab that is not passed yet."""
    left = [entry for entry in entries if workspace.status(entry.id) != "passed"] or entries
    return min(left, key=lambda e: LEVELS.index(e.level) if e.level in LEVELS else len(LEVELS)).id
