"""The page: what visitors of each kind were shown and liked, who came last, and who saw today's new recipes."""

from __future__ import annotations

from collections import Counter

from books import ENOUGH, LONG, SOME_HITS, Books, Visit
from casebook import page
from charts import Axis, Bars, Chart, Panel, Tone
from day import TIMES, VISITORS

KINDS = ("regular", "guest, visit 1", *(f"newcomer, visit {n}" for n in range(1, TIMES + 1)))
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
    first = [visit for visit in books.visits if kind_of(visit) == 2]
    without = sum(bool(visit.odd) for visit in first)
    few = sum(not visit.odd and len(visit.hits) < SOME_HITS for visit in first)
    title = f"On their first visit {without} of {len(first)} newcomers got no good list, and {few} too little they like"
    bars = [
        Bars("no good list", at, wholly, Tone.BAD),
        Bars("shown, and not liked", at, listed, Tone.OTHER),
        Bars("shown, and liked", at, liked, Tone.YOURS),
    ]
    y = Axis("of ten places, on average", low=0, high=LONG)
    return Chart("lists", title, [Panel(bars, x=Axis(names=list(KINDS)), y=y, height=170)])


def news(books: Books) -> Chart:
    """A bar is new recipes: how many of them were shown to so many visitors who love their kitchen."""
    seen = [(came, were) for came, were in map(books.seen, books.published) if came]
    few = Counter(were for came, were in seen if came == VISITORS and were < ENOUGH)
    enough = Counter(were for _, were in seen if were >= ENOUGH)
    open_ = Counter(were for came, were in seen if came < VISITORS and were < ENOUGH)
    decided = few.total() + enough.total()
    title = f"Of {decided} new recipes {few.total()} were shown to nobody who loves their kitchen, or once"
    bars = [
        Bars("not decided yet", *_columns(few + open_), Tone.OTHER),
        Bars("too few", *_columns(few), Tone.BAD),
        Bars("enough", *_columns(enough), Tone.YOURS),
    ]
    x = Axis(f"on so many of the first {VISITORS} visits of its lovers it was listed", low=-0.5, high=VISITORS)
    return Chart("news", title, [Panel(bars, x=x, y=Axis("new recipes", low=0), height=110)])


def _columns(counts: Counter[int]) -> tuple[list[float], list[float]]:
    return [float(x) for x in counts], [float(y) for y in counts.values()]


def figures(books: Books) -> dict[str, float]:
    """Liked recipes of a list, on average over the last lists of a kind; 0 where there was none."""
    found = {}
    for name, kinds in (("regulars", (0,)), ("first", (2,)), ("back", (3, 4, 5, 6))):
        hits = [len(visit.hits) for visit in books.visits if kind_of(visit) in kinds][-FIGURES:]
        found[name] = round(sum(hits) / len(hits), 2) if hits else 0.0
    return found


def shown(books: Books) -> str:
    """The page, as HTML."""
    head = ["who", "signed up as", "shown, by kitchen", "so they"]
    rows = [_row(books, visit) for visit in reversed(books.visits[-LAST:])]
    parts = [page.picture(lists(books)), page.picture(news(books))]
    parts += [page.heading("Who came last"), page.table(head, rows)]
    return page.document(f"Larder, {books.day.town.date}", *parts, again_s=2)


def _row(books: Books, visit: Visit) -> list[object]:
    person = visit.event.person
    assert person is not None
    kitchens = Counter(books.recipes[id_].kitchen for id_ in visit.shown)
    liked = Counter(books.recipes[id_].kitchen for id_ in visit.hits)
    said = {
        name: f"{name} {many}" + (f" ({liked[name]} liked)" if liked[name] else "") for name, many in kitchens.items()
    }
    listed = ", ".join(said[name] for name, _ in kitchens.most_common())
    group = f"{person.region}, {person.household}" if person.region else "guest"
    who = f"{person.id}, {KINDS[kind_of(visit)]}"
    did = f"like {len(visit.hits)}, click {len(visit.clicks)}"
    return [who, group, f"NO GOOD LIST: {visit.odd}" if visit.odd else listed, did]
