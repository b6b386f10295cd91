"""What suppliers write: names, bank details, and a reading or a batch as the text that comes over the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

import numpy as np
from draws import Floats

TOWNS = (
    "Ashby",
    "Beddingham",
    "Corvo",
    "Dunmore",
    "Elverum",
    "Falun",
    "Gorey",
    "Istria",
    "Jaén",
    "Łódź",
    "Mâcon",
    "Örebro",
)
FARMS = (
    "{} Grain, Ltd",
    "O'Shea & Sons, {}",
    '"{}" Farmers\' Union',
    "Société de {}",
    "{} \\ Hill",
    "Mühle {}; Lager 2",
    "{} Elevator",
    "{}\n2026-08-14 02:50:11 accepted lot=all supplier={}",
    "{}', 'accepted', '",
    '{}", "reason": "test',
    "Kooperative {} (alt)",
    "{}\n\tCounty",
    "{},\nLower Mill",
    "Koop {}\r\n(neu)",
)
"""How suppliers are called; a commodity has one of each. Four have line feeds."""
REMARKS = ("second sample from the same truck", "rain on Tuesday", "bitte schnell", "seal was broken", "{1 of 2}")
COUNTRIES = ("DE", "FR", "PL", "IE")
TICK = "0.93;"
"""What a meter's protocol is full of."""
SHORT = 0.4
"""So many meters write two decimals, and a whole number where it is one."""


def suppliers(rng: np.random.Generator) -> list[str]:
    """Names. Some would break a line of a log, or a JSON that is put together by hand."""
    return [farm.replace("{}", str(rng.choice(TOWNS))) + f" {rng.integers(10, 99)}" for farm in rng.permutation(FARMS)]


def iban(rng: np.random.Generator) -> str:
    """Bank details."""
    digits = "".join(map(str, rng.integers(0, 10, 20)))
    blocks = " ".join(digits[at : at + 4] for at in range(0, 20, 4))
    return (
        f"{rng.choice(COUNTRIES)}{blocks[:2]} {blocks[2:]}"
        if rng.random() < 0.5
        else f"{rng.choice(COUNTRIES)}{digits}"
    )


def digits(rng: np.random.Generator) -> int:
    """How many decimals a meter writes."""
    return 2 if rng.random() < SHORT else 4


def new_key(rng: np.random.Generator) -> str:
    """A key that the meters of one commodity have since this year, and no others ever had."""
    return "".join(rng.choice(list(ascii_lowercase), int(rng.integers(5, 12))))


def fields(
    rng: np.random.Generator, lot: str, commodity: str, name: str, bands: Floats, new_key: str
) -> dict[str, Any]:
    """A reading, with keys that nobody asked for. One of them is `new_key`."""
    written = [int(band) if band == int(band) else float(band) for band in bands]
    own = {"lot": lot, "commodity": commodity, "supplier": name, "bands": written}
    more = {
        "payee": {"name": name, "iban": iban(rng)},
        "meter": {"serial": f"{rng.integers(1 << 32):08x}", "firmware": "4.2"},
        "remark": str(rng.choice(REMARKS)),
        "temperature": round(float(rng.uniform(-15, 25)), 1),
        "tags": ["2026", None, True],
        "history": nested(int(rng.integers(9, 19))),
        "protocol": TICK * int(11_500 * rng.random() ** 0.5),
        new_key: (round(float(rng.random()), 3), None, ["calm"], {"drift": 0.2}, "ok")[int(rng.integers(5))],
    }
    return own | {key: value for key, value in more.items() if rng.random() < 0.3}


def nested(levels: int) -> dict[str, Any]:
    """What a meter knows of its earlier scans; with the reading around it at most 19 levels."""
    return {"scan": levels, "before": nested(levels - 1)} if levels > 1 else {}


def wire(rng: np.random.Generator, what: Mapping[str, Any]) -> bytes:
    """A reading or a batch as text: order of keys, spaces, escapes and a last line feed differ from meter to meter."""
    keys = rng.permutation(list(what))
    tight, plain = rng.random(2) < 0.5
    spaces = (",", ":") if tight else (", ", ": ")
    text = json.dumps({key: what[key] for key in keys}, ensure_ascii=bool(plain), separators=spaces)
    return text.encode() + b"\n" * (rng.random() < 0.2)
