"""What is true of an incident, from its tables alone: DETAILS.md in code. Only the cause is known from elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from kinds import (
    AFTER_MIN,
    BAD_MINUTES,
    BEFORE_MIN,
    CUSTOMERS,
    FACTORS,
    FORETOLD,
    GAUGE,
    HURT,
    LATE_PAGE,
    LATE_WORD,
    REPEAT_DAYS,
    SLOW_UNDO,
    STORM,
    Columns,
)

MINUTE = np.timedelta64(60, "s")
Moment = np.datetime64


class Unclear(Exception):
    """These tables have no answer to something: they are drawn again."""


@dataclass
class Truth:
    """`weights`: by change, of every suspect; `met`: payments with spans that met it, and the others. `figures`: of
    each factor, whether it holds or not; `holds`: those that do. Shares are between 0 and 1."""

    started: Moment
    ended: Moment
    paged: Moment = np.datetime64("NaT")
    mitigated: str = ""
    customers: int = 0
    share: float = 0.0
    lost: float = 0.0
    component: str = ""
    reason: str = ""
    cause: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    met: dict[str, tuple[int, int]] = field(default_factory=dict)
    places: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    minutes: list[float] = field(default_factory=list)
    """Failed share of payments in each minute, for a picture; since the tables begin."""

    @property
    def weight(self) -> float:
        """Of the cause."""
        return {**self.places, **{f"change:{change}": weight for change, weight in self.weights.items()}}[self.cause]


def truth(tables: dict[str, Columns]) -> Truth:
    """All but the cause.

    Raises:
        Unclear: no incident, no page, no word, or a suspect that nobody met.
    """
    rows = {name: np.asarray(values) for name, values in tables["requests"].items()}
    mine = np.isin(rows["client"], CUSTOMERS) & (rows["route"] == "pay")
    rows = {name: values[mine] for name, values in rows.items()}
    failed = rows["status"] >= 500
    made = _window(rows["ts"], failed)
    during = (rows["ts"] >= made.started) & (rows["ts"] < made.ended)
    made.share = float(failed[during].mean())
    _carts(made, tables["carts"], set(rows["customer"][during & failed].tolist()))
    begun = _begun(tables)
    _changes(made, tables, begun, rows["request"][during], failed[during])
    _component(made, tables, rows["request"][during & failed])
    _factors(made, tables, rows, during, begun)
    return made


def _window(ts: Any, failed: Any) -> Truth:
    """From the first of three bad minutes in a row to the end of the last of three."""
    first = ts.min().astype("datetime64[m]")
    minute = (ts.astype("datetime64[m]") - first).astype(int)
    total = np.bincount(minute)
    shares = np.bincount(minute, failed) / np.maximum(total, 1)
    bad = shares > HURT
    runs = [at for at in range(len(bad) - BAD_MINUTES + 1) if bad[at : at + BAD_MINUTES].all()]
    if not runs:
        raise Unclear("no incident")
    begin = first.astype("datetime64[ms]")
    return Truth(begin + runs[0] * MINUTE, begin + (runs[-1] + BAD_MINUTES) * MINUTE, minutes=shares.tolist())


def _carts(made: Truth, carts: Columns, hurt: set[int]) -> None:
    """Customers with a failed payment who had not paid half an hour after the end, and what was in their carts."""
    paid = np.asarray(carts["paid"])
    open_ = np.isnat(paid) | (paid > made.ended + AFTER_MIN * MINUTE)
    lost = open_ & np.isin(np.asarray(carts["customer"]), [*hurt])
    made.customers, made.lost = int(lost.sum()), float(np.asarray(carts["amount"])[lost].sum())


def _begun(tables: dict[str, Columns]) -> dict[str, Moment]:
    """When each change was begun, in UTC."""
    offsets = dict(zip(tables["offices"]["office"], tables["offices"]["utc_offset"], strict=True))
    rows = zip(*(tables["changes"][name] for name in ("change", "shown", "office")), strict=True)
    return {change: shown - np.timedelta64(offsets[office], "h") for change, shown, office in rows}


def _changes(made: Truth, tables: dict[str, Columns], begun: dict[str, Moment], payments: Any, failed: Any) -> None:
    ending = [change for change, when in begun.items() if made.ended - 3 * MINUTE <= when < made.ended]
    if len(ending) != 1:
        raise Unclear("nothing, or more than one thing, ended it")
    made.mitigated = ending[0]
    _weigh(made, tables, begun, payments, failed)


def _weigh(made: Truth, tables: dict[str, Columns], begun: dict[str, Moment], payments: Any, failed: Any) -> None:
    """Failed share of payments that met something, less that of the others: of each suspect, host and outside party."""
    spans = {name: np.asarray(values) for name, values in tables["spans"].items()}
    order = np.argsort(payments)
    payments, failed = payments[order], failed[order]
    place = np.minimum(np.searchsorted(payments, spans["request"]), len(payments) - 1)
    mine = payments[place] == spans["request"]
    place = place[mine]
    seen = np.unique(place)
    total, bad = len(seen), int(failed[seen].sum())

    def weight(which: Any) -> tuple[float, int, int]:
        met = place[which]
        many, worse = len(met), int(failed[met].sum())
        if many in (0, total):
            return 0.0, many, total - many
        return worse / many - (bad - worse) / (total - many), many, total - many

    versions = dict(zip(tables["changes"]["change"], tables["changes"]["version"], strict=True))
    touched: dict[str, list[str]] = {}
    for change, host in zip(tables["touched"]["change"], tables["touched"]["host"], strict=True):
        touched.setdefault(change, []).append(host)
    host, version, service = (spans[name][mine] for name in ("host", "version", "service"))
    for change, when in begun.items():
        if made.started - BEFORE_MIN * MINUTE <= when < made.started:
            on = version == versions[change] if versions[change] else np.isin(host, touched[change])
            made.weights[change], *met = weight(on)
            made.met[change] = met[0], met[1]
            if min(met) < 8:
                raise Unclear("a suspect that hardly anybody met, or everybody")
    for name in tables["hosts"]["host"]:
        made.places[f"host:{name}"] = weight(host == name)[0]
    for name in set(service[host == None]):  # noqa: E711  (of each)
        made.places[f"outside:{name}"] = weight(service == name)[0]


def _component(made: Truth, tables: dict[str, Columns], failed: Any) -> None:
    """The service of most errors, in failed payments, under which nothing that it called had one."""
    spans = tables["spans"]
    of = np.flatnonzero(np.isin(spans["request"], failed) & spans["error"])
    request, service, caller = (np.asarray(spans[name])[of].tolist() for name in ("request", "service", "caller"))
    called = set(zip(request, caller, strict=True))
    first = [each for one, each in zip(request, service, strict=True) if (one, each) not in called]
    made.component = _most(first)
    callers = [each for name, each in zip(service, caller, strict=True) if name == made.component]
    speaks = made.component if made.component in tables["hosts"]["service"] else _most(callers)
    logs = {name: np.asarray(values) for name, values in tables["logs"].items()}
    said = np.isin(logs["request"], failed) & (logs["service"] == speaks)
    codes = set(zip(logs["request"][said].tolist(), logs["code"][said].tolist(), strict=True))
    made.reason = _most([code for _, code in codes])


def _factors(made: Truth, tables: dict[str, Columns], rows: Any, during: Any, begun: dict[str, Moment]) -> None:
    pages, posts = tables["pages"], tables["posts"]
    made.paged = _first(pages["ts"], np.asarray(pages["urgency"]) == "page", made.started)
    word = _first(posts["ts"], np.asarray(posts["kind"]) == "incident", made.started)
    before = (rows["ts"] >= made.started - BEFORE_MIN * MINUTE) & (rows["ts"] < made.started)
    tries = [float(which.sum()) / len(set(rows["customer"][which].tolist())) for which in (during, before)]
    past = np.asarray(tables["history"]["day"])[np.asarray(tables["history"]["component"]) == made.component]
    made.figures = {
        "late-page": float((made.paged - made.started) / MINUTE),
        "late-word": float((word - made.started) / MINUTE),
        "slow-undo": float((begun[made.mitigated] - made.paged) / MINUTE),
        "storm": tries[0] / tries[1],
        "foretold": float(_foretold(made, tables)),
        "repeat": float((made.started - past.max()) / MINUTE / 1440),
    }
    limits = {"late-page": LATE_PAGE, "late-word": LATE_WORD, "slow-undo": SLOW_UNDO, "storm": STORM,
              "foretold": float(FORETOLD)}  # fmt: skip
    held = {factor for factor, limit in limits.items() if made.figures[factor] > limit}
    held |= {"repeat"} if made.figures["repeat"] < REPEAT_DAYS else set()
    made.holds = [factor for factor in FACTORS if factor in held]


def _foretold(made: Truth, tables: dict[str, Columns]) -> int:
    """Minutes of the last half hour before it in which a gauge of one of the component's hosts stood above 90."""
    rows = {name: np.asarray(values) for name, values in tables["gauges"].items()}
    hosts = [host for host, service in zip(*tables["hosts"].values(), strict=True) if service == made.component]
    near = (rows["ts"] >= made.started - BEFORE_MIN * MINUTE) & (rows["ts"] < made.started)
    above = near & ((rows["cpu"] > GAUGE) | (rows["pool"] > GAUGE) | (rows["disk"] > GAUGE))
    return max([int((above & (rows["host"] == host)).sum()) for host in hosts], default=0)


def _first(ts: Any, which: Any, since: Moment) -> Moment:
    found = np.asarray(ts)[which & (np.asarray(ts) >= since)]
    if not len(found):
        raise Unclear("nothing since it started")
    moment: Moment = found.min()
    return moment


def _most(names: list[Any]) -> str:
    if not names:
        raise Unclear("no name")
    counts = Counter(names)
    return str(max(sorted(counts), key=counts.__getitem__))
