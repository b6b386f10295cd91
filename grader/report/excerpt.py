"""What a candidate's service wrote where most went wrong: the next thing to read after a failed rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.report import summary
from grader.report.data import RunData, hotspots
from grader.report.logs import TrialLogs
from grader.report.summary import Hotspot
from grader.result import Result, Verdict

LINES = 12
_MOST_WORDS = 200


@dataclass(frozen=True)
class Excerpt:
    """Lines of a service's log.

    Attributes:
        service: whose log.
        trial: title of the trial.
        spot: the worst stretch of the objective that has most bad events.
        word: id of a bad request of it, or what the load calls it (a case, a tenant), that stands in the lines; empty
            if none does, and the lines end with the most frequent error, or are the last ones.
        lines: as they may be shown.
    """

    service: str
    trial: str
    spot: Hotspot
    word: str
    lines: tuple[str, ...]


def excerpt(run_dir: Path, result: Result, services: Sequence[str]) -> Excerpt | None:
    """Of the service among `services`, by preference one that names a bad request; None where nothing is missed, or
    nobody wrote anything.

    Raises:
        BadRun: the run folder cannot be used.
    """
    missed = [o.id for o in result.objectives if o.verdict is Verdict.FAIL]
    with RunData(run_dir) as data:
        spots = hotspots(data, summary.counting(result))
        found = [spots[name] for name in missed if name in spots]
        if not found:
            return None
        spot = max(found, key=lambda one: one.bad)
        words = _bad(data, spot)
    logs = TrialLogs(run_dir / "logs" / spot.trial)
    read = [(service, *logs.around(service, words, LINES)) for service in services]
    wrote = sorted((one for one in read if one[2]), key=lambda one: not one[1])
    if not wrote:
        return None
    service, word, lines = wrote[0]
    return Excerpt(service, summary.trial_titles(result.trials)[spot.trial], spot, word, tuple(lines))


def _bad(data: RunData, spot: Hotspot) -> list[str]:
    """Ids and segments of the bad events of a stretch, the first ones."""
    rows = data.rows(
        """select id, segment from events join judged using (n)
           where objective = $1 and judged.trial = $2 and not good and judged.due >= $3 and judged.due < $4
           order by judged.due limit $5""",
        spot.objective,
        spot.trial,
        spot.start_s,
        spot.end_s,
        _MOST_WORDS,
    )
    ids = [key for key, _ in rows if key]
    return [*ids, *dict.fromkeys(segment for _, segment in rows if segment)]
