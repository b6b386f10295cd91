"""alertmanager.yaml as a tree of routes, rules of inhibition and times of silence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import programs
from plainyaml import NotPlain, documents
from spans import seconds

RECEIVERS = ("page", "ticket", "none")
ALL = "..."
MOST_ROUTES = 40
ROUTE = {"receiver", "group_by", "continue", "match", "match_re", "matchers", "group_wait", "group_interval"}
ROUTE |= {"repeat_interval", "mute_time_intervals", "active_time_intervals", "routes"}
INHIBIT = {f"{side}_{how}" for side in ("source", "target") for how in ("match", "match_re", "matchers")} | {"equal"}
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAY_S = 86_400
_MATCHER = re.compile(r'\s*"?([A-Za-z_][\w.:-]*)"?\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",{}]*))\s*')
_REPEATED = re.compile(r"\)[*+{?]")

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Matcher:
    """One condition on a label; a label that is not there is empty."""

    label: str
    operator: str
    value: str

    def matches(self, labels: Labels) -> bool:
        """Whether it holds."""
        text = labels.get(self.label, "")
        if self.operator in ("=", "!="):
            return (text == self.value) is (self.operator == "=")
        return (re.fullmatch(self.value, text) is not None) is (self.operator == "=~")


@dataclass(frozen=True)
class Times:
    """A time interval: from and to before which second of a day, on which days; empty is always."""

    times: tuple[tuple[int, int], ...] = ()
    days: frozenset[int] = frozenset()

    def holds(self, second: int) -> bool:
        """Whether a second of the week, which begins on a Sunday, lies in it."""
        day, at = divmod(second, DAY_S)
        here = not self.times or any(begin <= at < end for begin, end in self.times)
        return here and (not self.days or day % 7 in self.days)


@dataclass(frozen=True)
class Route:
    """A route and those below it. `muted` and `active` are intervals of time, seconds the rest."""

    receiver: str
    group_by: tuple[str, ...]
    wait_s: int
    interval_s: int
    repeat_s: int
    matchers: tuple[Matcher, ...] = ()
    goes_on: bool = False
    muted: tuple[Times, ...] = ()
    active: tuple[Times, ...] = ()
    below: tuple[Route, ...] = ()

    def of(self, labels: Labels) -> list[Route]:
        """The routes to whose receivers an alert goes, as Alertmanager finds them."""
        if not matches(self.matchers, labels):
            return []
        found: list[Route] = []
        for child in self.below:
            taken = child.of(labels)
            found += taken
            if taken and not child.goes_on:
                break
        return found or [self]

    def silent(self, second: int) -> bool:
        """Whether it tells nobody at that second of the week."""
        inactive = bool(self.active) and not any(times.holds(second) for times in self.active)
        return inactive or any(times.holds(second) for times in self.muted)


@dataclass(frozen=True)
class Inhibition:
    """While an alert of the source fires, those of the target with equal labels are silent."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]

    def key(self, labels: Labels) -> tuple[tuple[str, str], ...]:
        """What has to be equal; a label that is not there is empty."""
        return tuple((label, labels.get(label, "")) for label in self.equal)


def matches(matchers: Sequence[Matcher], labels: Labels) -> bool:
    """Whether all conditions hold."""
    return all(matcher.matches(labels) for matcher in matchers)


@dataclass(frozen=True)
class Routing:
    """All of alertmanager.yaml that matters here, and its text."""

    root: Route
    inhibitions: tuple[Inhibition, ...]
    text: str

    def agrees(self, labels: Labels) -> bool:
        """Whether the real amtool sends an alert to the same receivers."""
        asked = [f"{key}={json.dumps(text, ensure_ascii=False)}" for key, text in labels.items()]
        command = ["amtool", "config", "routes", "test", "--config.file=/dev/stdin", *asked]
        return programs.said(command, self.text).strip() == ",".join(route.receiver for route in self.root.of(labels))


def read(text: str) -> Routing:
    """The file as amtool takes it. NotPlain with what is wrong, or not understood here."""
    found = documents(text)
    if len(found) != 1 or not isinstance(found[0], dict):
        raise NotPlain("alertmanager.yaml: one mapping")
    config = found[0]
    known = {"global", "route", "receivers", "inhibit_rules", "time_intervals", "mute_time_intervals"}
    _only("alertmanager.yaml", config, known)
    _only("alertmanager.yaml, global", config.get("global") or {}, {"resolve_timeout"})
    for each in config.get("receivers") or ():
        if not isinstance(each, dict) or set(each) != {"name"} or each["name"] not in RECEIVERS:
            raise NotPlain("alertmanager.yaml: receivers are page, ticket and none, by their name alone")
    # Only now: what names no other file makes amtool read none.
    programs.check(["amtool", "check-config", "/dev/stdin"], text, "alertmanager.yaml")
    named = [*(config.get("time_intervals") or ()), *(config.get("mute_time_intervals") or ())]
    times = {str(each["name"]): _times(each) for each in named}
    outer = Route("none", (), 30, 300, 4 * 3600)
    inhibitions = tuple(_inhibition(each) for each in config.get("inhibit_rules") or ())
    return Routing(_route(config["route"], outer, times), inhibitions, text)


def _only(where: str, mapping: Mapping[str, Any], known: set[str]) -> None:
    for key in mapping:
        if key not in known:
            raise NotPlain(f"{where}: {str(key)[:40]!r} is not understood here")


def _route(given: dict[str, Any], outer: Route, times: Mapping[str, tuple[Times, ...]]) -> Route:
    _only("alertmanager.yaml, route", given, ROUTE)
    waits = ("group_wait", outer.wait_s), ("group_interval", outer.interval_s), ("repeat_interval", outer.repeat_s)
    wait, interval, repeat = (seconds(given[key], key) if key in given else before for key, before in waits)
    group_by = given.get("group_by")
    named = {key: tuple(t for name in given.get(f"{key}_time_intervals") or () for t in times.get(str(name), ()))
             for key in ("mute", "active")}  # fmt: skip
    route = Route(
        str(given.get("receiver", outer.receiver)),
        outer.group_by if group_by is None else tuple(map(str, group_by)),
        wait,
        max(1, interval),
        repeat,
        matchers(given, ""),
        bool(given.get("continue", False)),
        named["mute"],
        named["active"],
    )
    below = tuple(_route(each, route, times) for each in given.get("routes") or ())
    if len(below) > MOST_ROUTES:
        raise NotPlain(f"alertmanager.yaml: a route has at most {MOST_ROUTES} routes below it")
    return Route(**{**route.__dict__, "below": below})


def _inhibition(given: dict[str, Any]) -> Inhibition:
    _only("alertmanager.yaml, inhibit_rules", given, INHIBIT)
    return Inhibition(matchers(given, "source_"), matchers(given, "target_"), tuple(map(str, given.get("equal") or ())))


def matchers(given: Mapping[str, Any], prefix: str) -> tuple[Matcher, ...]:
    """The conditions of a route, or of one side of an inhibition."""
    found = [Matcher(str(key), "=", str(text)) for key, text in (given.get(f"{prefix}match") or {}).items()]
    found += [Matcher(str(key), "=~", str(text)) for key, text in (given.get(f"{prefix}match_re") or {}).items()]
    for text in given.get(f"{prefix}matchers") or ():
        found += _parsed(str(text))
    for each in found:
        if each.operator.endswith("~"):
            _plain(each.value)
    return tuple(found)


def _parsed(text: str) -> Iterator[Matcher]:
    inside = text.strip()
    inside = inside[1:-1] if inside.startswith("{") and inside.endswith("}") else inside
    at = 0
    while at < len(inside):
        found = _MATCHER.match(inside, at)
        if found is None:
            raise NotPlain(f"alertmanager.yaml: {text[:60]!r} is not understood as a matcher")
        label, operator, quoted, bare = found.groups()
        yield Matcher(label, operator, re.sub(r"\\(.)", _escape, quoted) if quoted is not None else bare)
        at = found.end()
        if at < len(inside):
            if inside[at] != ",":
                raise NotPlain(f"alertmanager.yaml: {text[:60]!r} is not understood as a matcher")
            at += 1


def _escape(found: re.Match[str]) -> str:
    return {"n": "\n"}.get(found[1], found[1])


def _plain(pattern: str) -> None:
    """Refuse what could keep Python's matcher busy for ever; Go's would not be."""
    if len(pattern) > 200 or _REPEATED.search(pattern):
        raise NotPlain(f"alertmanager.yaml: {pattern[:60]!r}: a repeated group is not understood here")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise NotPlain(f"alertmanager.yaml: {pattern[:60]!r}: {error}") from None


def _times(given: Mapping[str, Any]) -> tuple[Times, ...]:
    return tuple(_interval(each) for each in given.get("time_intervals") or ())


def _interval(given: Mapping[str, Any]) -> Times:
    _only("alertmanager.yaml, time_intervals", given, {"times", "weekdays", "location"})
    if str(given.get("location", "UTC")) != "UTC":
        raise NotPlain("alertmanager.yaml, time_intervals: times are of UTC here")
    times = tuple((_clock(each["start_time"]), _clock(each["end_time"])) for each in given.get("times") or ())
    days = frozenset(day for text in given.get("weekdays") or () for day in _days(str(text)))
    return Times(times, days)


def _clock(text: Any) -> int:
    """An hour of the day in seconds. YAML reads 17:30 as a number of minutes."""
    if isinstance(text, int):
        return text * 60
    hours, _, minutes = str(text).partition(":")
    return int(hours) * 3600 + int(minutes) * 60


def _days(text: str) -> Iterator[int]:
    first, _, last = text.lower().partition(":")
    begin = WEEKDAYS.index(first)
    yield from range(begin, WEEKDAYS.index(last or first) + 1)
