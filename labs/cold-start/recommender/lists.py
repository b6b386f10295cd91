"""A list for a user: the ten recipes that go best with what they clicked."""

import logging

from catalogue import Catalogue
from history import fetch
from matrix import Matrix
from people import People

LONG = 10

log = logging.getLogger("lists")
people = People()
catalogue = Catalogue()
matrix = Matrix([], {}, [])


async def load():
    """Begin a day: forget yesterday, and take in the history."""
    global matrix
    history = await fetch()
    people.clear()
    catalogue.clear()
    for user in history["users"]:
        people.add(user["id"], user["region"], user["household"])
    for item in history["recipes"]:
        catalogue.add(item)
    matrix = Matrix(sorted(catalogue.ids()), people.ids(), history["clicks"])
    log.info("%s: %d users, %d recipes", history["date"], len(people.ids()), len(catalogue.ids()))


def recommend(user):
    """Ids of recipes, the best first."""
    if people.is_guest(user):
        return []  # nothing is known of guests
    return matrix.best(user, LONG)
