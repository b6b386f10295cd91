"""Which answers people look at: what we are unsure of, and the rest at random, so that nothing is left out."""

import numpy as np
from harm import FLAG

EACH, UNSURE = 12, 2


def choose(rng, answers, scores):
    """Twelve traces. `answers` and `scores` of today."""
    chosen = [answers[at]["trace"] for at in np.argsort(abs(scores - FLAG))][:UNSURE]
    others = [answers[at]["trace"] for at in rng.permutation(len(answers))]
    return (chosen + [trace for trace in others if trace not in chosen])[:EACH]
