"""The four services of the office: what their calls cost, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.world import Absent, Call
from common.guard import answer
from common.names import generator, named
from costly_ports.costs import Cost
from costly_ports.port import Handler, Port, Visit
from course import Course
from nights import score

COSTS = {
    "lake": Cost(call_s=0.006, connection_s=0.25),
    "profiles": Cost(call_s=0.007, row_s=0.00001, connection_s=0.25),
    "scorer": Cost(call_s=0.007, row_s=0.00002, connection_s=0.25),
    "letters": Cost(call_s=0.005, connection_s=0.25),
}
WEIGHTS_S, SLOW_S = 0.7, 0.007
MOST, AT_ONCE = 100, 2
UNWELL = 0.15
"""The share of calls for profiles that get a 503 once."""

NUMBERS = int, float


class Office:
    """Its ports. `nights` are those that are on or were, by name; `seed` decides which calls get a 503."""

    def __init__(self, seed: int | str, nights: Mapping[str, Course]) -> None:
        self._seed, self._nights = seed, nights
        self._sessions: dict[str, str] = {}
        routes: dict[str, dict[str, Handler]] = {
            "lake": {"GET /nights/{night}/rows": self._rows},
            "profiles": {"POST /profiles": self._profiles},
            "scorer": {"POST /sessions": self._open, "POST /sessions/{session}/scores": self._scores},
            "letters": {"POST /nights/{night}/scores": self._deliver},
        }
        self.ports = {
            name: Port(each, COSTS[name], by="x-night", most=AT_ONCE, refused=self._refused)
            for name, each in routes.items()
        }

    def _refused(self, caller: str) -> None:
        if caller in self._nights:
            self._nights[caller].refuse()

    def _on(self, call: Call, visit: Visit) -> Course:
        """The night whose call it is."""
        night = self._nights.get(visit.caller)
        if night is None:
            raise Absent(f"header x-night: there is no night {visit.caller[:60]!r}")
        if night.closed:
            raise Absent(f"night {night.name} is over")
        if call.path.get("night", night.name) != night.name:
            raise Absent("header x-night: is of another night than the path")
        return night

    async def _rows(self, call: Call, visit: Visit) -> Any:
        night = self._on(call, visit)
        ids, after = list(night.made.rows), call.query.get("after", "")
        if after and after not in night.made.rows:
            raise ValueError("after: the id of a row of this night, or nothing")
        begin = ids.index(after) + 1 if after else 0
        page = ids[begin : begin + MOST]
        night.fetch(page)
        await visit.spend(len(page))
        more = begin + MOST < len(ids)
        return {"rows": [night.made.rows[id].sent for id in page], "next": page[-1] if page and more else None}

    async def _profiles(self, call: Call, visit: Visit) -> Any:
        night, ids = self._on(call, visit), _some(call.json["ids"])
        if not all(isinstance(id, str) for id in ids):
            raise ValueError("ids: a list of texts")
        await visit.spend(len(ids))
        fate = named(self._seed, night.case["id"], *sorted(set(ids)))
        if fate not in night.stumbled and generator(fate).random() < UNWELL:
            night.stumbled.add(fate)
            unwell = answer({"error": "not well, come again"}, 503)
            unwell.headers["retry-after"] = "0"
            return unwell
        known = sorted({id for id in ids if id in night.made.profiles}, key=lambda id: named(fate, id))
        return {"profiles": [night.made.profiles[id] for id in known]}

    async def _open(self, call: Call, visit: Visit) -> Any:
        night = self._on(call, visit)
        await visit.spend(counts={"sessions": 1}, weights=WEIGHTS_S)
        session = named(self._seed, night.name, len(self._sessions))
        self._sessions[session] = night.name
        return {"session": session}

    async def _scores(self, call: Call, visit: Visit) -> Any:
        night, rows = self._on(call, visit), _some(call.json["rows"])
        if self._sessions.get(call.path["session"]) != night.name:
            raise Absent("there is no such session of this night")
        inputs = [_inputs(row, len(night.made.weights)) for row in rows]
        slow = sum(any(isinstance(value, str) for value in row) for row in rows)
        await visit.spend(len(rows), {"slow_rows": slow}, text=slow * SLOW_S)
        return {"scores": [score(night.made.weights, row) for row in inputs]}

    async def _deliver(self, call: Call, visit: Visit) -> Any:
        night, scores = self._on(call, visit), _some(call.json["scores"])
        if not all(each["row"] in night.made.rows and _is_number(each["score"]) for each in scores):
            raise ValueError("scores: each has the row of this night, and a number as its score")
        await visit.spend(len(scores))
        if not night.closed:
            for each in scores:
                night.deliver(each["row"], float(each["score"]))
        return {"delivered": len(scores)}


def _some(each: Any) -> list[Any]:
    if not isinstance(each, list) or not 0 < len(each) <= MOST:
        raise ValueError(f"a list of 1 to {MOST} is expected")
    return each


def _inputs(row: Any, count: int) -> list[float]:
    if not isinstance(row, list) or len(row) != count:
        raise ValueError(f"rows: each is a list of {count}")
    if not all(isinstance(value, str) or _is_number(value) for value in row):
        raise ValueError("rows: numbers, or texts of numbers")
    return [float(value) for value in row]


def _is_number(value: Any) -> bool:
    return isinstance(value, NUMBERS) and not isinstance(value, bool)
