"""Which answers people look at: first those that have in common with others what customers dislike, then any."""

import numpy as np

EACH, BLAMED, USUAL, CALM = 12, 8, 0.04, 4.0


def choose(rng, rows, traces, disliked, open_):
    """Twelve traces. `rows` and `traces` of the last days; `disliked`: whether customers did; `open_`: whether an
    answer is neither flagged nor reviewed."""
    words = (rows > 0).tocsr().astype(float)
    many = np.asarray(words.sum(axis=0)).ravel()
    down = np.asarray(words[disliked].sum(axis=0)).ravel()
    blame = (down - USUAL * many) / np.sqrt(USUAL * many + CALM)
    places, chosen = np.flatnonzero(open_), []
    for _ in range(min(BLAMED, len(places))):
        scores = [blame[rows[at].indices].max() + disliked[at] for at in places]
        first = places[int(np.argmax(scores))]
        chosen.append(first)
        blame[rows[first].indices] *= 0.5  # what this one shows need not be shown twice
        places = places[places != first]
    others = [at for at in rng.permutation(len(traces)) if open_[at] and at not in chosen]
    return [traces[at] for at in (chosen + others)[:EACH]]
