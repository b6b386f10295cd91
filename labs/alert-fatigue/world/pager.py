"""Alertmanager in virtual time: who is told of which alerts, and when.

The real one has the wall clock alone, so a week of it takes a week. What it does with groups, waits, inhibitions and
mute times is done here by the same rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from calendar_week import SPAN, STEP_S
from plainyaml import NotPlain
from routes import ALL, Inhibition, Route, Routing, matches
from spans import Alert, Labels, Spans, merged

END_S = SPAN * STEP_S
QUARTER_S = 900
"""How often a mute time is looked at, beside the moments at which alerts change."""

MOST_WORK = 20_000_000
"""Alerts of all groups, times the moments at which something changes in their group: half a minute of a core."""


@dataclass(frozen=True)
class Told:
    """A group that opened at a receiver: when it did, when all its alerts were over, and whom it was about then."""

    receiver: str
    opened: int
    closed: int
    alerts: tuple[Labels, ...]


def told(alerts: Sequence[Alert], routing: Routing) -> list[Told]:
    """All that the receivers `page` and `ticket` are told in a week, in the order of time. NotPlain if that is too much
    to reckon."""
    groups: dict[tuple[int, Labels], tuple[Route, list[Alert]]] = {}
    for alert in alerts:
        labels = dict(alert.labels)
        for route in routing.root.of(labels):
            if route.receiver != "none":
                by = sorted(labels if ALL in route.group_by else set(route.group_by))
                key = id(route), tuple((name, labels.get(name, "")) for name in by)
                groups.setdefault(key, (route, []))[1].append(alert)
    quiet = silenced(alerts, routing.inhibitions)
    playing = [Group(route, members, quiet) for route, members in groups.values()]
    if sum(group.work for group in playing) > MOST_WORK:
        raise NotPlain("too many alerts come and go too often for their groups to be reckoned")
    found = [each for group in playing for each in group.play()]
    return sorted(found, key=lambda each: (each.opened, each.receiver, each.alerts))


def silenced(alerts: Sequence[Alert], inhibitions: Iterable[Inhibition]) -> dict[Labels, Spans]:
    """When each alert is inhibited: while one of those that could do so fires."""
    found: dict[Labels, list[tuple[int, int]]] = {alert.labels: [] for alert in alerts}
    for rule in inhibitions:
        sources, one_sided = defaultdict[Labels, list[Alert]](list), defaultdict[Labels, list[Alert]](list)
        for alert in alerts:
            labels = dict(alert.labels)
            if matches(rule.source, labels):
                sources[rule.key(labels)].append(alert)
                if not matches(rule.target, labels):
                    one_sided[rule.key(labels)].append(alert)
        spans = {
            side: {key: _spans(each) for key, each in among.items()}
            for side, among in ((False, sources), (True, one_sided))
        }
        for alert in alerts:
            labels = dict(alert.labels)
            if matches(rule.target, labels):
                # What matches both sides is not silenced by such as itself.
                found[alert.labels] += spans[matches(rule.source, labels)].get(rule.key(labels), [])
    return {labels: Spans(each) for labels, each in found.items()}


def _spans(alerts: Iterable[Alert]) -> list[tuple[int, int]]:
    return merged(span for alert in alerts for span in zip(alert.spans.begins, alert.spans.ends, strict=True))


class Group:
    """The alerts of one route with equal labels: flushed when it has waited, and then every so often."""

    def __init__(self, route: Route, members: Sequence[Alert], quiet: dict[Labels, Spans]) -> None:
        self._route, self._members, self._quiet = route, members, quiet
        edges = {at for alert in members for spans in (alert.spans, quiet[alert.labels]) for at in spans.edges}
        if route.muted or route.active:
            edges |= set(range(0, END_S, QUARTER_S))
        self._edges = sorted(edges)
        self.work = len(self._edges) * len(members)
        self._begins = sorted({begin for alert in members for begin in alert.spans.begins})
        self._said: frozenset[Labels] = frozenset()
        self._said_at = -END_S

    def play(self) -> Iterator[Told]:
        """What its receiver is told in a week."""
        at = 0
        while (made := self._next(self._begins, at - 1)) is not None:
            flush, before = made + self._route.wait_s, made
            opened, about = -1, tuple[Labels, ...]()
            while flush < END_S:
                firing = frozenset(alert.labels for alert in self._members if alert.spans.at(flush))
                seen = frozenset(labels for labels in firing if not self._quiet[labels].at(flush))
                if self._tells(seen, self._over(before, flush), flush) and opened < 0:
                    opened, about = flush, tuple(sorted(seen))
                if not firing:
                    break
                before, flush = flush, self._flush_after(flush)
            if opened >= 0:
                yield Told(self._route.receiver, opened, min(flush, END_S), about)
            at = flush + 1

    def _over(self, since: int, second: int) -> bool:
        """Whether some alert that is not inhibited ended since the flush before."""
        ended = [alert.labels for alert in self._members if alert.spans.ended(since, second)]
        return any(not self._quiet[labels].at(second) for labels in ended)

    def _tells(self, seen: frozenset[Labels], over: bool, second: int) -> bool:
        """Whether that flush tells the receiver of something that fires; remembers what it was told. Of what is
        inhibited or muted the receiver hears nothing, not even that it is over."""
        if self._route.silent(second) or not (seen or over):
            return False
        if seen and seen <= self._said and second - self._said_at < self._route.repeat_s:
            return False
        self._said, self._said_at = seen, second
        return bool(seen)

    def _flush_after(self, flush: int) -> int:
        """The next flush at which something is different; a repeat tells nobody anything new."""
        edge = self._next(self._edges, flush)
        if edge is None:
            return END_S
        return flush + max(1, -(-(edge - flush) // self._route.interval_s)) * self._route.interval_s

    @staticmethod
    def _next(edges: Sequence[int], second: int) -> int | None:
        place = bisect_right(edges, second)
        return edges[place] if place < len(edges) else None
