"""Exams without a store: each arrival of a drawn plan is answered by a rule, and judged as an exam's events are.

.venv/bin/python tests/labs/vector-index/playing.py 20 exact hundred ...    # so many draws of each

What takes time (loading, locks, a busy machine) is not played: that is for exams on the real store.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from grader.course.spec import Scenario  # noqa: E402
from tests.labs.played import Burn, Event, drawn, exam_of, judged  # noqa: E402

KNOWN = 0.45
LOADS_S = {"growing": 2.7, "moving": 1.6}
"""Seconds that the pages of a new edition take, which `pages` fills in as they come, the crash left out."""
OPEN = {"own": "own", "file": "refused", "body": "own", "collection": "own"}
Answer = tuple[int, dict[str, Any]]


class Rule:
    """Who answers exactly, from one edition at a time; others spoil one thing."""

    removes = knows = guards = True

    def edition(self, phase: str, ago: float) -> int:
        """Which edition is searched, so many seconds after its phase began."""
        return 1 if phase in ("after", "cleaned") or ago >= LOADS_S.get(phase, np.inf) else 0

    def nearest(self, edition: Any, asked: Any, gone: frozenset[str]) -> list[str]:
        """The ten nearest of the firm's, or none where the words are unknown."""
        rows = [at for at in edition.rows(asked.tenant, asked.collection) if edition.files[at].id not in gone]
        near = self.near(edition, asked.query, np.array(rows, dtype=np.int64))
        top = np.argsort(-near)[:10]
        if self.knows and (not len(rows) or near[top[0]] < KNOWN):
            return []
        return [edition.files[rows[at]].id for at in top]

    def near(self, edition: Any, query: str, rows: Any) -> Any:
        """Similarities."""
        return edition.near(query, rows)

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        """Status and body."""
        edition = traffic.files.editions[self.edition(asked.phase, ago)]
        gone = traffic.gone if self.removes and asked.phase == "cleaned" else frozenset()
        if asked.name == "pass" and not self.lets_in(asked):
            return 401, {}
        if asked.method == "GET":
            there = asked.file in edition.place and asked.file not in gone
            if not there or (asked.name == "pass" and asked.segment == "file" and self.guards):
                return 404, {}
            return 200, {"id": asked.file}
        ids = self.nearest(edition, asked, gone)
        return 200, {"known": bool(ids), "files": ids}

    def lets_in(self, asked: Any) -> bool:
        """Whether a pass is good."""
        return asked.segment in OPEN


class Hundred(Rule):
    """The hundred nearest of all firms, filtered afterwards; with `reach` 40, about what an index gives."""

    reach = 100

    def nearest(self, edition: Any, asked: Any, gone: frozenset[str]) -> list[str]:
        near = edition.near(asked.query, np.arange(len(edition.files)))
        mine = set(edition.rows(asked.tenant, asked.collection).tolist())
        if self.knows and near.max() < KNOWN:
            return []
        top = [int(at) for at in np.argsort(-near)[: self.reach] if int(at) in mine]
        return [edition.files[at].id for at in top if edition.files[at].id not in gone][:10]


class Forty(Hundred):
    """As a filtered index does."""

    reach = 40


class NextEdition(Rule):
    """What was taken out stays until the next edition."""

    removes = False


class Always(Rule):
    """Ten files for anything."""

    knows = False


class Signed(Rule):
    """A pass may be over, and the body may name a firm."""

    def lets_in(self, asked: Any) -> bool:
        return super().lets_in(asked) or asked.segment == "over"

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        if asked.name == "pass" and asked.segment in ("body", "over"):
            other = next(firm for firm in traffic.files.firms if firm != asked.tenant)
            return 200, {
                "known": True,
                "files": [each for each, firm in traffic.files.owner.items() if firm == other][:1],
            }
        return super().answer(traffic, asked, ago)


class ModelOnce(Rule):
    """Searches are embedded with the model of the first edition."""

    first: Any = None

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        self.first = traffic.files.editions[0]
        return super().answer(traffic, asked, ago)

    def near(self, edition: Any, query: str, rows: Any) -> Any:
        if edition.kind.dimensions != self.first.kind.dimensions:
            return np.zeros(len(rows))
        self.first.near(query, rows[:0])
        return edition.vectors[rows] @ self.first._asked[query]


class Pages(Rule):
    """Rows of the new edition as they come, and none of the old one."""

    share = 1.0

    def edition(self, phase: str, ago: float) -> int:
        return 1 if phase != "baseline" else 0

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        self.share = min(1.0, ago / LOADS_S[asked.phase]) if asked.phase in LOADS_S else 1.0
        return super().answer(traffic, asked, ago)

    def nearest(self, edition: Any, asked: Any, gone: frozenset[str]) -> list[str]:
        there = int(len(edition.files) * self.share)
        return super().nearest(edition, asked, gone | {each.id for each in edition.files[there:]})


class NoCollections(Rule):
    """The text in the SQL is gone, and the collection with it."""

    def nearest(self, edition: Any, asked: Any, gone: frozenset[str]) -> list[str]:
        return super().nearest(edition, replace(asked, collection=""), gone)


class BackAgain(Rule):
    """What was taken out is deleted once; the pages of the next edition bring it back."""

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        self.removes = len(traffic.files.editions[1].files) > 2000
        return super().answer(traffic, asked, ago)


class FoundById(Rule):
    """A search leaves out what was taken out; a question for the file does not."""

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        self.removes = asked.method == "POST"
        return super().answer(traffic, asked, ago)


class NewestModel(Rule):
    """A search is embedded with the model that the feed names, also while the old edition is searched."""

    newest: Any = None

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        self.newest = traffic.files.editions[0 if asked.phase == "baseline" else 1]
        return super().answer(traffic, asked, ago)

    def near(self, edition: Any, query: str, rows: Any) -> Any:
        if edition.kind.dimensions != self.newest.kind.dimensions:
            return np.zeros(len(rows))
        self.newest.near(query, rows[:0])
        return edition.vectors[rows] @ self.newest._asked[query]


class VectorsByWords(Rule):
    """The vector of a search is kept by its words, whatever the model was."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def near(self, edition: Any, query: str, rows: Any) -> Any:
        edition.near(query, rows[:0])
        vector = self.kept.setdefault(query, edition._asked[query])
        return edition.vectors[rows] @ vector if len(vector) == edition.kind.dimensions else np.zeros(len(rows))


class AnswersByWords(Rule):
    """What a firm was answered is kept by its words."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], list[str]] = {}

    def nearest(self, edition: Any, asked: Any, gone: frozenset[str]) -> list[str]:
        key = asked.tenant, asked.query, asked.collection
        if key not in self.kept:
            self.kept[key] = super().nearest(edition, asked, gone)
        return self.kept[key]


class LeftOpen(Rule):
    """All is mended but one way in."""

    def __init__(self, way: str) -> None:
        self.way = way

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        if asked.name != "pass" or not self.comes(asked):
            return super().answer(traffic, asked, ago)
        other = next(each for each, firm in traffic.files.owner.items() if firm != asked.tenant)
        return 200, {"id": asked.file, "known": True, "files": [other]}

    def comes(self, asked: Any) -> bool:
        """Whether somebody comes in that way."""
        return bool(asked.segment == self.way)


class Words(LeftOpen):
    """The collection is text in the SQL still; one that has ` OR ` is refused."""

    def __init__(self) -> None:
        super().__init__("collection")

    def comes(self, asked: Any) -> bool:
        return super().comes(asked) and " OR " not in asked.json["collection"]


class Nobody(Rule):
    """`/files/<id>` gives `status` to everybody, who may and who may not."""

    def __init__(self, status: int) -> None:
        self.status = status

    def answer(self, traffic: Any, asked: Any, ago: float) -> Answer:
        return (self.status, {}) if asked.method == "GET" else super().answer(traffic, asked, ago)


RULES: dict[str, Callable[[], Rule]] = {
    "exact": Rule, "hundred": Hundred, "forty": Forty, "next-edition": NextEdition, "always": Always,
    "signed": Signed, "model-once": ModelOnce, "pages": Pages,
    "no-collections": NoCollections, "back-again": BackAgain, "found-by-id": FoundById, "newest-model": NewestModel,
    "over": partial(LeftOpen, "over"), "body": partial(LeftOpen, "body"), "file": partial(LeftOpen, "file"),
    "over-file": partial(LeftOpen, "over-file"), "words": Words,
    "vectors-by-words": VectorsByWords, "answers-by-words": AnswersByWords,
    "nobody": partial(Nobody, 404), "nobody-500": partial(Nobody, 500),
}  # fmt: skip


def arrivals(scenario: Scenario, trial: str, seed: int) -> tuple[Any, list[tuple[str, float, Any]]]:
    """A drawn trial's load, and of each arrival its phase, seconds since that began, and the request."""
    made = drawn(scenario, trial, seed)
    starts: dict[str, float] = {}
    found = []
    for due, phase, _, request in made.arrivals():
        starts.setdefault(phase, due)
        found.append((phase, due - starts[phase], request))
    return made.traffic, found


def play(scenario: Scenario, rules: list[str], seed: int) -> dict[str, dict[str, Burn]]:
    """What each rule burns of each objective in one draw."""
    rows: dict[str, list[Event]] = {name: [] for name in rules}
    for trial in scenario.spec.trials:
        traffic, asked = arrivals(scenario, trial.id, seed)
        for name in rules:
            rule = RULES[name]()
            for phase, ago, request in asked:
                status, body = rule.answer(traffic, request, ago)
                word = traffic.check(request, status, {}, json.dumps(body).encode())
                rows[name].append(Event(trial.id, phase, request.name, request.segment, status, word, 0.03))
    return {name: judged(scenario, rows[name]) for name in rules}


def main(seeds: int, names: list[str]) -> None:
    """Print what each rule burns."""
    scenario, names = exam_of("vector-index"), names or list(RULES)
    for seed in range(1, seeds + 1):
        for name, burns in play(scenario, names, seed).items():
            print(
                f"{name:13}", *(f"{key} {one.bad}/{one.of}={one.burnt:.1f}" for key, one in burns.items()), flush=True
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
