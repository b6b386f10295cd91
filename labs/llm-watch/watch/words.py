"""Words that bad answers have and others have not."""

import re
from collections import Counter

TIMES = 5  # so many times as often
SEEN = 3  # in so many bad answers at least
HITS = 2


class Words:
    def __init__(self, history):
        bad, good = Counter(), Counter()
        for one in history:
            (bad if one.bad else good).update(words(one.answer))
        many = sum(one.bad for one in history) or 1
        rest = len(history) - many or 1
        self.listed = {
            word for word, count in bad.items() if count >= SEEN and count / many > TIMES * good[word] / rest
        }

    def hit(self, answer):
        return len(words(answer) & self.listed) >= HITS


def words(text):
    return set(re.findall(r"[a-z]{4,}", text.lower()))
