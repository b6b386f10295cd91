"""What tradespeople ask, topic by topic in shuffled decks; one arrival in twelve is a look at the router's counters."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from call_receipts import Receipt, checked, read
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from trade import Trade
    from truth import rates, right, ticket_of

GIVEN_UP_S = 1.2
EACH, AT = 12, 7  # of so many arrivals in a row the one with this number is a look at the counters
DECK = {"light": 10, "mid": 14, "hard": 11, "moved": 15}
AHEAD = 8  # arrivals that may have been sent before the answer of an earlier one came
OFF = 2  # answers that a counter may be off
SAMPLE = re.compile(r"answers_total\{(?P<labels>[^}]*)\}\s+(?P<value>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)")
LABEL = re.compile(r'(\w+)="([^"]*)"')
MODELS = ("mini", "base", "max")
Cell = tuple[str, str]


@dataclass(frozen=True)
class Question(Request):
    """A question, and the number of its arrival."""

    ticket: str = ""
    text: str = ""
    n: int = 0


class Traffic:
    """Parameters: `trade` is what words and rates are drawn from, `seal` what receipts, tickets and truth are made
    with, `moved` what the topic of this name is like, `telling` the topic that tells whether a policy was withdrawn."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._telling = seed, parameters.get("telling", "moved")
        drawn = parameters.get("trade", 0)
        self._trade, self._rates = Trade(drawn), rates(drawn, str(parameters.get("moved", "mid")))
        self._sealed = "seal" in parameters
        self._key = key_of(parameters.get("seal", "practice"))
        self._worse = (versions(self._key)[-1],)
        self._deck = tuple(topic for topic, many in DECK.items() for _ in range(many))
        self._decks: dict[int, list[str]] = {}
        self._seen: Counter[Cell] = Counter()  # answers that were given, by model and version
        self._before: dict[int, Counter[Cell]] = {}
        self._came = 0
        self._first: dict[Cell, float] | None = None

    def request(self, n: int) -> Question:
        """The n-th arrival: a question, or a look at the counters."""
        if n % EACH == AT:
            self._before[n] = Counter(self._seen)  # what any answer to this must have counted
            return Question("GET", "/metrics", "count", timeout_s=GIVEN_UP_S, n=n)
        topic, ticket = self._topic(n), ticket_of(self._key, n)
        text = self._trade.text(topic, generator(self._seed, "text", n))
        name = "telling" if topic == self._telling else "ask"
        return Question(
            "POST", "/v1/ask", name, json={"ticket": ticket, "text": text}, segment=topic, timeout_s=GIVEN_UP_S,
            ticket=ticket, text=text, n=n,
        )  # fmt: skip

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a question `right by base` or `wrong by max`, by the receipt; `untrue` if that is of something else,
        `none` if there is no answer. Of a look at the counters `true` or `false`."""
        assert isinstance(request, Question)
        if request.name == "count":
            page = body.decode() if status == 200 else ""
            return "true" if "answers_total" in page and self._true(request.n, page) else "false"
        self._came += 1
        if status != 200:
            return "none"
        found = json.loads(body)
        said = self._said(request, found["answer"], found["receipt"])
        if said is None or said.who not in MODELS:
            return "untrue"
        self._seen[said.who, said.version] += 1
        good = right(self._key, request.ticket, request.segment, said.who, said.version, self._rates, self._worse)
        return f"{'right' if good else 'wrong'} by {said.who}"

    def _said(self, asked: Question, answer: object, receipt: object) -> Receipt | None:
        if not self._sealed:
            return read(receipt)  # in practice the pool's key is its own
        return checked(self._key, receipt, {"ticket": asked.ticket, "text": asked.text}, {"answer": answer})

    def _topic(self, n: int) -> str:
        number, place = divmod(n - looks(n), len(self._deck))
        if number not in self._decks:
            shuffled = list(self._deck)
            generator(self._seed, "deck", number).shuffle(shuffled)
            self._decks[number] = shuffled
        return self._decks[number][place]

    def _true(self, n: int, page: str) -> bool:
        """Whether each model's and version's counter lies between the answers that were seen and those with what is
        open."""
        counted = counts(page)
        if self._first is None:  # in a rehearsal they may have counted before
            self._first = {cell: counted[cell] - self._before[n][cell] for cell in counted}
        still = max(0, n + AHEAD + 1 - looks(n + AHEAD + 1) - self._came)
        return all(
            self._before[n][cell] - OFF <= counted[cell] - self._first.get(cell, 0.0) <= self._seen[cell] + still + OFF
            for cell in {*counted, *self._seen}
        )


def looks(n: int) -> int:
    """How many of the arrivals before the n-th are looks at the counters."""
    return (n + EACH - 1 - AT) // EACH


def counts(page: str) -> Counter[Cell]:
    """`answers_total` of Prometheus' text, by model and version."""
    found: Counter[Cell] = Counter()
    for sample in SAMPLE.finditer(page):
        labels = dict(LABEL.findall(sample["labels"]))
        found[labels.get("model", ""), labels.get("version", "")] += int(float(sample["value"]))
    return found


def key_of(seal: object) -> str:
    """What receipts and tickets are signed with, and truth is drawn from."""
    return named(str(seal), "receipts", size=16)


def versions(key: str) -> tuple[str, ...]:
    """Versions of a day: of mini, base and max as it begins, of base as good as before, of base as it is worse."""
    numbers = generator(key, "versions").sample(range(100, 1000), 5)
    return tuple(f"r{number}" for number in numbers)
