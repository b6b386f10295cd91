"""Three sets of rules reckoned with numpy, on the counts of a week: what luck there is, without a Prometheus.

By each, when a page is open in a region, and a ticket of each service: reference, alternative, and five minutes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from weeks.budget import burn, held, trailing
from weeks.episodes import runs

Masks = tuple[NDArray[Any], NDArray[Any]]
HALF_HOUR = 15


def ratio(region: Any, steps: int) -> NDArray[Any]:
    """Of each service, the share of bad requests in the last so many steps."""
    came = trailing(region.requests, steps)
    return np.asarray(trailing(region.bad, steps) / np.maximum(1, came))


def kept(mask: NDArray[Any]) -> NDArray[Any]:
    """As `keep_firing_for: 30m` has it."""
    found = mask.copy()
    for begin, end in runs(mask):
        found[begin : end + HALF_HOUR] = True
    return found


def reference(region: Any, calendar: Any) -> Masks:
    """Two windows each, and yesterday at this hour."""
    rates = {steps: burn(region.bad, region.requests, steps, calendar.TARGET) for steps in (3, 15, 30, 180, 2160)}
    pages = ((rates[30] >= 14.4) & (rates[3] >= 14.4)) | ((rates[180] >= 6) & (rates[15] >= 6))
    came = trailing(region.requests.sum(0) * region.seen, 5)
    before = np.concatenate([np.zeros(calendar.A_DAY), came[: -calendar.A_DAY]])
    return np.any([kept(mask) for mask in pages], 0) | (came < 0.1 * before), (rates[2160] >= 1) & (rates[180] >= 1)


def alternative(region: Any, calendar: Any) -> Masks:
    """Three per cent over ten minutes for twenty, and the maximum of the day."""
    pages = [kept(held(mask, 11)) for mask in ratio(region, 5) > 0.03]
    came = trailing(region.requests.sum(0) * region.seen, 5)
    most = np.max(
        [np.concatenate([np.zeros(back), came[: came.size - back]]) for back in range(0, calendar.A_DAY, 5)], 0
    )
    return np.any(pages, 0) | (came < 0.03 * most), ratio(region, 360) > 0.006


def five_minutes(region: Any, calendar: Any) -> Masks:
    """Two per cent over five minutes."""
    return np.any(ratio(region, 3) > 0.02, 0), reference(region, calendar)[1]


def words(week: Any, world: SimpleNamespace, of: Callable[[Any, Any], Masks]) -> Counter[tuple[str, str]]:
    """The words for a week, by the lab's own judging."""
    told = []
    for region in week.regions:
        page, tickets = of(region, world.calendar_week)
        told += [opened(world, "page", mask, region=region.name) for mask in runs(page)]
        for service, mask in zip(world.calendar_week.SERVICES, tickets, strict=True):
            told += [opened(world, "ticket", run, region=region.name, service=service) for run in runs(mask)]
    return Counter((aspect, word) for aspect, word, _ in world.judging.judged(week, told))


def opened(world: SimpleNamespace, receiver: str, steps: tuple[int, int], **labels: str) -> Any:
    """A group that opened and closed at these steps."""
    begin, end = (step * world.calendar_week.STEP_S for step in steps)
    return world.pager.Told(receiver, begin, end, (tuple(sorted(labels.items())),))
