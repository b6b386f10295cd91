"""Questions for the talk after a submission: about what was missed, nearly missed and kept, and what was changed.

They are open and accuse nobody: who worked on it is asked to explain, and the figures say why it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.hiring.review.changes import Changes, FileChange
from grader.hiring.review.lines import Place
from grader.report import summary
from grader.report.html import ObjectiveView
from grader.result import Result, Verdict
from grader.safe import visible

NEAR = 0.5
"""Who used more than this share of the bad events that a promise allows has nearly missed it."""

OWN = 2
"""How many places of the change are asked about at length; each other file has one question."""

MOST_FILES = 20

_MOST_REASONS = 5
_OF_OBJECTIVES = ("objective-missed", "close")
"""Reasons that say how an objective came out, which has questions of its own."""


@dataclass(frozen=True)
class Question:
    """What is asked, and before it, in `about`, what makes one ask: titles and figures. Both are safe to show."""

    about: str
    asks: tuple[str, ...]
    anchor: str = ""


def questions(result: Result, objectives: Sequence[ObjectiveView], changes: Changes | None) -> tuple[Question, ...]:
    """All questions, those about what was missed first: at least one for each objective, and for each changed file.

    Args:
        result: how the run ended; of an invalid one nothing that was measured is asked about.
        objectives: as the report shows them.
        changes: against the lab as shipped; None where the submission is not there.
    """
    titles = summary.trial_titles(result.trials)
    asked: list[Question] = []
    kept: list[Question] = []
    if result.verdict is not Verdict.INVALID:
        by_burn = sorted(objectives, key=lambda view: -(summary.burn(view.result) or 0))
        asked += [_missed(view, titles) for view in by_burn if view.result.verdict is Verdict.FAIL]
        asked += _ended(result)
        asked += [_near(view, result, titles) for view in by_burn if nearly_missed(view)]
        others = (v for v in objectives if v.result.verdict is not Verdict.FAIL and not nearly_missed(v))
        kept = [_kept(view, result) for view in others]
    return (*asked, *_own(changes), *kept)


def nearly_missed(view: ObjectiveView) -> bool:
    """Whether an objective was not missed, and more than half of what may be bad was."""
    return view.result.verdict is not Verdict.FAIL and (summary.burn(view.result) or 0) > NEAR


def _missed(view: ObjectiveView, titles: Mapping[str, str]) -> Question:
    title = visible(view.result.title, 100)
    when = _when(view, titles) or "no event of it can be counted"
    return Question(
        _figures(view),
        (
            f"What happens to “{title}” when {when}? Which part of the system decides that?",
            "What would you change for it next, what might that cost another promise, and how would you see it work?",
        ),
        view.anchor,
    )


def _near(view: ObjectiveView, result: Result, titles: Mapping[str, str]) -> Question:
    title = visible(view.result.title, 100)
    when = _when(view, titles) or "it comes to what was bad"
    asks = f"What happens to “{title}” when {when}, and this lasts twice as long? What tells you how much room is left?"
    return Question(_figures(view, result), (asks,), view.anchor)


def _kept(view: ObjectiveView, result: Result) -> Question:
    asks = f"What keeps “{visible(view.result.title, 100)}” in what was handed in, and what would break it first?"
    return Question(_figures(view, result), (asks,), view.anchor)


def _figures(view: ObjectiveView, result: Result | None = None) -> str:
    o = view.result
    used = f", {summary.margin(o)}" if summary.margin(o) else ""
    return f"{visible(o.title, 100)}: {summary.sentence(o, result)}; {summary.bad_events(o)} bad{used}."


def _when(view: ObjectiveView, titles: Mapping[str, str]) -> str:
    """The worst stretch, to go on with after "when"; empty where nothing is known of one."""
    spot = view.spot
    if spot is None or spot.trial not in titles:
        return ""
    phase = f", in phase “{visible(spot.phase, 40)}”" if spot.phase else ""
    looks = f" (most of what is bad then: {visible(spot.symptom, 80)})" if spot.symptom else ""
    return f"“{titles[spot.trial]}” is on{phase}, {spot.start_s:g} s to {spot.end_s:g} s{looks}"


def _ended(result: Result) -> Iterator[Question]:
    """About what else a run failed on, a question a kind of reason."""
    if result.verdict is not Verdict.FAIL:
        return
    kinds = {reason.code: reason for reason in reversed(result.reasons) if reason.code not in _OF_OBJECTIVES}
    for reason in list(reversed(kinds.values()))[:_MOST_REASONS]:
        first = next(iter(summary.reason_text(reason, result).splitlines()), "")
        asks = "What happens in the system when this occurs, and what would you look at first? What would make it rare?"
        yield Question(visible(first, 300), (asks,))


def _own(changes: Changes | None) -> Iterator[Question]:
    """About their own change: how it works where most lines came or went, and when it does not where the next most did;
    of a single place both."""
    if changes is None:
        return
    if not changes.files:
        yield Question(
            "No file differs from the lab as shipped.",
            (
                "What did you look at, and what did it tell you?",
                "What would you try first, and how would you see it work?",
            ),
        )
        return
    spots = sorted(_spots(changes.files), key=lambda pair: pair[1])[:OWN]
    yield Question(
        spots[0][0],
        ("Walk us through this: what does it decide, from what, and which other way did you turn down?",),
    )
    yield Question(
        spots[-1][0],
        ("What happens here when what it relies on is late, missing or wrong? Change it now for one of these.",),
    )
    asked = {path for _, (_, _, path, _) in spots}
    for path in [file.path for file in changes.files if file.path not in asked][:MOST_FILES]:
        yield Question(path, ("What is this change for, and how would you see that it works?",))


def _spots(changed: Sequence[FileChange]) -> Iterator[tuple[str, tuple[bool, int, str, int]]]:
    """Places to ask about, each with what they are sorted by: functions first, then those that changed most."""
    for file in changed:
        for place in file.places:
            yield _named(file, place), (not place.function, -place.touched, file.path, place.first)
        if not file.places:
            yield f"{file.path}, which was {file.what}", (True, 0, file.path, 0)


def _named(file: FileChange, place: Place) -> str:
    if place.function:
        return f"{place.function} in {file.path}"
    span = f"line {place.first}" if place.first == place.last else f"lines {place.first} to {place.last}"
    return f"{file.path}, {span}"
