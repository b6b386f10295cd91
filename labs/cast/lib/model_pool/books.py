"""What a pool writes down: each call, and sums of calls and credits by model. Times in seconds."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KEPT = 10_000
PAGE = 1_000
LOOK_BACK_S = 130.0
IDS = 100_000


@dataclass
class Entry:
    """A call.

    Attributes:
        seq: from 1, in the order of coming.
        model, version, endpoint: where it came, `score` or `batch`.
        id, attempt, tenant: as sent; how often this id came there, from 1.
        trace, span: of the header `traceparent`: trace id, and id of the caller's span.
        probe: whether the exam made it; it is counted apart.
        items: of a batch, else 1.
        begun, ended: seconds since the epoch, by the world's clock; ended is 0 while it is under way.
        waited: for a slot.
        status: of what was sent; 0 if nothing was.
        outcome: `answered`; `refused` (422, 429 or 503 of the pool's own); `left`, the caller had gone; or the
            fault that decided.
        faults: kinds that hit it.
        credits: billed.
    """

    seq: int
    model: str
    endpoint: str
    id: str
    attempt: int
    tenant: str
    trace: str
    span: str
    probe: bool
    begun: float
    version: str = ""
    items: int = 1
    ended: float = 0.0
    waited: float = 0.0
    status: int = 0
    outcome: str = ""
    faults: tuple[str, ...] = ()
    credits: float = 0.0


@dataclass
class Sums:
    """Of one model, without probes.

    Attributes:
        came: when calls came.
        spent: when answers were given or billed: (when, answers, credits).
    """

    calls: int = 0
    open: int = 0
    refused: int = 0
    answers: int = 0
    credits: float = 0.0
    seconds: float = 0.0
    waited: float = 0.0
    codes: Counter[int] = field(default_factory=Counter)
    came: deque[float] = field(default_factory=deque)
    spent: deque[tuple[float, int, float]] = field(default_factory=deque)

    def last(self, now: float, seconds: float) -> tuple[int, int, float]:
        """Calls that came, answers and credits that were billed since so many seconds."""
        since, calls, answers, credits = now - seconds, 0, 0, 0.0
        for at in reversed(self.came):
            if at < since:
                break
            calls += 1
        for at, many, price in reversed(self.spent):
            if at < since:
                break
            answers, credits = answers + many, credits + price
        return calls, answers, credits

    def forget(self, now: float) -> None:
        """Drop what nobody can ask for any more."""
        while self.came and self.came[0] < now - LOOK_BACK_S:
            self.came.popleft()
        while self.spent and self.spent[0][0] < now - LOOK_BACK_S:
            self.spent.popleft()


class Books:
    """All calls of a pool.

    Args:
        names: of the models.
        clock: seconds, that never go back.
    """

    def __init__(self, names: list[str], clock: Callable[[], float]) -> None:
        self._clock = clock
        self.sums: Mapping[str, Sums] = {name: Sums() for name in names}
        self._kept: deque[Entry] = deque(maxlen=KEPT)
        self._outcomes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._versions: Counter[str] = Counter()
        self._attempts: dict[tuple[str, str], int] = {}
        self._entries = self._probes = 0

    def attempt(self, model: str, id: str) -> int:
        """How often this id has come to this model, with this time."""
        if len(self._attempts) >= IDS:
            self._attempts.clear()
        self._attempts[model, id] = count = self._attempts.get((model, id), 0) + 1
        return count

    def begin(self, **known: Any) -> Entry:
        """A call came."""
        self._entries += 1
        entry = Entry(seq=self._entries, **known)
        self._kept.append(entry)
        if not entry.probe:
            sums, now = self.sums[entry.model], self._clock()
            sums.forget(now)
            sums.calls += 1
            sums.open += 1
            sums.came.append(now)
        return entry

    def bill(self, entry: Entry, credits: float) -> None:
        """Its work is done, and paid."""
        if entry.probe:
            return
        entry.credits, sums = credits, self.sums[entry.model]
        sums.credits += credits
        sums.spent.append((self._clock(), 0, credits))

    def end(self, entry: Entry, outcome: str, status: int, ended: float) -> None:
        """It is over."""
        entry.outcome, entry.status, entry.ended = outcome, status, ended
        if entry.probe:
            self._probes += 1
            return
        self._outcomes[outcome] += 1
        self._statuses[str(status)] += 1
        sums = self.sums[entry.model]
        sums.open -= 1
        sums.refused += status in (429, 503) and outcome == "refused"
        sums.codes[status] += 1
        sums.seconds += ended - entry.begun
        sums.waited += entry.waited
        if outcome == "answered":
            sums.answers += entry.items
            sums.spent.append((self._clock(), entry.items, 0.0))
            self._versions[f"{entry.model}@{entry.version}"] += entry.items

    def summary(self) -> dict[str, Any]:
        """Sums of all calls that ended, for the exam; answers by `model@version`."""
        sums = self.sums.values()
        return {
            "calls": sum(one.calls for one in sums),
            "open": sum(one.open for one in sums),
            "answers": sum(one.answers for one in sums),
            "credits": round(sum(one.credits for one in sums), 6),
            "outcomes": dict(self._outcomes),
            "statuses": dict(self._statuses),
            "answered": dict(self._versions),
            "models": {name: {"calls": one.calls, "answers": one.answers} for name, one in self.sums.items()},
            "probed": self._probes,
        }

    def page(self, since: int) -> dict[str, Any]:
        """Up to 1,000 of the newest 10,000 calls, those with a greater seq, and the seq to ask for next."""
        rows = [asdict(entry) for entry in self._kept if entry.seq > since][:PAGE]
        return {"calls": rows, "next": rows[-1]["seq"] if rows else since}
