"""Whether the query of a cell tells a tool that rings from one that is silent: true and false are spared the twin."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cited import Examined, answers
from cited.twins import parquets
from drawing import Columns
from figures import RUNG_KINDS, Alarm
from trials import Made
from twins import columns

LATE = 100
"""Rows after a change at which everything rings that has to: in time by any count."""


def deaf(found: Examined, names: Collection[str], made: Made, tables: Mapping[str, bytes]) -> set[str]:
    """Those of these `rings-` claims that are borne out so far, and whose query is not true where this tool rings on
    each stream of this kind and nothing else does, or is true where all else rings.

    Raises:
        CitedBroken: as `cited.examine`.
    """
    cells = {f"rings-{tool}-{kind}": (tool, kind) for tool in made.tools for kind in RUNG_KINDS}
    asked = [name for name in names if name in cells and found.words.get(name) == "right" and name in found.sources]
    results: dict[str, Columns] = {}
    for name in asked:
        alarms = _everywhere(made)
        mine = [(alarm, (alarm[0], kind) == cells[name]) for alarm, kind in alarms]
        results[f"{name} loud"] = columns([alarm for alarm, here in mine if here])
        results[f"{name} silent"] = columns([alarm for alarm, here in mine if not here])
    if not asked:
        return set()
    told = answers({name: found.sources[name] for name in asked},
                   [{**tables, "results": each} for each in parquets(results).values()])  # fmt: skip
    return {name for at, name in enumerate(asked)
            if told[2 * at][name] is not True or told[2 * at + 1][name] is True}  # fmt: skip


def _everywhere(made: Made) -> list[tuple[Alarm, str]]:
    """An alarm of each tool on each stream, with the stream's kind."""
    streams = made.tables["streams"]
    rows = list(zip(streams["stream"], streams["kind"], streams["changes_at"], strict=True))
    return [((tool, stream, (at or 0) + LATE), kind) for tool in made.tools for stream, kind, at in rows]
