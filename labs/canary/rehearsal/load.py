"""Parcels with a route digit to read, from ten carriers in turn. Parcels and carriers are drawn from the seed."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from grader.labkit import Request, lab_of

PARCELS = lab_of(__file__).parent / "cast" / "model-server" / "models" / "parcels.json.gz"
CARRIERS = (
    "alderpost", "bluebarrow", "corvid", "dovetail", "eastgate",
    "fennel", "greywagon", "harbour", "ironbridge", "juniper",
)  # fmt: skip
ROUND = len(CARRIERS)
CALLED = 120  # the parcel with which the rollout is called for
CALLS, APART = 3, 2  # further calls, and the parcels from one to the next


class Traffic:
    """Every carrier sends one parcel in ten, in an order shuffled anew for each ten.

    `parameters["tenant"]`, where there is one, is the carrier whose requests carry the name `affected`;
    `parameters["again"]` says how many parcels after the first call further ones come, each named `again`.
    """

    target = "http://gateway:8080"

    def __init__(self, parameters: dict[str, Any], seed: int) -> None:
        self._seed = seed
        self._affected = parameters.get("tenant")
        first = CALLED + int(parameters["again"]) if "again" in parameters else None
        self._calls = () if first is None else range(first, first + CALLS * APART, APART)
        parcels = json.loads(gzip.decompress(PARCELS.read_bytes()))
        self._pixels = [list(bytes.fromhex(pixels)) for pixels, _, _ in parcels]
        self._truth = [truth for _, truth, _ in parcels]
        self._known = [known for _, _, known in parcels]

    def request(self, n: int) -> Request:
        """The n-th parcel; or, in its place, one more call for a rollout."""
        if n in self._calls:
            body, headers = b'{"version": "v2"}', {"content-type": "application/json"}
            return Request(name="again", segment="a person", method="POST", path="/rollout", headers=headers, body=body)
        tenant = _order(self._seed, n // ROUND)[n % ROUND]
        item = self._item(n)
        return Request(
            name="affected" if tenant == self._affected else "predict",
            segment=tenant,
            method="POST",
            path="/v1/predict",
            headers={"x-tenant": tenant, "content-type": "application/json"},
            body=json.dumps({"item": item, "pixels": self._pixels[item]}, separators=(",", ":")).encode(),
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`right`; `same` where v1 would have been wrong on this parcel too; else `wrong`. An error is `none`.
        A call for a rollout is `refused` or `taken`."""
        if request.name == "again":
            return "refused" if status == 409 else "taken"
        if status != 200:
            return "none"
        item = json.loads(request.body or b"")["item"]
        digit = json.loads(body)["digit"]
        if digit == self._truth[item]:
            return "right"
        return "same" if self._known[item] != self._truth[item] else "wrong"

    def _item(self, n: int) -> int:
        digest = hashlib.blake2b(f"{self._seed}:item:{n}".encode(), digest_size=6).digest()
        return int.from_bytes(digest, "big") % len(self._pixels)


@lru_cache(maxsize=64)
def _order(seed: int, turn: int) -> Sequence[str]:
    return random.Random(f"{seed}:order:{turn}").sample(CARRIERS, ROUND)
