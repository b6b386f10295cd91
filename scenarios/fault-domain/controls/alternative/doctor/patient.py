"""A cell whose tests come out as one of a few words."""

from itertools import cycle, islice
from statistics import median

SLOW_ECHO_MS, SLOWER_THAN_CARD, SLOWER_LIVE = 4, 1.4, 1.6
SEEN = 0.1


class Patient:
    def __init__(self, cell):
        self._cell = cell
        self.nodes = cell.nodes()
        golden = cell.golden()
        self._card = golden["card"]
        self._golden = cycle(golden["rows"])
        self._entities = None
        self.took_s = 4.0

    def echo(self, hop, n):
        self.took_s += 1 + n / 20
        echo = self._cell.echo(hop, n)
        if echo["median_ms"] is not None and echo["median_ms"] > SLOW_ECHO_MS:
            return "slow"
        return ("none lost", "one lost", "more lost")[min(echo["lost"], 2)]

    def pace(self, n):
        """The same rows live and on the bench."""
        self.took_s += 5 + n / 5
        rows = [each["row"] for each in islice(self._golden, n)]
        live, bench = (
            [answer["ms"] for answer in self._cell.infer(rows, path) if "ms" in answer] for path in ("live", "bench")
        )
        return "slow" if live and bench and median(live) > SLOWER_LIVE * median(bench) else "not slow"

    def bench(self, n):
        self.took_s += 4 + n / 10
        golden = list(islice(self._golden, n))
        answers = self._cell.infer([each["row"] for each in golden], "bench")
        whole = [(each, answer) for each, answer in zip(golden, answers, strict=True) if "ms" in answer]
        if whole and median(answer["ms"] for _, answer in whole) > SLOWER_THAN_CARD * self._card["ms_a_row"]:
            return "slow"
        if len(whole) < n:
            return "one failed" if len(whole) == n - 1 else "more failed"
        wrong = sum(abs(each["minutes"] - answer["minutes"]) > self._card["tolerance"] for each, answer in whole)
        return "clean" if not wrong else "many wrong" if wrong > 5 else "few wrong"

    def source(self):
        requests = self._asked()
        if seen(request["source_age_min"] > self._card["source_age_min"] for request in requests):
            return "late"
        for name, column in self._card["columns"].items():
            if seen(not column["low"] <= request["raw"][name] <= column["high"] for request in requests):
                return "outside"
        return "fine"

    def store(self, n):
        """Reads of other containers each time; one that was dropped is read again."""
        if self._entities is None:
            self._entities = cycle([request["entity"] for request in self._asked()])
        some = list(islice(self._entities, n))
        self.took_s += 6 + 0.15 * n
        stored = self._cell.features(some, "store")
        made = self._cell.features(some, "raw")
        dropped = [entity for entity, row in zip(some, stored, strict=True) if empty(row)]
        if dropped:
            self.took_s += 2 + 0.05 * len(dropped)
            again = dict(zip(dropped, self._cell.features(dropped, "store"), strict=True))
            stored = [again.get(entity, row) for entity, row in zip(some, stored, strict=True)]
        pairs = [(one, other) for one, other in zip(stored, made, strict=True) if not empty(one) and not empty(other)]
        return "other" if pairs and seen(one != other for one, other in pairs) else "same"

    def _asked(self):
        self.took_s += 5
        return self._cell.sample()


def empty(row):
    return all(value is None for value in row.values())


def seen(truths):
    truths = list(truths)
    return sum(truths) / len(truths) > SEEN
