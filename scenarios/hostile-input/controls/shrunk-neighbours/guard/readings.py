"""A proper reading: graded by the model, or flagged, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from archives import Archives
from exchange import Exchange
from intake import Reading
from kinship import Explained, Kin
from lots import Lot, Memory

STRANGE = 0.005  # so few of the held-out archive readings look stranger
DOUBTFUL = 0.05


@dataclass(frozen=True)
class Verdict:
    grade: str
    flag: str | None = None
    why: str = ""


class Readings:
    def __init__(self, exchange: Exchange, archives: Archives, memory: Memory) -> None:
        self.exchange, self.archives, self.memory = exchange, archives, memory

    async def grade(self, reading: Reading) -> Verdict:
        kin = (await self.archives.of(reading.commodity)).kin
        one = kin.explain(np.array(reading.bands))
        lot, supplier = self.memory.lots[reading.lot], self.memory.suppliers[reading.supplier]
        async with lot.lock:  # two scans of one lot at the same time are still the first and the second
            raw, clean = await self.exchange.grades(reading.commodity, [reading.bands, one.clean.tolist()])
            supplier.asked += 1
            found = doubt(kin, one, raw, clean, lot)
            if found is None:
                return Verdict(lot.graded(raw, one.clean))
            lot.flagged()
            supplier.refused += 1
            flag, why = found
            return Verdict(raw, flag, f"{why}; {supplier.refused} of {supplier.asked} of this supplier's scans flagged")


def doubt(kin: Kin, one: Explained, raw: str, clean: str, lot: Lot) -> tuple[str, str] | None:
    """A word and a reason, if this reading is not to be believed."""
    surprise = kin.surprise(one)
    if surprise < STRANGE:
        band = int(np.abs(one.rest).argmax())
        return "strange", (
            f"unlike its kin in the archive: {one.strange:.3f} unexplained, usually {np.median(kin.strange):.3f}; "
            f"most in band {band}"
        )
    if raw < clean and surprise < DOUBTFUL:
        return "noise", f"graded {raw} only for what its kin cannot explain ({one.strange:.3f}); without it {clean}"
    if lot.better(raw) and (apart := lot.unlike(one.clean)) > kin.apart:
        return "other grain", f"better than before, but other grain: {apart:.3f} apart, {kin.apart:.3f} at most"
    return None
