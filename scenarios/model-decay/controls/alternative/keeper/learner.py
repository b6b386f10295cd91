"""A model that learns each day's outcomes and fades the older ones: recursive logistic regression."""

import fitting
import numpy as np

A_DAY = 60.0  # rows
FADE = 0.9  # of what is known is left after so many rows
DOUBT = 1.0


class Learner:
    def __init__(self, weights):
        self.weights = np.array(weights)
        self.known = DOUBT * np.eye(len(weights))

    def learn(self, rows, labels):
        """One Newton step on the new rows, with what was known as the prior."""
        fade = FADE ** (len(rows) / A_DAY)
        self.known = fade * self.known + (1 - fade) * DOUBT * np.eye(len(self.known))
        inputs = np.column_stack([np.ones(len(rows)), rows])
        p = fitting.probability(inputs @ self.weights)
        self.known += (inputs * (p * (1 - p))[:, None]).T @ inputs
        self.weights = self.weights + np.linalg.solve(self.known, inputs.T @ (labels - p))

    def surprise(self, weights, rows, labels):
        """How much more the labels surprise other weights than these; above 0 these are the better ones."""
        return log_loss(weights, rows, labels) - log_loss(self.weights, rows, labels)


def log_loss(weights, rows, labels):
    score = np.clip(weights[0] + rows @ weights[1:], -6, 6)
    return float(np.sum(np.logaddexp(0, score) - labels * score))
