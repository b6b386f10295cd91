"""A day in a town: all that is known, from the morning's history and from what was told since."""

import collections
import logging

from catalogue import Catalogue
from lists import compose
from people import Person
from tastes import Tastes

log = logging.getLogger("town")


class Town:
    def __init__(self, history):
        self.catalogue = Catalogue(history["recipes"])
        self.people = {user["id"]: Person(user["region"], user["household"]) for user in history["users"]}
        of_kitchen = collections.defaultdict(collections.Counter)
        for user, recipe in history["clicks"]:
            kitchen = self.catalogue.kitchen_of.get(recipe)
            if user in self.people and kitchen:
                self.people[user].likes(recipe, kitchen)
                of_kitchen[user][kitchen] += 1
        self._regulars = [(self.people[user].group, clicks) for user, clicks in of_kitchen.items()]
        self._learn()
        log.info("%s: %d users, %d recipes", history["date"], len(self.people), len(self.catalogue.kitchen_of))

    def _learn(self):
        self.tastes = Tastes(self.catalogue.kitchens(), self._regulars)

    def sign_up(self, user, region, household):
        self.people[user] = Person(region, household)

    def recommend(self, user):
        """Ten ids of recipes. Somebody of whom nothing was ever heard is a guest."""
        person = self.people.setdefault(user, Person())
        person.answers([], self.catalogue)  # whoever clicked nothing of the last list has read all of it
        listed = compose(self.catalogue, self.tastes, person)
        for recipe, chance in listed:
            self.catalogue.shown(recipe, chance)
        recipes = [recipe for recipe, _ in listed]
        person.gets(recipes)
        return recipes

    def clicked(self, user, recipes):
        if user in self.people:
            self.people[user].answers(recipes, self.catalogue)

    def publish(self, item):
        self.catalogue.publish(item)
        if item["kitchen"] not in self.tastes.index:
            self._learn()  # a kitchen that the town did not have

    def withdraw(self, recipe):
        self.catalogue.withdraw(recipe)
