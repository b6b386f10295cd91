"""What a decision lab's trial told: each objective by word, and of practised cases the wrong ones and the pictures.

Of an exam's cases nothing is kept but what events have, so its trials have words alone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import laps
from grader.course.slo import Slo
from grader.safe import visible

MOST_WRONG = 100
MOST_WORDS = 20
Told = Mapping[str, Sequence[tuple[str, int, bool]]]
"""By objective: word, how often, whether good."""


@dataclass(frozen=True)
class ByWord:
    """One objective: its title, and of each word how often it came, whether it is good, and what it means."""

    title: str
    words: tuple[tuple[str, int, bool, str], ...]


@dataclass(frozen=True)
class Cases:
    """What is shown of a trial: `wrong` has case, title of the objective, word and why; `pictures` title and address.

    `more` is how many wrong ones are left out.
    """

    objectives: tuple[ByWord, ...]
    wrong: tuple[tuple[str, str, str, str], ...]
    more: int
    pictures: tuple[tuple[str, str], ...]


def decides(slos: Mapping[str, Slo]) -> bool:
    """Whether a lab is about decisions: it says what its words mean."""
    return any(slo.words for slo in slos.values())


def cases(run_dir: Path, trial: str, told: Told, slos: Mapping[str, Slo]) -> Cases:
    """The view of a trial, by its id as a plain name."""
    by_word = tuple(
        ByWord(
            visible(slo.title, 120),
            tuple((visible(w, 40), n, good, visible(slo.words.get(w, ""), 200)) for w, n, good in words[:MOST_WORDS]),
        )
        for name, slo in slos.items()
        if (words := told.get(name, ()))
    )
    lap, pictures = laps.saved(run_dir / laps.FOLDER / f"{trial}.json")
    bad = {name: {word for word, _, good in words if not good} for name, words in told.items()}
    wrong = [
        (case, visible(slos[aspect].title, 120) if aspect in slos else aspect, one.word, one.note)
        for (case, aspect, _), one in (lap.told.items() if lap else ())
        if one.word in bad.get(aspect, ())
    ]
    drawn = tuple((one["title"], _address(one["svg"])) for one in pictures)
    return Cases(by_word, tuple(wrong[:MOST_WRONG]), max(0, len(wrong) - MOST_WRONG), drawn)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
