"""One stream: what history says of it, the counts of its days so far, and what they amount to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from evidence import apart, effective, learn_worth, otherwise, outcomes
from letters import Chances, Numbers, Words, clean

BROKEN, BROKEN_APART = 7.0, 0.36  # nats for one day, and how far from usual it must be
NOVEL = 0.15  # or this share of a day's rows is where history hardly ever was
DRIFT, DRIFT_APART, DRIFT_LESS = 9.0, 0.16, 3.5  # nats for some days; that much must be left without any one of them
CONCEPT, CONCEPT_LESS = 5.0, 0.0
SPANS = (3, 4)  # days that a change must have in common
LAG = 7  # a day older than that is not part of a change that is decided today, and tells what is usual
FADE = 0.5 ** (1 / 14)
SMOOTH = 12.0  # rows of all days that are mixed into the usual shares of one sort of day
TEMPER = 0.85  # outcomes of a day wander together
IMPOSSIBLE = 2e-3
FEWEST = 3


def sort_of_day(day: str, calendar: str) -> str:
    """`work` or `rest`; `either` for sales at weekends, of which nobody says what they look like."""
    if calendar in ("weekend", "holiday"):
        return "rest"
    return "either" if calendar != "workday" and date.fromisoformat(day).weekday() >= 5 else "work"


@dataclass
class Column:
    kind: str
    box: Numbers | Words
    filled: float  # share of rows that have a value
    usual: dict[str, np.ndarray]  # by sort of day: faded counts of history
    common: dict[str, dict]  # by sort of day: share of each single value that is common
    worth: float
    learnt: bool = True


@dataclass
class Book:
    reference: str
    columns: dict[str, Column]
    chances: Chances
    rates: np.ndarray | None  # chance of a 1 by box of scores; None if history cannot tell
    days: dict[str, dict] = field(default_factory=dict)


# From history


def open_book(path: str, reference: dict) -> Book:
    history = reference["days"]
    sorts = [sort_of_day(day["date"], day["calendar"]) for day in history]
    columns = {
        name: learn_column(kind, [(s, d["columns"][name]) for s, d in zip(sorts, history) if name in d["columns"]])
        for name, kind in reference["kinds"].items()
    }
    pairs = [pairs_of(day) for day in history]
    flat = [pair for day in pairs for pair in day]
    chances = Chances([score for score, _ in flat])
    rates = None
    if len(flat) >= 200:
        zeros, ones = np.array(chances.count(flat), float)
        overall = ones.sum() / (ones + zeros).sum()
        rates = np.clip((ones + 4 * overall) / (ones + zeros + 4), 0.003, 0.997)
    return Book(path, columns, chances, rates)


def learn_column(kind: str, history: list[tuple[str, list]]) -> Column:
    days = [(sort, clean(kind, values), len(values)) for sort, values in history]
    everything = [value for _, values, _ in days for value in values]
    box = (Numbers if kind == "number" else Words)(everything)
    counts = np.array([box.count(values) for _, values, _ in days], float).reshape(len(days), box.boxes)
    ages = np.arange(len(days))[::-1, None]
    faded = counts * FADE**ages
    rest = np.array([sort == "rest" for sort, _, _ in days], bool)
    usual = {"work": faded[~rest].sum(axis=0), "rest": faded[rest].sum(axis=0)}
    common = {}
    for sort, chosen in (("work", ~rest), ("rest", rest)):
        values = [v for (_, vs, _), c in zip(days, chosen) if c for v in vs] or everything
        found, times = np.unique(np.array(values), return_counts=True) if values else ([], [])
        often = [(v, t) for v, t in zip(found.tolist() if len(found) else [], times) if t > 0.1 * len(values)]
        common[sort] = {v: t / len(values) for v, t in often}
    column = Column(kind, box, len(everything) / max(1, sum(n for _, _, n in days)), usual, common, 100.0)
    column.learnt = len(days) >= 14 and len(everything) >= 100
    if column.learnt:
        shares = usual_shares(column.usual)
        by_day = np.stack([shares["rest" if r else "work"] for r in rest])
        column.worth = learn_worth(counts, by_day)
    return column


def usual_shares(usual: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    boxes = len(usual["work"])
    everything = usual["work"] + usual["rest"]
    everything = (everything + 0.3 / boxes) / (everything.sum() + 0.3)
    shares = {sort: (counts + SMOOTH * everything) / (counts.sum() + SMOOTH) for sort, counts in usual.items()}
    return {sort: np.maximum(share, 1e-4) / np.maximum(share, 1e-4).sum() for sort, share in shares.items()}


def pairs_of(day: dict) -> list[tuple[float, int]]:
    both = zip(day.get("score") or [], day.get("label") or [])
    return [(float(score), int(label)) for score, label in both if score is not None and label is not None]


# A day


def boil_down(book: Book, notice: dict, batch: dict) -> dict:
    """All that is ever kept of a day: a few small tables of whole numbers."""
    sort = sort_of_day(notice["date"], notice["calendar"])
    values = batch.get("columns") or {}
    day: dict = {"date": notice["date"], "batch": notice["batch"], "sort": sort, "counts": {}, "flaws": {}, "of": None}
    for name, column in book.columns.items():
        if name not in values:
            day["flaws"][name] = "gone"
            continue
        usable = clean(column.kind, values[name])
        if flaw := flawed(column, usable, len(values[name]), sort):
            day["flaws"][name] = flaw
        if usable:
            day["counts"][name] = column.box.count(usable)
    if batch.get("outcomes") and (pairs := pairs_of(batch["outcomes"])):
        day["of"] = str(batch["outcomes"]["date"])
        day["labels"] = book.chances.count(pairs)
    return day


def flawed(column: Column, usable: list, rows: int, sort: str) -> str | None:
    if not rows or not column.filled:
        return None
    if not usable:
        return "empty" if (1 - column.filled) ** rows < IMPOSSIBLE else None
    if rows >= 5 and len(usable) / rows <= column.filled - 0.5:
        return "gaps"
    if len(usable) >= FEWEST and len(set(usable)) == 1:
        shares = [column.common[s].get(usable[0], 0.0) for s in (["work", "rest"] if sort == "either" else [sort])]
        if min(1.0, max(shares) + 0.03) ** len(usable) < IMPOSSIBLE:
            return "constant"
    return None


# What the days amount to


def verdict(book: Book, today: dict) -> tuple[str, str | None]:
    """On today, in the light of the days before it."""
    before = [day for key, day in sorted(book.days.items()) if key < today["date"]]
    broken: dict[str, float] = {}
    drift: dict[str, float] = {}
    for name, column in book.columns.items():
        if name in today["flaws"] and not lasting(name, [*before, today]):
            broken[name] = 1e6
        elif column.learnt and sum(today["counts"].get(name, ())) >= FEWEST:
            kind, nats = column_story(column, name, before, today)
            if kind:
                (broken if kind == "broken" else drift)[name] = nats
    if broken:
        return "broken", max(broken, key=broken.__getitem__)
    if drift:
        return "drift", max(drift, key=drift.__getitem__)
    return ("concept" if concept(book, before, today) else "ok"), None


def lasting(name: str, days: list[dict]) -> bool:
    """Data breaks for a day. A column that says one thing for three days on end has come to say that."""
    return len(days) >= 3 and all(day["flaws"].get(name) == "constant" for day in days[-3:])


def column_story(column: Column, name: str, before: list[dict], today: dict) -> tuple[str | None, float]:
    usual = dict(column.usual)
    for day in before[:-LAG]:
        if day["verdict"][0] in ("ok", "concept") and name in day["counts"] and day["sort"] != "either":
            usual = {sort: counts * FADE for sort, counts in usual.items()}
            usual[day["sort"]] = usual[day["sort"]] + np.array(day["counts"][name], float)
    shares = usual_shares(usual)
    accept_constant = lasting(name, [*before, today])
    rows, expected = [], []
    for day in [*before[-LAG:], today]:
        counts = np.array(day["counts"].get(name, ()), float)
        if counts.sum() < FEWEST or (name in day["flaws"] and not accept_constant):
            continue
        row = effective(counts, column.worth)
        either = [shares["work"], shares["rest"]] if day["sort"] == "either" else [shares[day["sort"]]]
        rows.append(row)
        expected.append(max(either, key=lambda share: float((row * np.log(share)).sum())))
    days, usually = np.array(rows), np.array(expected)
    if name in today["flaws"] and not accept_constant or not rows:
        return None, 0.0

    best = 0.0
    for span in SPANS:
        if len(days) >= span:
            best = max(best, common_change(days[-span:], usually[-span:]))
    if best:
        return "drift", best
    alone = otherwise(days[-1:], usually[-1:])
    novel = days[-1][usually[-1] < 0.01].sum() / days[-1].sum()
    if alone >= BROKEN and (novel >= NOVEL or apart(days[-1:], usually[-1:]) >= BROKEN_APART):
        # A day like the last ones is not broken, even if the change in them is not beyond doubt yet.
        last = days[-4:-1]
        if len(last) >= 3 and otherwise(days[-1:], like(last)) < BROKEN / 2:
            return None, 0.0
        return "broken", alone
    return None, 0.0


def like(days: np.ndarray) -> np.ndarray:
    """Shares of some days together."""
    total = days.sum(axis=0) + 0.05
    return (total / total.sum())[None, :]


def common_change(days: np.ndarray, usual: np.ndarray) -> float:
    """Nats for other shares that these days have in common; 0.0 if one day alone makes them, or today is not like the rest."""
    nats = otherwise(days, usual)
    if nats < DRIFT or apart(days, usual) < DRIFT_APART:
        return 0.0
    every = np.arange(len(days))
    if min(otherwise(days[every != i], usual[every != i]) for i in every) < DRIFT_LESS:
        return 0.0
    rest = like(days[:-1])
    closer = float((days[-1] * (np.log(rest[0]) - np.log(usual[-1]))).sum()) > 0
    return nats if closer and otherwise(days[-1:], rest) < BROKEN * 2 else 0.0


def concept(book: Book, before: list[dict], today: dict) -> bool:
    if book.rates is None:
        return False
    verdicts = {day["date"]: day["verdict"][0] for day in before}
    tables = [
        np.array(day["labels"], float) * TEMPER
        for day in [*before, today]
        if day["of"] and verdicts.get(day["of"]) != "broken"  # on a broken day scores are noise
    ]
    for span in SPANS:
        if len(tables) >= span:
            days = np.array(tables[-span:])
            every = np.arange(span)
            less = min(outcomes(days[every != i], book.rates) for i in every)
            if outcomes(days, book.rates) >= CONCEPT and less >= CONCEPT_LESS:
                return True
    return False
