"""Whether the query of a cell tells a tool that rings from one that is silent: true and false are spared the twin."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cited import Examined, answers
from cited.twins import parquets
from figures import RUNG_KINDS, Alarm
from trials import Made
from twins import columns

LATE = 100
"""Rows after a change at which everything rings that has to: in time by any count."""


def deaf(found: Examined, names: Collection[str], made: Made, tables: Mapping[str, bytes]) -> set[str]:
    """Those of these `rings-` claims that are borne out so far, and whose query is not true where these tools ring on
    each stream of these kinds and nothing else rings, or is true where all else rings.

    Raises:
        CitedBroken: as `cited.examine`.
    """
    cells = {f"rings-{tool}-{kind}": (tool, kind) for tool in made.tools for kind in RUNG_KINDS}
    asked = {name: cells[name] for name in names if name in cells and name in found.sources}
    asked = {name: cell for name, cell in asked.items() if found.words.get(name) == "right"}
    if not asked:
        return set()
    streams = made.tables["streams"]
    rows = list(zip(streams["stream"], streams["kind"], streams["changes_at"], strict=True))
    loud: list[Alarm] = []
    silent: list[Alarm] = []
    for tool in made.tools:
        for stream, kind, at in rows:
            (loud if (tool, kind) in asked.values() else silent).append((tool, stream, (at or 0) + LATE))
    results = parquets({"loud": columns(loud), "silent": columns(silent)})
    sources = {name: found.sources[name] for name in asked}
    there, elsewhere = answers(sources, [{**tables, "results": each} for each in results.values()])
    return {name for name in asked if there[name] is not True or elsewhere[name] is True}
