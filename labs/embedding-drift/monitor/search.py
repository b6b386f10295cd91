"""What the search platform tells: a day of searches, and canaries for money."""

import base64
from dataclasses import dataclass

import httpx
import numpy as np

WIDE = 64


@dataclass
class Day:
    """One collection's day: a hundred searches, a row each."""

    weekend: bool
    queries: np.ndarray  # 100 x 64
    similarities: np.ndarray  # 100 x 5: of what was found, the best first
    opened: np.ndarray  # the rank that was opened, 0 for none
    documents: int  # how many the store has


@dataclass
class Canary:
    """Fifty fixed pairs: a query as embedded today, its article as stored, and the rank of that (0: not found)."""

    articles: np.ndarray
    queries: np.ndarray
    stored: np.ndarray
    ranks: np.ndarray


class Search:
    def __init__(self, url):
        self._http = httpx.Client(base_url=url, timeout=10)

    def day(self, day):
        """All collections on a day by name; days before the season are -14 to -1."""
        told = self._http.get(f"/days/{day}").raise_for_status().json()
        weekend = np.datetime64(told["date"]).astype(object).weekday() > 4
        return {name: _day(weekend, one) for name, one in told["collections"].items()}

    def canary(self, collection):
        """Costs 1."""
        told = self._http.post("/canary", json={"collection": collection}).raise_for_status().json()
        queries, stored = vectors(told["queries"]), vectors(told["stored"])
        return Canary(np.array(told["articles"]), queries, stored, np.array(told["ranks"]))


def _day(weekend, one):
    return Day(
        weekend,
        vectors(one["queries"]),
        np.array(one["similarities"]),
        np.array(one["opened"]),
        one["documents"],
    )


def vectors(text):
    """Rows of length 1 from eight bits a number."""
    rows = np.frombuffer(base64.b64decode(text), np.int8).reshape(-1, WIDE).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
