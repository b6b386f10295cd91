"""One dealer's collection: free data raise a suspicion, a canary says what it is."""

import logging
from dataclasses import dataclass

import numpy as np
from reference import Reference

log = logging.getLogger("monitor")

OTHER_MODEL = 0.25  # cosine of a pair: 0.3 and more by one model, at random around 0 by two
FEW = 3  # of fifty pairs by two models: from here on no accident
ALL = 0.9  # share of pairs by two models: from here on no article is by the queries' model
LOST = 5  # of fifty pairs that were found in the beginning and are not now
WORSE, WORSE_SHARE = 5, 0.09  # known queries that find worse
LESS_OPENED = 0.12  # below what is usual: three standard deviations of a day
UNANSWERED = 9  # strange queries of which nothing was opened, in a day: 13 and more for most topics, 5 at most without
UNANSWERED_TWO = 13  # in two days, for a small topic
CANARIES = 7  # at most, the first one included
AT_REST = 2  # days without a canary after one that has found nothing


@dataclass
class Symptoms:
    """What is free to see."""

    switched: bool  # queries are embedded by a model that was never seen here
    worse: bool  # known queries find worse articles
    less_opened: bool
    unanswered: np.ndarray  # of each query: strange, and nothing was opened
    before: int  # queries that were unanswered yesterday

    @property
    def topic(self):
        today = self.unanswered.sum()
        return today >= UNANSWERED or today + self.before >= UNANSWERED_TWO

    def __str__(self):
        words = [name for name in ("switched", "worse", "less_opened") if getattr(self, name)]
        return f"{', '.join(words) or 'nothing else'}, {self.unanswered.sum()} unanswered"

    @property
    def any(self):
        return self.switched or self.worse or self.less_opened or self.topic


class Collection:
    def __init__(self, name, search, usual):
        """`usual`: days in which all was well. Costs a canary."""
        self.name = name
        self._search = search
        reference = Reference(usual[0])
        for day in usual:
            reference.add(day)
        self._references = [reference]  # one for each model that queries were embedded by
        self._weak = reference.weak()
        self._opened = float(np.mean([day.opened > 0 for day in usual]))
        self._found = search.canary(name).ranks > 0
        self._canaries = 1
        self._at_rest = 0  # until that day
        self._unanswered = 0  # yesterday

    def day(self, today, day):
        """(kind, action) or None. `day` is what was told of today."""
        reference, switched = self._reference(day)
        symptoms = self._symptoms(day, reference, switched)
        self._unanswered = symptoms.unanswered.sum()
        if not symptoms.any:
            reference.add(day, ~symptoms.unanswered)  # else a topic that begins small would be usual tomorrow
            return None
        rests = today < self._at_rest and not (switched or symptoms.topic)
        if rests or self._canaries >= CANARIES:
            return None
        return self._diagnose(today, day, reference, symptoms)

    def _reference(self, day):
        """The one of today's model, and whether it is new."""
        for reference in self._references:
            if reference.is_of(day):
                return reference, False
        self._references.append(Reference(day))
        return self._references[-1], True

    def _symptoms(self, day, reference, switched):
        look = reference.look(day, self._weak)
        return Symptoms(
            switched,
            look.worse >= max(WORSE, WORSE_SHARE * look.known),
            bool(np.mean(day.opened > 0) < self._opened - LESS_OPENED),
            look.strange & (day.opened == 0),
            self._unanswered,
        )

    def _diagnose(self, today, day, reference, symptoms):
        canary = self._search.canary(self.name)
        self._canaries += 1
        by_two = (canary.queries * canary.stored).sum(1) < OTHER_MODEL
        lost = ~by_two & (canary.ranks == 0) & self._found
        told = f"canary: {by_two.sum()} pairs by two models, {lost.sum()} lost"
        log.info("day %d: %s: %s; %s", today, self.name, symptoms, told)
        if by_two.mean() > ALL:  # no article is by the new model, so none is the wrong one after a rollback
            return "model", "rollback"
        if by_two.sum() >= FEW:  # articles by two models: whatever queries are by, some are the wrong ones
            return ("model" if symptoms.switched else "mixed"), "reembed"
        if lost.sum() >= LOST:
            return "index", "rebuild"
        if symptoms.topic:
            reference.add(day)  # it is known from now on, and seen to
            self._unanswered = 0
            return "topic", "content"
        self._at_rest = today + AT_REST
        if not symptoms.worse:
            reference.add(day, ~symptoms.unanswered)
        return None
