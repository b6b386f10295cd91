"""From facts to a verdict: broken before drift before concept before ok."""

from __future__ import annotations

from detectors.distribution import read
from model import OK, DayFacts, Verdict
from profile_ import Profile
from settings import Settings


def decide(profile: Profile, before: list[DayFacts], today: DayFacts, settings: Settings) -> Verdict:
    """A pure function of what is stored: any day can be judged again, and comes out the same."""
    days = [*before, today]
    broken: dict[str, tuple[float, str]] = {}
    drift: dict[str, tuple[float, str]] = {}
    for name, charts in profile.charts.items():
        settled = _settled(name, days)
        if name in today.faults and not settled:
            broken[name] = (1e6, today.faults[name])
            continue
        if name not in today.measures:
            continue
        lag = settings.charts.lag
        usable = [day for day in days if name in day.measures and (settled or name not in day.faults)]
        young = {day.date for day in days[-lag:]}
        older = [(day.measures[name], day.rows[name]) for day in usable if day.quiet and day.date not in young]
        recent = usable[-2 * lag :]
        off, sigma = charts.points(
            [day.measures[name] for day in recent], [day.rows[name] for day in recent], charts.centre(older)
        )
        reading = read(charts, off, sigma, settings.charts)
        if reading.jumped:
            broken[name] = (reading.jumped, f"{reading.jumped:.0f} sigmas off for a day")
        if reading.changed:
            drift[name] = (reading.changed, f"{reading.changed:.1f} times the least change")
    for word, found in (("broken", broken), ("drift", drift)):
        if found:
            column = max(found, key=lambda name: found[name][0])
            return Verdict(word, column, found[column][1])
    unreliable = {day.date for day in before if day.verdict.word == "broken"}
    outcomes = [day.outcomes for day in days if day.outcomes and day.outcomes_of not in unreliable]
    on = bool(before) and before[-1].verdict.word == "concept"
    reason = profile.outcomes.changed(outcomes, on)
    return Verdict("concept", None, reason) if reason else OK


def _settled(name: str, days: list[DayFacts]) -> bool:
    """Data breaks for a day; a column that has one value for three days on end has changed to that value."""
    return len(days) >= 3 and all(day.faults.get(name) == "constant" for day in days[-3:])
