"""Which answers say what this supplier forbids: on which side of a plane their words lie, and how strange they are."""

import re

from scipy.sparse import vstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.svm import LinearSVC

OURS = 2  # a review of this season counts as two of the history
_words = HashingVectorizer(n_features=2**16, ngram_range=(1, 3), alternate_sign=False, binary=True)
_sentences = re.compile(r"(?<=[.!?])\s+")


class Harm:
    def __init__(self, history):
        self._pairs = set()
        self._rows, self._labels = [], []
        self.learn([inputs(one.answer for one in history)], [one.bad for one in history])
        self.remember(one.answer for one in history)

    def learn(self, rows, labels):
        """Reviews."""
        if labels:
            self._rows.append(vstack(rows))
            self._labels += labels
            self._plane = LinearSVC(class_weight="balanced").fit(vstack(self._rows), self._labels)

    def bad(self, rows):
        """Whether each answer is bad."""
        return self._plane.decision_function(rows) > 0

    def remember(self, answers):
        """Somebody has looked at these."""
        for answer in answers:
            self._pairs.update(pairs(answer))

    def strangest(self, answers, many):
        """Places of the strangest answers, by how many pairs of words in one sentence nobody has looked at yet; what is
        strange in the same way is there once."""
        parts = [[pairs(part) - self._pairs for part in _sentences.split(answer)] for answer in answers]
        found = []
        for _ in range(many):
            found.append(max(range(len(parts)), key=lambda at: max(map(len, parts[at]))))
            looked = set().union(*parts[found[-1]])
            parts = [[part - looked for part in each] for each in parts]
        return found


def inputs(texts):
    return _words.transform(list(texts)).tocsr()


def pairs(text):
    """Neighbouring words, without names and numbers."""
    words = re.findall(r"\b[a-z']+", re.sub(r"\b([A-Z]\w+|\d+)", "", text))
    return set(zip(words, words[1:], strict=False))
