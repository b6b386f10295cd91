"""Makes a package of each kind: sound, failing at a step, one for a person, one that is hostile."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import hostile
import package
from common.names import named
from figured import Numbers, Wish, numbers
from package import File, Package, day_between
from papers import Papers
from words import word

OTHER_KINDS = ("boosted trees", "scorecard", "network", "Logistic-GAM")
FIGURED = {3, 5, 6, 7, 8, 9, 10, 11}
"""Steps that compare a figure with a bound."""


@dataclass(frozen=True)
class Right:
    """What is right of a package: a refusal has a step, and some a figure and its bound."""

    decision: str
    step: int | None = None
    figure: float | None = None
    bound: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Made:
    """A package as a tray has it, and its line in the list of waivers, if it has one."""

    id: str
    kind: str
    way: str
    files: list[File]
    waivers: list[dict[str, Any]]
    right: Right


def made(rng: random.Random, papers: Papers, case: dict[str, Any], id: str, beacon: str) -> Made:
    """The package that a case of the plan wishes for; `beacon` is what a pickle asks when it is loaded."""
    maker = _Maker(rng, papers, case, id)
    return maker.made(beacon)


class _Maker:
    def __init__(self, rng: random.Random, papers: Papers, case: dict[str, Any], id: str) -> None:
        self.rng, self.papers, self.id = rng, papers, id
        self.kind, self.way = str(case["kind"]), str(case["way"])
        self.form = self.way.removeprefix("waiver ")
        self.waiver = str(case.get("waiver", ""))
        self.steps = sorted(int(step) for step in case.get("steps", []))
        self.close = int(self.way.split()[1]) if self.way.startswith("close ") else None
        self.beyond = self.way.endswith(" beyond")

    def made(self, beacon: str) -> Made:
        rng = self.rng
        made = self._package()
        inside = package.files(rng, made, other_order=self.way == "other order" or rng.random() < 0.3)
        if self.kind == "hostile" and self.way != "pickle":
            inside = hostile.spoilt(rng, self.way, inside)
        elif self.kind == "hostile":
            inside["model.pkl"] = hostile.pickle_of(beacon)
        elif 1 in self.steps and self.form == "rows left out":
            header, *rows = inside["scores.csv"].splitlines(keepends=True)
            inside["scores.csv"] = header + b"".join(rows[rng.randint(1, 12) :])
        elif 1 in self.steps and self.form == "changed":
            whole = package.sealed(made, inside)
            at = rng.choice(("card.json", "holdout.csv"))
            return self._done(made, whole | {at: whole[at] + b"\n"})
        elif 1 in self.steps and self.form == "not named":
            return self._done(made, package.sealed(made, inside, unnamed=rng.choice(list(inside))))
        elif 1 in self.steps:
            whole = package.sealed(made, inside)
            gone = rng.choice(("card.json", "scores.csv", "signatures.json"))
            return self._done(made, {path: data for path, data in whole.items() if path != gone})
        return self._done(made, package.sealed(made, inside))

    def _done(self, made: Package, inside: dict[str, bytes]) -> Made:
        sent = package.sent(self.rng, inside)
        if self.way == "twice":
            sent = hostile.twice(self.rng, sent)
        return Made(self.id, self.kind, self.way, sent, self._waivers(), self._right(made))

    def _right(self, made: Package) -> Right:
        if self.kind == "sound":
            return Right("approve")
        if self.kind == "odd":
            return Right("ask", reason=self.way.split()[0])
        first = self.steps[0] if self.steps else 1
        if first == 3:
            return Right("refuse", 3, self._age(made), self.papers.policy[made.portfolio]["window_days"])
        return Right("refuse", first, *made.numbers.figures.get(first, (None, None)))

    def _age(self, made: Package) -> float:
        return (made.submitted - date.fromisoformat(made.model["trained"]["until"])).days

    def _package(self) -> Package:
        rng, papers = self.rng, self.papers
        portfolio = rng.choice(list(papers.policy))
        bounds = papers.policy[portfolio]
        small = self.way in ("small segment", "segment")
        segments = rng.sample(papers.segments, 4 if small else rng.choice((2, 3)))
        groups = [word(rng) for _ in range(rng.choice((2, 2, 3)))]
        wish = Wish(frozenset(self.steps), self.close, self.beyond, self.way == "rows", small)
        drawn = numbers(rng, bounds, segments, groups, wish)
        if self.way == "segment":
            new = word(rng)
            drawn.segments = [new if name == segments[-1] else name for name in drawn.segments]
        submitted = papers.day - timedelta(days=rng.randint(1, 9))
        inputs = self._inputs(len(drawn.weights))
        trained = self._trained(submitted, int(bounds["window_days"]))
        author, validator = self._signers(submitted)
        model: dict[str, Any] = {
            "kind": rng.choice(OTHER_KINDS) if self.way == "kind" else "logistic",
            "inputs": inputs,
            "weights": drawn.weights,
            "intercept": drawn.intercept,
            "trained": trained,
            "reference": {"edges": drawn.edges, "shares": drawn.then},
        }  # fmt: skip
        card = {
            "model": self.id,
            "portfolio": portfolio,
            "author": author,
            "inputs": rng.sample(inputs, len(inputs)) if rng.random() < 0.5 else list(inputs),
            "trained": dict(trained),
            "figures": self._claims(drawn, bounds),
        }
        self._contradict(card, portfolio)
        signed = {
            "author": {"who": author, "day": submitted.isoformat()},
            "validator": {"who": validator, "day": papers.day.isoformat()},
        }
        return Package(self.id, portfolio, submitted, self._golive(portfolio), card, model, signed, inputs, drawn)

    def _contradict(self, card: dict[str, Any], portfolio: str) -> None:
        if not self.way.startswith("contradiction"):
            return
        what = self.way.partition(" ")[2]
        if what == "portfolio":
            card["portfolio"] = self.rng.choice([name for name in self.papers.policy if name != portfolio])
        elif what == "inputs":
            card["inputs"] = card["inputs"][:-1]
        elif what == "author":
            card["author"] = self.rng.choice(
                [one.account for one in self.papers.people if one.account != card["author"]]
            )
        else:
            until = date.fromisoformat(card["trained"]["until"]) + timedelta(days=self.rng.randint(20, 60))
            card["trained"]["until"] = until.isoformat()

    def _claims(self, drawn: Numbers, bounds: dict[str, float]) -> dict[str, float]:
        """What the author says, from a holdout of his own: always within the bounds, but for a sound one's at times."""
        rng = self.rng
        better = self.way != "worse card"
        claims = {
            "max_difference": 3e-9 if better else 4e-5,
            "auc": round(drawn.figures[6][1] + (0.09 if better else -0.2), 4),
            "champion_auc": round(drawn.figures[6][1] + bounds["auc_drop"], 4),
            "calibration": round(bounds["calibration"] * (rng.uniform(0.1, 0.8) if better else 2), 4),
            "segment_auc": round(bounds["segment_auc"] * (rng.uniform(1.1, 1.3) if better else 0.7), 4),
            "ratio": round(bounds["ratio"] + (1 - bounds["ratio"]) * rng.uniform(0.3, 0.9) if better else 0.4, 4),
            "psi": round(bounds["psi"] * (rng.uniform(0.1, 0.7) if better else 1.9), 4),
        }
        kept = rng.sample(list(claims), rng.randint(6, len(claims)))
        return {name: claims[name] for name in kept}

    def _inputs(self, count: int) -> list[str]:
        rng, papers = self.rng, self.papers
        inputs = rng.sample(papers.inputs(None), count)
        if 4 in self.steps:
            bad = papers.inputs(4) if self.form == "4 up" else papers.inputs(*range(4))
            inputs[rng.randrange(count)] = word(rng) + "_x" if self.form == "absent" else rng.choice(bad)
        return inputs

    def _trained(self, submitted: date, bound: int) -> dict[str, str]:
        rng = self.rng
        days = rng.randint(30, int(bound * 0.94))
        if 3 in self.steps:
            days = int(bound * rng.uniform(1.12, 1.8)) + 1
        elif self.close == 3:
            days = bound + (rng.randint(1, int(bound * 0.015)) if self.beyond else -rng.randint(0, int(bound * 0.015)))
        until = submitted - timedelta(days=days)
        return {"from": (until - timedelta(days=rng.randint(400, 900))).isoformat(), "until": until.isoformat()}

    def _signers(self, submitted: date) -> tuple[str, str]:
        """An author who was there when the package was handed in, and may have left since; a validator who is here."""
        people, day = self.papers.people, self.papers.day
        pairs = [(a, b, a.here(submitted) + b.here(day)) for a in people for b in people]
        signers = {
            "same person": [(a, b) for a, b, here in pairs if here == 2 and a.person == b.person and a.team != b.team],
            "same team": [(a, b) for a, b, here in pairs if here == 2 and a.person != b.person and a.team == b.team],
            "had left": [(a, b) for a, b, here in pairs if here == 1 and a.person != b.person and a.team != b.team],
            "": [(a, b) for a, b, here in pairs if here == 2 and a.person != b.person and a.team != b.team],
        }
        author, validator = self.rng.choice(signers[self.form if 2 in self.steps else ""])
        return author.account, validator.account

    def _golive(self, portfolio: str) -> date:
        rng, papers = self.rng, self.papers
        mine = [one for one in papers.freezes if one.portfolio in (portfolio, "all")]
        if 12 in self.steps:
            freeze = rng.choice([one for one in mine if (one.portfolio == "all") == (self.form == "of all")])
            return freeze.last if self.form == "last day" else day_between(rng, freeze.first, freeze.last)
        days = [papers.day + timedelta(days=n) for n in range(2, 50)]
        free = [day for day in days if not any(one.first <= day <= one.last for one in mine)]
        others = [day for day in free if any(one.first <= day <= one.last for one in papers.freezes)]
        return rng.choice(others if others and self.way == "other freeze" else free)

    def _waivers(self) -> list[dict[str, Any]]:
        """One that counts, beside two that do not; or one that does not; or none."""
        if not self.waiver:
            return []
        rng, day = self.rng, self.papers.day
        first, last = day - timedelta(days=rng.randint(0, 40)), day + timedelta(days=rng.randint(0, 40))
        step = self.steps[0] if self.steps else rng.randint(2, 12)
        first = day if self.waiver == "first day" else first
        last = day if self.waiver == "last day" else last
        if self.waiver == "over":
            last = day - timedelta(days=rng.randint(1, 20))
            first = last - timedelta(days=30)
        elif self.waiver == "not begun":
            first = day + timedelta(days=rng.randint(1, 5))
            last = first + timedelta(days=30)
        elif self.waiver == "other step":
            step = rng.choice([other for other in range(2, 13) if other not in self.steps])
        model = named(rng.getrandbits(40), "model") if self.waiver == "other model" else self.id
        found = [(step, first, last)]
        if self.kind == "odd":
            other = rng.choice([other for other in range(2, 13) if other not in self.steps])
            before = first - timedelta(days=rng.randint(1, 20))
            found += [(other, first, last), (step, before - timedelta(days=30), before)]
        return [{"model": model, "step": a, "from": b.isoformat(), "until": c.isoformat()} for a, b, c in found]
