"""Questions about products: a few are asked by everybody, many by somebody, and one shop pastes mail threads."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
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


def number(product: int, fact: int, edition: int) -> int:
    """The fact's number in an edition of the articles; even in edition 0, odd in every other."""
    digest = hashlib.blake2b(f"{product}:{fact}:{edition}".encode(), digest_size=4).digest()
    n = 2 * (3 + int.from_bytes(digest, "big") % 40)
    return n + 1 if edition else n


def sentence(product: int, fact: int, edition: int) -> str:
    """What an article says, word for word, which is the answer."""
    return FACTS[fact][2].format(name=PRODUCTS[product], n=number(product, fact, edition))


def articles(edition: int) -> list[dict[str, str]]:
    """All articles of an edition, as the search service takes them."""
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "title": name,
            "text": " ".join(sentence(product, fact, edition) for fact in range(len(FACTS))),
        }
        for product, name in enumerate(PRODUCTS)
    ]


def thread(product: int, n: int) -> str:
    """A thread of mails, newest first, that quote each other; only the oldest names the product."""
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
    mails.append(f"Kunde meldet sich wegen: {PRODUCTS[product]}. Gruß, Petersen\n{footer}")
    return "\n".join(f"{'>' * depth} {mail}" for depth, mail in enumerate(mails))


class Traffic:
    """Of 40 questions in a row, in random order: 30 are popular, 6 are any, 4 come with a thread."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._edition = int(parameters.get("edition", 1))
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

    def request(self, n: int) -> Request:
        """The n-th question."""
        kind, product, fact = self._drawn(n)
        with_thread = kind == "thread"
        it = "it" if with_thread else f"the {PRODUCTS[product]}"
        body: dict[str, Any] = {"question": FACTS[fact][1].format(it=it)}
        if with_thread:
            body["thread"] = thread(product, n)
        shop = THREADS if with_thread else SHOPS[n % len(SHOPS)]
        return Request(
            "POST",
            f"/v1/answers?n={n}",
            kind,
            json=body,
            headers={"x-tenant": shop},
            segment=shop,
            timeout_s=GIVEN_UP_S,
        )

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`old` or `new`, after the edition that the answer is true of; else `wrong`; `none` for a refusal."""
        if status != 200:
            return "none"
        _, product, fact = self._drawn(int(request.path.partition("n=")[2]))
        answer = json.loads(body)["answer"]
        if answer == sentence(product, fact, 0):
            return "old"
        return "new" if answer == sentence(product, fact, self._edition) else "wrong"
