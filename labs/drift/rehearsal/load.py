"""Batches of many streams, each stream's days in order. What happened on which day is in the plan."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from grader.labkit import Request, import_shared, lab_of

PUBLIC = lab_of(__file__) / "public" / "plan.json"
VERDICTS = ("ok", "drift", "concept", "broken")
COLUMNLESS = ("ok", "concept")
DRIFTS = {"shift": "drift", "spread": "drift", "mix": "drift", "raised": "concept", "scrambled": "concept"}
BROKEN = ("unit", "constant", "empty", "gone", "recoded")
SPECIAL = ("holiday", "sale", "thin")
SMALL = 1 / 3
LABEL_DELAY, JUDGED = 3, 4
LANE = "x-lane"
TIMEOUT_S = 9.0

tickets = import_shared(__file__, "warehouse/tickets.py")


class Traffic:
    """Streams run side by side in lanes; a lane hands over one stream after another, a day a round."""

    target = "http://platform:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        plan = self.plan(parameters)
        self._seed = plan["seed"]
        lanes: defaultdict[int, list[tuple[Any, int]]] = defaultdict(list)
        for stream in plan["streams"]:
            lanes[stream["lane"]] += [(stream, day) for day in range(stream["days"])]
        self._lanes = [lanes[lane] for lane in sorted(lanes)]
        self._truth = {self._batch(stream, day): truth(stream, day)[1:] for lane in self._lanes for stream, day in lane}

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the warehouse holds: the public streams."""
        found: dict[str, Any] = json.loads(PUBLIC.read_text("utf-8"))
        return found

    def request(self, n: int) -> Request:
        """The n-th batch. When all streams are through they begin again under new names."""
        turn, lane = divmod(n, len(self._lanes))
        lap, at = divmod(turn, len(self._lanes[lane]))
        stream, day = self._lanes[lane][at]
        body = {
            "stream": stream["id"] + (f"-{lap}" if lap else ""),
            "domain": stream["domain"],
            "date": when(stream, day).isoformat(),
            "calendar": calendar(stream, day),
            "batch": self._batch(stream, day),
            "reference": f"/references/{tickets.ticket(self._seed, stream['id'], tickets.REFERENCE)}",
        }
        return Request(
            method="POST",
            path="/batches",
            name=truth(stream, day)[0],
            json=body,
            headers={LANE: str(lane)},
            segment=stream["domain"],
            timeout_s=TIMEOUT_S,
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`right`, else the verdict that was given instead; `other-column` where only that was wrong.

        `wrong` is what is no verdict: another word, or a column where none is to be named.
        """
        if status != 200:
            return "none"
        said = json.loads(body)
        if said["verdict"] not in VERDICTS or (said["verdict"] in COLUMNLESS and said["column"] is not None):
            return "wrong"
        assert request.json is not None
        verdict, column = self._truth[request.json["batch"]]
        if said["verdict"] != verdict:
            return str(said["verdict"])
        return "other-column" if verdict == "broken" and said["column"] != column else "right"

    def _batch(self, stream: Mapping[str, Any], day: int) -> str:
        return f"/batches/{tickets.ticket(self._seed, stream['id'], day)}"


def when(stream: Mapping[str, Any], day: int) -> date:
    """The date of a live day."""
    return date.fromisoformat(stream["first"]) + timedelta(days=day)


def truth(stream: Mapping[str, Any], day: int) -> tuple[str, str, str]:
    """A day's kind, the verdict it should get, and the column that is broken, if one is.

    Kinds: `broken`; `drift` and `concept` for the one day on which a change is judged: the fourth on which all of it
    can be seen; `settling` for the days on which it can be seen besides (any verdict will do); `unusual` for a day on
    which only the calendar or the number of rows is different; `quiet` for the others. Until the outcomes of the day
    of a concept drift are in, nothing has happened that could be known.
    """
    for happening in stream["happenings"]:
        change = DRIFTS.get(happening["kind"])
        if not change or small(happening):
            continue
        seen = happening["day"] + (LABEL_DELAY if change == "concept" else 0)
        if seen <= day:
            judged = seen + happening.get("ramp", 1) - 1 + JUDGED - 1
            return (change, change, "") if day == judged else ("settling", change, "")
    for happening in stream["happenings"]:
        if happening["kind"] in BROKEN and happening["day"] == day:
            return "broken", "broken", happening["column"]
    special = any(each["day"] == day and each["kind"] in SPECIAL for each in stream["happenings"])
    return ("unusual" if special or when(stream, day).weekday() >= 5 else "quiet"), "ok", ""


def small(happening: Mapping[str, Any]) -> bool:
    """Whether a change is too small for a page."""
    return bool(happening["kind"] == "shift" and abs(happening.get("size", 1.0)) < SMALL)


def calendar(stream: Mapping[str, Any], day: int) -> str:
    """The calendar's word for a day: workday, weekend, holiday or sale."""
    for happening in stream["happenings"]:
        if happening["day"] == day and happening["kind"] in ("holiday", "sale"):
            return str(happening["kind"])
    return "weekend" if when(stream, day).weekday() >= 5 else "workday"
