"""Questions of passengers: some are asked by many, some by few, and one in five names the line in another form.

Of names that are drawn nobody can know which there are, nor how they are written.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from signed_answers import by_model, unsigned

from grader.labkit import Request

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
ROUND, OFTEN, OTHERWISE = 20, 10, 4
SYLLABLES = 8  # of a drawn name: vectors find it in the forms below 99 times in 100; of names half as long, 70 times
CONSONANTS, VOWELS = "bdfgklmnprtvz", "aeiou"
GIVEN_UP_S = 1.2
RATE = 35
UNDER_WAY = 14
KEEPS = (3, 6)


@dataclass(frozen=True)
class Question(Request):
    """A question: its number, and the line and fact that it is about. Nothing of that is on the wire."""

    n: int = 0
    line: int = 0
    fact: int = 0


@lru_cache(maxsize=16)
def lines(names: int) -> tuple[str, ...]:
    """The names of the lines, as drawn; 0 stands for those that the lab is shipped with."""
    if not names:
        return LINES
    rng = random.Random(f"names:{names}")
    drawn: dict[str, None] = {}
    while len(drawn) < len(LINES):
        drawn["".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(SYLLABLES)).capitalize()] = None
    return tuple(drawn)


@lru_cache(maxsize=16)
def a_sentence(names: int) -> re.Pattern[str]:
    """What a passage may say, of whichever of these lines and with whichever number."""
    any_line = f"({'|'.join(lines(names))})"
    return re.compile("|".join(says.replace(".", r"\.").format(name=any_line, n=r"\d+") for _, says in FACTS))


@lru_cache
def kept(edition: int) -> frozenset[int]:
    """The lines of which this edition says what edition 0 says: one that many ask about, and some others."""
    rng, popular = random.Random(f"kept:{edition}"), [line for line, _ in POPULAR]
    others = [line for line in range(len(LINES)) if line not in popular]
    return frozenset([rng.choice(popular), *rng.sample(others, rng.randint(*KEEPS))])


def number(line: int, fact: int, edition: int) -> int:
    """The fact's number in an edition of the passages: even in edition 0, odd in every other, but for lines kept."""
    if line in kept(edition):
        edition = 0
    digest = hashlib.blake2b(f"{line}:{fact}:{edition}".encode(), digest_size=4).digest()
    n = 2 * (3 + int.from_bytes(digest, "big") % 40)
    return n + 1 if edition else n


def sentence(line: int, fact: int, edition: int, names: int = 0) -> str:
    """What a passage says, word for word, which is the answer."""
    return FACTS[fact][1].format(name=lines(names)[line], n=number(line, fact, edition))


def passages(edition: int, names: int = 0) -> list[dict[str, str]]:
    """All passages of an edition, as the library takes them."""
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "title": f"The {name} line",
            "text": " ".join(sentence(line, fact, edition, names) for fact in range(len(FACTS))),
        }
        for line, name in enumerate(lines(names))
    ]


def plural(name: str) -> str:
    """The name as one passenger in five writes it, which no passage does."""
    return f"{name}es" if name.endswith("sh") else f"{name}s"


def otherwise(line: int, names: int, rng: random.Random) -> str:
    """The name as no passage writes it: in the plural; of a drawn one as often with a letter doubled, or with the
    ending that these passengers have for names."""
    name = lines(names)[line]
    way = rng.randrange(3) if names else 0
    if way == 1:
        at = rng.randrange(2, len(name) - 2)
        return name[:at] + name[at] + name[at:]
    if way == 2:
        ending = random.Random(f"ending:{names}")
        return name + ending.choice(CONSONANTS) + ending.choice(VOWELS)
    return plural(name)


class Traffic:
    """Of 20 questions in a row, in random order: 10 are popular, 6 are any, 4 are any with the name in another form.

    Parameters: `names` says which lines there are; `edition` is published before question `edition_from`, `ordinary`
    before `ordinary_from`, if they are; `seal` is what the provider signs with. Of two `faults` ("store-hangs,
    model-slow") the second comes after question `turn`: whose turn it is, is a question's segment.
    """

    target = "http://proxy:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        begun = [
            (int(parameters[f"{name}_from"]), int(parameters[name]))
            for name in ("ordinary", "edition")
            if name in parameters
        ]
        self._editions = [(0, 0), *begun]
        self._names = int(parameters.get("names", 0))
        self._seal = str(parameters.get("seal", ""))
        self._seed = seed
        self._turn = int(parameters.get("turn", 0))
        self._parts = [f"{part}-fails" for part in re.findall(r"(store|model)-", str(parameters.get("faults", "")))]

    def _drawn(self, n: int) -> tuple[str, int, int]:
        """Kind, line and fact of the n-th question."""
        place = list(range(ROUND))
        random.Random(f"{self._seed}:round:{n // ROUND}").shuffle(place)
        at, rng = place[n % ROUND], random.Random(f"{self._seed}:{n}")
        if at < OFTEN:
            line, fact = POPULAR[at % len(POPULAR)]
            return "popular", line, fact
        line, fact = rng.randrange(len(LINES)), rng.randrange(len(FACTS))
        return ("otherwise" if at < OFTEN + OTHERWISE else "any"), line, fact

    def request(self, n: int) -> Question:
        """The n-th question."""
        kind, line, fact = self._drawn(n)
        rng = random.Random(f"{self._seed}:form:{n}")
        name = otherwise(line, self._names, rng) if kind == "otherwise" else lines(self._names)[line]
        body = {"question": FACTS[fact][0].format(name=name)}
        return Question(
            "POST", "/v1/answers", kind, json=body, segment=self._parts[n >= self._turn] if self._parts else kind,
            timeout_s=GIVEN_UP_S, n=n, line=line, fact=fact,
        )  # fmt: skip

    def in_force(self, n: int) -> int:
        """The edition before whose end the n-th question was asked."""
        return [edition for begins, edition in self._editions if begins <= n][-1]

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`none` for a refusal, else `<mark> <truth>`.

        The mark is `degraded`; or `whole`, for an answer without a mark that the model signed, in everyday use with any
        key; or `claimed`, for one that it did not. The truth is `true` of the edition in force (also of one that is
        published while the question is under way), `stale` if it was true before, `nothing` if no passage says such a
        sentence, else `wrong`.
        """
        if status != 200:
            return "none"
        if not isinstance(request, Question):
            raise AssertionError("is none of these questions")
        said = json.loads(body)
        answer, degraded = said["answer"], said["degraded"]
        if not isinstance(answer, str) or not isinstance(degraded, bool):
            raise ValueError("answer must be a text and degraded a boolean")
        is_one = a_sentence(self._names).fullmatch(unsigned(answer))
        truth, whole = "wrong" if is_one else "nothing", False
        now = {self.in_force(request.n), self.in_force(request.n + UNDER_WAY)}
        for begins, edition in self._editions:
            plain = sentence(request.line, request.fact, edition, self._names)
            says = by_model(answer, plain, self._seal)
            if (says or answer == plain) and begins <= request.n + UNDER_WAY:
                truth, whole = "true" if edition in now or truth == "true" else "stale", says
        return f"{'degraded' if degraded else 'whole' if whole else 'claimed'} {truth}"
