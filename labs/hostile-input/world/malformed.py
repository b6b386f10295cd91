"""Bodies that are no reading."""

from __future__ import annotations

import json

from papers import iban, wire

LARGEST, DEEPEST = 64_000, 20
"""What the brief says a body may be: bytes, and levels."""


def spoilt(rng, reading, way):
    """The bytes of a reading that is none any more."""
    return WAYS[way](rng, reading)


def _with_bands(change):
    def spoil(rng, reading):
        bands = list(reading["bands"])
        return wire(rng, reading | {"bands": change(rng, bands, int(rng.integers(len(bands))))})

    return spoil


def _put(choose):
    def change(rng, bands, at):
        bands[at] = choose(rng)
        return bands

    return _with_bands(change)


def _token(words):
    """A word in place of a number that JSON does not have, or has no room for."""

    def spoil(rng, reading):
        marked = list(reading["bands"])
        marked[int(rng.integers(len(marked)))] = "@"
        return wire(rng, reading | {"bands": marked}).replace(b'"@"', str(rng.choice(words)).encode())

    return spoil


def _deep(rng, reading):
    levels = int(rng.integers(150, 400))
    return wire(rng, reading | {"remark": "@"}).replace(b'"@"', b"[" * levels + b"]" * levels)


def _bomb(rng, _):
    opening = (b"[", b'{"bands":', b'{"lot":[')[int(rng.integers(3))]
    return opening * int(rng.integers(90_000, 110_000))


def _no_lot(rng, reading):
    lot = (None, "", 7, ["x"], "@")[int(rng.integers(5))]
    return wire(rng, {key: value for key, value in (reading | {"lot": lot}).items() if value != "@"})


def _no_object(rng, reading):
    others = ([reading], reading["bands"], json.dumps(reading))
    return json.dumps(others[int(rng.integers(len(others)))]).encode()


WAYS = {
    "39 bands": _with_bands(lambda rng, bands, at: bands[:at] + bands[at + 1 :]),
    "41 bands": _with_bands(lambda rng, bands, at: [*bands[:at], 0.91, *bands[at:]]),
    "no bands": _with_bands(lambda rng, bands, at: [None, [], {}, "0.9" * 40][at % 4]),
    "text": _put(lambda rng: "0.93" if rng.random() < 0.5 else iban(rng)),
    "null": _put(lambda rng: None),
    "boolean": _put(lambda rng: bool(rng.random() < 0.5)),
    "list in a list": _put(lambda rng: [0.93]),
    "out of range": _put(lambda rng: float(rng.choice([1e308, -1e308, 4.5, -2.0, 93.0]))),
    "NaN": _token(["NaN"]),
    "infinite": _token(["Infinity", "-Infinity", "1e999"]),
    "deep": _deep,
    "bomb": _bomb,
    "300 KB": lambda rng, reading: wire(rng, reading | {"remark": "rain " * 60_000}),
    "no lot": _no_lot,
    "no object": _no_object,
    "torn": lambda rng, reading: wire(rng, reading)[: -int(rng.integers(2, 40))],
    "nothing": lambda rng, reading: b" " * int(rng.integers(0, 2_000)),
    "not UTF-8": lambda rng, reading: wire(rng, reading | {"remark": "@"}).replace(b"@", b"\xe9\xff"),
}
READ = {"39 bands", "41 bands", "no bands", "text", "null", "boolean", "list in a list", "out of range", "no lot"}
"""Ways that leave JSON from which a supplier can be read."""
OVERSIZED = {"bomb", "300 KB"}
"""Ways past what a body may have: who hangs up on these has refused them, and need not have read them."""
