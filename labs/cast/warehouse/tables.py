"""A stream's sixty days as arrays: drawn once from the plan's seed, whatever is asked for first."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from domains import Category, Number
from happenings import Days, broken, change_categories, change_labels, change_numbers, change_volume
from numpy.typing import NDArray
from plan import LIFE, Stream

Floats = NDArray[np.float64]
LABEL_DELAY = 3
WANDER, WANDER_MIX = 0.08, 0.1
SHARED = 0.5
_DIGITS = 4


@dataclass(frozen=True)
class Table:
    """All rows of a stream, in order of days. `starts` has LIFE + 1 row numbers; day d is starts[d]:starts[d + 1]."""

    stream: Stream
    days: Days
    starts: NDArray[np.int64]
    columns: dict[str, Any]
    score: Floats
    label: NDArray[np.int64]

    def batch(self, day: int) -> dict[str, Any]:
        """One day's table, without columns that are gone that day; `day` counts from the start of the history."""
        rows = slice(self.starts[day], self.starts[day + 1])
        gone = {h.column for h in self.stream.happenings if h.kind == "gone" and h.day + self.stream.history == day}
        return {
            "date": self.days.dates[day].isoformat(),
            "calendar": self.days.calendar[day],
            "rows": int(self.starts[day + 1] - self.starts[day]),
            "columns": {name: _plain(values[rows]) for name, values in self.columns.items() if name not in gone},
            "score": _plain(self.score[rows]),
        }

    def outcomes(self, day: int) -> dict[str, Any]:
        """What became of a day's rows, in their order."""
        rows = slice(self.starts[day], self.starts[day + 1])
        return {
            "date": self.days.dates[day].isoformat(),
            "score": _plain(self.score[rows]),
            "label": self.label[rows].tolist(),
        }


def make(stream: Stream, seed: int) -> Table:
    """The table of a stream; the same seed gives the same numbers."""
    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32, zlib.crc32(stream.id.encode())])
    days = _days(stream)
    counts = _counts(days, rng)
    day = np.repeat(np.arange(LIFE), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    signals, columns = _numbers(stream, days, day, rng)
    categories, lean = _categories(stream, days, day, rng)
    logit = _logit(signals, lean, rng)
    delivered = broken(stream, day, {**columns, **categories})
    columns = {name: values if values.dtype == object else _rounded(values) for name, values in delivered.items()}
    score = _sigmoid(np.where(_is_broken(stream)[day], rng.normal(0, 3, len(day)), logit))
    label = change_labels(stream, day, logit, rng)
    return Table(stream, days, starts, columns, score, label)


def _days(stream: Stream) -> Days:
    dates = tuple(stream.first + timedelta(days=n - stream.history) for n in range(LIFE))
    calendar = ["weekend" if date.weekday() >= 5 else "workday" for date in dates]
    for happening in stream.happenings:
        if happening.kind in ("holiday", "sale"):
            calendar[happening.day + stream.history] = happening.kind
    rest = np.array([date.weekday() >= 5 for date in dates]) | np.array([kind == "holiday" for kind in calendar])
    return Days(dates, tuple(calendar), rest, change_volume(stream))


def _counts(days: Days, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows a day: fewer on days of rest, growing over the weeks, and what the plan does to them."""
    growth = (1 + rng.uniform(0, 0.01)) ** np.arange(LIFE)
    expected = rng.uniform(90, 120) * np.where(days.rest, rng.uniform(0.45, 0.6), 1.0) * growth * days.volume
    return np.maximum(rng.poisson(expected), 20)


def _numbers(
    stream: Stream, days: Days, day: NDArray[np.int64], rng: np.random.Generator
) -> tuple[list[Floats], dict[str, Any]]:
    shared = rng.normal(size=len(day))
    signals, columns = [], {}
    for number in stream.domain.numbers:
        season = rng.choice([-1, 1]) * rng.uniform(0.4, 0.7)
        noise = SHARED * shared + np.sqrt(1 - SHARED**2) * _noise(number.tail, len(day), rng)
        noise += (rng.normal(0, WANDER, LIFE) + season * days.rest)[day]
        signal = change_numbers(stream, number.name, day, noise)
        signals.append(signal)
        columns[number.name] = _values(number, signal, rng)
    return signals, columns


def _noise(tail: str, size: int, rng: np.random.Generator) -> Floats:
    """Noise of mean 0 and standard deviation 1."""
    if tail == "heavy":
        return np.asarray(rng.standard_t(5, size) / np.sqrt(5 / 3))
    if tail == "skewed":
        return (rng.gamma(4, 1, size) - 4) / 2
    return rng.normal(size=size)


def _values(number: Number, signal: Floats, rng: np.random.Generator) -> Floats:
    centre, spread = rng.uniform(*number.centre), rng.uniform(*number.spread)
    values = centre * np.exp(spread * signal) if number.log else centre + spread * signal
    return np.where(rng.random(len(signal)) < rng.uniform(*number.missing), np.nan, values)


def _categories(
    stream: Stream, days: Days, day: NDArray[np.int64], rng: np.random.Generator
) -> tuple[dict[str, Any], Floats]:
    columns, lean = {}, np.zeros(len(day))
    for category in stream.domain.categories:
        shares = change_categories(stream, category.name, _shares(category, days, rng))
        codes = (rng.random(len(day))[:, None] > np.cumsum(shares, axis=1)[day, :-1]).sum(axis=1)
        columns[category.name] = np.array(category.values, dtype=object)[codes]
        lean += rng.normal(0, 0.4, len(category.values))[codes]
    return columns, lean


def _shares(category: Category, days: Days, rng: np.random.Generator) -> Floats:
    """Share of each word on each day, LIFE x words: unequal, other on days of rest, wandering a little."""
    size = len(category.values)
    logits = np.log(rng.permutation(np.linspace(1.0, 4.0, size)) * rng.uniform(0.8, 1.25, size))
    tilt = rng.permutation(np.linspace(-0.6, 0.6, size))
    daily = logits + np.outer(days.rest, tilt) + rng.normal(0, WANDER_MIX, (LIFE, size))
    shares = np.exp(daily)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _logit(signals: list[Floats], lean: Floats, rng: np.random.Generator) -> Floats:
    """The model's opinion of each row, as log-odds."""
    weights = rng.choice([-1, 1], len(signals)) * rng.uniform(0.6, 1.0, len(signals))
    opinion = sum(w * np.clip(signal, -3, 3) for w, signal in zip(weights, signals, strict=True))
    return np.asarray(rng.uniform(-1.4, -0.9) + opinion + lean)


def _is_broken(stream: Stream) -> NDArray[np.bool_]:
    found = np.zeros(LIFE, dtype=bool)
    for happening in stream.happenings:
        if happening.breaks:
            found[happening.day + stream.history] = True
    return found


def _sigmoid(logit: Floats) -> Floats:
    return np.round(1 / (1 + np.exp(-logit)), _DIGITS)


def _rounded(values: Floats) -> Floats:
    """To six significant digits, as a database would have been asked for them."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (5 - np.floor(np.log10(np.abs(values))))
    return np.where(np.isfinite(scale), np.round(values * scale) / scale, values)


def _plain(values: Any) -> list[Any]:
    """Values as JSON has them: null for none."""
    found: list[Any] = values.tolist()
    if values.dtype == object or not np.isnan(values).any():
        return found
    return [None if value != value else value for value in found]
