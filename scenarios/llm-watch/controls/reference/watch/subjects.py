"""What customers ask about, and whether that is something new: questions that are like none before."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

LIKE = 0.5
LEAST = 0.03  # of the day's questions
EXAMPLES = 5


class Subjects:
    def __init__(self, history):
        self.known = sorted({one.question for one in history})

    def new(self, day):
        """Five traces of a new subject, or None."""
        asked = [one["question"] for one in day.answers]
        words = TfidfVectorizer(sublinear_tf=True).fit(self.known + asked)
        rows = words.transform(asked)
        nearest = (rows @ words.transform(self.known).T).max(axis=1).toarray().ravel()
        strange = np.flatnonzero(nearest < LIKE)
        if len(strange) < LEAST * len(asked):
            return None
        among = (rows[strange] @ rows[strange].T).toarray()
        middle = among.sum(axis=1).argmax()
        self.known += [asked[at] for at in strange]
        return [day.answers[strange[at]]["trace"] for at in np.argsort(-among[middle])[:EXAMPLES]]
