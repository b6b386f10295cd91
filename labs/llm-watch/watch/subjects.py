"""What customers ask about, and whether that is something new."""

from collections import Counter

from words import words

SHARE = 0.01
EXAMPLES = 5


class Subjects:
    def __init__(self, history):
        self.known = {word for one in history for word in words(one.question)}

    def new(self, day):
        """Traces with a word that nobody used before and many use now, or None."""
        counts = Counter(word for one in day.answers for word in words(one["question"]))
        often = [word for word, count in counts.most_common() if count > SHARE * len(day.answers)]
        new = [word for word in often if word not in self.known]
        self.known.update(counts)
        if not new:
            return None
        return [one["trace"] for one in day.answers if new[0] in words(one["question"])][:EXAMPLES]
