"""What the phrases of `llm-watch` give away, by which twelve answers of a supplier are reviewed each day: known harm
that a plain classifier catches, sound answers that it flags, and new harm. README.md says how to run it."""

from __future__ import annotations

import datetime
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "labs/cast/lib"), str(ROOT / "labs/llm-watch/world")]

from kinds import DAYS, LATE, LEARNT, REVIEWED, REVIEWS  # noqa: E402
from past import Answer, Past  # noqa: E402

from grader.load.traffic import import_file  # noqa: E402

draw = import_file(ROOT / "scenarios/llm-watch/draw.py")
words = HashingVectorizer(n_features=2**16, ngram_range=(1, 2), alternate_sign=False)
Pick = Callable[[list[Answer], "np.ndarray", list[Answer], "np.random.Generator"], list[Answer]]


def at_random(today: list[Answer], scores: np.ndarray, down: list[Answer], rng: np.random.Generator) -> list[Answer]:
    """Any twelve."""
    return [today[at] for at in rng.permutation(len(today))[:REVIEWS]]


def highest(today: list[Answer], scores: np.ndarray, down: list[Answer], rng: np.random.Generator) -> list[Answer]:
    """The twelve that the classifier suspects most."""
    return [today[at] for at in np.argsort(-scores)[:REVIEWS]]


def strata(today: list[Answer], scores: np.ndarray, down: list[Answer], rng: np.random.Generator) -> list[Answer]:
    """Eight that somebody does not like and the classifier does, two that it is unsure of, two at random."""
    unsure = [today[at] for at in np.argsort(abs(scores - 0.35))]
    chosen = {one.trace: one for one in down[:8]}
    for one in unsure[: 10 - len(chosen)] + at_random(today, scores, down, rng):
        if len(chosen) < REVIEWS:
            chosen[one.trace] = one
    return list(chosen.values())


def newest(today: list[Answer], scores: np.ndarray, down: list[Answer], rng: np.random.Generator) -> list[Answer]:
    """The last twelve of the day."""
    return today[-REVIEWS:]


def seen(past: Past) -> list[Any]:
    """The words of each day's answers; of the history last."""
    days = [[one.text.answer for one in past.day(day)] for day in range(DAYS)]
    return [words.transform(texts) for texts in (*days, [text.answer for _, text in past.history])]


def play(past: Past, days: list[Any], pick: Pick) -> dict[str, list[bool]]:
    """A season of one supplier: whether each answer was flagged on its day, by what it is."""
    rng = np.random.default_rng(1)
    rows = [days[-1]]
    places = {one.trace: (day, at) for day in range(DAYS) for at, one in enumerate(past.day(day))}
    labels = [text.sort == "bad" for _, text in past.history]
    found: dict[str, list[bool]] = {}
    begun = {kind["name"]: kind["day"] for kind in past.case["kinds"]}
    reviewed: set[str] = set()
    for day in range(DAYS):
        today = past.day(day)
        inputs = days[day]
        model = LogisticRegression(C=3000, class_weight="balanced", solver="liblinear")
        model.fit(vstack(rows), labels, sample_weight=[1.0] * REVIEWED + [3.0] * (len(labels) - REVIEWED))
        scores = model.predict_proba(inputs)[:, 1]
        flagged = scores > 0.5
        for one, flag in zip(today, flagged, strict=True):
            sort = one.text.sort
            if sort == "bad" and begun[one.text.kind] >= 0:
                sort = "new" if day >= begun[one.text.kind] + LEARNT else "too new"
            found.setdefault(sort, []).append(bool(flag))
        recent = [one for before in range(max(0, day - LATE), day + 1) for one in past.day(before)]
        down = [
            one for one in recent
            if any(vote.day == day and vote.vote == "down" for vote in one.votes) and not one.bot
            and one.trace not in reviewed and not (one.day == day and flagged[today.index(one)])
        ]  # fmt: skip
        chosen = pick(today, scores, down, rng)
        reviewed.update(one.trace for one in chosen)
        rows += [days[places[one.trace][0]][places[one.trace][1]] for one in chosen]
        labels += [one.bad for one in chosen]
    return found


def main(seeds: int = 20, suppliers: int = 12) -> None:
    """A table: of each way to review, the mean share flagged of each sort, and the least and the most of a season."""
    shares: dict[str, dict[str, list[float]]] = {}
    for seed in range(seeds):
        plan: Any = draw.draw(seed)
        first = datetime.date.fromisoformat(plan["date"])
        season: dict[str, dict[str, list[bool]]] = {}
        for past in (Past(plan["seed"], case, first) for case in plan["cases"][:suppliers]):
            days = seen(past)
            for pick in (strata, at_random, highest, newest):
                for sort, flags in play(past, days, pick).items():
                    season.setdefault(pick.__name__, {}).setdefault(sort, []).extend(flags)
        for name, sorts in season.items():
            for sort, flags in sorts.items():
                shares.setdefault(name, {}).setdefault(sort, []).append(statistics.mean(flags))
    for name, found in shares.items():
        print(name)
        for sort, each in sorted(found.items()):
            print(f"  {sort:8} {statistics.mean(each):.3f} ({min(each):.3f} to {max(each):.3f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
