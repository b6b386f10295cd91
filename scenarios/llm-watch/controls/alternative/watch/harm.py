"""Which answers say what this supplier forbids: a classifier of pieces of words, which survive what is misheard."""

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

FLAG = 0.5
OURS = 3.0  # how much more a review of this season counts than one of the history
_pieces = HashingVectorizer(n_features=2**17, analyzer="char_wb", ngram_range=(4, 4), alternate_sign=False)


class Harm:
    def __init__(self, history):
        self._rows = [inputs(one.answer for one in history)]
        self._labels = [one.bad for one in history]
        self._weights = [1.0] * len(history)
        self._fit()

    def learn(self, rows, labels):
        """Reviews of yesterday."""
        if labels:
            self._rows.append(vstack(rows))
            self._labels += labels
            self._weights += [OURS] * len(labels)
            self._fit()

    def scores(self, rows):
        """How likely each answer is to be bad, from 0 to 1."""
        return self._model.predict_proba(rows)[:, 1]

    def _fit(self):
        self._model = LogisticRegression(C=1000, class_weight="balanced", solver="liblinear")
        self._model.fit(vstack(self._rows), self._labels, sample_weight=np.array(self._weights))


def inputs(texts):
    return _pieces.transform(list(texts)).tocsr()
