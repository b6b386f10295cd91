"""The page: what visitors of each kind were shown and liked, who came last, and who saw today's new recipes."""

from __future__ import annotations

import time
from collections import Counter

from books import LONG, Books, Visit
from casebook import page
from charts import Axis, Bars, Chart, Dots, Line, Panel, Tone
from day import TIMES, VISITORS

KINDS = ("regulars", "guests, 1st visit", *(f"newcomers, {n}." for n in range(1, TIMES + 1)))
LAST, FIGURES = 24, 30  # visits


def kind_of(visit: Visit) -> int:
    """Which of the kinds a visit is of. A guest who comes back is a newcomer."""
    event = visit.event
    if event.kind == "regular":
        return 0
    return 1 if event.kind == "guest" and event.time == 1 else 1 + event.time


def lists(books: Books) -> Chart:
    """A bar a kind of visit: what became of the ten places of its lists."""
    visits: list[list[Visit]] = [[visit for visit in books.visits if kind_of(visit) == n] for n in range(len(KINDS))]
    there = [(n, each) for n, each in enumerate(visits) if each]
    at = [float(n) for n, _ in there]
    liked = [sum(len(visit.hits) for visit in each) / len(each) for _, each in there]
    listed = [sum(LONG for visit in each if not visit.odd) / len(each) for _, each in there]
    wholly = [float(LONG)] * len(there)
    new = [visit for visit in books.visits if visit.event.time == 1]
    without = sum(bool(visit.odd) for visit in new)
    few = sum(not visit.odd and len(visit.hits) < 2 for visit in new)
    title = f"Of {len(new)} people who came for the first time today {without} got no list, and {few} nothing to cook"
    bars = [
        Bars("no good list", at, wholly, Tone.BAD),
        Bars("shown, and not liked", at, listed, Tone.OTHER),
        Bars("shown, and liked", at, liked, Tone.YOURS),
    ]
    y = Axis("of ten places, on average", low=0, high=LONG)
    return Chart("lists", title, [Panel(bars, x=Axis(names=list(KINDS)), y=y, height=170)])


def news(books: Books) -> Chart:
    """A dot is a new recipe: how many came who would like it, and how many were shown it."""
    seen = [books.seen(n) for n in books.published]
    never = sum(not were for came, were in seen if came)
    title = f"Of {sum(came > 0 for came, _ in seen)} new recipes {never} were shown to nobody who loves their kitchen"
    dots = [
        Dots("seen", [came for came, were in seen if were], [were for _, were in seen if were], Tone.YOURS),
        Dots("not seen", [came for came, were in seen if came and not were], [0] * never, Tone.BAD, ring=True),
        Line("two of them", [0, VISITORS], [2, 2], Tone.TRUTH, dashed=True),
    ]
    x, y = Axis("visitors who love its kitchen, of the first 15", low=0, high=VISITORS), Axis("were shown it", low=0, high=VISITORS)
    return Chart("news", title, [Panel(dots, x=x, y=y)])


def figures(books: Books) -> dict[str, float]:
    """Liked recipes of a list, on average over the last lists of a kind; 0 where there was none."""
    found = {}
    for name, kinds in (("regulars", (0,)), ("first", (2,)), ("back", (3, 4, 5, 6))):
        hits = [len(visit.hits) for visit in books.visits if kind_of(visit) in kinds][-FIGURES:]
        found[name] = round(sum(hits) / len(hits), 2) if hits else 0.0
    return found


def shown(books: Books) -> str:
    """The page, as HTML."""
    head = ["time (UTC)", "who", "signed up as", "shown, by kitchen", "liked", "clicked"]
    rows = [_row(books, visit) for visit in reversed(books.visits[-LAST:])]
    parts = [page.picture(lists(books)), page.picture(news(books))]
    parts += [page.heading("Who came last"), page.table(head, rows)]
    return page.document(f"Larder, {books.day.town.date}", *parts, again_s=2)


def _row(books: Books, visit: Visit) -> list[object]:
    person = visit.event.person
    assert person is not None
    kitchens = Counter(books.recipes[id_].kitchen for id_ in visit.shown)
    liked = Counter(books.recipes[id_].kitchen for id_ in visit.hits)
    listed = ", ".join(f"{name} {many}" + (f" ({liked[name]} liked)" if liked[name] else "")
                       for name, many in kitchens.most_common())  # fmt: skip
    group = f"{person.region}, {person.household}" if person.region else "guest"
    at = time.strftime("%H:%M:%S", time.gmtime(visit.at))
    who = f"{person.id}, {KINDS[kind_of(visit)]}"
    return [at, who, group, visit.odd and f"NO GOOD LIST: {visit.odd}" or listed, len(visit.hits), len(visit.clicks)]
