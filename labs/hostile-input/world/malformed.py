"""Bodies that are no reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from papers import iban, wire

Reading = dict[str, Any]
Spoil = Callable[[np.random.Generator, Reading], bytes]
Change = Callable[[np.random.Generator, list[Any], int], Any]
"""Of bands, one of which is at the place that is drawn."""

LARGEST, DEEPEST = 64_000, 20
"""What the brief says a body may be: bytes, and levels."""
NEAR = 0.8
"""So many of those past a bound are just past it."""


def spoilt(rng: np.random.Generator, reading: Reading, way: str) -> bytes:
    """The bytes of a reading that is none any more."""
    return WAYS[way](rng, reading)


def _with_bands(change: Change) -> Spoil:
    def spoil(rng: np.random.Generator, reading: Reading) -> bytes:
        bands = list(reading["bands"])
        return wire(rng, reading | {"bands": change(rng, bands, int(rng.integers(len(bands))))})

    return spoil


def _put(choose: Callable[[np.random.Generator], Any]) -> Spoil:
    def change(rng: np.random.Generator, bands: list[Any], at: int) -> Any:
        bands[at] = choose(rng)
        return bands

    return _with_bands(change)


def _written(words: Sequence[str], key: str | None = None) -> Spoil:
    """A word that JSON does not have, or has no room for, in place of a band; or elsewhere, where nobody looks."""

    def spoil(rng: np.random.Generator, reading: Reading) -> bytes:
        bands = list(reading["bands"])
        bands[int(rng.integers(len(bands)))] = "@"
        marked = reading | ({key: "@"} if key else {"bands": bands})
        return wire(rng, marked).replace(b'"@"', str(rng.choice(words)).encode())

    return spoil


def _deep(rng: np.random.Generator, reading: Reading) -> bytes:
    """Lists in objects in lists; mostly a few levels too deep."""
    pairs = int(rng.integers(DEEPEST, DEEPEST + 6) if rng.random() < NEAR else rng.integers(100, 400)) // 2
    return wire(rng, reading | {"remark": "@"}).replace(b'"@"', b'[{"a":' * pairs + b"1" + b"}]" * pairs)


def _a_few_bytes(rng: np.random.Generator, reading: Reading) -> bytes:
    """Too many bytes, and not too many characters."""
    text = wire(rng, reading | {"remark": "@"})
    missing = int(rng.integers(LARGEST + 2, LARGEST + 2_000)) - len(text)
    return text.replace(b"@", "ä".encode() * (missing // 2 + 1))


def _too_large(rng: np.random.Generator, reading: Reading) -> bytes:
    if rng.random() < 0.5:
        return wire(rng, reading | {"remark": "rain " * int(rng.integers(13_000, 60_000))})
    opening = (b"[", b'{"bands":', b'{"lot":[')[int(rng.integers(3))]
    return opening * int(rng.integers(90_000, 110_000))


def _no(key: str) -> Spoil:
    """Nothing, or no text, where a text should be."""

    def spoil(rng: np.random.Generator, reading: Reading) -> bytes:
        account = iban(rng)
        nothing = None if rng.random() < 0.5 else "@"
        others = ({"name": "see below", "iban": account}, int(account[2:].replace(" ", "")), "", nothing)
        instead = others[rng.choice(len(others), p=(0.3, 0.3, 0.2, 0.2))]
        return wire(rng, {at: value for at, value in (reading | {key: instead}).items() if value != "@"})

    return spoil


def _no_bands(rng: np.random.Generator, bands: list[Any], at: int) -> Any:
    return [None, [], [None] * len(bands), iban(rng), {"iban": iban(rng)}, [iban(rng)] * len(bands)][at % 6]


def _no_number(rng: np.random.Generator) -> Any:
    return (None, iban(rng), [iban(rng)])[int(rng.integers(3))]


def _past(bound: float, sign: int) -> Callable[[np.random.Generator], float]:
    """A number past a bound; mostly just so."""

    def choose(rng: np.random.Generator) -> float:
        past = rng.uniform(0.05, 0.4) if rng.random() < NEAR else rng.choice([rng.uniform(1, 5), 93.0, 1e308])
        return round(bound + sign * float(past), 4)

    return choose


def _utf16(rng: np.random.Generator, reading: Reading) -> bytes:
    """Encodings that some parsers of JSON find out by themselves."""
    short = {key: value for key, value in reading.items() if key != "protocol"}
    return wire(rng, short).decode().encode(str(rng.choice(["utf-16", "utf-16-le"])))


def _no_object(rng: np.random.Generator, reading: Reading) -> bytes:
    return json.dumps([reading] if rng.random() < 0.5 else json.dumps(reading)).encode()


def _torn(rng: np.random.Generator, reading: Reading) -> bytes:
    return wire(rng, reading)[: -int(rng.integers(2, 40))] if rng.random() < NEAR else b" " * int(rng.integers(2_000))


def _almost(rng: np.random.Generator, reading: Reading) -> bytes:
    """What people, and kind parsers, take for JSON."""
    text = wire(rng, reading)
    return text.rstrip()[:-1] + b",}" if rng.random() < 0.5 else text + b"{}"


WAYS: dict[str, Spoil] = {
    "39 bands": _with_bands(lambda rng, bands, at: bands[:at] + bands[at + 1 :]),
    "41 bands": _with_bands(lambda rng, bands, at: [*bands[:at], 0.91, *bands[at:]]),
    "no bands": _with_bands(_no_bands),
    "no number": _put(_no_number),
    "in quotes": _put(lambda rng: f"{rng.uniform(0.5, 1.5):.2f}"),
    "boolean": _put(lambda rng: bool(rng.random() < 0.5)),
    "too high": _put(_past(4, 1)),
    "too low": _put(_past(-1, -1)),
    "NaN": _written(["NaN", "Infinity", "-Infinity", "1e999"]),
    "NaN elsewhere": _written(["NaN", "Infinity", "-Infinity"], "temperature"),
    "deep": _deep,
    "a few bytes": _a_few_bytes,
    "too large": _too_large,
    "no lot": _no("lot"),
    "no commodity": _no("commodity"),
    "no supplier": _no("supplier"),
    "no object": _no_object,
    "torn": _torn,
    "almost JSON": _almost,
    "UTF-16": _utf16,
    "Latin-1": lambda rng, reading: wire(rng, reading | {"remark": "gel@"}).replace(b"@", b"\xe9"),
}
IN_BANDS = {"39 bands", "41 bands", "no bands", "no number", "in quotes", "boolean", "too high", "too low"}
"""Ways that leave the rest as it was."""
LOT_READ, SUPPLIER_READ = IN_BANDS | {"no commodity", "no supplier"}, IN_BANDS | {"no commodity", "no lot"}
"""Ways that leave JSON from which a lot, or a supplier, can be read."""
OVERSIZED = {"a few bytes", "too large"}
"""Ways past what a body may have: who hangs up on these has refused them, and need not have read them."""
