"""One tenant. Units are told by the medians that the contract promises, not by what came before."""

import calendar
import math
from statistics import median

MEDIANS = {"price": (15, 200), "cost": (8, 150), "weight_g": (300, 3500), "age_days": (120, 2000), "lead_h": (12, 150)}
SLACK = math.log(1.5)
WEIGHTS = ["weight_fit", "weight_margin", "weight_fresh", "weight_quick", "weight_light"]
SCHEMA = {
    **{key: ({int, float}, 0, 1) for key in WEIGHTS},
    "min_stock": ({int}, 0, 50),
    "max_price": ({int, float}, 1, 100_000),
    "fresh_days": ({int}, 30, 3650),
    **{key: ({bool}, False, True) for key in ("one_per_maker", "own_brand_first", "heavy_last", "close_of_month")},
}


def wrong(document):
    """Pairs of a key and why it is refused."""
    if type(document.get("tenant")) is not str or not document["tenant"]:
        return [("tenant", "which shop is this for?")]
    config = document["config"]
    errors = [(key, "no such setting") for key in config if key not in SCHEMA]
    errors += [(key, "missing") for key in WEIGHTS if key not in config]
    for key in config.keys() & SCHEMA.keys():
        types, low, high = SCHEMA[key]
        if type(config[key]) not in types or not low <= config[key] <= high:
            errors.append((key, f"{config[key]!r} is not from {low} to {high}"))
    if not errors and abs(math.fsum(config[key] for key in WEIGHTS) - 1) > 1e-6:
        errors.append((WEIGHTS[0], "with the other weights it does not make 1"))
    if config.get("own_brand_first") and config.get("heavy_last"):
        errors.append(("own_brand_first", "not together with heavy_last"))
    return errors


def in_contract(column, values):
    """Whether the median is where it is promised."""
    low, high = MEDIANS[column]
    return math.log(low) - SLACK <= math.log(median(values)) <= math.log(high) + SLACK


class Shop:
    def __init__(self):
        self.settings, self.parts, self.degraded = {}, {}, []
        self._values = {column: {} for column in MEDIANS}

    def feed(self, columns, rows):
        """Take what is in its unit; of the rest, what was there before."""
        rows = [dict(zip(columns, row, strict=True)) for row in rows]
        self.degraded = []
        for column in MEDIANS:
            new = {row["part"]: row[column] for row in rows}
            if in_contract(column, new.values()):
                self._values[column] = new
            else:
                self.degraded.append(column)
        self.parts = {}
        for row in rows:
            good = {column: known[row["part"]] for column, known in self._values.items() if row["part"] in known}
            if len(good) == len(MEDIANS):
                self.parts[row["part"]] = {**row, **good}

    def page(self, basket, date):
        """The body of an answer."""
        get = self.settings.get
        machines = [self.parts[part]["fits"] for part in basket if part in self.parts]
        close = get("close_of_month") and self._last(date)
        ranked = []
        for name, part in self.parts.items():
            cheap = part["price"] <= get("max_price", 5000)
            if name in basket or not cheap or part["stock"] < get("min_stock", 1) or (close and part["lead_h"] > 72):
                continue
            group = part["maker"] != "Marrow" if get("own_brand_first") else 0
            group = part["weight_g"] > 5000 if get("heavy_last") else group
            ranked.append((group, -self.score(part, machines), name))
        chosen, makers = [], set()
        for _, _, name in sorted(ranked):
            maker = self.parts[name]["maker"]
            if not (get("one_per_maker") and maker in makers):
                chosen.append(name)
            makers.add(maker)
        chosen = chosen[:10]
        old = sum(self._score_2021(self.parts[name], machines) for name in chosen) / max(1, len(chosen))
        return {"parts": chosen, "legacy_score": round(100 * old, 2), "degraded": self.degraded}

    def score(self, part, machines, low=0.0):
        """The score of today; with `low` None nothing is cut."""
        cut = (lambda x: x) if low is None else (lambda x: max(low, x))
        return self._sum(part, machines, cut(1 - part["cost"] / part["price"]), cut(self._age(part)))

    def _score_2021(self, part, machines):
        return self._sum(part, machines, 1 - part["cost"] / part["price"], max(0.0, self._age(part)))

    def _age(self, part):
        return 1 - part["age_days"] / self.settings.get("fresh_days", 730)

    def _sum(self, part, machines, margin, fresh):
        fit = machines.count(part["fits"]) / len(machines) if machines else 0.0
        terms = [fit, margin, fresh, 48 / (48 + part["lead_h"]), 2000 / (2000 + part["weight_g"])]
        return sum(self.settings[weight] * term for weight, term in zip(WEIGHTS, terms, strict=True))

    @staticmethod
    def _last(date):
        year, month, day = map(int, date.split("-"))
        return day == calendar.monthrange(year, month)[1]
