"""What people look at: what testers felt and the SLO says, row by row; days; and alerts over what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calendars import DAYS, ByDay
from casebook.page import Html, heading, link, table, text_of
from judging import alerts, percent
from rows import COLUMNS, felt
from weeks.episodes import runs
from written import Policy, Promise

if TYPE_CHECKING:
    from world import World

PAGES = {"panel": "the panel", "days": "days and budgets", "alerts": "alerts over what happened"}


def page_of(world: World, what: str) -> Html:
    """A page of the public months; empty if there is none of that name."""
    if what and what not in PAGES:
        return Html("")
    if world.trouble:
        return Html(heading("This is no SLO that can be carried out") + text_of(world.trouble))
    if world.promise is None:
        return text_of("The months have not begun. Load the page again in some seconds.")
    if what:
        return over(world, world.promise) if what == "alerts" else {"panel": panel, "days": days}[what](world)
    promise = world.promise
    rows = [["good", promise.good], ["total", promise.total], ["target", f"{100 * promise.target:g} %"]]
    rows += [[f"policy {policy.name}", said(policy)] for policy in promise.policies]
    links = [f"<p>{link(f'/pages/{to}', name)}</p>" for to, name in PAGES.items()]
    return Html(table(["the SLO", ""], rows) + "".join(links))


def said(policy: Policy) -> str:
    """A policy in a sentence."""
    tells = " and ".join(sorted(policy.tells))
    short = f" and over {length(policy.short)}" if policy.short != policy.long else ""
    held = f" for {length(policy.after)}" if policy.after > 1 else ""
    return f"{tells} while the burn rate is at least {policy.threshold:g} over {length(policy.long)}{short}{held}"


def length(minutes: int) -> str:
    """So many minutes, as OpenSLO writes them."""
    return next(
        (f"{minutes // per}{unit}" for unit, per in (("d", 1440), ("h", 60)) if minutes % per == 0), f"{minutes}m"
    )


def panel(world: World) -> Html:
    """The row types of the first month: what testers felt, and what the SLO makes of them; differences come first."""
    name, month = next((name, month) for name, month in world.months.items() if isinstance(month, ByDay))
    rows = []
    a_day = month.counts.mean(0).round().astype(int).tolist()
    for row, many, good, total in zip(month.traffic.rows, a_day, *world.masks[name], strict=True):
        says = "not counted" if not total else "good" if good else "bad"
        right = {"fine": "good", "hurt": "bad", "nobody": "not counted"}[felt(row)]
        rows.append(["" if says == right else "differs", felt(row), says, f"{many:,}", *row.columns])
    rows.sort(key=lambda row: (row[0] == "", *row[1:3], *map(str, row[4:7])))
    return Html(
        heading(f"Month {name}, each line of the log once") + table(["", "testers", "SLO", "a day", *COLUMNS], rows)
    )


def days(world: World) -> Html:
    """Each day of each month in days, where something happened."""
    parts = []
    for name, month in world.months.items():
        if not isinstance(month, ByDay):
            continue
        (true, whole), ratios = month.true, month.ratios(*world.masks[name])
        what = {day: kind for kind, day in (month.harm | month.calm).items()}
        lines = [[day + 1, what.get(day, ""), percent(true[day]), percent(ratios[day])] for day in range(DAYS)]
        head = ["day", "what happened", "hurt", "the SLO says"]
        said = percent(month.whole(*world.masks[name]))
        parts.append(heading(f"Month {name}: {percent(whole)} hurt, the SLO says {said}") + table(head, lines))
    return Html("".join(parts))


def over(world: World, promise: Promise) -> Html:
    """Alerts and what happened, in the order of time."""
    parts = []
    for name, month in world.months.items():
        if isinstance(month, ByDay):
            continue
        found: list[tuple[int, int, str, str, str]] = [
            (e.begins, e.ends, e.what, e.kind, f"{e.burn:.1f}" if e.burn else "") for e in month.told
        ]
        for target, mask in alerts(promise, *month.counted(*world.masks[name])).items():
            found += [(begins, ends, target.upper(), "", "") for begins, ends in runs(mask)[:200]]
        lines = [[clock(begins), clock(ends), *rest] for begins, ends, *rest in sorted(found)]
        parts.append(heading(f"Month {name}") + table(["from", "to", "what", "of what kind", "burn rate"], lines))
    return Html("".join(parts))


def clock(minute: int) -> str:
    """A minute of a month."""
    return f"{minute // 1440 + 1:02d}. {minute // 60 % 24:02d}:{minute % 60:02d}"
