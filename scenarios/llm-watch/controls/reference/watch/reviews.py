"""Which answers people look at: what customers dislike and we do not, what we are unsure of, and some at random."""

import numpy as np
from harm import FLAG

EACH, DISLIKED, UNSURE = 12, 8, 2


def choose(rng, answers, scores, disliked):
    """Twelve traces. `answers` and `scores` of today; `disliked`: recent ones with thumbs down, by trace."""
    chosen = sorted((trace for trace, score in disliked.items() if score <= FLAG), key=disliked.get)[::-1][:DISLIKED]
    unsure = [answers[at]["trace"] for at in np.argsort(abs(scores - FLAG))]
    chosen += [trace for trace in unsure if trace not in chosen][:UNSURE]
    others = [answers[at]["trace"] for at in rng.permutation(len(answers))]
    chosen += [trace for trace in others if trace not in chosen]
    return chosen[:EACH]
