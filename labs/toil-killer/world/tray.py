"""A tray: twelve new packages and ten old ones, in any order, with the papers that belong to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import past
from common.names import generator, named
from making import Made, made
from papers import papers
from past import Past


@dataclass(frozen=True)
class Tray:
    """`new` are judged one by one, the ten old ones by what is said of them as a whole."""

    id: str
    new: list[Made]
    past: Past
    sent: dict[str, Any]
    beacon: str


def tray(seed: int, case: dict[str, Any], lap: int) -> Tray:
    """All of it, drawn from the seed and the case's id; each lap of practice has another beacon."""
    rng = generator(seed, case["id"])
    beside = papers(rng)
    beacon = named(seed, case["id"], "beacon", lap)
    wishes = [*case["packages"], *past.wish(rng)]
    all_ = [
        made(generator(seed, case["id"], at), beside, wish, f"model-{named(seed, case['id'], at)}", f"/beacon/{beacon}")
        for at, wish in enumerate(wishes)
    ]
    new, old = all_[: len(case["packages"])], all_[len(case["packages"]) :]
    here = [one.account for one in beside.people if one.here(beside.day)]
    known = past.past(rng, here, {one.id: one.right for one in old})
    packages = [{"id": one.id, "files": one.files} for one in rng.sample(all_, len(all_))]
    waivers = [waiver for one in all_ for waiver in one.waivers]
    rng.shuffle(waivers)
    sent = {"tray": case["id"], **beside.written(), "waivers": waivers, "packages": packages}
    return Tray(case["id"], new, known, sent, beacon)
