"""Durations as Prometheus writes them, and when alerts fire."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from calendar_week import SPAN, STEP_S
from plainyaml import NotPlain

DURATION = re.compile(r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:\d+ms)?")
MOST_S = 31 * 86_400
Labels = tuple[tuple[str, str], ...]


def seconds(text: Any, where: str) -> int:
    """A duration as Prometheus writes them, at most a month."""
    found = DURATION.fullmatch(str(text)) if str(text) else None
    if str(text) == "0":
        return 0
    if found is None or not any(found.groups()) or len(str(text)) > 20:
        raise NotPlain(f"{where}: {str(text)[:40]!r} is no duration such as 5m or 1h30m")
    years, weeks, days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return min(MOST_S, (((years * 365 + weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + rest)


class Spans:
    """From and to before which seconds of the week something is so; `edges` are all of these seconds."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        whole = merged(spans)
        self.begins, self.ends = [begin for begin, _ in whole], [end for _, end in whole]

    @property
    def edges(self) -> list[int]:
        """All begins and ends."""
        return self.begins + self.ends

    def at(self, second: int) -> bool:
        """Whether it is so at that second."""
        place = bisect_right(self.begins, second) - 1
        return place >= 0 and second < self.ends[place]

    def ended(self, since: int, second: int) -> bool:
        """Whether it ended after `since`, and by that second."""
        return bisect_right(self.ends, since) < bisect_right(self.ends, second)


@dataclass(frozen=True)
class Alert:
    """An alert: its labels, and when it fires."""

    labels: Labels
    spans: Spans


def firing(steps: Iterable[int], for_s: int, keep_s: int) -> list[tuple[int, int]]:
    """From and to before which second an alert fires whose expression holds at these steps.

    It is pending until it has held for `for_s`, and fires on for `keep_s` after the first step at which it does not."""
    hold, keep = math.ceil(for_s / STEP_S), math.ceil(keep_s / STEP_S)
    spans: list[tuple[int, int]] = []
    for begin, end in merged((step, step + 1) for step in steps):
        if spans and begin <= spans[-1][1]:  # it still fires, and is not pending again
            spans[-1] = (spans[-1][0], end + keep)
        elif begin + hold < end:
            spans.append((begin + hold, end + keep))
    return [(begin * STEP_S, min(SPAN, end) * STEP_S) for begin, end in spans]


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
