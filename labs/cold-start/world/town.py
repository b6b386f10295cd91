"""A town: its kitchens, who signs up from where, what everybody loves, and what was clicked until this morning."""

from __future__ import annotations

import datetime
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from common.names import generator, named

KITCHENS = (
    "Basque", "Bengali", "Bolivian", "Cajun", "Catalan", "Chinese", "Cuban", "Danish", "Dutch", "Ethiopian",
    "Georgian", "Greek", "Hawaiian", "Iranian", "Japanese", "Korean", "Lebanese", "Malay", "Mexican", "Nordic",
    "Polish", "Roman", "Sicilian", "Swiss", "Thai", "Turkish", "vegan", "Welsh",
)  # fmt: skip
REGIONS = ("city", "coast", "east", "hills", "lakes", "north", "south")
HOUSEHOLDS = ("alone", "family")
EACH = 24  # recipes of a kitchen
REGULARS, CLICKED = 900, 12
ODD_ONE = 25  # one person in so many loves any two kitchens, and the others one of their group's two, as many the one
LIKES, LIKES_ELSE = 0.92, 0.03
APPEAL = 0.5  # how far recipes of a kitchen are clicked unequally: the spread of a logarithm


class Recipe(NamedTuple):
    """Something to cook. `appeal` is how often it is clicked, as a weight, and nobody's business."""

    id: str
    kitchen: str
    minutes: int
    appeal: float

    @property
    def known(self) -> dict[str, Any]:
        """What a recommender is told of it."""
        return {"id": self.id, "kitchen": self.kitchen, "minutes": self.minutes}


class Person(NamedTuple):
    """A user. A guest has no region and no household. `loves` is nobody's business."""

    id: str
    region: str
    household: str
    loves: tuple[str, str]

    @property
    def known(self) -> dict[str, Any]:
        """What a recommender is told of them."""
        return {"id": self.id, "region": self.region or None, "household": self.household or None}


class Town:
    """All of it is drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        kitchens = list(KITCHENS)
        generator(seed, "kitchens").shuffle(kitchens)
        groups = [(region, household) for region in REGIONS for household in HOUSEHOLDS]
        self.typical = {group: (kitchens[2 * n], kitchens[2 * n + 1]) for n, group in enumerate(groups)}

    def person(self, kind: str, number: int, guest: bool = False) -> Person:
        """A user, of one group after the other; of each every second one loves the one of its two kitchens."""
        rng = generator(self.seed, kind, number)
        turn, which = divmod(number, len(self.typical))
        group = list(self.typical)[which]
        odd = number % ODD_ONE == generator(self.seed, kind, "odd").randrange(ODD_ONE)
        first = rng.choice(KITCHENS) if odd else self.typical[group][turn % 2]
        second = rng.choice([kitchen for kitchen in KITCHENS if kitchen != first])
        region, household = ("", "") if guest else group
        return Person("u" + named(self.seed, kind, number), region, household, (first, second))

    def recipe(self, kind: str, number: int, kitchen: str) -> Recipe:
        """A recipe of a kitchen."""
        rng = generator(self.seed, kind, number)
        id_ = "r" + named(self.seed, kind, number)
        return Recipe(id_, kitchen, rng.randrange(10, 95, 5), rng.lognormvariate(0, APPEAL))

    def likes(self, person: Person, recipe: Recipe) -> bool:
        """Whether they would cook it: nearly every recipe of the kitchens that they love, and hardly another."""
        chance = LIKES if recipe.kitchen in person.loves else LIKES_ELSE
        return generator(self.seed, "likes", person.id, recipe.id).random() < chance

    @cached_property
    def recipes(self) -> list[Recipe]:
        """What there is in the morning, in no order."""
        found = [self.recipe("recipe", n, KITCHENS[n % len(KITCHENS)]) for n in range(EACH * len(KITCHENS))]
        generator(self.seed, "order").shuffle(found)
        return found

    @cached_property
    def regulars(self) -> list[Person]:
        """Who was there before today."""
        return [self.person("regular", n) for n in range(REGULARS)]

    @cached_property
    def clicks(self) -> list[tuple[str, str]]:
        """Of regulars: user and recipe, the oldest first."""
        by_kitchen: dict[str, list[Recipe]] = {}
        for recipe in self.recipes:
            by_kitchen.setdefault(recipe.kitchen, []).append(recipe)
        found = []
        for person in self.regulars:
            rng = generator(self.seed, "clicks", person.id)
            there = [recipe for kitchen in person.loves for recipe in by_kitchen[kitchen]]
            liked = [recipe for recipe in there if rng.random() < LIKES]
            found += [(person.id, recipe.id) for recipe in _weighted(rng, liked, CLICKED)]
        generator(self.seed, "clicked").shuffle(found)
        return found

    @property
    def date(self) -> str:
        """The day's."""
        first = datetime.date(2026, 1, 1)
        return (first + datetime.timedelta(days=generator(self.seed, "date").randrange(360))).isoformat()

    @cached_property
    def history(self) -> dict[str, Any]:
        """What a recommender is given in the morning."""
        return {
            "date": self.date,
            "recipes": [recipe.known for recipe in self.recipes],
            "users": [person.known for person in self.regulars],
            "clicks": self.clicks,
        }


def _weighted(rng: Random, recipes: list[Recipe], many: int) -> list[Recipe]:
    """So many of them, without any twice, by their appeal."""
    return sorted(recipes, key=lambda one: rng.expovariate(one.appeal))[:many]
