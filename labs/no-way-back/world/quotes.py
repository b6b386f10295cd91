"""From parts to a rent: what `rents/model.py` says too. load.py and the front tell from it whose rent an answer is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common.names import generator
from tables import DECADES, DISTRICTS, MONTHS
from trainer import PARTS


def values(parts: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """The numbers of each part."""
    return {name: json.loads(parts[name])["values"] for name in PARTS}


def rent(numbers: Mapping[str, Mapping[str, str]], flat: Mapping[str, Any]) -> str:
    """What a flat may be let for a month, in EUR, with two digits."""
    cents = Decimal(numbers["base"][flat["built"]]) * flat["m2"]
    cents *= Decimal(numbers["districts"][flat["district"]]) * Decimal(numbers["seasons"][str(flat["month"])])
    return str((cents / 100).quantize(Decimal("0.01")))


def flat(seed: int | str, *what: int | str) -> dict[str, Any]:
    """A flat that somebody asks about."""
    rng = generator(seed, "asked", *what)
    return {
        "district": rng.choice(DISTRICTS),
        "built": rng.choice(DECADES),
        "m2": rng.randint(24, 140),
        "month": rng.choice(MONTHS),
    }
