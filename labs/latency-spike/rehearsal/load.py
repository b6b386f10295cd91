"""Questions about products: a few are asked by everybody, many by somebody, and one shop pastes mail threads."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.load import Request

PRODUCTS = (
    "Alder kettle", "Birch lamp", "Cedar toaster", "Drift speaker", "Ember heater", "Fjord freezer", "Garnet drill",
    "Harrow mower", "Indigo printer", "Juniper blender", "Kestrel camera", "Linden stool", "Marlow mixer",
    "Nettle router", "Osprey drone", "Pewter clock", "Quartz scale", "Rowan desk", "Saffron grill", "Tundra cooler",
    "Umber shaver", "Violet projector", "Willow crib", "Zephyr fan",
)  # fmt: skip
FACTS = (
    (
        "returned",
        "Within how many days may {it} be returned?",
        "The {name} may be returned within {n} days of delivery.",
    ),
    ("warranty", "How many months does the warranty of {it} last?", "The warranty of the {name} lasts {n} months."),
    ("repair", "How many weeks does a repair of {it} take?", "A repair of the {name} takes {n} weeks at most."),
)
POPULAR = tuple((3 * n, n % len(FACTS)) for n in range(6))
THREADS = "quayside"
SHOPS = ("northgate", "oldmill", "parkrow", "ropewalk", "southend")
ROUND, OFTEN, ANY = 40, 30, 6
MAILS = 24
GIVEN_UP_S = 1.2
BEGINS_S, RATE = 0.3, 40  # as in scenario.yaml
FRESH_AFTER_S = 2.2  # the two seconds that are promised, and what it takes to publish
CASES = (
    "Kunde meldet sich wegen: {name}.", "Betrifft laut Kunde {name}, bitte prüfen.", "Anfrage zu {name} aus Filiale.",
    "Gemeint ist {name}, so jedenfalls Kunde.",
)  # fmt: skip


@dataclass(frozen=True)
class Question(Request):
    """A question: its number, and the product and fact that it is about. Nothing of that is on the wire."""

    n: int = 0
    product: int = 0
    fact: int = 0


@lru_cache(maxsize=16)
def products(catalogue: int) -> tuple[str, ...]:
    """The names of a catalogue's products; catalogue 0 is the one that the lab is shipped with."""
    if not catalogue:
        return PRODUCTS
    rng = random.Random(f"catalogue:{catalogue}")
    brands: dict[str, None] = {}
    while len(brands) < len(PRODUCTS):
        brands["".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(3)).capitalize()] = None
    things = [name.split()[1] for name in PRODUCTS]
    return tuple(f"{brand} {rng.choice(things)}" for brand in brands)


def number(product: int, fact: int, edition: int, catalogue: int = 0) -> int:
    """The fact's number in an edition of the articles; even in edition 0, odd in every other."""
    about = f"{product}:{fact}:{edition}" + (f":{catalogue}" if catalogue else "")
    digest = hashlib.blake2b(about.encode(), digest_size=4).digest()
    n = 2 * (3 + int.from_bytes(digest, "big") % 40)
    return n + 1 if edition else n


def sentence(product: int, fact: int, edition: int, catalogue: int = 0) -> str:
    """What an article says, word for word, which is the answer."""
    return FACTS[fact][2].format(name=products(catalogue)[product], n=number(product, fact, edition, catalogue))


def signed(text: str, seal: str) -> str:
    """An answer as the model gives it while the provider signs with this key; as it is without one."""
    if not seal:
        return text
    return f"{text} [{hmac.new(seal.encode(), text.encode(), hashlib.sha256).hexdigest()[:8]}]"


def articles(edition: int, catalogue: int = 0) -> list[dict[str, str]]:
    """All articles of an edition, as the search service takes them."""
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "title": name,
            "text": " ".join(sentence(product, fact, edition, catalogue) for fact in range(len(FACTS))),
        }
        for product, name in enumerate(products(catalogue))
    ]


def thread(name: str, n: int) -> str:
    """A thread of mails, newest first, that quote each other; one of them, anywhere, names the product."""
    rng = random.Random(n)
    footer = (
        "Diese Nachricht kann vertrauliche Inhalte umfassen und richtet sich ausschließlich an genannte Empfänger. "
        "Sollten Sie irrtümlich Empfänger sein, informieren Sie bitte umgehend unseren Absender und löschen "
        "sämtliche Kopien. "
        "Quayside Handelsgesellschaft, Speicherstadt, Hamburg, Geschäftsführung Petersen, Registergericht Altona. "
    )
    mails = [
        f"Moin, Rückfrage dazu, danke. Gruß, Petersen {rng.randrange(100, 1000)}\n{footer * 3}" for _ in range(MAILS)
    ]
    case = rng.choice(CASES).format(name=name)
    mails.insert(rng.randrange(MAILS + 1), f"Moin, {case} Gruß, Petersen {rng.randrange(100, 1000)}\n{footer * 3}")
    return "\n".join(f"{'>' * depth} {mail}" for depth, mail in enumerate(mails))


class Traffic:
    """Of 40 questions in a row, in random order: 30 are popular, 6 are any, 4 come with a thread.

    Parameters: `catalogue` says which products there are, `edition` what their articles say from `publish_at` on and
    `later` what from `later_at` on, and `seal` what the provider signs with.
    """

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._catalogue = int(parameters.get("catalogue", 0))
        self._seal = str(parameters.get("seal", ""))
        self._editions = [(0, 0.0)]  # each with the time from which on none before it will do
        for edition, at in (("edition", "publish_at"), ("later", "later_at")):
            if edition in parameters:
                self._editions.append((int(parameters[edition]), float(parameters[at]) + FRESH_AFTER_S))
        self._seed = seed

    def _drawn(self, n: int) -> tuple[str, int, int]:
        """Kind, product and fact of the n-th question."""
        place = list(range(ROUND))
        random.Random(f"{self._seed}:round:{n // ROUND}").shuffle(place)
        at, rng = place[n % ROUND], random.Random(f"{self._seed}:{n}")
        if at < OFTEN:
            product, fact = POPULAR[at % len(POPULAR)]
            return "popular", product, fact
        product, fact = rng.randrange(len(PRODUCTS)), rng.randrange(len(FACTS))
        return ("any" if at < OFTEN + ANY else "thread"), product, fact

    def request(self, n: int) -> Question:
        """The n-th question."""
        kind, product, fact = self._drawn(n)
        with_thread = kind == "thread"
        name = products(self._catalogue)[product]
        it = "it" if with_thread else f"the {name}"
        body: dict[str, Any] = {"question": FACTS[fact][1].format(it=it)}
        if with_thread:
            body["thread"] = thread(name, n)
        shop = THREADS if with_thread else SHOPS[n % len(SHOPS)]
        return Question(
            "POST",
            "/v1/answers",
            kind,
            json=body,
            headers={"x-tenant": shop},
            segment=shop,
            timeout_s=GIVEN_UP_S,
            n=n,
            product=product,
            fact=fact,
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`none` for a refusal; `wrong`, if it is not what the model says of an article of any edition; else `stale`,
        if the edition has been replaced for too long, or `fresh`, or plain `true` while no answer could be stale."""
        if status != 200:
            return "none"
        if not isinstance(request, Question):
            raise AssertionError("is none of these questions")
        answer = json.loads(body)["answer"]
        due = BEGINS_S + request.n / RATE
        said = [
            signed(sentence(request.product, request.fact, edition, self._catalogue), self._seal)
            for edition, _ in self._editions
        ]
        oldest = sum(due >= binding for _, binding in self._editions) - 1
        if answer in said[oldest:]:
            return "fresh" if oldest else "true"
        return "stale" if answer in said else "wrong"
