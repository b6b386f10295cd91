"""Who sends pictures: tenants with a key, a tier and a quota. All but the tiers is drawn from a seed; 0 is practice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from common.names import generator, named

TIERS = ("premium", "free")
MANY = {"premium": 12, "free": 33}
PER_SECOND = {"premium": 8.0, "free": 4.0}
FIRST = ("Alt", "Neu", "Hoch", "Blau", "Nord", "Mittel", "Stadt", "Wald", "Ufer", "Kirch")
LAST = {
    "premium": ("anzeiger", "kurier", "woche", "bote", "rundschau", "presse"),
    "free": ("blog", "notizen", "garten", "bilder", "reisen", "tagebuch"),
}


@dataclass(frozen=True)
class Tenant:
    """A tenant. Its quota is a bucket: `burst` pictures, refilled by `per_second`."""

    key: str
    tenant: str
    tier: str
    per_second: float
    burst: int

    def account(self) -> dict[str, Any]:
        """What the accounts say of it: all but its key."""
        return {name: value for name, value in asdict(self).items() if name != "key"}


def tenants(seed: int) -> dict[str, list[Tenant]]:
    """The tenants of each tier, always the same for a seed."""
    scale = generator(seed, "quotas").uniform(0.95, 1.05) if seed else 1.0
    made = {tier: [_made(seed, tier, n, scale) for n in range(many)] for tier, many in MANY.items()}
    for tier, each in made.items():
        generator(seed, "order", tier).shuffle(each)
    return made


def _made(seed: int, tier: str, n: int, scale: float) -> Tenant:
    rng, last = generator(seed, "name", tier), LAST[tier]
    first = rng.sample(FIRST, len(FIRST))
    name = f"{first[n % len(first)]}{last[n // len(first) % len(last)]}".lower()
    per_second = round(PER_SECOND[tier] * scale, 2)
    return Tenant(named(seed, "key", tier, n, size=10), name, tier, per_second, round(PER_SECOND[tier]))
