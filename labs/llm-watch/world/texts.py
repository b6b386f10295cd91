"""What a supplier's customers and its assistant write: sentences of the plan, with their slots filled."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random

from kinds import Kind, Subject, Supplier, Version

REFUSED, TIPS, FURTHER, CLOSED, TYPOS = 0.12, 0.55, 0.4, 0.6, 0.05
"""Shares of answers that refuse or quote something, that have a tip if they do neither, that have a second sentence
about their subject, a closing; of questions with a slip of the keyboard."""
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
    `refused`, `plain`; `kind`: what is said, if anything."""

    question: str
    answer: str
    subject: str
    sort: str
    kind: str


class Voice:
    """A supplier's texts."""

    def __init__(self, case: Supplier) -> None:
        self.case = case

    def write(self, rng: Random, day: int, date: datetime.date, version: Version | None, bot: bool) -> Text:
        """Somebody asks, and the assistant answers; before the season without a version."""
        case, slots = self.case, self._slots(rng, day)
        subject = self._subject(rng, day, date.weekday() > 4)
        question = (rng.choice(GREETINGS) + rng.choice(subject["questions"])).format_map(slots) + rng.choice("?  ")
        if rng.random() < TYPOS:
            at = rng.randrange(1, len(question) - 2)
            question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
        body = rng.sample(subject["answers"], 2 if rng.random() < FURTHER else 1)
        kind, sort, said = None if bot else self._kind(rng, day, version), "plain", ""
        if kind is not None:
            sort = "bad" if kind["bad"] else "allowed"
            said = rng.choice(case["says"]).replace("{gist}", rng.choice(kind["wordings"]))
        elif not bot and rng.random() < REFUSED:
            begun = [one for one in case["kinds"] if one["day"] <= day]
            harmless = rng.random() < 0.3
            sort = "plain" if harmless else "refused"
            what = subject["tips"] if harmless else rng.choice(begun)["wordings"]
            said = rng.choice(case["refuses"]).replace("{gist}", rng.choice(what))
        elif rng.random() < TIPS:
            said = rng.choice(case["says"]).replace("{gist}", rng.choice(subject["tips"]))
        body.insert(rng.randrange(len(body) + 1), said)
        if version is not None:
            body.insert(0, rng.choice(version["openings"]))
            body.append(rng.choice(version["closings"]) if rng.random() < CLOSED else "")
        answer = " ".join(part for part in body if part).format_map(slots)
        return Text(question.strip(), answer, subject["name"], sort, kind["name"] if kind else "")

    def _subject(self, rng: Random, day: int, weekend: bool) -> Subject:
        subjects = [one for one in self.case["subjects"] if one.get("day", -1) <= day]
        shares = [
            (one["weekend"] if weekend else one["share"])
            / (2 if one.get("day", -1) == day >= 0 else 1)
            * (SURGE if self._odd(day, "surge") == one["name"] else 1)
            for one in subjects
        ]
        return rng.choices(subjects, shares)[0]

    def _kind(self, rng: Random, day: int, version: Version | None) -> Kind | None:
        left = rng.random()
        for kind in self.case["kinds"]:
            if kind["day"] <= day:
                left -= kind["share"] * (version["bad"] if version is not None and kind["bad"] else 1)
                if left < 0:
                    return kind
        return None

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
