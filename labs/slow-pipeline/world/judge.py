"""Words for a night that is over; each with a reason. Without any package of an image."""

from __future__ import annotations

from collections.abc import Iterator

from common.names import generator
from course import IN_HAND, TENTHS, Course
from nights import Row

RIGHT, VOID = "right", "void"
NEAR = 1e-9
"""By so much a score may be off: a score is between 0 and 1."""

Told = tuple[str, str]


def told(night: Course, seed: int | str) -> Iterator[tuple[str, str, str]]:
    """All words but those about time, by what is asked of the night: aspect, word, reason."""
    asked = night.case["asked"]
    words = {
        "right": scores(night, seed, asked.get("right", 0), odd=False),
        "odd-rows": scores(night, seed, asked.get("odd-rows", 0), odd=True),
        "once": once(night, seed, asked.get("once", 0)),
        "gentle": gentle(night),
        "bounded": bounded(night, asked.get("bounded", 0)),
    }
    for aspect, each in words.items():
        if asked.get(aspect):
            yield from ((aspect, word, why) for word, why in each)


def in_time(night: Course, share: float) -> Told:
    """Whether that share of its rows was delivered by its bound."""
    at, bound = night.reached(share), night.bound(share)
    what = f"{share:.0%} of {night.size} rows are due at {bound:.1f} s"
    if at is not None and at <= bound:
        return RIGHT, f"{what}, and were there at {at:.1f} s"
    there = f"were there at {at:.1f} s" if at else f"{len(night.arrivals)} rows were there at {night.now:.1f} s"
    return "late", f"{what}; {there}"


def scores(night: Course, seed: int | str, many: int, *, odd: bool) -> Iterator[Told]:
    """Of so many drawn rows, odd ones or any, whether the score is right. What was not delivered is void, for `once`
    has it; not if it is odd, or if nothing of the night was delivered."""
    rows = [row for row in night.made.rows.values() if row.odd or not odd]
    rng = generator(seed, night.case["id"], "scores")
    drawn = rng.sample(rows, min(many, len(rows)))
    for row in drawn:
        came = night.delivered.get(row.id)
        if not came:
            missing = odd or not night.delivered
            yield ("missing", f"{row.id}{kind_of(row)} was not delivered") if missing else (VOID, "")
            continue
        off = max(came, key=lambda value, row=row: abs(value - row.score))  # type: ignore[misc]
        word = RIGHT if abs(off - row.score) <= NEAR else "off"
        yield word, f"{row.id}{kind_of(row)}: {off!r}, right is {row.score!r}"
    for _ in range(many - len(drawn)):
        yield VOID, ""


def kind_of(row: Row) -> str:
    """What is odd about a row, as it is added to a text."""
    return f" ({row.odd})" if row.odd else ""


def once(night: Course, seed: int | str, many: int) -> Iterator[Told]:
    """Of each of so many parts, whether each row came exactly once."""
    ids = list(night.made.rows)
    generator(seed, night.case["id"], "parts").shuffle(ids)
    for part in (ids[at::many] for at in range(many)):
        counts = {id: len(night.delivered.get(id, ())) for id in part}
        missing = sum(not count for count in counts.values())
        again = sum(count > 1 for count in counts.values())
        word = "missing" if missing else "again" if again else RIGHT
        yield word, f"of {len(part)} rows {missing} were not delivered, {again} more than once"


def gentle(night: Course) -> Iterator[Told]:
    """Of each tenth of the night, whether no call was refused in it; those that it did not reach are void."""
    for tenth in range(TENTHS):
        if tenth > night.tenth:
            yield VOID, "the night did not come so far"
        else:
            word = "refused" if tenth in night.refused else RIGHT
            yield word, f"tenth {tenth + 1} of the night: a third call at a time" if word != RIGHT else ""


def bounded(night: Course, many: int) -> Iterator[Told]:
    """Of each of so many parts of its pages, whether few rows were in hand when they were asked for."""
    fetches = night.fetches
    for at in range(many):
        part = fetches[at * len(fetches) // many : (at + 1) * len(fetches) // many]
        if not part:
            yield VOID, "no page was asked for"
            continue
        most = max(part, key=lambda each: each.in_hand)
        word = RIGHT if most.in_hand <= IN_HAND else "too many"
        yield word, f"{most.in_hand} rows were in hand when a page was asked for at {most.at:.1f} s"
