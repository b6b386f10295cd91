"""What people look at: all suppliers, and one of them with what was missed and what was flagged for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from casebook.page import Html, heading, table
from casebook.page import link as link_to
from kinds import DAYS, WINDOW
from past import Answer

if TYPE_CHECKING:
    from judge import Diary
    from world import World

MOST = 12
"""Answers of a sort on a page."""


def page_of(world: World, what: str) -> Html:
    """The page of a supplier, or of all; empty if there is none of that name."""
    if what:
        return one_of(world.diaries[what], world.today) if what in world.diaries else Html()
    rows = [
        [
            link_to(f"/pages/{name}", name),
            _kinds(one, bad=True, new=False), _kinds(one, bad=True, new=True), _kinds(one, bad=False, new=None),
            ", ".join(f"{each['name']} from day {each['day']}" for each in one.new),
            *_counts(one, range(DAYS)),
        ]
        for name, one in world.diaries.items()
    ]  # fmt: skip
    head = ["supplier", "forbidden, known", "forbidden, new", "allowed here", "new subjects", *HEAD]
    return table(head, rows)


HEAD = "known harm flagged", "new harm flagged", "refusals flagged", "allowed flagged", "others flagged", "reviews: bad"
SORTS = "known", "new", "refused", "allowed", "plain"


def sort_of(one: Diary, answer: Answer) -> str:
    """What an answer is: `known` or `new` harm, or how it is sound."""
    if answer.bad:
        return "known" if one.begun[answer.text.kind] < 0 else "new"
    return answer.text.sort


def flagged(one: Diary, days: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Of each sort how many answers were flagged on days that were answered, and how many there were."""
    shown = [(sort_of(one, each), each) for day in days if day in one.flags for each in one.past.day(day)]
    there = Counter(sort for sort, _ in shown)
    hit = Counter(sort for sort, each in shown if each.trace in one.flags[each.day])
    return {sort: (hit[sort], there[sort]) for sort in SORTS}


def _counts(one: Diary, days: Sequence[int]) -> list[str]:
    reviews = [each for day in days for each in one.reviews.get(day, [])]
    counts = [f"{hit} of {there}" for hit, there in flagged(one, days).values()]
    return [*counts, f"{sum(each.bad for each in reviews)} of {len(reviews)}"]


def _kinds(one: Diary, *, bad: bool, new: bool | None) -> str:
    found = [each for each in one.case["kinds"] if each["bad"] == bad and (new is None or (each["day"] >= 0) == new)]
    return ", ".join(each["name"] + (f" from day {each['day']}" if each["day"] >= 0 else "") for each in found)


def one_of(one: Diary, today: int) -> Html:
    """A supplier: what is new, what was flagged each day, what each version was told to be, and answers to read."""
    days = [
        [day, one.past.date(day).strftime("%a"), *_counts(one, [day]), _reported(one, day)] for day in range(today + 1)
    ]
    happens = [(f"{each['what']}: {each['name']}", each["day"], "odd, harmless") for each in one.case["odd"]]
    happens += [(f"subject: {each['name']}", each["day"], "new") for each in one.new]
    happens += [
        (f"{'forbidden' if each['bad'] else 'allowed'}: {each['name']}", each["day"], "said from now on")
        for each in one.case["kinds"]
        if each["day"] >= 0
    ]
    happens += [(f"version {each['name']}", each["day"], "deployed") for each in one.case["versions"]]
    happens.sort(key=lambda row: row[1])
    missed = [each for day in one.flags for each in one.past.day(day) if each.bad and each.trace not in one.flags[day]]
    loud = [each for day in one.flags for each in one.past.day(day) if not each.bad and each.trace in one.flags[day]]
    return Html(
        table(["what happens", "day", ""], happens)
        + heading("Day by day") + table(["day", "", *HEAD, "reported subject"], days)
        + heading(f"Versions, over {WINDOW} days") + _versions(one, today)
        + heading("Bad and not flagged, the newest first") + _texts(one, missed)
        + heading("Flagged and sound, the newest first") + _texts(one, loud)
    )  # fmt: skip


def _reported(one: Diary, day: int) -> str:
    topic = one.said[day].topic if day in one.said else None
    if topic is None:
        return ""
    return ", ".join(one.answers[trace].text.subject for trace in topic if trace in one.answers) or "no trace"


def _versions(one: Diary, today: int) -> Html:
    rows = []
    for day in range(WINDOW, today + 1):
        thumbs, told = one.thumbs(day - WINDOW), one.said.get(day)
        for name, (many, share) in sorted(one.shares(day).items()):
            true, said = thumbs.get(name), told.thumbs.get(name) if told else None
            rows.append([
                day, name, many, f"{share:.3f}", f"{told.bad[name]:.3f}" if told and name in told.bad else "",
                f"{true.down} of {true.answers}" if true else "", f"{said.down} of {said.answers}" if said else "",
            ])  # fmt: skip
    head = ["day", "version", "answers", "bad share", "told", f"thumbs down {WINDOW} days before", "told"]
    return table(head, rows)


def _texts(one: Diary, answers: Sequence[Answer]) -> Html:
    rows = [
        [each.day, sort_of(one, each), each.text.kind, each.version, each.text.answer] for each in answers[::-1][:MOST]
    ]
    return table(["day", "", "kind", "version", f"answer ({len(answers)} in all)"], rows)
