"""A supplier's answers, day by day: what was shown, by which version, who voted on it, and when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from typing import Any, NamedTuple

from common.names import generator, named
from kinds import DAYS, EACH, LATE, PAST, REVIEWED, Supplier, Version
from texts import Text, Voice

BOTS, RETRIED, LATER = 0.08, 0.15, (0.55, 0.2, 0.15, 0.1)
"""Shares of answers to our own probes, of those that were asked for once more; how many days late a vote is."""
DOWN = {"bad": 0.75, "refused": 0.14, "allowed": 0.02, "plain": 0.02}
UP, AGAIN, CHANGED, BY_BOT = 0.3, 0.2, 0.1, 0.5
"""Shares of answers with thumbs up, of votes that come twice, that are changed; of bots that vote."""
DAY = 1440  # minutes


class Vote(NamedTuple):
    """Thumbs `up` or `down`, on a day of the season and a minute of it."""

    day: int
    minute: int
    vote: str


class Generation(NamedTuple):
    """A version's answer, and the minute in which it began."""

    version: str
    started: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was shown to somebody, and what is true of it."""

    trace: str
    day: int
    minute: int
    bot: bool
    text: Text
    generations: tuple[Generation, ...]
    votes: tuple[Vote, ...]

    @property
    def bad(self) -> bool:
        """Whether a reviewer calls it bad."""
        return self.text.sort == "bad"

    @property
    def version(self) -> str:
        """The version that wrote what was shown: the last."""
        return max(self.generations, key=lambda one: one.started).version

    @property
    def down(self) -> bool:
        """Whether the last vote on it is down."""
        return bool(self.votes) and max(self.votes).vote == "down"


class Past:
    """All that happens at one supplier."""

    def __init__(self, seed: int, case: Supplier, first: datetime.date) -> None:
        self.seed, self.case, self._first = seed, case, first
        self._voice = Voice(case)
        self.day = cache(self._day)

    def date(self, day: int) -> datetime.date:
        """A day's date."""
        return self._first + datetime.timedelta(day)

    def weekend(self, day: int) -> bool:
        """Whether a day is a Saturday or a Sunday."""
        return self.date(day).weekday() > 4

    @cached_property
    def history(self) -> list[tuple[int, Text]]:
        """Reviewed answers from before the season, with their days, the oldest first."""
        rng = generator(self.seed, self.case["id"], "history")
        days = sorted(rng.randrange(-PAST, 0) for _ in range(REVIEWED))
        return [(day, self._voice.write(rng, -1, self.date(day), None, bot=False)) for day in days]

    def _day(self, day: int) -> list[Answer]:
        """Answers of a day of the season, by the minute."""
        rng = generator(self.seed, self.case["id"], "day", day)
        minutes = sorted(rng.randrange(360, DAY - 30) for _ in range(EACH))
        return [self._answer(rng, day, minute, at) for at, minute in enumerate(minutes)]

    def _answer(self, rng: Random, day: int, minute: int, at: int) -> Answer:
        case, bot = self.case, rng.random() < BOTS
        live = [one for one in case["versions"] if (one["day"], one["minute"]) <= (day, minute)]
        wrote = rng.choices(live, [one["weight"] for one in live])[0]
        generations = [Generation(wrote["name"], minute)]
        if rng.random() < RETRIED:
            wrote = self._retry(rng, live)
            generations.append(Generation(wrote["name"], minute + rng.randrange(1, 9)))
            rng.shuffle(generations)
        text = self._voice.write(rng, day, self.date(day), wrote, bot)
        votes = self._votes(rng, day, max(one.started for one in generations), text, bot)
        trace = named(self.seed, case["id"], day, at)
        return Answer(trace, day, minute, bot, text, tuple(generations), votes)

    def _retry(self, rng: Random, live: list[Version]) -> Version:
        usual = [one for one in live if one["name"] == self.case["retried"]]
        return usual[0] if usual and rng.random() < 0.7 else rng.choice(live)

    def _votes(self, rng: Random, day: int, minute: int, text: Text, bot: bool) -> tuple[Vote, ...]:
        drawn = rng.random()
        down = BY_BOT / 2 if bot else DOWN[text.sort]
        if drawn >= down + (BY_BOT / 2 if bot else UP):
            return ()
        vote = "down" if drawn < down else "up"
        late = rng.choices(range(LATE + 1), LATER)[0]
        moments = [(day + late, rng.randrange(minute + 1 if late == 0 else 0, DAY))]
        words = [vote]
        if rng.random() < CHANGED:
            words.insert(0, "up" if vote == "down" else "down")
        elif rng.random() < AGAIN:
            words.append(vote)
        if len(words) == 2:
            first, at = moments[0]
            last = rng.randrange(first, day + LATE + 1)
            moments[0] = first, min(at, DAY - 5)
            moments.append((last, rng.randrange(DAY) if last > first else moments[0][1] + rng.randrange(1, 5)))
        return tuple(Vote(*moment, word) for moment, word in zip(moments, words, strict=True))

    # As it is told

    def told(self, day: int) -> dict[str, Any]:
        """A day, as whoever watches is told it; without reviews."""
        answers, rng = self.day(day), generator(self.seed, self.case["id"], "told", day)
        generations = [
            {"trace": one.trace, "version": by.version, "started": by.started}
            for one in answers
            for by in one.generations
        ]
        votes = [
            {"trace": one.trace, "vote": vote.vote, "minute": vote.minute}
            for before in range(max(0, day - LATE), day + 1)
            for one in self.day(before)
            for vote in one.votes
            if vote.day == day
        ]
        rng.shuffle(votes)
        return {
            "answers": [
                {
                    "trace": one.trace, "minute": one.minute,
                    "channel": "probe" if one.bot else "phone" if one.text.phone else "chat",
                    "question": one.text.question, "answer": one.text.answer,
                }
                for one in answers
            ],
            "generations": generations,
            "deploys": [
                {"version": one["name"], "day": one["day"], "minute": one["minute"]}
                for one in self.case["versions"]
                if one["day"] == day or one["day"] < day == 0
            ],
            "votes": votes,
        }  # fmt: skip


def season(past: Past) -> list[Answer]:
    """All answers of the season."""
    return [one for day in range(DAYS) for one in past.day(day)]
