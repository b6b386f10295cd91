"""Labels of parcels: clean, with the dark edge of the new printer, or smudges on which there is nothing to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from call_receipts import checked
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from pictures import edged, known, smudge

GIVEN_UP_S = 1.2
MOST_RECEIPTS = 7
EVERYDAY = ("clean", "clean", "edged", "clean", "smudged", "edged", "clean", "clean", "edged", "clean")
MIXED = "mixed"  # so begin phases in which all is well; all others send clean labels
BLOCK = ("edged",) * 7 + ("smudged",) * 9 + ("clean",) * 9  # half a second of such a phase, in a drawn order


@dataclass(frozen=True)
class Label(Request):
    """A label; `digit` is None where there is nothing to read."""

    digit: int | None = None


class Traffic:
    """Parameters: `seal` is what receipts are signed with."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        self._key = key_of(parameters["seal"]) if "seal" in parameters else ""
        self._pictures = known()
        generator(seed, "order").shuffle(self._pictures)

    def request(self, n: int) -> Label:
        """The n-th label. None comes twice in a trial."""
        kind = self._kind(n)
        rng = generator(self._seed, "label", n)
        pixels, found = self._pictures[n % len(self._pictures)]
        digit: int | None = found
        if kind == "edged":
            pixels = edged(pixels, rng)
        elif kind == "smudged":
            pixels, digit = smudge(pixels, rng), None
        return Label(
            "POST", "/v1/labels", "label", segment=kind, json={"pixels": pixels}, timeout_s=GIVEN_UP_S, digit=digit
        )

    def _kind(self, n: int) -> str:
        """Clean, edged or smudged."""
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), None)
        if phase is None or phase["phase"] == "practice":
            return EVERYDAY[n % len(EVERYDAY)]
        if not phase["phase"].startswith(MIXED):
            return "clean"
        into: int = n - phase["first"]
        block, place = divmod(into, len(BLOCK))
        order: list[str] = generator(self._seed, phase["phase"], block).sample(BLOCK, len(BLOCK))
        return order[place]

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a label `right` (and sure), `unsure` (right, and not sure), `wrong` (or no reader's digit of this label)
        or `none`. Where there is nothing to read `doubtful` or `sure`."""
        assert isinstance(request, Label)
        if request.digit is None and status == 503:
            return "doubtful"
        if status != 200:
            return "none"
        said = json.loads(body)
        digit, sure = said["digit"], said["sure"]
        if type(sure) is not bool:
            return "wrong"
        if request.digit is None:
            return "sure" if sure else "doubtful"
        if type(digit) is not int or digit != request.digit or not self._given(request, digit, said["receipts"]):
            return "wrong"
        return "right" if sure else "unsure"

    def _given(self, request: Request, digit: int, receipts: Any) -> bool:
        """Whether a reader saw this digit on this label."""
        if not isinstance(receipts, list):
            return False
        if not self._key:
            return bool(receipts)
        subject, answer = request.json, {"digit": digit}
        return any(checked(self._key, receipt, subject, answer) for receipt in receipts[:MOST_RECEIPTS])


def key_of(seal: int | str) -> str:
    """The key of a trial's receipts."""
    return named(str(seal), "key", size=16)
