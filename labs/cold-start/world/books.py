"""What visitors were shown today, and what became of it."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from day import GONE, NEWS, SOON, VISITORS, Day, Event
from town import Recipe

LONG = 10  # recipes of a list
CLICKS = 2  # of a visit, at most
ENOUGH = 2  # of the first visitors who love its kitchen have to be shown a new recipe
GRACE_S = 0.5  # a recipe that was withdrawn just now may still be listed
NONE, ODD, FEW, SOME, MANY = "none", "odd", "few", "some", "many"
SOME_HITS, MANY_HITS = 3, 6


class Visit(NamedTuple):
    """A visit that is over: what was shown, which of it was a hit, and a sentence if it was no good list."""

    event: Event
    shown: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    odd: str = ""

    @property
    def word(self) -> str:
        """How good the list was."""
        if self.odd:
            return ODD if self.shown else NONE
        return MANY if len(self.hits) >= MANY_HITS else SOME if len(self.hits) >= SOME_HITS else FEW

    @property
    def clicks(self) -> list[str]:
        """What was clicked: they read from the top, and open the first that they would cook."""
        return list(self.hits[:CLICKS])


class Books:
    """Of a day: which recipes there are, who clicked what, and all visits."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.recipes: dict[str, Recipe] = {recipe.id: recipe for recipe in day.town.recipes}
        self.withdrawn: dict[str, float] = {}
        self.clicked: set[tuple[str, str]] = set(day.town.clicks)
        self.visits: list[Visit] = []
        self.published: dict[int, Recipe] = {}

    def changed(self, event: Event) -> None:
        """A recipe comes or goes."""
        if event.what == NEWS and event.recipe:
            self.recipes[event.recipe.id] = self.published[event.n] = event.recipe
        elif event.what == GONE and event.recipe:
            self.withdrawn[event.recipe.id] = time.monotonic()

    def shown(self, event: Event, asked: float, said: Any, error: str) -> Visit:
        """A visitor was shown this list, which was asked for then (monotonic, s). `error`: there is none."""
        given = said.get("recipes") if isinstance(said, dict) else None
        ids = given if isinstance(given, list) and given and all(isinstance(each, str) for each in given) else []
        odd = error or self._odd(ids, asked)
        known = [id_ for id_ in dict.fromkeys(ids[: 2 * LONG]) if id_ in self.recipes]
        visit = Visit(event, tuple(known), tuple(self._hits(event, known)) if not odd else (), odd)
        self.visits.append(visit)
        self.clicked |= {(event.person.id, id_) for id_ in visit.clicks if event.person}
        return visit

    def _odd(self, ids: list[str], asked: float) -> str:
        if len(ids) != LONG:
            return f"{len(ids)} ids"
        if len(set(ids)) != LONG:
            return "one recipe twice"
        if any(id_ not in self.recipes for id_ in ids):
            return "a recipe that never was"
        if any(self.withdrawn.get(id_, asked) < asked - GRACE_S for id_ in ids):
            return "a recipe that was withdrawn"
        return ""

    def _hits(self, event: Event, ids: list[str]) -> list[str]:
        """What they like of it, and have not clicked before."""
        person = event.person
        assert person is not None
        likes = self.day.town.likes
        return [id_ for id_ in ids if (person.id, id_) not in self.clicked and likes(person, self.recipes[id_])]

    def seen(self, n: int) -> tuple[int, int]:
        """Of the recipe that came as the n-th event: how many visitors who love its kitchen are looked at, and how many
        of them were shown it."""
        recipe = self.published.get(n)
        if recipe is None:
            return 0, 0
        theirs = [
            visit
            for visit in sorted(self.visits, key=lambda one: one.event.n)
            if visit.event.n >= n + SOON and visit.event.person and recipe.kitchen in visit.event.person.loves
        ][:VISITORS]
        return len(theirs), sum(recipe.id in visit.shown for visit in theirs)
