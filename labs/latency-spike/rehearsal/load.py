"""Questions about products: a few are asked by everybody, many by somebody, and one shop pastes mail threads."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from signed_answers import by_model

from grader.labkit import Request

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
THREADS = "quayside"
SHOPS = ("northgate", "oldmill", "parkrow", "ropewalk", "southend")
ROUND, OFTEN, ANY, LIKE = 40, 30, 6, 3
SELDOM = 4  # of those that ask anything: about what editions change and few ask
SIX = 6
OFTEN_CHANGED = 10  # products that editions change again and again, though not each edition all of them
SMALL = 10**18 + 1  # from this number on editions are small
EACH = 6  # how many of these, and how many of the others, one edition changes
FEWEST_MAILS, MOST_MAILS = 2, 26
WHERE = ("newer", "older", "most")  # which of the mails name the product
WORDS = (
    "Rückfrage", "dazu", "danke", "Kunde", "meldet", "sich", "wegen", "Betrifft", "laut", "bitte", "prüfen", "Anfrage",
    "aus", "Filiale", "Gemeint", "ist",
)  # fmt: skip
MANNERS = (
    ("Moin", "Hallo", "Servus", "Guten Tag"), ("Gruß", "Viele Grüße", "Danke", "Bis bald"),
    ("Petersen", "Janssen", "Brandt", "Ohlsen"),
)  # fmt: skip
BREAKS = (" ", " ", ". ", "\n")  # what may follow any word of a mail
GIVEN_UP_S = 1.2
BEGINS_S, RATE = 0.3, 40  # as in scenario.yaml
FRESH_AFTER_S = 2.2  # the two seconds that are promised, and what it takes to publish


@dataclass(frozen=True)
class Question(Request):
    """A question: its number, and the product and fact that it is about. Nothing of that is on the wire."""

    n: int = 0
    product: int = 0
    fact: int = 0


def _made_up(rng: random.Random, syllables: int, ends: str = "") -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiouäöü") for _ in range(syllables)) + ends


@lru_cache(maxsize=16)
def products(catalogue: int) -> tuple[str, ...]:
    """The names of a catalogue's products; catalogue 0 is the one that the lab is shipped with."""
    if not catalogue:
        return PRODUCTS
    rng = random.Random(f"catalogue:{catalogue}")
    long, short = rng.randint(2, 3), rng.randint(1, 2)
    brands = [_made_up(rng, long).capitalize() for _ in range(rng.randint(16, 20))]
    kinds = [_made_up(rng, short, rng.choice(("", *"nlr"))) for _ in PRODUCTS]
    kinds = [kind for kind in kinds if f" {kind} " not in f"{FACTS}"]  # "be" and "take" are in the articles
    names: dict[str, None] = {}
    while len(names) < len(PRODUCTS):
        names[f"{rng.choice(brands)} {rng.choice(kinds)}"] = None
    return tuple(names)


def number(product: int, fact: int, edition: int, catalogue: int = 0) -> int:
    """The fact's number in an edition of the articles; even in edition 0, odd in every other if the fact moves."""
    if fact != moves(catalogue)[product]:
        edition = 0
    about = f"{product}:{fact}:{edition}" + (f":{catalogue}" if catalogue else "")
    digest = hashlib.blake2b(about.encode(), digest_size=4).digest()
    n = 2 * (3 + int.from_bytes(digest, "big") % 40)
    return n + 1 if edition else n


def sentence(product: int, fact: int, edition: int, catalogue: int = 0) -> str:
    """What an article says, word for word, which is the answer."""
    return FACTS[fact][2].format(name=products(catalogue)[product], n=number(product, fact, edition, catalogue))


@lru_cache(maxsize=64)
def changed(edition: int, catalogue: int = 0) -> tuple[int, ...]:
    """The products whose articles an edition changes, half of them: some of those changed often, and some others.

    A small edition, which has a number from `SMALL` on, changes two: one that large ones change each time, and one that
    they leave alone.
    """
    everything = list(range(len(PRODUCTS)))
    if not edition:
        return tuple(everything)
    rng, (each, never, *often) = random.Random(f"changed:{catalogue}:{edition}"), often_changed(catalogue)
    if edition >= SMALL:
        return each, never
    rest = [product for product in everything if product not in (each, never, *often)]
    return (each, *rng.sample(often, EACH - 1), *rng.sample(rest, EACH))


@lru_cache(maxsize=16)
def often_changed(catalogue: int) -> tuple[int, ...]:
    """The products that editions change again and again, though not each edition each of them."""
    return tuple(random.Random(f"often:{catalogue}").sample(range(len(PRODUCTS)), OFTEN_CHANGED))


@lru_cache(maxsize=16)
def moves(catalogue: int) -> tuple[int, ...]:
    """The one fact of each product that editions change: one of two for five each of those that they change often."""
    rng = random.Random(f"moves:{catalogue}")
    facts = range(len(FACTS))
    pair, each = rng.sample(facts, 2), [rng.choice(facts) for _ in PRODUCTS]
    for n, product in enumerate(often_changed(catalogue)):
        each[product] = pair[n % 2]
    return tuple(each)


def articles(edition: int, catalogue: int = 0) -> list[dict[str, str]]:
    """The articles that an edition changes, as the search service takes them."""
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "title": name,
            "text": " ".join(sentence(product, fact, edition, catalogue) for fact in range(len(FACTS))),
        }
        for product, name in enumerate(products(catalogue))
        if product in changed(edition, catalogue)
    ]


@lru_cache(maxsize=16)
def words(catalogue: int) -> tuple[str, ...]:
    """What mails are made of; in a drawn catalogue these are words of its own, none of which an article has."""
    if not catalogue:
        return WORDS
    rng = random.Random(f"words:{catalogue}")
    drawn = [_made_up(rng, 2, "st") for _ in range(rng.randint(100, 140))]
    return tuple(word.capitalize() if rng.random() < 0.5 else word for word in drawn)


@lru_cache(maxsize=16)
def manners(catalogue: int) -> tuple[tuple[str, ...], ...]:
    """How mails begin and end, and who writes them."""
    rng = random.Random(f"manners:{catalogue}")
    return tuple(tuple(_made_up(rng, 2, "st").capitalize() for _ in each) for each in MANNERS) if catalogue else MANNERS


def thread(name: str, rng: random.Random, n: int, where: str, catalogue: int = 0) -> str:
    """A thread of `n` mails, newest first, that quote each other; one or several in a row name the product: some of the
    newer half, some of the older half, or most of all.

    Each does so once or more. Sentences and lines end anywhere, and what comes after the signature is a postscript.
    """
    footer = (
        "Diese Nachricht kann vertrauliche Inhalte umfassen und richtet sich ausschließlich an genannte Empfänger. "
        "Sollten Sie irrtümlich Empfänger sein, informieren Sie bitte umgehend unseren Absender und löschen "
        "sämtliche Kopien. "
        "Handelsgesellschaft, Speicherstadt, Hamburg, Geschäftsführung Petersen, Registergericht Altona. "
    )
    named = rng.choice((name, name.lower(), name.upper(), name.title()))
    if where == "most":
        but = rng.randint(min(1, (n - 1) // 2), (n - 1) // 2)
        first, last = rng.choice(((0, n - 1 - but), (but, n - 1)))
    else:
        begin, end = (0, max(1, n // 2 - 1)) if where == "newer" else (min(n // 2 + 1, n - 1), n)
        first = rng.randrange(begin, end)
        last = rng.choice((first, rng.randrange(first, end)))
    mails = []
    for depth in range(n):
        says = [rng.choice(words(catalogue)) for _ in range(4)]
        for _ in range(rng.randint(1, 3) if first <= depth <= last else 0):
            says.insert(rng.randrange(len(says) + 1), named)
        greeting, regards, who = map(rng.choice, manners(catalogue))
        says = [word + rng.choice(BREAKS) for word in says]
        says.insert(rng.randint(1, len(says)), f"{regards}, {who} {rng.randrange(100, 1000)}\n")
        mails.append(f"{'>' * depth} {greeting}, {''.join(says)}\n{footer * 3}")
    return "\n".join(mails)


class Traffic:
    """Of 40 questions in a row, in random order: 30 are popular, 6 are any, 4 come with a thread.

    Four of the six are about what editions change often, though few ask: each of those every other round. What a small
    edition changes is among the second six that are popular, and besides only what these three threads are about.

    Three of those threads differ in nothing but the product, and are asked about again some rounds later.

    Parameters: `catalogue` says which products there are, `edition` what their articles say from `publish_at` on,
    `between` what from `between_at` on and `later` what from `later_at` on, `popular_at` when other questions get
    popular, and `seal` what the provider signs with.
    """

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._catalogue = int(parameters.get("catalogue", 0))
        self._seal = str(parameters.get("seal", ""))
        self._editions = [(0, 0.0)]  # each with the time from which on none before it will do
        for edition, at in (("edition", "publish_at"), ("between", "between_at"), ("later", "later_at")):
            if edition in parameters:
                self._editions.append((int(parameters[edition]), float(parameters[at]) + FRESH_AFTER_S))
        self._seed = seed
        self._popular_at = float(parameters.get("popular_at", "inf"))
        rng = random.Random(f"{seed}:six")
        self._always = list(often_changed(self._catalogue))
        self._moves = moves(self._catalogue)
        small = changed(SMALL, self._catalogue)  # of these only what everybody asks tells that they have changed
        self._others = [product for product in range(len(PRODUCTS)) if product not in small]
        seldom = [product for product in range(len(PRODUCTS)) if product not in self._always]
        often = rng.sample(self._always[2:], 2), small  # a third of either six
        seldom = rng.sample(seldom, 8)  # and the rest of it
        self._popular = [
            [(product, self._moves[product]) for product in often[k]]
            + [(product, rng.randrange(len(FACTS))) for product in seldom[k::2]]
            for k in range(2)
        ]
        self._again = rng.choice((3, 4))  # rounds
        bands = [range(2, 9), range(9, 18), range(18, 27), range(22, 27)]
        self._mails = [rng.choice(band) for band in rng.sample(bands[: self._again], self._again)]
        self._where = [*rng.sample(WHERE, len(WHERE)), rng.choice(WHERE)]

    def _drawn(self, n: int) -> tuple[str, int, int, str]:
        """Kind, product, fact and thread of the n-th question."""
        turn = n // ROUND
        place = list(range(ROUND))
        random.Random(f"{self._seed}:round:{turn}").shuffle(place)
        at, rng = place[n % ROUND], random.Random(f"{self._seed}:{n}")
        now = BEGINS_S + n / RATE >= self._popular_at
        if at < OFTEN:
            return "popular", *self._popular[now][at % SIX], ""
        if at < OFTEN + SELDOM:
            moved = [(each, self._moves[each]) for each in self._always]
            few = [each for each in moved if each not in self._popular[now]]
            return "any", *few[(turn * SELDOM + at - OFTEN) % len(few)], ""
        if at < OFTEN + ANY:
            return "any", rng.choice(self._others), rng.randrange(len(FACTS)), ""
        like = at - OFTEN - ANY
        if like < LIKE:
            rng = random.Random(f"{self._seed}:like:{turn % self._again}")
            fact = self._moves[rng.choice(self._always)]
            product = rng.sample([each for each in self._always if self._moves[each] == fact], LIKE)[like]
            mails, where = self._mails[turn % self._again], self._where[turn % self._again]
        else:
            product, fact = rng.choice(self._others), rng.randrange(len(FACTS))
            mails, where = rng.randint(FEWEST_MAILS, MOST_MAILS), rng.choice(WHERE)
        return "thread", product, fact, thread(products(self._catalogue)[product], rng, mails, where, self._catalogue)

    def request(self, n: int) -> Question:
        """The n-th question."""
        kind, product, fact, pasted = self._drawn(n)
        it = "it" if pasted else f"the {products(self._catalogue)[product]}"
        body: dict[str, Any] = {"question": FACTS[fact][1].format(it=it)}
        if pasted:
            body["thread"] = pasted
        shop = THREADS if pasted and n % 2 else SHOPS[n % len(SHOPS)]
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
        moves = request.fact == self._moves[request.product]
        editions = [
            each
            for each in self._editions
            if not each[0] or (moves and request.product in changed(each[0], self._catalogue))
        ]
        sentences = [sentence(request.product, request.fact, edition, self._catalogue) for edition, _ in editions]
        said = [isinstance(answer, str) and by_model(answer, text, self._seal) for text in sentences]
        oldest = sum(due >= binding for _, binding in editions) - 1
        if any(said[oldest:]):
            return "fresh" if oldest else "true"
        return "stale" if any(said) else "wrong"
