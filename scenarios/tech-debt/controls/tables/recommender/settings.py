"""Settings: one table says what a push may hold, and the door reads nothing else.

A flag is a setting like any other. One that is not in the table does not exist.
"""

from math import fsum
from typing import NamedTuple


class Setting(NamedTuple):
    """What a value has to be, and what holds where none was pushed."""

    types: tuple
    low: float
    high: float
    default: object
    required: bool = False
    words: str = "a number"

    def problem(self, value):
        """What is wrong with a value, in words; None if it is right."""
        # `type`, not `isinstance`: true is an int in Python, and not a number in a push
        if type(value) not in self.types or not self.low <= value <= self.high:
            return f"is not {self.words}" + ("" if bool in self.types else f" from {self.low} to {self.high}")
        return None


def number(low, high, default, required=False):
    return Setting((int, float), low, high, default, required)


def whole(low, high, default):
    return Setting((int,), low, high, default, words="a whole number")


def flag():
    return Setting((bool,), False, True, False, words="true or false")


SETTINGS = {
    # the defaults of the weights are for shops that have not pushed anything yet
    "weight_fit": number(0, 1, 0.4, required=True),
    "weight_margin": number(0, 1, 0.2, required=True),
    "weight_fresh": number(0, 1, 0.2, required=True),
    "weight_quick": number(0, 1, 0.1, required=True),
    "weight_light": number(0, 1, 0.1, required=True),
    "min_stock": whole(0, 50, 1),
    "max_price": number(1, 100_000, 5000),
    "fresh_days": whole(30, 3650, 730),
    "one_per_maker": flag(),  # merchandising
    "own_brand_first": flag(),  # Austria
    "heavy_last": flag(),  # logistics, Sweden
    "close_of_month": flag(),  # finance: off, but for the last day of each month
}
WEIGHTS = [key for key in SETTINGS if key.startswith("weight_")]
NOT_BOTH = [("own_brand_first", "heavy_last")]
SUM_OFF = 1e-6
ROUNDING = 1e-12
DEFAULTS = {key: setting.default for key, setting in SETTINGS.items()}

_pushed = {}


def of(tenant):
    """What is in force for a tenant."""
    return _pushed.get(tenant, DEFAULTS)


def push(document):
    """Put a push in force if all of it is right; else change nothing. What is wrong, as (key, problem)."""
    wrong = list(problems(document))
    if not wrong:
        _pushed[document["tenant"]] = DEFAULTS | document["config"]
    return wrong


def problems(document):
    """Everything that is wrong with a push."""
    if not isinstance(document, dict):
        document = {}
    tenant, config = document.get("tenant"), document.get("config")
    if not isinstance(tenant, str) or not tenant.strip():
        yield "tenant", "is not a text, or is empty"
    for key in document.keys() - {"tenant", "config"}:
        yield key, "is not known"
    if isinstance(config, dict):
        yield from problems_of_config(config)
    else:
        yield "config", "is not an object"


def problems_of_config(config):
    wrong = {key: SETTINGS[key].problem(value) if key in SETTINGS else "is not known" for key, value in config.items()}
    wrong |= {key: "is missing" for key, one in SETTINGS.items() if one.required and key not in config}
    for pair in NOT_BOTH:
        if all(config.get(key) is True for key in pair):
            wrong |= {key: f"is true, and so is another of {', '.join(pair)}" for key in pair}
    wrong = {key: problem for key, problem in wrong.items() if problem}
    yield from wrong.items()
    if not wrong.keys() & set(WEIGHTS):
        total = fsum(config[key] for key in WEIGHTS)
        if abs(total - 1) > SUM_OFF + ROUNDING:
            yield "weights", f"are {total} together, not 1"
