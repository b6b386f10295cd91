"""A dealer's collection: what is stored, which model asks, what is found; changes, and what is done about them."""

from __future__ import annotations

import numpy as np
from common.names import generator
from kinds import PRICES, STAYS, Change, Dealer
from stock import TOPICS, WRITTEN, Array, Space, Stock, space, unit

K, PAIRS = 5, 50
"""So many articles are found for a query; so many pairs has a canary."""
CLOSE, TOPIC_FOUND = 0.1, 0.6
"""So far recall may be below what it was; and the least with which a new topic is found."""


def numbers(seed: int, *what: int | str) -> np.random.Generator:
    """A generator of its own for each thing that is drawn."""
    return np.random.default_rng(generator(seed, *what).getrandbits(64))


class Collection:
    """The state of one collection, day by day."""

    def __init__(self, seed: int, case: Dealer, stock: Stock) -> None:
        self.seed, self.case, self.name = seed, case, case["name"]
        rng = numbers(seed, case["id"], "stock")
        self.own = int(rng.integers(160, 241))
        self.most = self.own + self.own // 2
        picked = rng.permutation(len(stock.garden))[: self.most]
        self.topic = int(rng.integers(TOPICS))
        self.garden = stock.garden[picked]
        self.weights = rng.lognormal(0, 0.7, self.most)
        self.pairs = rng.permutation(self.own)[:PAIRS]
        self.spaces: list[Space] = [
            space(stock.parts[model], picked, self.topic, numbers(seed, case["id"], "axes", at))
            for at, model in enumerate(case["models"])
        ]
        self.total = self.most + WRITTEN
        self.articles = rng.permutation(9000)[: self.total] + 1000
        self.there = np.arange(self.total) < self.own
        self.by = np.zeros(self.total, int)
        self.lost = np.zeros(self.total, bool)
        self.asks, self.before = 0, -1
        self.begun: list[Change] = []
        self.orders: list[str] = []
        self.spent: dict[str, int] = {}
        self._stored: Array | None = None
        self._index: tuple[Array, Array] | None = None
        self._shares: dict[str, float] = {}
        self.healthy = self.recall()

    # What happens

    def begin(self, day: int) -> None:
        """Carry out what was ordered the day before; then what happens on this day."""
        harmless = self.case.get("harmless")
        if (
            self.orders
            or (harmless and harmless["day"] == day)
            or any(one["day"] == day for one in self.case["changes"])
        ):
            self._stored = self._index = None
            self._shares.clear()
        for order in self.orders:
            getattr(self, order)()
        self.orders.clear()
        if harmless and harmless["kind"] in STAYS and harmless["day"] == day:
            getattr(self, f"_{harmless['kind']}")()
        for change in self.case["changes"]:
            if change["day"] == day:
                self._change(change)

    def _growth(self) -> None:
        """Half as many articles more, by the model that asks."""
        self.there[self.own : self.most], self.by[self.own : self.most] = True, self.asks

    def _upgraded(self) -> None:
        """The team goes over to another model, with queries and documents at once."""
        self.before, self.asks = self.asks, len(self.spaces) - 1
        self.by[:] = self.asks

    def _change(self, change: Change) -> None:
        self.begun.append(change)
        rng = numbers(self.seed, self.case["id"], "change", change["day"])
        here = np.flatnonzero(self.there)
        some = rng.permutation(here)[: round(len(here) * change["share"])]
        if change["kind"] == "moved":
            self.before, self.asks = self.asks, change["model"]
            self.by[np.setdiff1d(here, some)] = self.asks
        elif change["kind"] == "mixed":
            self.by[some] = change["model"]
        elif change["kind"] == "lost":
            self.lost[some] = True

    def order(self, action: str) -> None:
        """Something that is to be done overnight, and paid."""
        self.pay(action)
        self.orders.append(action)

    def pay(self, what: str) -> None:
        """Something is bought."""
        self.spent[what] = self.spent.get(what, 0) + PRICES[what]

    def reembed(self) -> None:
        """All documents by the model that asks, in an index that is new."""
        self.by[:] = self.asks
        self.lost[:] = False

    def rollback(self) -> None:
        """The model that queries had before their last one, for good."""
        if self.before >= 0:
            self.asks, self.before = self.before, -1

    def rebuild(self) -> None:
        """A new index of the vectors that are stored."""
        self.lost[:] = False

    def content(self) -> None:
        """Articles are written for what people ask and nobody has."""
        if self.wanted:
            self.there[self.most :] = True
            self.by[self.most :] = self.asks

    # What is found

    @property
    def wanted(self) -> Change | None:
        """The change that brought a new topic, if it has begun."""
        return next((one for one in self.begun if one["kind"] == "topic"), None)

    @property
    def stored(self) -> Array:
        """All stored vectors, by whichever model each is."""
        if self._stored is None:
            self._stored = np.stack([space.docs for space in self.spaces])[self.by, np.arange(self.total)]
        return self._stored

    def found(self, vectors: Array) -> tuple[Array, Array]:
        """The K articles that are found for each vector, by their place, and their similarities."""
        if self._index is None:
            places = np.flatnonzero(self.there & ~self.lost)
            self._index = places, unit(self.stored[places]).T.copy()
        places, index = self._index
        scores = unit(vectors) @ index
        best = np.argpartition(scores, -K, axis=1)[:, -K:]
        values = np.take_along_axis(scores, best, 1)
        order = np.argsort(-values, axis=1)
        return places[np.take_along_axis(best, order, 1)], np.take_along_axis(values, order, 1)

    def recall(self) -> float:
        """The share of the queries for its own articles that find theirs, over all of them."""
        return self._share("own", np.arange(self.own))

    def topic_recall(self) -> float:
        """The same for articles of the new topic."""
        return self._share("topic", np.arange(self.most, self.total)) if self.there[-1] else 0.0

    def _share(self, what: str, places: Array) -> float:
        if what not in self._shares:
            asks = self.spaces[self.asks]
            best, _ = self.found(np.concatenate([asks.one[places], asks.two[places]]))
            self._shares[what] = float((best == np.tile(places, 2)[:, None]).any(1).mean())
        return self._shares[what]

    def well(self, change: Change) -> bool:
        """Whether a change that has begun hurts nobody any more."""
        if change["kind"] == "topic":
            return self.topic_recall() >= TOPIC_FOUND
        return self.recall() >= self.healthy - CLOSE
