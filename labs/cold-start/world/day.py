"""What happens on a day, in order: visits, new recipes, recipes that are withdrawn. All of it is drawn."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import ceil
from random import Random
from typing import NamedTuple

from common.names import generator
from common.tickets import ticket
from town import KITCHENS, Person, Recipe, Town

NEWCOMERS, RETURN, TIMES = 160, 60, 5  # people who sign up, how many of them come back, how often they come then
GUESTS = (15, 12)  # who sign up as guests: so many of those who come back, and so many of the others
REGULARS = 112
NEW, WITHDRAWN = 56, 12
EVENTS = NEWCOMERS + RETURN * (TIMES - 1) + REGULARS + NEW + WITHDRAWN
APART = (48, 84)  # events from a visit of somebody's to their next
EARLY = 0.35  # of the day: recipes come and go in it
VISITORS = 18  # who love a new recipe's kitchen are looked at
SOON = 30  # events after a recipe came: nobody has to show it sooner
VISIT, NEWS, GONE = "visit", "new", "withdrawn"


class Event(NamedTuple):
    """A visit (whose, and their how manieth; a regular's is 0), or a recipe that comes or goes."""

    n: int
    what: str
    person: Person | None = None
    time: int = 0
    recipe: Recipe | None = None

    @property
    def kind(self) -> str:
        """Who it is: `regular`, `newcomer` or `guest`."""
        if self.person is None or not self.time:
            return "regular"
        return "newcomer" if self.person.region else "guest"


class Day:
    """A town and its events."""

    def __init__(self, seed: int) -> None:
        self.seed, self.town = seed, Town(seed)

    def ticket(self, n: int) -> str:
        """The n-th event's name."""
        return ticket(self.seed, "event", "n", n)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each event, by its ticket."""
        return {self.ticket(n): n for n in range(EVENTS)}

    @cached_property
    def events(self) -> list[Event]:
        """In order."""
        rng, town = generator(self.seed, "day"), self.town
        guests = {*rng.sample(range(RETURN), GUESTS[0]), *rng.sample(range(RETURN, NEWCOMERS), GUESTS[1])}
        people = [town.person("newcomer", n, guest=n in guests) for n in range(NEWCOMERS)]
        slots = self._returning(rng, people)
        while len(early := [n for n in range(ceil(EVENTS * EARLY)) if n not in slots]) < NEW + WITHDRAWN:
            slots = self._returning(rng, people)
        early = rng.sample(early, NEW + WITHDRAWN)
        free = [n for n in range(EVENTS) if n not in slots]
        visits = [n for n in free if n not in set(early)]
        rng.shuffle(visits)
        comers = [(person, 1) for person in people[RETURN:]]
        comers += [(person, 0) for person in rng.sample(town.regulars, REGULARS)]
        slots |= {n: Event(n, VISIT, person, time) for n, (person, time) in zip(visits, comers, strict=True)}
        return [slots[n] for n in sorted(slots | self._news(early, slots))]

    def _returning(self, rng: Random, people: list[Person]) -> dict[int, Event]:
        """When those come who come more than once: by chance there is no room left early for news."""
        slots: dict[int, Event] = {}
        for person in people[:RETURN]:
            at = rng.randrange(EVENTS - (TIMES - 1) * APART[1] - SOON)
            for time in range(1, TIMES + 1):
                while at in slots:
                    at += 1
                slots[at] = Event(at, VISIT, person, time)
                at += rng.randint(*APART)
        return slots

    def _news(self, early: list[int], slots: dict[int, Event]) -> dict[int, Event]:
        """Recipes that come, of kitchens that enough visitors will love, and ones that go: of the best of theirs."""
        rng = generator(self.seed, "news")
        coming, going = sorted(early[:NEW]), sorted(early[NEW:])
        used = Counter[str]()
        for number, n in enumerate(reversed(coming)):
            later = [event.person.loves for event in slots.values() if event.n >= n + SOON and event.person]
            there = [kitchen for kitchen in KITCHENS if sum(kitchen in loves for loves in later) >= VISITORS]
            kitchen = min(there, key=lambda one: (used[one], rng.random()))
            used[kitchen] += 1
            slots[n] = Event(n, NEWS, recipe=self.town.recipe("new", number, kitchen))
        best = sorted(self.town.recipes, key=lambda one: -one.appeal)[: 6 * WITHDRAWN]
        for n, recipe in zip(going, rng.sample(best, WITHDRAWN), strict=True):
            slots[n] = Event(n, GONE, recipe=recipe)
        return slots
