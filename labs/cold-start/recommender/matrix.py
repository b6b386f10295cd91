"""Who clicked this also clicked that: cosines between recipes, from all clicks."""

import numpy as np


class Matrix:
    def __init__(self, recipes, users, clicks):
        self.recipes = list(recipes)
        self.column = {recipe: n for n, recipe in enumerate(self.recipes)}
        self.row = {user: n for n, user in enumerate(users)}
        self.clicked = np.zeros((len(self.row), len(self.column)), dtype=np.float32)
        for user, recipe in clicks:
            self.clicked[self.row[user], self.column[recipe]] = 1
        together = self.clicked.T @ self.clicked
        often = np.sqrt(np.maximum(1, np.diag(together)))
        np.fill_diagonal(together, 0)
        self.alike = together / np.outer(often, often)

    def best(self, user, many):
        clicked = self.clicked[self.row[user]]
        scores = self.alike @ clicked
        scores[clicked > 0] = -1  # they have seen these
        return [self.recipes[n] for n in np.argsort(-scores, kind="stable")[:many]]
