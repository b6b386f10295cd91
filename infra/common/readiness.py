"""Waiting until services answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from infra.common.exchange import answers
from infra.errors import GivenUp

POLL_S, SLOWEST_POLL_S = 0.025, 0.25
LOOK_S, SLOWEST_LOOK_S = 0.1, 0.5
SHARE = 0.1
"""Polling slows down as waiting goes on, to this share of the time waited, or many deployments starve each other."""


class NotReady(Exception):
    """A service did not answer in time. `service` is its name."""

    def __init__(self, service: str) -> None:
        self.service = service
        super().__init__(service)


def wait(
    urls: Mapping[str, str],
    raise_if_dead: Callable[[str], None],
    deadline: float,
    off: Callable[[], bool] = lambda: False,
    ask: Callable[[str], bool] = answers,
) -> None:
    """Poll the URL of each service until all have answered.

    Args:
        urls: readiness URL, by service.
        raise_if_dead: called now and then with a service that does not answer yet.
        deadline: on the clock of `time.monotonic`.
        off: asked between looks; ends the waiting once it is true.
        ask: whether a URL answers; from this machine unless told otherwise.

    Raises:
        NotReady: the deadline passed; names the first service that does not answer.
        GivenUp: it was called off.
    """
    pending = dict(urls)
    since = look_at = time.monotonic()
    while True:
        pending = {service: url for service, url in pending.items() if not ask(url)}
        if not pending:
            return
        if time.monotonic() >= look_at:
            for service in pending:
                raise_if_dead(service)
            look_at = time.monotonic() + _pace(since, LOOK_S, SLOWEST_LOOK_S)
        if time.monotonic() >= deadline:
            raise NotReady(next(iter(pending)))
        if off():
            raise GivenUp("waiting was called off")
        time.sleep(_pace(since, POLL_S, SLOWEST_POLL_S))


def _pace(since: float, fastest: float, slowest: float) -> float:
    return min(slowest, max(fastest, SHARE * (time.monotonic() - since)))
