"""Every call, as the provider saw it: the last ones in full, all of them in counters."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import asdict, dataclass, field, fields
from itertools import islice
from typing import Any

from draws import name as hash_name

REMEMBERED_IDS = 20_000
PAGE = 1000
NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished call. The README tells what each field means."""

    seq: int
    call: int
    id: str
    attempt: int
    time: float
    endpoint: str
    model: str
    stream: bool
    digest: str
    status: int
    outcome: str
    faults: tuple[str, ...]
    tokens_in: int
    tokens_out: int
    nano_dollars: int
    drawn_s: float
    seconds: float

    def shown(self) -> dict[str, Any]:
        """As JSON, with the cost in dollars."""
        shown = {name: getattr(self, name) for name in SHOWN}
        shown["cost_usd"] = self.nano_dollars / NANO
        return shown


SHOWN = tuple(each.name for each in fields(Entry) if each.name != "nano_dollars")


@dataclass
class Totals:
    """What calls of one kind add up to."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    nano_dollars: int = 0

    def add(self, entry: Entry) -> None:
        """Count one call."""
        self.calls += 1
        self.tokens_in += entry.tokens_in
        self.tokens_out += entry.tokens_out
        self.nano_dollars += entry.nano_dollars

    def shown(self) -> dict[str, Any]:
        """As JSON, with the cost in dollars."""
        shown = asdict(self)
        shown["cost_usd"] = shown.pop("nano_dollars") / NANO
        return shown


@dataclass
class Counters:
    """Sums over all calls since the last reset; they never forget."""

    all: Totals = field(default_factory=Totals)
    models: dict[str, Totals] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    endpoints: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    seconds: float = 0.0

    def add(self, entry: Entry) -> None:
        """Count one call."""
        self.all.add(entry)
        if entry.model:
            self.models.setdefault(entry.model, Totals()).add(entry)
        self.outcomes[entry.outcome] += 1
        self.statuses[str(entry.status)] += 1
        self.endpoints[entry.endpoint] += 1
        self.repeats += entry.attempt > 1
        self.seconds += entry.seconds


class Ledger:
    """Numbers calls as they come, and keeps them as they finish."""

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._seed = seed
        self._generation = 0
        self.in_flight = 0
        self.reset()

    def reset(self) -> None:
        """Forget all calls and number the next one 1; calls at work now will not be entered."""
        self._generation += 1
        self._entries: deque[Entry] = deque(maxlen=self._size)
        self._counters = Counters()
        self._attempts: OrderedDict[str, int] = OrderedDict()
        self._calls = 0
        self._peak = self.in_flight

    def begin(self, given_id: str, *, counted: bool = True) -> tuple[int, int, str, int]:
        """The ledger's generation, the call's number from 1, its id (made when none is given), and its attempt from 1.

        A call that does not count (a probe) leaves no trace.
        """
        if not counted:
            return self._generation, 0, given_id or "probe", 1
        self._calls += 1
        self.in_flight += 1
        self._peak = max(self._peak, self.in_flight)
        if not given_id:
            return self._generation, self._calls, f"req_{hash_name('id', self._seed, self._calls)}", 1
        return self._generation, self._calls, given_id, self._attempt(given_id)

    def _attempt(self, request_id: str) -> int:
        attempt = self._attempts.pop(request_id, 0) + 1
        self._attempts[request_id] = attempt
        if len(self._attempts) > REMEMBERED_IDS:
            self._attempts.popitem(last=False)
        return attempt

    def enter(self, generation: int, **facts: Any) -> None:
        """Keep one finished call, unless there was a reset since it began. Facts: the fields of `Entry` but `seq`."""
        if generation == self._generation:
            entry = Entry(seq=self._counters.all.calls + 1, **facts)
            self._entries.append(entry)
            self._counters.add(entry)

    def end(self, *, counted: bool = True) -> None:
        """One call less in flight."""
        self.in_flight -= counted

    def page(self, since: int = 0) -> dict[str, Any]:
        """Up to 1000 kept entries with `seq` above `since`, as JSON.

        `next` is the `since` of the next page, `last` the newest entry's `seq`, `forgotten` how many of them are gone.
        """
        last = self._counters.all.calls
        oldest = last + 1 - len(self._entries)
        skip = max(0, since + 1 - oldest)
        calls = [entry.shown() for entry in islice(self._entries, skip, skip + PAGE)]
        after = calls[-1]["seq"] if calls else max(since, oldest - 1)
        return {"next": after, "last": last, "forgotten": max(0, oldest - 1 - since), "calls": calls}

    def stats(self) -> dict[str, int]:
        """What anybody may know: calls that ended, those of them that the limits refused, and calls in flight."""
        counters = self._counters
        return {"calls": counters.all.calls, "limited": counters.outcomes["limited"], "in_flight": self.in_flight}

    def summary(self) -> dict[str, Any]:
        """The counters, as JSON."""
        counters = self._counters
        return {
            **counters.all.shown(),
            "in_flight": self.in_flight,
            "peak_in_flight": self._peak,
            "repeats": counters.repeats,
            "seconds": counters.seconds,
            "outcomes": dict(counters.outcomes),
            "statuses": dict(counters.statuses),
            "endpoints": dict(counters.endpoints),
            "models": {model: totals.shown() for model, totals in counters.models.items()},
        }
