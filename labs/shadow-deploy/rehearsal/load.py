"""Brokers send ten claims at a time. Regions and kinds of claims come in shuffled decks; who decided, receipts say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from call_receipts import Receipt, checked, read
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from truth import DECISIONS, HARD, SIMPLE, id_of

GIVEN_UP_S = 1.2
MANY = 10  # claims a request
EACH, HARD_EACH = 10, 3  # claims of a region in a deck, and how many of them are hard
REGIONS = 5
POLICIES = 36  # of fleets, with many claims each
VERSIONS = ("v1", "v2")
NAMES = (
    "Aldmoor", "Brackwater", "Cairnholm", "Dunmarsh", "Eastfen", "Farrowdale", "Greyling", "Holmfirth", "Inverlane",
    "Keldrick", "Lowther", "Marlcombe", "Netherby", "Orrisdale", "Penmarrow", "Quarrington", "Ravensby", "Stanmoor",
    "Tarnbrook", "Wexcombe",
)  # fmt: skip


@dataclass(frozen=True)
class Claims(Request):
    """What a broker sends."""

    items: tuple[Mapping[str, Any], ...] = ()


class Traffic:
    """Parameters: `seal` is what receipts, ids and truth are made with, and regions and policies drawn from."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._sealed = "seal" in parameters
        self._key = key_of(parameters.get("seal", "practice"))
        self._first = 0 if self._sealed else seed * 10**7  # whoever starts it again in practice claims anew
        self._regions, self._policies = regions(self._key), policies(self._key)
        self._decks: dict[int, list[tuple[str, str]]] = {}

    def request(self, n: int) -> Claims:
        """The n-th arrival."""
        items = tuple(self._item(self._first + MANY * n + one) for one in range(MANY))
        return Claims("POST", "/v1/claims", "claims", json={"items": items}, timeout_s=GIVEN_UP_S, items=items)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`v1` or `v2`, which is live and decided all; `mixed`, if both did; `unlive`, if one did that was not live;
        `forged`, if a decision has no receipt that fits; `none` if there is no answer."""
        assert isinstance(request, Claims)
        if status != 200:
            return "none"
        found = json.loads(body)["items"]
        if not isinstance(found, list) or len(found) != len(request.items) or not all(map(_shaped, found)):
            return "none"
        said = [self._said(item, one) for item, one in zip(request.items, found, strict=True)]
        whos = {one.who for one in said if one is not None}
        if None in said or not whos <= set(VERSIONS):
            return "forged"
        if any(one["role"] != "live" for one in found):
            return "unlive"
        return "mixed" if len(whos) > 1 else whos.pop()

    def _said(self, item: Mapping[str, Any], one: Mapping[str, Any]) -> Receipt | None:
        if not self._sealed:
            return read(one["receipt"])  # in practice the pool's key is its own
        return checked(self._key, one["receipt"], item, {"decision": one["decision"], "role": one["role"]})

    def _item(self, n: int) -> Mapping[str, Any]:
        region, level = self._place(n)
        rng = generator(self._key, "item", n)
        policy, amount = rng.choice(self._policies), round(rng.lognormvariate(7.2, 0.8), 2)
        return {"id": id_of(self._key, n, level), "policy": policy, "region": region, "amount": amount}

    def _place(self, n: int) -> tuple[str, str]:
        number, place = divmod(n, REGIONS * EACH)
        if number not in self._decks:
            deck = [(region, HARD if one < HARD_EACH else SIMPLE) for region in self._regions for one in range(EACH)]
            generator(self._key, "deck", number).shuffle(deck)
            self._decks[number] = deck
        return self._decks[number][place]


def _shaped(one: Any) -> bool:
    """Whether it looks like a decision."""
    return isinstance(one, dict) and one.get("decision") in DECISIONS and {"role", "receipt"} <= one.keys()


def key_of(seal: object) -> str:
    """What receipts and ids are signed with, and truth is drawn from."""
    return named(str(seal), "receipts", size=16)


def regions(key: str) -> tuple[str, ...]:
    """Of a day."""
    return tuple(generator(key, "regions").sample(NAMES, REGIONS))


def policies(key: str) -> tuple[str, ...]:
    """Of a day's fleets."""
    return tuple(f"F-{number}" for number in generator(key, "policies").sample(range(1000, 10_000), POLICIES))
