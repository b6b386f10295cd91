"""The settings of a tenant: what there is, of which type, within which limits. Everything else is refused by name."""

from dataclasses import dataclass

from flags import DEFAULTS

REQUIRED = object()


@dataclass(frozen=True)
class Number:
    """A number within limits; a default, or REQUIRED."""

    low: float
    high: float
    default: object = REQUIRED
    whole: bool = False

    def problem(self, value):
        if type(value) not in ((int,) if self.whole else (int, float)):
            return f"must be a {'whole ' if self.whole else ''}number"
        return "" if self.low <= value <= self.high else f"must be from {self.low} to {self.high}"


@dataclass(frozen=True)
class Flag:
    """True or false."""

    default: bool = False

    def problem(self, value):
        return "" if type(value) is bool else "must be true or false"


WEIGHTS = ("weight_fit", "weight_margin", "weight_fresh", "weight_quick", "weight_light")
KEYS = {
    **dict.fromkeys(WEIGHTS, Number(0, 1)),
    "min_stock": Number(0, 50, 1, whole=True),
    "max_price": Number(1, 100_000, 5000),
    "fresh_days": Number(30, 3650, 730, whole=True),
    "one_per_maker": Flag(),
    "own_brand_first": Flag(),
    "heavy_last": Flag(),
    "close_of_month": Flag(),
}


class Refused(Exception):
    """A push is wrong."""

    def __init__(self, errors):
        super().__init__()
        self.errors = [{"key": key, "problem": problem} for key, problem in errors]


class Book:
    """What is in force for each tenant."""

    def __init__(self):
        self._of = {}

    def of(self, tenant):
        """The settings of a tenant."""
        return self._of[tenant]

    def accept(self, document):
        """Take a push as a whole; Refused with everything that is wrong."""
        tenant, config = document.get("tenant"), document.get("config")
        errors = []
        if not isinstance(tenant, str) or not tenant:
            errors.append(("tenant", "must be a text"))
        if not isinstance(config, dict):
            errors.append(("config", "must be an object"))
        else:
            errors += problems(config)
        if errors:
            raise Refused(errors)
        defaults = {key: kind.default for key, kind in KEYS.items() if kind.default is not REQUIRED}
        self._of[tenant] = defaults | config
        return tenant


def problems(config):
    """Each key that is wrong, and why."""
    found = [(key, unknown(key)) for key in config if key not in KEYS]
    for key, kind in KEYS.items():
        if key in config and (problem := kind.problem(config[key])):
            found.append((key, problem))
        elif key not in config and kind.default is REQUIRED:
            found.append((key, "is missing"))
    if not found and abs(sum(config[weight] for weight in WEIGHTS) - 1) > 1e-6:
        found.append(("weights", "must sum to 1"))
    if config.get("own_brand_first") is True and config.get("heavy_last") is True:
        found.append(("heavy_last", "excludes own_brand_first"))
    return found


def unknown(key):
    """Why a key is refused that nobody knows."""
    return "is a flag that was retired" if key in DEFAULTS else "is no setting"
