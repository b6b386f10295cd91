"""What a sentence says, and how it says it.

Learned from the reviewed answers of all suppliers: how words are spelled, which words stand for a
name or a room, which phrases only frame what is said ("feel free to ..."), and which are fillers.
A sentence is then a frame and a gist: the set of words that are left, in whatever order.
"""

import re
from collections import Counter, defaultdict

DISTINCT = 5  # so many different words follow a frame, each seen twice
SHARED = 0.4  # such a share of what follows a frame follows other frames too
FILLER = 12  # so many different gists come with a filler and without it


class Language:
    def __init__(self, questions, answers, clean):
        """`clean` are texts without errors of hearing; the others may have some."""
        self.lower, self.capital = Counter(), Counter()
        self.trusted, self.near, self.fixed = set(), defaultdict(set), {}
        self.slots, self.frames, self.tails, self.fillers = set(), {}, {}, set()
        for text in [*questions, *answers]:
            self._count(text)
        for text in clean:
            self.read(text)
        self._spell(set(self.trusted))
        self.slots = self._slots(questions)
        counts = Counter(tuple(one) for text in answers for one in self.sentences(text))
        self.frames = self._frames(counts)
        self.tails = self._tails(counts)
        self.fillers = self._fillers(counts)

    # words

    def read(self, text):
        """Take every word of a text for a right one."""
        self._count(text)
        for word in set(re.findall(r"[a-z']+", text.lower())) - self.trusted:
            self._trust(word)

    def _count(self, text):
        for found in re.finditer(r"[A-Za-z']+", text):
            word = found[0]
            if word[0].isupper():
                if found.start() and text[: found.start()].rstrip()[-1:] not in ".!?:":
                    self.capital[word.lower()] += 1
            else:
                self.lower[word] += 1

    def _spell(self, clean):
        for word in [*self.lower, *self.capital]:
            if word not in self.trusted and self._many(word) > 2:
                self._trust(word)
        rare = [word for word in self.trusted - clean if self.lower[word] < 40 and not self.capital[word]]
        for word in rare:  # a common error of a very common word
            if any(self._many(other) > 25 * self._many(word) for other in self._neighbours(word)):
                self.trusted.discard(word)

    def _many(self, word):
        return self.lower[word] + self.capital[word]

    def _trust(self, word):
        self.trusted.add(word)
        self.fixed.pop(word, None)
        for piece in pieces(word):
            self.near[piece].add(word)

    def _neighbours(self, word):
        found = set().union(*(self.near.get(piece, ()) for piece in pieces(word)))
        return [other for other in sorted(found) if other != word and other in self.trusted and apart(word, other) == 1]

    def right(self, word):
        """The word that was meant."""
        if word in self.trusted:
            return word
        if word not in self.fixed:
            self.fixed[word] = max(self._neighbours(word), key=self._many, default=word)
        return self.fixed[word]

    def sentences(self, text, clean=False):
        """Lists of words and commas. Names, numbers and what else stands for one of many are left out."""
        for part in re.split(r"[.!?]+(?:\s+|$)", text):
            words = []
            for found in re.finditer(r"[A-Za-z']+|,", part):
                word = found[0]
                if word == ",":
                    words.append(word)
                    continue
                if word[0].isupper() and found.start() and word != "I":
                    continue
                word = word.lower() if clean else self.right(word.lower())
                if self.capital[word] > self.lower[word] and word != "i" or word in self.slots:
                    continue
                words.append(word)
            if words:
                yield words

    def asked(self, question, clean=False):
        """The words of a question, without a greeting."""
        body = re.split(r"[:.]\s+", question)[-1]
        words = [word for one in self.sentences(body, clean) for word in one]
        if words[1:2] == [","]:
            words = words[2:]
        return [word for word in words if word != ","]

    def _slots(self, questions):
        """Words that stand in the same place of the same questions: rooms."""
        counts = Counter(tuple(self.asked(one)) for one in questions)
        holes = defaultdict(Counter)
        for words, count in counts.items():
            for i in range(len(words)):
                holes[words[:i] + ("",) + words[i + 1 :]][words[i]] += count
        found = Counter()
        for fills in holes.values():
            often = [word for word, count in fills.items() if count > 2]
            if len(often) > 3:
                found.update(often)
        return set(found)

    # frames

    def _frames(self, counts):
        rests = defaultdict(Counter)
        heads = self._heads(counts)
        for words, count in counts.items():
            for i in begins(words):
                for j in range(i + 1, len(words)):
                    if words[i:j] in heads:
                        rests[words[i:j]][words[j : j + 8]] += count
        by_rest = defaultdict(set)
        for head, each in rests.items():
            for rest in each:
                by_rest[rest[:4]].add(head)
        frames = {}
        for head, each in rests.items():
            every = sum(each.values())
            shared = sum(n for rest, n in each.items() if len(by_rest[rest[:4]]) > 3)
            if shared >= SHARED * every:
                frames[head] = every
        return self._sure(frames, rests)

    def _heads(self, counts):
        """What many different words come after."""
        after = defaultdict(Counter)
        for words, count in counts.items():
            for i in begins(words):
                for j in range(i + 1, min(i + 10, len(words))):
                    after[words[i:j]][words[j]] += count
        wide = {
            head: many for head, each in after.items() if (many := sum(1 for n in each.values() if n > 1)) >= DISTINCT
        }
        return {
            head
            for head, many in wide.items()
            if many >= 0.4 * max(wide.get(head[:i], 0) for i in range(1, len(head) + 1))
        }

    def _sure(self, frames, rests):
        """Without those that end with a comma, but for "if it is urgent, ..."."""
        sure = {head: n for head, n in frames.items() if head[-1] != ","}
        for head, n in sorted(frames.items(), key=lambda one: -one[1]):
            if head[-1] == ",":  # "at the harbour, feel free to ..." has its frame later
                led = sum(m for rest, m in rests[head].items() if any(rest[:j] in sure for j in range(1, 9)))
                if led + sum(m for rest, m in rests[head].items() if "," in rest) < 0.2 * n:
                    sure[head] = n
        return sure

    def _tails(self, counts):
        ends = defaultdict(list)
        for words, count in counts.items():
            frame, at = self._frame(words)
            if frame:
                ends[frame].append((words[at + len(frame) :], count))
        tails = {}
        for frame, each in ends.items():
            tail = ()
            while True:
                last = Counter()
                for rest, count in each:
                    if len(rest) > len(tail) and (not tail or rest[-len(tail) :] == tail):
                        last[rest[-len(tail) - 1]] += count
                word, many = last.most_common(1)[0] if last else ("", 0)
                if many < 0.5 * sum(count for _, count in each):
                    break
                tail = (word, *tail)
            tails[frame] = tuple(word for word in tail if word != ",")
        return tails

    def _frame(self, words):
        best, at = (), 0
        for i in begins(words):
            for j in range(min(i + 10, len(words)), i, -1):
                if j - i <= len(best):
                    break
                if tuple(words[i:j]) in self.frames:
                    best, at = tuple(words[i:j]), i
                    break
        return best, at

    def _rest(self, words):
        frame, at = self._frame(words)
        rest = [word for word in words[at + len(frame) :] if word != ","]
        tail = self.tails.get(frame, ())
        if tail and len(rest) > len(tail) and len(set(rest[-len(tail) :]) & set(tail)) * 2 >= len(set(tail)):
            rest = rest[: -len(tail)]
        return frame, [word for word in words[:at] if word != ","], rest

    def _fillers(self, counts):
        bags = Counter()
        said = []
        for words, count in counts.items():
            frame, lead, rest = self._rest(words)
            if frame:
                said += [(lead, rest)]
                bags[frozenset(lead + rest)] += count
        usual = {bag for bag, count in bags.items() if count > 2}
        with_and_without = defaultdict(set)
        for lead, rest in said:
            for part, other in ((lead, rest), (rest, lead)):
                for size in (1, 2, 3):
                    for i in range(len(part) - size + 1):
                        left = frozenset(part[:i] + part[i + size :] + other)
                        if left in usual:
                            with_and_without[tuple(part[i : i + size])].add(left)
        found = {piece for piece, each in with_and_without.items() if len(each) >= FILLER}
        return {p for p in found if not any(p != o and contains(o, p) for o in found)}

    def units(self, text, clean=False):
        """Of each sentence its frame, () if it has none, and its gist."""
        for words in self.sentences(text, clean):
            frame, lead, rest = self._rest(words)
            if frame:
                lead, rest = self._without(lead), self._without(rest)
            yield frame, frozenset(lead + rest)

    def _without(self, words):
        for size in (3, 2, 1):
            for i in range(len(words) - size, -1, -1):
                if tuple(words[i : i + size]) in self.fillers:
                    words = words[:i] + words[i + size :]
        return words


class Known:
    """Sets of words; one that was heard wrongly is taken for the known one that it sounds like."""

    def __init__(self):
        self.solid, self.by_word, self.taken = set(), defaultdict(set), {}

    def add(self, bag):
        if bag not in self.solid:
            self.solid.add(bag)
            for word in bag:
                self.by_word[word].add(bag)

    def like(self, bag):
        if bag in self.solid or len(bag) < 2:
            return bag
        if bag not in self.taken:
            shared = Counter(other for word in bag for other in self.by_word.get(word, ()))
            fits = [
                (far, -many, sorted(other), other)
                for other, many in shared.items()
                if 2 * many >= len(other) and (far := sounds(bag - other, other - bag)) is not None
            ]
            found = min(fits)[3] if fits else None
            if found is None:
                return bag
            self.taken[bag] = found
        return self.taken[bag]


def sounds(ones, others):
    """Letters apart when each of these words may be one of those, heard wrongly; None when they are not."""
    if abs(len(ones) - len(others)) > 1 or len(ones) > 3 or len(others) > 3:
        return None
    left, apart_by = set(others), 0
    for one in sorted(ones, key=lambda word: (-len(word), word)):
        far, fit = min(((apart(one, other), other) for other in left), default=(3, None))
        if far > 2:
            far = len(one)  # a piece of a word
        else:
            left.discard(fit)
        apart_by += far
    apart_by += sum(map(len, left))
    return apart_by if apart_by <= 4 and len(left) < 2 else None


def begins(words):
    return [0, *(i + 1 for i, word in enumerate(words) if word == ",")]


def contains(long, short):
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def pieces(word):
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def apart(a, b):
    """Letters to add, drop, change or swap; 3 stands for more than 2."""
    if abs(len(a) - len(b)) > 2:
        return 3
    before, last = [], list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return min(last[-1], 3)
