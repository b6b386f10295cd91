"""Which answers people look at: what customers dislike and we do not, and what we cannot make up our mind about."""

import numpy as np
from harm import FLAG

EACH, DISLIKED = 12, 8


def choose(rng, answers, scores, disliked):
    """Twelve traces. `answers` and `scores` of today; `disliked`: recent ones with thumbs down and their scores."""
    chosen = sorted((trace for trace, score in disliked.items() if score <= FLAG), key=disliked.get)[::-1][:DISLIKED]
    unsure = [answers[at]["trace"] for at in np.argsort(abs(scores - FLAG))]
    return (chosen + [trace for trace in unsure if trace not in chosen])[:EACH]
