"""One terminal's cell: what can be tested of it, at what price, with a clock that nothing but the tests moves."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from statistics import fmean, median, quantiles
from typing import Any, NotRequired

from artefact import Artefact
from casebook.plan import Case, Plan
from freight import Freight
from machines import BACKGROUND, Machines, Row
from notes import notes_of

MOST_ROWS, MOST_ECHOES, MOST_MINUTES = 50, 100, 240
REFUSED_S = 1.0
REPLAYED = 150
REMEMBERED = 40
FLAP_MIN = (25, 50)
"""When an alarm that is over already was true: so many minutes ago."""


class Incident(Case):
    """A case: what is wrong with the cell, and what only looks so."""

    kinds: list[str]


class Incidents(Plan[Incident]):
    """A plan. Cells of a `public` one can be tested by hand."""

    public: NotRequired[bool]


class Cell:
    """A case of a plan, made from the plan's seed; what is shown comes of other generators than what is true.

    Attributes:
        clock_s: seconds that the tests took so far.
        live_rows: extra requests that users' machines were given.
        hurt: what was done to users: `restart`, `rollback`.
        tests: how many were done, and of the first of them name, seconds, and what came out.
    """

    def __init__(self, seed: int, case: Incident) -> None:
        made, self._noise = (random.Random(f"{seed}:{case['id']}:{what}") for what in ("made", "shown"))
        self._kinds = set(case["kinds"])
        self.machines = Machines(made, self._noise, self._kinds)
        self.freight = Freight(made, self._noise, self.machines, self._kinds)
        self.artefact = Artefact(made, self._noise, self.freight, self._kinds)
        self._notes = notes_of(self._noise, [node["name"] for node in self.machines.nodes], list(self.freight.columns))
        self._a_minute = self._noise.randint(20, 60)
        self._miss = self._noise.uniform(2, 4)
        self._sample = [self._request(entity) for entity in self.freight.true]
        self.clock_s, self.live_rows, self.hurt = 0.0, 0, list[str]()
        self.tests, self.first_tests = 0, list[tuple[str, float, dict[str, Any]]]()

    def test(self, name: str, query: Mapping[str, str], body: Any) -> dict[str, Any]:
        """Do one of TESTS. ValueError, at the price of a second, if it makes no sense; other errors as they come."""
        try:
            found, took_s = TESTS[name](self, query, body)
        except Exception:
            self.clock_s += REFUSED_S
            raise
        self.clock_s += took_s
        self.tests += 1
        if self.tests <= REMEMBERED:
            self.first_tests.append((name, took_s, found))
        return {**found, "took_s": round(took_s, 1), "clock_s": round(self.clock_s, 1)}

    def notes(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """What changed in the last day, as people wrote it down."""
        return {"notes": self._notes}, 2.0

    def nodes(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """What the nodes say of themselves."""
        return {"nodes": self.machines.told()}, 2.0

    def live(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """What users met in the last minutes."""
        minutes = whole(query.get("minutes", "30"), "minutes", MOST_MINUTES)
        replayed = [self.machines.carry(self.artefact.compute_ms()) for _ in range(REPLAYED)]
        took = [ms for ms in replayed if ms is not None]
        errors = 1 - len(took) / REPLAYED + fmean(self.artefact.fails(asked["features"]) for asked in self._sample)
        if "flapped" in self._kinds:
            begin, end = FLAP_MIN
            errors += 0.4 * max(0, min(minutes, end) - begin) / minutes
        missed = [abs(one["minutes"] - one["arrived"]) for one in self._sample if known(one)]
        served = [value for one in self._sample for value in one["features"].values()]
        a_minute = self._a_minute * (2.5 if "surge" in self._kinds else 1.0)
        return {
            "requests": round(minutes * a_minute * self._noise.uniform(0.95, 1.05)),
            "errors": round(min(1, errors), 3),
            "median_ms": round(median(took), 1),
            "p95_ms": round(quantiles(took, n=20)[-1], 1),
            "arrival_error_min": round(fmean(missed or [self._miss]) * self._noise.uniform(0.95, 1.05), 2),
            "null_features": round(fmean(value is None for value in served), 3),
            "usual": {
                "requests": self._a_minute * minutes,
                "errors": 0.01,
                "arrival_error_min": round(self._miss * 0.8, 2),
                "null_features": 0.005,
            },
        }, 3.0

    def echo(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """Echoes of one hop, past the model."""
        count = whole(body["n"], "n", MOST_ECHOES)
        return self.machines.echo(body["hop"], count), 1 + 0.05 * count

    def infer(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """Rows through the artefact, where users are or on the bench."""
        rows = body["rows"]
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
            raise ValueError(f"rows: must be a list of 1 to {MOST_ROWS}")
        rows = [self.artefact.checked(row) for row in rows]
        if body["path"] == "bench":
            return {"answers": [answered(*self.artefact.on_the_bench(row)) for row in rows]}, 4 + 0.1 * len(rows)
        if body["path"] != "live":
            raise ValueError("path: must be live or bench")
        self.live_rows += len(rows)
        return {"answers": [self._live_answer(row) for row in rows]}, 1 + 0.1 * len(rows)

    def golden(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """Rows with the released model's answers, and its card."""
        columns = {
            name: {"unit": column["unit"], "low": column["low"], "high": column["high"]}
            for name, column in self.freight.columns.items()
        }
        card = {
            "ms_a_row": self.artefact.card_ms, "tolerance": self.artefact.tolerance, "columns": columns,
            "source_age_min": self.freight.max_age_min,
        }  # fmt: skip
        return {"card": card, "rows": self.artefact.golden}, 2.0

    def sample(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """Some of today's requests."""
        return {"requests": self._sample}, 5.0

    def features(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """Features of entities, read in the store or made anew."""
        entities = body["entities"]
        if not isinstance(entities, list) or not 1 <= len(entities) <= len(self._sample):
            raise ValueError(f"entities: must be a list of 1 to {len(self._sample)}")
        if not all(isinstance(entity, str) and entity in self.freight.true for entity in entities):
            raise ValueError("entities: must be those of the sample")
        if body["from"] == "store":
            return {"features": [self.freight.read(entity) for entity in entities]}, 2 + 0.05 * len(entities)
        if body["from"] != "raw":
            raise ValueError("from: must be store or raw")
        made = [self.freight.made_anew(entity, BACKGROUND) for entity in entities]
        return {"features": made}, 4 + 0.1 * len(entities)

    def restart(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """All processes of the cell begin again; users wait meanwhile."""
        self.hurt.append("restart")
        self.machines.restart()
        return {"done": True}, 45.0

    def rollback(self, query: Mapping[str, str], body: Any) -> tuple[dict[str, Any], float]:
        """The release before this one goes live; it is as good."""
        self.hurt.append("rollback")
        self.artefact.rollback()
        return {"done": True}, 60.0

    def _live_answer(self, row: Row) -> dict[str, Any]:
        ms = self.machines.carry(self.artefact.compute_ms())
        return answered(None if ms is None else self.artefact.answer(row), ms)

    def _arrived(self, entity: str) -> float:
        truth = self.artefact.released(self.freight.features(self.freight.true[entity]))
        return round(truth + self._noise.gauss(0, self._miss), 1)

    def _request(self, entity: str) -> Row:
        """One of today's requests, of an entity: what its answer was, and when the truck really had its slot."""
        features, ago = self.freight.read(entity), round(self._noise.uniform(1, 240), 1)
        minutes = self._live_answer(features).get("minutes")
        flapped = "flapped" in self._kinds and FLAP_MIN[0] < ago < FLAP_MIN[1] and self._noise.random() < 0.4
        return {
            "entity": entity,
            "minutes_ago": ago,
            "raw": self.freight.source[entity],
            "source_age_min": self.freight.age_min[entity],
            "features": features,
            "minutes": None if flapped else minutes,
            "arrived": self._arrived(entity) if ago > 60 else None,
        }


TESTS: dict[str, Callable[[Cell, Mapping[str, str], Any], tuple[dict[str, Any], float]]] = {
    "GET notes": Cell.notes, "GET live": Cell.live, "GET nodes": Cell.nodes, "POST echo": Cell.echo,
    "POST infer": Cell.infer, "GET golden": Cell.golden, "GET sample": Cell.sample, "POST features": Cell.features,
    "POST restart": Cell.restart, "POST rollback": Cell.rollback,
}  # fmt: skip


def answered(minutes: float | None, ms: float | None) -> dict[str, Any]:
    """A row's answer as it is shown. Whatever a failure came from, it looks the same."""
    return {"failed": True} if minutes is None or ms is None else {"minutes": minutes, "ms": round(ms, 2)}


def known(request: Row) -> bool:
    """Whether a request was answered, and its truth is known by now."""
    return request["minutes"] is not None and request["arrived"] is not None


def whole(value: Any, name: str, most: int) -> int:
    """A whole number from 1 to `most`; ValueError if it is none."""
    if isinstance(value, bool) or not str(value).isdecimal() or not 1 <= int(value) <= most:
        raise ValueError(f"{name}: must be a whole number from 1 to {most}")
    return int(value)
