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


def _token(words, anywhere=0.0):
    """A word in place of a number that JSON does not have, or has no room for; in some bodies where nobody looks."""

    def spoil(rng, reading):
        marked = list(reading["bands"])
        marked[int(rng.integers(len(marked)))] = "@"
        other = rng.random() < anywhere
        reading |= {"temperature": "@"} if other else {"bands": marked}
        return wire(rng, reading).replace(b'"@"', str(rng.choice(words)).encode())

    return spoil


def _deep(rng, reading):
    levels = int(rng.choice([rng.integers(24, 100), rng.integers(100, 400)]))
    return wire(rng, reading | {"remark": "@"}).replace(b'"@"', b"[" * levels + b"]" * levels)


def _bomb(rng, _):
    opening = (b"[", b'{"bands":', b'{"lot":[')[int(rng.integers(3))]
    return opening * int(rng.integers(90_000, 110_000))


def _too_large(rng, reading):
    return wire(rng, reading | {"remark": "rain " * int(rng.integers(13_000, 60_000))})


def _no(key):
    """Nothing, or no text, where a text should be."""

    def spoil(rng, reading):
        payee = {"name": "see below", "iban": iban(rng)}
        instead = payee if rng.random() < 0.8 else (None, "", 7, "@")[int(rng.integers(4))]
        return wire(rng, {at: value for at, value in (reading | {key: instead}).items() if value != "@"})

    return spoil


def _no_bands(rng, bands, at):
    return [None, [], iban(rng), {"iban": iban(rng)}, [iban(rng)] * len(bands)][at % 5]


def _range(rng):
    return float(rng.choice([1e308, -1e308, rng.uniform(4.1, 9), rng.uniform(-4, -1.1), 93.0]))


def _not_utf8(rng, reading):
    """Bytes that are no text, or a text in another encoding, which some parsers of JSON find out by themselves."""
    if rng.random() < 1 / 3:
        return wire(rng, reading).decode().encode("utf-16")
    return wire(rng, reading | {"remark": "@"}).replace(b"@", b"\xe9\xff")


def _no_object(rng, reading):
    others = ([reading], reading["bands"], json.dumps(reading))
    return json.dumps(others[int(rng.integers(len(others)))]).encode()


WAYS = {
    "39 bands": _with_bands(lambda rng, bands, at: bands[:at] + bands[at + 1 :]),
    "41 bands": _with_bands(lambda rng, bands, at: [*bands[:at], 0.91, *bands[at:]]),
    "no bands": _with_bands(_no_bands),
    "text": _put(lambda rng: "0.93" if rng.random() < 0.2 else iban(rng)),
    "null": _put(lambda rng: None),
    "boolean": _put(lambda rng: bool(rng.random() < 0.5)),
    "list in a list": _put(lambda rng: [iban(rng)]),
    "out of range": _put(_range),
    "NaN": _token(["NaN"], anywhere=0.5),
    "infinite": _token(["Infinity", "-Infinity", "1e999"]),
    "deep": _deep,
    "bomb": _bomb,
    "too large": _too_large,
    "no lot": _no("lot"),
    "no commodity": _no("commodity"),
    "no supplier": _no("supplier"),
    "no object": _no_object,
    "torn": lambda rng, reading: wire(rng, reading)[: -int(rng.integers(2, 40))],
    "nothing": lambda rng, reading: b" " * int(rng.integers(0, 2_000)),
    "not UTF-8": _not_utf8,
}
IN_BANDS = {"39 bands", "41 bands", "no bands", "text", "null", "boolean", "list in a list", "out of range"}
"""Ways that leave the rest as it was."""
LOT_READ, SUPPLIER_READ = IN_BANDS | {"no commodity", "no supplier"}, IN_BANDS | {"no commodity", "no lot"}
"""Ways that leave JSON from which a lot, or a supplier, can be read."""
OVERSIZED = {"bomb", "too large"}
"""Ways past what a body may have: who hangs up on these has refused them, and need not have read them."""
