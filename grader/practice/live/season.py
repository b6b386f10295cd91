"""The public season of a lab on the casebook (labs/cast/lib/casebook): what laps were told, and what an edit changed.

A lap's outcomes are compared question by question: the n-th about a case under an aspect is the same in each lap. A lap
during which code or files changed is mixed and is compared with none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from grader.errors import BadInput
from grader.laps import Lap, pictures, read, said
from grader.practice.live.table import Events, Promise
from grader.safe import visible

MOST_LAPS = 6
MOST_ROWS = 200
MOST_WORDS = 20


class Season:
    """Follows the laps of one casebook."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []
        self.pictures: list[dict[str, Any]] = []
        self._drawn = (-1, -1)

    def look(self, url: str, drawn: bool = True) -> None:
        """Take in what is new, and if `drawn` the pictures too.

        Raises:
            BadInput: it does not answer, or with something else.
        """
        lap = read(said(url, "/lap"))
        if lap is None:
            raise BadInput("the casebook shows no public season now")
        if self.laps and (self.laps[-1].number, self.laps[-1].began) == (lap.number, lap.began):
            self.laps[-1] = lap
        elif lap.began or not self.laps:
            self.laps = [*self.laps[1 - MOST_LAPS :], lap]
        if drawn and self._drawn != (lap.number, len(lap.told)):
            self._drawn = (lap.number, len(lap.told))
            self.pictures = pictures(said(url, "/pictures"))


def progress(lap: Lap) -> dict[str, Any]:
    """How far a lap is, as plain data."""
    return {"lap": lap.number, "began": round(lap.began), "over": lap.over, "told": len(lap.told), **lap.facts}


class Judge:
    """Whether words are good, by the objectives' own SQL; each pair of an aspect and a word is asked once."""

    def __init__(self, events: Events, promises: Sequence[Promise]) -> None:
        self._events = events
        self.promises = [each for each in promises if each.sql and each.kind == "request"]
        self._known: dict[tuple[str, str], list[bool | None]] = {}

    def each(self, aspect: str, word: str) -> list[bool | None]:
        """For each promise whether the word is good; None where it does not count."""
        if (aspect, word) not in self._known:
            self._known[aspect, word] = self._events.verdicts(self.promises, {"name": aspect, "answer": word})
        return self._known[aspect, word]

    def good(self, aspect: str, word: str) -> bool | None:
        """Whether a word is good for all objectives in whose total it is; None if it is in none."""
        counted = [good for good in self.each(aspect, word) if good is not None]
        return all(counted) if counted else None


def objectives(lap: Lap, judge: Judge) -> list[dict[str, Any]]:
    """Each objective with its words, good ones first: word, how often, whether good, what the lab says of it."""
    counts = Counter((aspect, one.word) for (_, aspect, _), one in lap.told.items())
    found = []
    for at, promise in enumerate(judge.promises):
        mine: dict[str, list[Any]] = {}
        for (aspect, word), n in counts.items():
            if judge.each(aspect, "right")[at] is None:
                continue
            good = judge.each(aspect, word)[at]
            mine.setdefault(word, [word, 0, good, visible(promise.slo.words.get(word, ""), 200)])[1] += n
        good, valid = (sum(n for _, n, good, _ in mine.values() if good in kinds) for kinds in ((True,), (True, False)))
        found.append(
            {
                "id": promise.slo.id,
                "title": visible(promise.slo.title, 120),
                "promise": visible(" ".join(promise.slo.spec.description.split()), 400),
                "target": promise.slo.target,
                "good": good,
                "valid": valid,
                "words": sorted(mine.values(), key=lambda row: (row[2] is not True, -row[1]))[:MOST_WORDS],
            }
        )
    return found


def rows(lap: Lap, judge: Judge) -> dict[str, list[list[Any]]]:
    """The newest outcomes, and the newest of those that are not good: case, aspect, word, note, when, whether good."""
    every = [
        [case, aspect, one.word, one.note, round(one.at), judge.good(aspect, one.word)]
        for (case, aspect, _), one in reversed(lap.told.items())
    ]
    return {"all": every[:MOST_ROWS], "wrong": [row for row in every if row[5] is False][:MOST_ROWS]}


def change(laps: Sequence[Lap], changes: Sequence[float], judge: Judge) -> dict[str, Any] | None:
    """What became of the questions of the last lap before the newest change in the newest lap after it; None where no
    such lap was seen.

    Args:
        laps: oldest first.
        changes: when code or files changed, epoch seconds, oldest first."""
    if not changes:
        return None
    since = changes[-1]
    before = [lap for lap in laps if lap.over and lap.last <= since and not lap.mixed(changes)]
    after = [lap for lap in laps if lap.began > since]
    if not before:
        return None
    if not after:
        return {"since": round(since), "ready": False}
    was, now = before[-1], after[-1]
    turned = []
    for key, one in now.told.items():
        old = was.told.get(key)
        good, had = judge.good(key[1], one.word), judge.good(key[1], old.word) if old else None
        if old and None not in (good, had) and good != had:
            turned.append([key[0], key[1], old.word, one.word, one.note, good])
    better = sum(1 for row in turned if row[5])
    return {
        "since": round(since),
        "ready": True,
        "laps": [was.number, now.number],
        "of": len(now.told),
        "better": better,
        "worse": len(turned) - better,
        "rows": sorted(turned, key=lambda row: bool(row[5]))[:MOST_ROWS],
    }
