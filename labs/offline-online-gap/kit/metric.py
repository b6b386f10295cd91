"""How good a model is, from the log of the ranker that is live: no test needed, 40 minutes instead of four weeks."""

import numpy as np


def score(log, picks):
    """A number a model: how often people clicked where the model would have shown the same home."""
    shown, clicked = np.array(log["shown"]), np.array(log["clicked"])
    scores = {}
    for model, pick in picks.items():
        same = np.array(pick) == shown
        scores[model] = float(clicked[same].mean()) if same.any() else 0.0
    return scores
