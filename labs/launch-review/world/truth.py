"""What is so of a launch, from its tables alone: figures, risks, decision, what an offer may be. policy.md in code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from kinds import GRAVE, RISKS, UNSAID
from launch import Columns, Terms
from papers import BUCKET_S, WARM_UP_S


@dataclass
class Truth:
    """`figures` by the names of claims; `holds`: risks, in the policy's order; `go_when`: by risk."""

    figures: dict[str, float | str] = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    decision: str = ""
    go_when: dict[str, float] = field(default_factory=dict)
    most_share: float = 1.0
    seen: float = 0.0
    """Orders of the smallest judged segment in an hour, at a share of 1."""
    extra: float = 0.0
    """Bad orders more in an hour, at a share of 1."""
    most_extra: float = 0.0
    least_seen: float = 0.0
    most_hours: float = 24.0

    @property
    def corridor(self) -> tuple[float, float]:
        """Share times hours: at least, at most; in fewer hours than there are capacity may bear less."""
        return self.least_seen / self.seen, min(self.most_extra / self.extra, self.most_share * self.most_hours)


def truth(terms: Terms, tables: dict[str, Columns]) -> Truth:
    """All of it."""
    made = Truth()
    held: dict[str, bool] = {}
    sustained, peak = steady_rps(terms, tables["load_test"]), peak_rps(terms, tables["traffic"])
    made.figures |= {"sustained-rps": sustained, "peak-rps": peak}
    needed = terms.headroom * peak
    held["capacity"], made.go_when["capacity"] = sustained < needed, needed
    made.most_share = min(1.0, sustained / needed)

    orders, losses = quality(terms, tables["shadow"])
    _, old_all, loss_all = losses[""]
    judged = {name: each for name, each in losses.items() if name and each[0] >= terms.least_share}
    worst = max(judged, key=lambda name: judged[name][2])
    made.figures |= {"quality-delta": loss_all, "worst-segment": worst, "worst-delta": judged[worst][2]}
    held["data"], made.go_when["data"] = orders < terms.least_orders, terms.least_orders - orders
    held["quality"], made.go_when["quality"] = loss_all > terms.limit_quality, old_all + terms.limit_quality
    held["segment"] = judged[worst][2] > terms.limit_segment
    made.go_when["segment"] = judged[worst][1] + terms.limit_segment

    made.figures["cost-per-1000"] = cost(terms, tables["costs"])
    held["cost"], made.go_when["cost"] = float(made.figures["cost-per-1000"]) > terms.limit_cost, terms.limit_cost
    held["rollback"], made.go_when["rollback"] = not rehearsed(terms, tables["rehearsals"]), terms.limit_rollback_s

    days = {name: np.asarray(values, float) for name, values in tables["slo_days"].items() if name != "day"}
    allowed = terms.slo_bad * days["orders"].sum()
    left = allowed - days["bad"].sum()
    held["budget"], made.go_when["budget"] = left < terms.limit_budget * allowed, allowed * (1 - terms.limit_budget)
    an_hour = days["orders"].mean() / 24
    made.seen = an_hour * min(each[0] for each in judged.values())
    made.extra, made.most_extra = an_hour * terms.assumed_loss, terms.budget_part * left
    made.least_seen, made.most_hours = terms.least_seen, terms.most_hours
    made.holds = [risk for risk in RISKS if held[risk] and not (held["data"] and risk in UNSAID)]
    made.decision = "not-yet" if GRAVE & {*made.holds} else "phased" if made.holds else "go"
    return made


def steady_rps(terms: Terms, test: Columns) -> float:
    """Requests a second in the highest step that holds, on the replicas of the launch."""
    rows = {name: np.asarray(values) for name, values in test.items()}
    best = 0.0
    for step in np.unique(rows["step"]):
        mine = rows["step"] == step
        mine &= rows["second"] >= rows["second"][mine].min() + WARM_UP_S
        requests = rows["requests"][mine].sum()
        if (rows["errors"][mine].sum() <= terms.slo_errors * requests
                and rows["slow"][mine].sum() <= terms.slo_slow * requests):  # fmt: skip
            best = max(best, float(requests / mine.sum()) * terms.replicas / float(rows["replicas"][mine][0]))
    return best


def peak_rps(terms: Terms, traffic: Columns) -> float:
    """Requests a second in the busiest five minutes of the event's weekday, times the event's factor."""
    begun = np.asarray(traffic["begun"], "datetime64[D]")
    weekday = (begun.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    mine = weekday == terms.event_day.weekday()
    return float(np.asarray(traffic["requests"])[mine].max()) / BUCKET_S * terms.event_factor


def quality(terms: Terms, shadow: Columns) -> tuple[int, dict[str, tuple[float, float, float]]]:
    """Orders, and by segment (empty: all) its share of orders, the old model's share of wrong ones, the new one's less
    that. An order counts once; no answer is a wrong one."""
    seen: dict[Any, tuple[Any, bool, bool]] = {}
    for id, segment, old, new in zip(
        *(shadow[name] for name in ("order_id", "segment", "old_off", "new_off")), strict=True
    ):
        off = terms.off_minutes
        seen[id] = segment, float(old) > off, new is None or float(new) > off
    rows = list(seen.values())
    found = {}
    for name in ["", *sorted({str(row[0]) for row in rows})]:
        mine = [row for row in rows if name in ("", row[0])]
        old, new = sum(row[1] for row in mine) / len(mine), sum(row[2] for row in mine) / len(mine)
        found[name] = len(mine) / len(rows), old, new - old
    return len(rows), found


def cost(terms: Terms, bills: Columns) -> float:
    """EUR for a thousand requests of the new model: all its items, over what it served."""
    eur, served = 0.0, {}
    for day, model, each, requests in zip(*(bills[name] for name in ("day", "model", "eur", "requests")), strict=True):
        if model == terms.model:
            eur += float(each)
            served[day] = requests
    return 1000 * eur / float(sum(served.values()))


def rehearsed(terms: Terms, table: Columns) -> bool:
    """Whether the last rollback rehearsed for this model is recent, went well, and was fast enough."""
    rows = zip(*(table[name] for name in ("begun", "model", "seconds", "went_well")), strict=True)
    last: Any = max(row for row in rows if row[1] == terms.model)
    recent = (terms.launch_day - last[0]).total_seconds() <= 86_400 * terms.rollback_days
    return bool(recent and last[3] and last[2] <= terms.limit_rollback_s)
