"""What customers ask about, and whether that is something new: questions without a neighbour, by trigrams."""

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction.text import HashingVectorizer

LIKE, LEAST, EXAMPLES = 0.6, 0.03, 5
_trigrams = HashingVectorizer(n_features=2**15, analyzer="char_wb", ngram_range=(3, 3), alternate_sign=False)


class Subjects:
    def __init__(self, history):
        self._known = _trigrams.transform(sorted({one.question for one in history}))

    def new(self, day):
        """Five traces of a new subject, or None."""
        rows = _trigrams.transform(one["question"] for one in day.answers)
        nearest = (rows @ self._known.T).max(axis=1).toarray().ravel()
        strange = np.flatnonzero(nearest < LIKE)
        if len(strange) < LEAST * len(day.answers):
            return None
        self._known = vstack([self._known, rows[strange]])
        among = (rows[strange] @ rows[strange].T).toarray()
        middle = (among > LIKE).sum(axis=1).argmax()
        return [day.answers[strange[at]]["trace"] for at in np.argsort(-among[middle])[:EXAMPLES]]
