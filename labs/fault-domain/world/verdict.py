"""What is truly wrong with a cell, and what a diagnosis of it is worth."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cell import Cell

IN_TIME_S, LIVE_ROWS = 80, 100
DOMAINS = {
    "infra": ("slow-replica", "lossy-hop", "store-drops", "throttled"),
    "model": ("wrong-weights", "slow-artefact", "wrong-class", "failing-rows"),
    "data": ("other-unit", "stale", "nulls", "source-late"),
}
"""What can be wrong. Whatever else is in a case's `kinds` only looks so."""


def word_of(aspect: str, kinds: Collection[str], cell: Cell, said: set[str]) -> str:
    """What to tell about a diagnosis under an aspect. `said` is the set of domains that it names."""
    if cell.hurt:
        return cell.hurt[0]
    if aspect == "harmless":
        return "right" if cell.live_rows <= LIVE_ROWS else "too-many"
    if aspect == "in-time":
        return "right" if cell.clock_s <= IN_TIME_S else "late"
    true = domains_of(kinds)
    if said == true:
        return "right"
    return "missed" if said < true else "invented" if said > true else "mistaken"


def domains_of(kinds: Collection[str]) -> set[str]:
    """The domains that are at fault."""
    return {domain for domain, those in DOMAINS.items() if set(kinds) & set(those)}


def in_words(kinds: Collection[str]) -> str:
    """What is wrong, for people."""
    at_fault = [f"{domain}: {kind}" for kind in kinds for domain in domains_of([kind])]
    return ", ".join([*(at_fault or ["nothing"]), *(f"looks: {kind}" for kind in kinds if not domains_of([kind]))])
