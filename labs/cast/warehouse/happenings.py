"""What a plan does to a stream's rows: to their number, their values, their labels."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plan import BROKEN_KINDS, CONCEPT_KINDS, LIFE, Happening, Stream

Floats = NDArray[np.float64]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def spelling(number: int) -> Callable[[str], str]:
    """Another spelling of all words, one of many: in capitals, turned, coded, with something before or behind, or with
    other letters. Three in four are lower-case words, as the right ones are."""
    rng = random.Random(number)
    some = "".join(rng.choices(LETTERS, k=rng.randint(2, 3)))
    table = str.maketrans(LETTERS, "".join(rng.sample(LETTERS, len(LETTERS))))
    odd: list[Callable[[str], str]] = [
        lambda word: word.upper()[:3],
        str.title,
        lambda word: f"{some}{zlib.crc32(word.encode()) % 997}",
        lambda word: f"{some} {word}",
        lambda word: word[::-1] + ".",
    ]
    plain: list[Callable[[str], str]] = [
        lambda word: word[::-1],
        lambda word: word[1:] + word[0],
        lambda word: word[:1] + word[2:],
        lambda word: word + word[-1],
        lambda word: some + word,
        lambda word: word + some,
        *[lambda word: word.translate(table)] * 9,
    ]
    return rng.choice(odd + plain)


MISSPELLINGS: tuple[Callable[[str, int, str], str], ...] = (
    lambda word, at, _: word[:at] + word[at : at + 1] + word[at:],
    lambda word, at, _: word[:at] + word[at + 1 :],
    lambda word, at, _: word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    lambda word, at, letter: word[:at] + letter + word[at + 1 :],
)


@dataclass(frozen=True)
class Days:
    """A stream's days: dates, the calendar's word for each, whether people rest, and the factor on the row count."""

    dates: tuple[date, ...]
    calendar: tuple[str, ...]
    rest: NDArray[np.bool_]
    volume: Floats


def change_volume(stream: Stream) -> Floats:
    """The factor on each day's number of rows."""
    volume = np.ones(LIFE)
    for happening in stream.happenings:
        if happening.kind in ("sale", "thin"):
            volume[happening.day + stream.history] = happening.size
    return volume


def change_numbers(stream: Stream, column: str, day: NDArray[np.int64], signal: Floats) -> Floats:
    """A numeric column's signal (in standard deviations) with its drift: `shift` adds, `spread` widens."""
    for happening in _of(stream, column):
        arrived = _arrived(stream, happening)[day]
        if happening.kind == "shift":
            signal = signal + happening.size * arrived
        elif happening.kind == "spread":
            signal = signal * (1 + (happening.size - 1) * arrived)
    return signal


def change_categories(stream: Stream, column: str, shares: Floats) -> Floats:
    """Shares of words by day with their drift: `mix` moves `size` of all rows to what was the rarest word."""
    for happening in _of(stream, column):
        if happening.kind == "mix":
            rarest = np.eye(shares.shape[1])[np.argmin(shares.mean(axis=0))]
            moved = (happening.size * _arrived(stream, happening))[:, None]
            shares = (1 - moved) * shares + moved * rarest
    return shares


def change_labels(stream: Stream, day: NDArray[np.int64], logit: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Labels: as the model thinks, until the world changes: `raised` adds to the log-odds, `scrambled` forgets rows."""
    chance = 1 / (1 + np.exp(-logit))
    for happening in stream.happenings:
        if happening.kind in CONCEPT_KINDS:
            since = day >= happening.day + stream.history
            raised = 1 / (1 + np.exp(-logit - happening.size))
            chance = np.where(since, raised if happening.kind == "raised" else rng.permutation(chance), chance)
    return (rng.random(len(day)) < chance).astype(np.int64)


def broken(stream: Stream, day: NDArray[np.int64], columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as they were delivered. A column that is gone is left out when its batch is cut."""
    for happening in stream.happenings:
        if happening.kind in BROKEN_KINDS or happening.kind == "typos":
            rows, rng = day == happening.day + stream.history, random.Random(f"{stream.id} {happening}")
            columns[happening.column] = _break(happening, rows, columns[happening.column].copy(), rng)
    return columns


def _break(happening: Happening, rows: NDArray[np.bool_], values: Any, rng: random.Random) -> Any:
    if happening.kind == "unit":
        values[rows] = values[rows] * happening.size + happening.offset
    elif happening.kind == "constant":
        values[rows] = rng.choice([value for value in values[~rows] if value == value])
    elif happening.kind == "empty":
        values[rows] = None if values.dtype == object else np.nan
    elif happening.kind == "recoded":
        spelled = spelling(int(happening.size))
        values[rows] = [spelled(str(value)) for value in values[rows]]
    elif happening.kind == "typos":
        some = rng.sample(np.flatnonzero(rows).tolist(), int(happening.size * rows.sum()))
        values[some] = [value and _misspelt(value, rng) for value in values[some]]
    return values


def _misspelt(word: str, rng: random.Random) -> str:
    return rng.choice(MISSPELLINGS)(word, rng.randrange(len(word)), rng.choice(LETTERS))


def _of(stream: Stream, column: str) -> Iterator[Happening]:
    return (happening for happening in stream.happenings if happening.column == column)


def _arrived(stream: Stream, happening: Happening) -> Floats:
    """How much of a drift has arrived on each day, 0 to 1."""
    return np.clip((np.arange(LIFE) - stream.history - happening.day + 1) / happening.ramp, 0, 1)
