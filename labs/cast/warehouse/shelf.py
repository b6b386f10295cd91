"""Tables by ticket, made when they are first asked for and kept while they are in use."""

from __future__ import annotations

import functools
import json
from collections import Counter
from typing import Any

from plan import HISTORY, Plan, Stream
from tables import LABEL_DELAY, Table, make
from tickets import REFERENCE, ticket

IN_USE = 96
KINDS = {"references", "batches"}


class Shelf:
    """All tables of a plan. `served` counts what was handed out, by kind."""

    def __init__(self, plan: Plan) -> None:
        self.served: Counter[str] = Counter()
        self._places = {
            ticket(plan.seed, stream.id, day): (stream, day)
            for stream in plan.streams
            for day in range(REFERENCE, stream.days)
        }
        self._table = functools.lru_cache(IN_USE)(functools.partial(make, seed=plan.seed))

    def find(self, kind: str, name: str) -> bytes | None:
        """The JSON of `references` or `batches` under a ticket, or None if there is none."""
        place = self._places.get(name)
        if place is None or kind not in KINDS or (kind == "references") != (place[1] == REFERENCE):
            return None
        stream, day = place
        self.served[kind] += 1
        table = self._table(stream)
        found = _reference(stream, table) if kind == "references" else _batch(stream, table, day)
        return json.dumps(found, separators=(",", ":")).encode()


def _batch(stream: Stream, table: Table, day: int) -> dict[str, Any]:
    """A live day, with the outcomes of the day `LABEL_DELAY` before it if that was live as well."""
    at = stream.history + day
    known = table.outcomes(at - LABEL_DELAY) if day >= LABEL_DELAY else None
    return {**table.batch(at), "outcomes": known}


def _reference(stream: Stream, table: Table) -> dict[str, Any]:
    """The last `HISTORY` days before the first live one, with their outcomes; how many says nothing of the stream."""
    known = range(stream.history - HISTORY, stream.history)
    days = [{**table.batch(at), "label": table.outcomes(at)["label"]} for at in known]
    kinds = {number.name: "number" for number in stream.domain.numbers}
    kinds |= {category.name: "category" for category in stream.domain.categories}
    return {"stream": stream.id, "domain": stream.domain.name, "kinds": kinds, "days": days}
