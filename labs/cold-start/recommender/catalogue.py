"""The recipes that there are, each with its kitchen and the minutes that it takes."""


class Catalogue:
    def __init__(self):
        self._items = {}

    def add(self, item):
        self._items[item["id"]] = item

    def remove(self, recipe):
        self._items.pop(recipe, None)

    def kitchen(self, recipe):
        return self._items[recipe]["kitchen"]

    def ids(self):
        return list(self._items)

    def clear(self):
        self._items.clear()
