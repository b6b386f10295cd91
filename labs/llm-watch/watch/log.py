"""What the platform has logged: reviewed answers from before, and the days of each supplier."""

import datetime
from dataclasses import dataclass

import httpx


@dataclass
class Reviewed:
    """An answer from before the season, and what a reviewer said of it."""

    weekend: bool
    question: str
    answer: str
    bad: bool


@dataclass
class Day:
    """A supplier's day."""

    weekend: bool
    answers: list  # {"trace", "minute", "channel", "question", "answer"}
    generations: list  # {"trace", "version", "started"}; some answers have two
    deploys: list  # {"version", "day", "minute"}
    votes: list  # {"trace", "vote", "minute"}, cast on this day
    labels: dict  # of yesterday's reviews: trace -> "bad" or "ok"


class Log:
    def __init__(self, url):
        self._http = httpx.Client(base_url=url, timeout=10)

    def history(self):
        """Reviewed answers by supplier, the oldest first."""
        told = self._http.get("/history").raise_for_status().json()
        return {
            name: [
                Reviewed(weekend(one["date"]), one["question"], one["answer"], one["label"] == "bad") for one in every
            ]
            for name, every in told.items()
        }

    def day(self, today):
        """A day by supplier."""
        told = self._http.get(f"/days/{today}").raise_for_status().json()
        return {name: Day(weekend(told["date"]), **one) for name, one in told["suppliers"].items()}


def weekend(date):
    return datetime.date.fromisoformat(date).weekday() > 4
