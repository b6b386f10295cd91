"""The word for each incident, leak, noise and quiet time of a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from calendar_week import A_DAY, DAYS, HOUR, SERVICES, STEP_S, Episode, Region, Week, clock

if TYPE_CHECKING:
    from pager import Told

AFTER, NOISE_AFTER = 3 * HOUR, HOUR
"""For so long after an incident, or a noise, a page is one of it."""

Word = tuple[str, str, str]
"""An aspect, the word for it, and a note."""

INCIDENTS = ("fast", "medium", "silence")


class Heard:
    """What a pager and a queue of tickets were told of one region."""

    def __init__(self, all_told: Iterable[Told], region: Region) -> None:
        self.region = region
        mine = [(told, tuple(dict(labels) for labels in told.alerts)) for told in all_told]
        self._told = [(told, [alert for alert in alerts if alert.get("region", region.name) == region.name])
                      for told, alerts in mine]  # fmt: skip
        self._told = [(told, alerts) for told, alerts in self._told if alerts]

    def pages(self, begins: int, ends: int, named: bool = False) -> list[float]:
        """Steps at which a page opened from `begins` until before `ends`: that could be about this region, or that
        names it."""
        found = (told for told, alerts in self._told if told.receiver == "page" and (not named or _names(alerts)))
        return [told.opened / STEP_S for told in found if begins <= told.opened / STEP_S < ends]

    def about(self, service: str) -> list[Told]:
        """All that could be about a service of this region."""
        return [told for told, alerts in self._told if any(each.get("service", service) == service for each in alerts)]

    def tickets(self, service: str) -> list[Told]:
        """Tickets that name this region and a service."""
        return [told for told, alerts in self._told if told.receiver == "ticket"
                and any("region" in each and each.get("service") == service for each in alerts)]  # fmt: skip


def _names(alerts: Sequence[dict[str, str]]) -> bool:
    return any("region" in alert for alert in alerts)


def judged(week: Week, told: Sequence[Told]) -> Iterator[Word]:
    """All words of a week."""
    for region in week.regions:
        heard = Heard(told, region)
        incidents = [each for each in region.episodes if each.what in INCIDENTS]
        for number, each in enumerate(incidents):
            yield from _incident(heard, each, next(iter(incidents[number + 1 :]), None))
        for each in region.episodes:
            if each.what == "leak":
                yield _leak(heard, each)
            elif each.what == "noise":
                woken = heard.pages(each.begins, each.ends + NOISE_AFTER)
                yield "noise", "page" if woken else "right", note(region, each, woken)
        if not region.stormy:
            yield from _calm(heard, week)


def _incident(heard: Heard, each: Episode, following: Episode | None) -> Iterator[Word]:
    aspect = "silence" if each.what == "silence" else "paged"
    named = heard.pages(each.begins, each.deadline + 1, named=True)
    ends = min(each.ends + AFTER, following.begins) if following else each.ends + AFTER
    every = heard.pages(each.begins, ends)
    yield aspect, "right" if named else "late", note(heard.region, each, every)
    yield "single", "nobody" if not every else "again" if len(every) > 1 else "right", note(heard.region, each, every)


def _leak(heard: Heard, each: Episode) -> Word:
    service = SERVICES[each.services[0]]
    noise = [odd for odd in heard.region.episodes if odd.what == "noise"]
    pages = [told.opened / STEP_S for told in heard.about(service) if told.receiver == "page"]
    pages = [at for at in pages if each.begins <= at and not any(
        odd.begins <= at < odd.ends + NOISE_AFTER for odd in noise)]  # fmt: skip
    opened = [told.opened / STEP_S for told in heard.tickets(service)]
    in_time = [at for at in opened if each.begins <= at <= each.deadline]
    word = "page" if pages else "right" if in_time else "late"
    return "ticketed", word, note(heard.region, each, pages or in_time)


def _calm(heard: Heard, week: Week) -> Iterator[Word]:
    for begin, end in week.halves(heard.region):
        woken = heard.pages(begin, end)
        yield (
            "quiet",
            "page" if woken else "right",
            f"{heard.region.name}, the half day from {clock(begin)}: {opened(woken)}",
        )
    for number in heard.region.clean:
        tickets = [told for told in heard.about(SERVICES[number]) if told.receiver == "ticket"]
        for day in range(1, DAYS):
            begin, end = day * A_DAY * STEP_S, (day + 1) * A_DAY * STEP_S
            open_ = any(told.opened < end and told.closed > begin for told in tickets)
            where = f"{heard.region.name}, {SERVICES[number]}, the day from {clock(day * A_DAY)}"
            yield "orderly", "ticket" if open_ else "right", where


def note(region: Region, each: Episode, at: Sequence[float]) -> str:
    """What happened, until when somebody had to know, and when something opened."""
    by = f", to be told by {clock(each.deadline)}" if each.deadline else ""
    service = f" in {SERVICES[each.services[0]]}" if each.services else ""
    return f"{region.name}, {each.kind}{service} from {clock(each.begins)} to {clock(each.ends)}{by}: {opened(at)}"


def opened(at: Sequence[float]) -> str:
    """When something opened, in words."""
    return "told " + ", ".join(clock(step) for step in list(at)[:4]) if at else "nobody was told"
