"""What people look at: all nights, and of one what it did at each service, its waterfall and its slowest calls."""

from __future__ import annotations

from collections.abc import Mapping

from casebook.page import Html, heading, link, picture, table, text_of
from course import Course
from pictures import delivered, figures, waterfall

NIGHTS = "night", "kind", "rows", "due at", "delivered at", "calls", "how it ended"
HEAD = "service", "calls", "rows", "connections", "sessions", "rows with text", "refused", "busy, s"
CALLS = "came at", "service", "status", "rows", "took", "of which, s"
LONGEST = 25


def page_of(nights: Mapping[str, Course], what: str, next_lap: str, busy: str) -> Html:
    """All nights, or that of a name; empty if there is none. `next_lap`, `busy`: sentences that stand above them."""
    if what:
        return one(nights[what]) if what in nights else Html()
    rows = []
    for name, night in reversed(list(nights.items())):
        calls = sum(len(calls) for calls in night.calls.values())
        done = night.reached(1.0)
        over = f"{done:.2f} s" if done is not None else f"{len(night.arrivals)} rows after {night.now:.1f} s"
        due = f"{night.bound():.1f} s"
        rows.append([link(f"/pages/{name}", name), night.case["kind"], night.size, due, over, calls, night.ending])
    said = "".join(f"<p>{text_of(sentence)}</p>" for sentence in (next_lap, busy) if sentence)
    return Html(heading("Nights") + said + table(NIGHTS, rows))


def one(night: Course) -> Html:
    """A night."""
    figured = [[service, *figures(calls)] for service, calls in night.calls.items()]
    all_ = [(service, call) for service, calls in night.calls.items() for call in calls]
    longest = sorted(all_, key=lambda each: -each[1].seconds)[:LONGEST]
    rows = [
        [f"{call.begun - night.begun:.3f} s", service, call.status or "under way", call.rows, f"{call.seconds:.3f} s",
         ", ".join(f"{part.kind} {part.seconds:.3f}" for part in call.parts)]
        for service, call in longest
    ]  # fmt: skip
    parts = [table(HEAD, figured), *(picture(chart) for chart in (waterfall(night), delivered(night)))]
    parts += [heading("Its longest calls"), table(CALLS, rows)]
    return Html("".join(parts))
