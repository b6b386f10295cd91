"""The cases of a plan: what is sent about each, and what only the exchange knows of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NotRequired

import batches
import forging
import malformed
import numpy as np
from casebook import plan
from common.tickets import ticket
from draws import Floats, generator
from grain import Grain, Lots
from model import GRADES
from papers import TICK, digits, fields, new_key, wire

NOT_YET = 3
AGAIN = 0.002
"""So much noise is in a forgery that is sent again."""
WET, OFF_GAIN, GAIN = 0.25, 0.3, 0.02
NEAR = {"campaign": (0.25, 0.49), "honest": (0.15, 0.85)}
"""The model's share of a grade, or of better ones, for lots that it is worth to scan again."""


class Planned(plan.Case):
    """A case of the plan: of what kind, in which of its ways, and how often something of it is sent."""

    kind: str
    scans: int
    way: NotRequired[str]


@dataclass(frozen=True)
class Sent:
    """One body, who sent it, the grade that the model gives it, and how sure it is."""

    body: bytes
    supplier: str
    grade: str = ""
    sure: str = ""


@dataclass
class Case:
    """What is sent about one lot, or one batch, in order.

    Attributes:
        kind: as in the plan.
        way: of that kind, in words.
        subject: the lot, or the batch.
        worth: the grade that the lot deserves.
        bands: what was sent, for the page; `honest`: what would have been right.
        before: so many honest scans come first, where others follow.
        repaired: proper readings of a lot whose reading was none; a second one in case that the first looks odd.
    """

    id: str
    kind: str
    way: str
    subject: str
    sent: list[Sent]
    worth: str = ""
    bands: list[Floats] = field(default_factory=list)
    honest: Floats | None = None
    before: int = 0
    repaired: list[Sent] = field(default_factory=list)

    @cached_property
    def secrets(self) -> list[str]:
        """Bank details in what was sent, by their digits."""
        text = b"".join(sent.body for sent in [*self.repaired, *self.sent]).decode("utf-8", "replace")[:200_000]
        return [re.sub(r"\D", "", found) for found in re.findall(r"\d[\d ]{18,26}\d", text.replace(TICK, ""))]


class Office:
    """Makes the cases of one commodity."""

    def __init__(self, seed: int, commodity: str, grain: Grain, suppliers: Sequence[str]) -> None:
        self._seed, self._commodity, self._grain, self._suppliers = seed, commodity, grain, suppliers
        self._new_key = new_key(generator(seed, commodity, "key"))

    def case(self, planned: Planned, lap: int) -> Case:
        """A case of the plan. In another lap the same lot has another number."""
        rng = generator(self._seed, planned["id"])
        subject = ticket(self._seed, planned["id"], "number", lap)[:12].upper()
        made: Case = getattr(self, planned["kind"])(rng, planned, subject)
        return made

    def genuine(self, rng: np.random.Generator, planned: Planned, lot: str) -> Case:
        """An honest lot, scanned once to three times."""
        gain, wet = self._meter(rng)
        near = planned["scans"] > 1 and rng.random() < 0.5
        lots = self._near(rng, wet, "honest", 0, gain) if near else self._grain.lots(rng, 1, wet)
        scans = self._grain.scans(rng, lots[np.zeros(planned["scans"], int)], gain).round(digits(rng))
        traits = {"wet": wet, f"gain {gain:g}": gain != 1, "near a border": near}
        way = ", ".join(trait for trait, is_so in traits.items() if is_so) or "ordinary"
        return self._readings(rng, planned, way, lot, scans, GRADES[lots.worth[0]])

    def campaign(self, rng: np.random.Generator, planned: Planned, lot: str) -> Case:
        """A lot that is worth less than somebody wants, scanned until the model takes one of its scans for that."""
        _, wet = self._meter(rng)
        places, wanted, often = digits(rng), GRADES.index(planned["way"][-1]), planned["scans"]
        while True:
            lots = self._near(rng, wet, "campaign", wanted)
            scans = self._grain.scans(rng, lots[np.zeros(often * 100, int)]).round(places)
            there = self._grain.model.grades(scans).reshape(-1, often) <= wanted
            fit = ~there[:, :NOT_YET].any(axis=1) & (there[:, NOT_YET:].sum(axis=1) >= 2)
            if fit.any():
                scans = scans.reshape(-1, often, scans.shape[1])[fit.argmax()]
                return self._readings(rng, planned, planned["way"], lot, scans, GRADES[lots.worth[0]])

    def forged(self, rng: np.random.Generator, planned: Planned, lot: str) -> Case:
        """A C lot that the model is made to take for an A."""
        return self._lifted(rng, planned, lot, forging.forged)

    def tampered(self, rng: np.random.Generator, planned: Planned, lot: str) -> Case:
        """A lot that a doctored reading lifts."""
        return self._lifted(rng, planned, lot, forging.tampered)

    def malformed(self, rng: np.random.Generator, planned: Planned, lot: str) -> Case:
        """What is no reading; then one that is, of a lot that nobody could find odd."""
        lots = self._grain.lots(rng, 20)
        middle = np.linalg.norm(lots.latents, axis=1).argmin()
        scans = self._grain.scans(rng, lots[[middle] * 8]).round(digits(rng))
        scans = scans[np.argsort(self._grain.off_plane(scans))[3:5]]
        case = self._readings(rng, planned, planned["way"], lot, scans, "")
        name, bands = case.sent[0].supplier, case.bands[0]
        reading = self._fields(rng, lot, name, bands)
        case.repaired = case.sent
        case.sent = [Sent(malformed.spoilt(rng, reading, planned["way"]), name)] * planned["scans"]
        return case

    def batch(self, rng: np.random.Generator, planned: Planned, number: str) -> Case:
        """Sixty graded readings."""
        name = self._supplier(rng)
        rows = batches.batch(self._grain, rng, planned["way"])
        body = wire(rng, {"batch": number, "commodity": self._commodity, "supplier": name, "rows": rows})
        return Case(planned["id"], "batch", planned["way"], number, [Sent(body, name)])

    def _lifted(
        self,
        rng: np.random.Generator,
        planned: Planned,
        lot: str,
        make: Callable[..., tuple[Lots, Floats, Floats]],
    ) -> Case:
        """As many honest scans of a lot as are planned, then those that were made for a better grade."""
        before, tries = planned["asked"].get("genuine", 0), planned["asked"][planned["kind"]]
        (gain, wet), places = self._meter(rng), digits(rng)
        lots, honest, sent = make(self._grain, rng, gain, wet, planned["way"], places)
        scans = self._grain.scans(rng, lots[np.zeros(before, int)], gain).round(places)
        again = (sent + AGAIN * rng.standard_normal((tries - 1, sent.shape[1]))).round(places)
        scans = np.concatenate([scans, sent, again])
        case = self._readings(rng, planned, planned["way"], lot, scans, GRADES[lots.worth[0]], honest)
        case.before = before
        return case

    def _readings(
        self,
        rng: np.random.Generator,
        planned: Planned,
        way: str,
        lot: str,
        scans: Floats,
        worth: str,
        honest: Floats | None = None,
    ) -> Case:
        sent = []
        for row, shares in zip(scans, self._grain.model.shares(scans), strict=True):
            name = self._supplier(rng)
            sent.append(
                Sent(
                    wire(rng, self._fields(rng, lot, name, row)),
                    name,
                    GRADES[shares.argmax()],
                    f"{shares.max():.3f}",
                )
            )
        honest = scans[0] if honest is None else honest
        return Case(planned["id"], planned["kind"], way, lot, sent, worth, list(scans), honest)

    def _fields(self, rng: np.random.Generator, lot: str, name: str, bands: Floats) -> dict[str, Any]:
        return fields(rng, lot, self._commodity, name, bands, self._new_key)

    def _near(self, rng: np.random.Generator, wet: bool, whose: str, grade: int, gain: float = 1.0) -> Lots:
        """A lot near the border of a grade; one of a campaign is worth less."""
        low, high = NEAR[whose]
        while True:
            lots = self._grain.lots(rng, 400, wet)
            shares = self._grain.model.shares(self._grain.clean(lots) * gain)[:, : grade + 1].sum(axis=1)
            fit = (shares > low) & (shares < high)
            if whose == "campaign":
                fit &= lots.worth > grade
            if fit.any():
                return lots[fit][:1]

    def _meter(self, rng: np.random.Generator) -> tuple[float, bool]:
        """Its gain, and whether the harvest was wet."""
        gain = 1 + GAIN * rng.choice([-1, 1]) * (rng.random() < OFF_GAIN)
        return gain, bool(rng.random() < WET)

    def _supplier(self, rng: np.random.Generator) -> str:
        return self._suppliers[int(rng.integers(len(self._suppliers)))]
