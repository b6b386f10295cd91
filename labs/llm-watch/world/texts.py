"""What a supplier's customers and its assistant write: sentences of the plan, with their slots filled."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from random import Random

from common.names import generator
from kinds import Kind, Subject, Supplier, Version

REFUSED, TIPS, FURTHER, CLOSED, TYPOS = 0.12, 0.7, 0.4, 0.6, 0.05
"""Shares of answers that refuse or quote something, that have a tip if they do neither, that have a second sentence
about their subject, a closing; of questions with a slip of the keyboard."""
TODAY, SAYINGS, TWINS, PHONE, MISHEARD = 0.6, 24, 0.4, 0.25, 0.1
"""Share of tips that are a saying of the day; how many of these a day has; how often a twin is said, by its kind;
shares of answers by phone, and of words that are misheard there."""
TURNED, FILLED = 0.3, 0.3
"""Shares of wordings whose second part stands first, and of those with a filler."""
SURGE, NAMED = 4.0, 0.4
"""So much more often a subject is asked about that surges; so often the street is named that many name."""
GREETINGS = "", "", "", "Hello, ", "Hi. ", "Good evening. ", "Please help: ", "Once more: ", "About {tariff}: "
MONTHS = "January", "February", "March", "April", "May", "September", "October", "November", "December"
WEEKDAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"
ROOMS = "kitchen", "hall", "cellar", "garage", "bedroom", "attic", "bathroom", "shed"
STREETS = "street", "road", "lane", "square", "hill"
STARTS = ["al", "bar", "cor", "dun", "el", "far", "gor", "hal", "in", "jor", "kel", "lam", "mor", "nor", "ost"]
ENDS = ["ba", "den", "fel", "gan", "ly", "ma", "ne", "ris", "ton", "va"]


@dataclass(frozen=True, slots=True)
class Text:
    """A question and its answer, with what is true of them. `sort`: `bad`, `allowed` (a kind that is not bad here),
    `refused`, `plain`; `kind`: what is said, if anything; `phone`: whether it was spoken, and written down by ear."""

    question: str
    answer: str
    subject: str
    sort: str
    kind: str
    phone: bool


class Voice:
    """A supplier's texts."""

    def __init__(self, case: Supplier) -> None:
        self.case = case
        self._sayings = cache(self._todays)

    def write(self, rng: Random, day: int, date: datetime.date, version: Version | None, bot: bool) -> Text:
        """Somebody asks, and the assistant answers; before the season without a version."""
        slots, subject = self._slots(rng, day), self._subject(rng, day, date.weekday() > 4)
        question = (rng.choice(GREETINGS) + rng.choice(subject["questions"])).format_map(slots) + rng.choice("?  ")
        if rng.random() < TYPOS:
            at = rng.randrange(1, len(question) - 2)
            question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
        body = rng.sample(subject["answers"], 2 if rng.random() < FURTHER else 1)
        said, sort, kind = self._said(rng, day, date, None if bot else version, subject, bot)
        body.insert(rng.randrange(len(body) + 1), said)
        if version is not None:
            body.insert(0, rng.choice(version["openings"]))
            body.append(rng.choice(version["closings"]) if rng.random() < CLOSED else "")
        answer = " ".join(part for part in body if part).format_map(slots)
        phone = not bot and rng.random() < PHONE
        answer = " ".join(_heard(rng, word) for word in answer.split()) if phone else answer
        return Text(question.strip(), answer, subject["name"], sort, kind, phone)

    def _said(
        self, rng: Random, day: int, date: datetime.date, version: Version | None, subject: Subject, bot: bool
    ) -> tuple[str, str, str]:
        """What an answer says besides facts: a sentence or nothing, its sort, and the kind that it is about."""
        case = self.case
        kind, twin = (None, False) if bot else self._kind(rng, day, version)
        if kind is not None:
            gist = rng.choice(kind["twins" if twin else "wordings"])
            sort = "bad" if kind["bad"] and not twin else "allowed"
            return self._put(rng, rng.choice(case["says"]), gist), sort, kind["name"]
        if not bot and rng.random() < REFUSED:
            if rng.random() < 0.3:
                return self._put(rng, rng.choice(case["refuses"]), self._tip(rng, date, subject)), "plain", ""
            about = rng.choice([one for one in case["kinds"] if one["day"] <= day])
            return self._put(rng, rng.choice(case["refuses"]), rng.choice(about["wordings"])), "refused", ""
        if rng.random() < TIPS:
            return self._put(rng, rng.choice(case["says"]), self._tip(rng, date, subject)), "plain", ""
        return "", "plain", ""

    def _tip(self, rng: Random, date: datetime.date, subject: Subject) -> str:
        return rng.choice(self._sayings(date) if rng.random() < TODAY else subject["tips"])

    def _todays(self, date: datetime.date) -> list[str]:
        """Sound things that are said on this day only."""
        rng, news = generator(self.case["id"], "news", str(date)), self.case["news"]
        return [
            f"{rng.choice(news['acts'])} the {rng.choice(news['looks'])} {rng.choice(news['things'])} / "
            + rng.choice(news["ends"])
            for _ in range(SAYINGS)
        ]

    def _put(self, rng: Random, frame: str, gist: str) -> str:
        """A sentence: a wording's second part may stand first, and something may stand between."""
        first, _, second = gist.partition(" / ")
        filler = f" {rng.choice(self.case['fillers'])}" if rng.random() < FILLED else ""
        if second and rng.random() < TURNED:
            frame = frame if frame.startswith("I ") else frame[0].lower() + frame[1:]
            return f"{second[0].upper() + second[1:]}, {frame.replace('{gist}', first + filler)}"
        return frame.replace("{gist}", f"{first}{filler} {second}".strip())

    def _subject(self, rng: Random, day: int, weekend: bool) -> Subject:
        subjects = [one for one in self.case["subjects"] if one.get("day", -1) <= day]
        shares = [
            (one["weekend"] if weekend else one["share"])
            / (2 if one.get("day", -1) == day >= 0 else 1)
            * (SURGE if self._odd(day, "surge") == one["name"] else 1)
            for one in subjects
        ]
        return rng.choices(subjects, shares)[0]

    def _kind(self, rng: Random, day: int, version: Version | None) -> tuple[Kind | None, bool]:
        """What is said, if anything, and whether it is its twin."""
        left = rng.random()
        for kind in self.case["kinds"]:
            if kind["day"] <= day:
                share = kind["share"] * (version["bad"] if version is not None and kind["bad"] else 1)
                twins = kind["share"] * TWINS
                left -= share + twins
                if left < 0:
                    return kind, left >= -twins
        return None, False

    def _odd(self, day: int, what: str) -> str:
        """What is odd of that sort on a day, if anything."""
        found = [one["name"] for one in self.case["odd"] if one["what"] == what and 0 <= day - one["day"] < one["days"]]
        return found[-1] if found else ""

    def _slots(self, rng: Random, day: int) -> dict[str, str]:
        case = self.case
        tariff, named, known = rng.choice(case["tariffs"]), rng.random() < NAMED, self._odd(day, "street")
        renamed = zip(case["tariffs"], (one for one in case["odd"] if one["what"] == "tariff"), strict=False)
        tariff = next((one["name"] for old, one in renamed if old == tariff and one["day"] <= day), tariff)
        street = (rng.choice(STARTS) + rng.choice(ENDS) + rng.choice(ENDS)).capitalize()
        return {
            **case["slots"],
            "tariff": tariff,
            "amount": f"{rng.randrange(9, 480)} euros",
            "month": rng.choice(MONTHS),
            "day": rng.choice(WEEKDAYS),
            "room": rng.choice(ROOMS),
            "street": known if known and named else f"{street} {rng.choice(STREETS)}",
        }


def _heard(rng: Random, word: str) -> str:
    """A word as it is written down by ear: now and then a letter is missing, double, another one, or out of place."""
    if len(word) < 4 or rng.random() > MISHEARD:
        return word
    at = rng.randrange(len(word) - 2)
    pair = word[at : at + 2]
    heard = rng.choice([pair[1], pair[0] + pair, pair[1] + pair[0], rng.choice("aeiou") + pair[1]])
    return word[:at] + heard + word[at + 2 :]
