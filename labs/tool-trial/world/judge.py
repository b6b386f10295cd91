"""Words for a record: what it says against what is so."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cited.values import agrees, is_number
from figures import NONE, RUNG_KINDS, Alarm, hasty
from streams import ROWS

if TYPE_CHECKING:
    from random import Random

    from cited import Examined
    from cited.values import Value
    from trials import Made

MEASURED, HEALTH = ("found", "delay", "false"), ("bus", "answered")
WORDS, FREE = {NONE}, {"choice"}
"""Texts that may be the same on the twin, and claims that need no query."""
UNSEEN = {"absent", "unshown", "misquoted"}
WRONG = UNSEEN | {"unfounded", "unread"}
WITHIN = 0.03
HEAD = ["tool", "stream", "at_row"]
MOST_ALARMS = 20_000

Said = tuple[str, str]
"""A word and why."""


class Malformed(Exception):
    """Results that are none. One sentence."""


def results(data: bytes | None, tools: Collection[str], streams: Collection[str]) -> list[Alarm]:
    """The alarms of results.csv, in order of tools, streams and rows.

    Raises:
        Malformed: it is not there, is no such table, or names what the trial does not have.
    """
    if data is None:
        raise Malformed("the run left no results.csv of at most 256 KiB")
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Malformed("results.csv cannot be read as CSV in UTF-8") from None
    if lines[:1] != [HEAD]:
        raise Malformed("results.csv does not begin with tool,stream,at_row")
    if len(lines) > MOST_ALARMS:
        raise Malformed(f"results.csv has more than {MOST_ALARMS:,} lines")
    found = [_alarm(number, line, tools, streams) for number, line in enumerate(lines[1:], 2) if line]
    if len({*found}) != len(found):
        raise Malformed("results.csv has an alarm twice")
    return sorted(found)


def _alarm(number: int, line: Sequence[str], tools: Collection[str], streams: Collection[str]) -> Alarm:
    known = len(line) == len(HEAD) and line[0] in tools and line[1] in streams
    if not known or not (line[2].isascii() and line[2].isdigit() and len(line[2]) < 6 and int(line[2]) < ROWS):
        raise Malformed(f"line {number} of results.csv is no tool, stream and row of the trial")
    return line[0], line[1], int(line[2])


def names(tools: Sequence[str]) -> list[str]:
    """The claims that a right record has."""
    figures = [f"{what}-{tool}" for tool in tools for what in (*MEASURED, *HEALTH)]
    return [*figures, *(f"rings-{tool}-{kind}" for tool in tools for kind in RUNG_KINDS), "choice"]


def said(found: Examined, name: str) -> Value | None:
    """What a claim says, if the text shows it."""
    return None if found.words.get(name, "absent") in UNSEEN else found.values.get(name)


def so(value: Value | None, truth: Value | None) -> bool:
    """Whether a value that is said is true: a figure to 3 %. No value is right where there is none."""
    if is_number(value) and is_number(truth):
        return agrees(value, truth, WITHIN)
    return type(value) is type(truth) and value == truth


def reproduced(handed: Sequence[Alarm], made: Made) -> Said:
    """Whether the alarms are those that the tools give."""
    mine, right = {*handed}, {*made.results}
    if mine == right:
        return "right", f"{len(right)} alarms"
    wrong = sorted({(tool, stream) for tool, stream, _ in mine ^ right})
    tool, stream = wrong[0]
    told = _short([row for *where, row in handed if where == [tool, stream]])
    return "other", f"wrong for {len(wrong)} pairs of tool and stream, as for {tool} on {stream}, handed in: {told}"


def _short(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:5])) + (" ..." if len(rows) > 5 else "") or "no alarm"


def figured(found: Examined, tools: Sequence[str], kinds: Sequence[str], right: Mapping[str, Any]) -> Said:
    """Whether figures of these kinds are right, for all tools."""
    for name in (f"{kind}-{tool}" for tool in tools for kind in kinds):
        value, truth = said(found, name), right[name]
        if value is None and truth is None:
            continue  # a tool that finds nothing has no delay
        if value is None:
            return "none", f"{name}: {found.words.get(name, 'absent')}"
        if not so(value, truth):
            return "wrong", f"{name} is not {value}" + (" by the results" if kinds == MEASURED else "")
    return "right", ""


def drawn_rings(rng: Random, many: int, made: Made) -> list[str]:
    """Names of `rings-` claims; a half of them are limits as far as there are so many: silent on a change, or loud on
    season. Those come first that a rule of one's own gets wrong."""
    doubtful = hasty(made.tools, made.tables["streams"], made.results)
    limits: list[str] = []
    others: list[str] = []
    for tool in made.tools:
        for kind in RUNG_KINDS:
            name = f"rings-{tool}-{kind}"
            (limits if made.figures[name] is (kind == "season") else others).append(name)
    for names in (limits, others):
        rng.shuffle(names)
        names.sort(key=lambda name: name not in doubtful)
    drawn = limits[: many // 2]
    return drawn + others[: many - len(drawn)]


def limit(found: Examined, name: str, right: Mapping[str, Any]) -> Said:
    """Whether it is said of a tool and a kind that it rings, or does not."""
    value, truth = said(found, name), right[name]
    if not isinstance(value, bool):
        return "none", f"{name}: {found.words.get(name, 'absent')}"
    return ("right", name) if value is truth else ("wrong", f"{name} is not {str(value).lower()}")


def chosen(found: Examined, made: Made) -> Said:
    """Whether the tool is taken that meets the needs, or none."""
    value = said(found, "choice")
    if value not in (*made.tools, NONE):
        return "none", f"choice: {found.words.get('choice', 'absent')}"
    return ("right", made.choice) if value == made.choice else ("wrong", f"choice is not {value}")


def evidence(found: Examined, name: str, deaf: Collection[str] = ()) -> Said:
    """Whether a claim is borne out by the tables. `deaf`: cells whose query does not tell who rings."""
    word = found.words.get(name, "absent")
    if word in WRONG:
        return word, f"{name}: {found.why.get(name) or 'not there'}"
    if name in deaf:
        return "unread", f"{name}: its query says the same whether this tool rings on this kind or not"
    return "right", name
