"""Questions of passengers: some are asked by many, some by few, and one in five names the line in another form."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from typing import Any

from grader.load import Request

LINES = (
    "Avocet", "Barnacle", "Cormorant", "Dolphin", "Eider", "Fulmar", "Guillemot", "Harlequin", "Isopod", "Jellyfish",
    "Kittiwake", "Limpet", "Mackerel", "Narwhal", "Oystercatcher", "Porpoise", "Quahog", "Razorbill", "Sandpiper",
    "Turnstone", "Urchin", "Viperfish", "Whimbrel", "Yellowfin",
)  # fmt: skip
FACTS = (
    (
        "How many minutes before departure does boarding of the {name} line close?",
        "Boarding of the {name} line closes {n} minutes before departure.",
    ),
    (
        "How many kilograms of luggage may a passenger of the {name} line carry?",
        "A passenger of the {name} line may carry {n} kilograms of luggage.",
    ),
    (
        "Within how many days is a returned ticket of the {name} line refunded?",
        "A returned ticket of the {name} line is refunded within {n} days.",
    ),
)
POPULAR = tuple((3 * n, n % len(FACTS)) for n in range(5))
ROUND, OFTEN, PLURAL = 20, 10, 4
GIVEN_UP_S = 1.2


def number(line: int, fact: int, edition: int) -> int:
    """The fact's number in an edition of the passages; even in edition 0, odd in every other."""
    digest = hashlib.blake2b(f"{line}:{fact}:{edition}".encode(), digest_size=4).digest()
    n = 2 * (3 + int.from_bytes(digest, "big") % 40)
    return n + 1 if edition else n


def sentence(line: int, fact: int, edition: int) -> str:
    """What a passage says, word for word, which is the answer."""
    return FACTS[fact][1].format(name=LINES[line], n=number(line, fact, edition))


def passages(edition: int) -> list[dict[str, str]]:
    """All passages of an edition, as the library takes them."""
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "title": f"The {name} line",
            "text": " ".join(sentence(line, fact, edition) for fact in range(len(FACTS))),
        }
        for line, name in enumerate(LINES)
    ]


def plural(name: str) -> str:
    """The name as one passenger in five writes it, which no passage does."""
    return f"{name}es" if name.endswith("sh") else f"{name}s"


class Traffic:
    """Of 20 questions in a row, in random order: 10 are popular, 6 are any, 4 are any with the name in the plural."""

    target = "http://proxy:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._edition = int(parameters.get("edition", 1))
        self._seed = seed

    def _drawn(self, n: int) -> tuple[str, int, int]:
        """Kind, line and fact of the n-th question."""
        place = list(range(ROUND))
        random.Random(f"{self._seed}:round:{n // ROUND}").shuffle(place)
        at, rng = place[n % ROUND], random.Random(f"{self._seed}:{n}")
        if at < OFTEN:
            line, fact = POPULAR[at % len(POPULAR)]
            return "popular", line, fact
        line, fact = rng.randrange(len(LINES)), rng.randrange(len(FACTS))
        return ("plural" if at < OFTEN + PLURAL else "any"), line, fact

    def request(self, n: int) -> Request:
        """The n-th question."""
        kind, line, fact = self._drawn(n)
        name = plural(LINES[line]) if kind == "plural" else LINES[line]
        question = FACTS[fact][0].format(name=name)
        return Request(
            "POST", f"/v1/answers?n={n}", kind, json={"question": question}, segment=kind, timeout_s=GIVEN_UP_S
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`<whole or degraded> <old, new or wrong>`: the mark, and the edition that the answer is true of; `none` for a
        refusal."""
        if status != 200:
            return "none"
        _, line, fact = self._drawn(int(request.path.partition("n=")[2]))
        said = json.loads(body)
        answer, degraded = said["answer"], said["degraded"]
        if not isinstance(answer, str) or not isinstance(degraded, bool):
            raise ValueError("answer must be a text and degraded a boolean")
        known = {sentence(line, fact, 0): "old", sentence(line, fact, self._edition): "new"}
        return f"{'degraded' if degraded else 'whole'} {known.get(answer, 'wrong')}"
