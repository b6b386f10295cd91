"""What a partner of each kind is asked to do, and what its answers are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """A status, and what is sent as JSON."""

    status: int
    what: Any


class Item(NamedTuple):
    """One of a batch: its id, and whose it is."""

    id: str
    tenant: str


class Asked(NamedTuple):
    """A request, as a partner sees it: `path` without the leading slash, headers in lower case, the body as JSON (None
    if it is empty)."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Any
    left: Callable[[], bool]


@dataclass(frozen=True)
class Task:
    """What a request asks for.

    Attributes:
        endpoint: of faults and the ledger.
        do: does it, and answers; told what faults leave to it.
        id: whose attempts are counted, if the request has no `x-request-id`.
        items: of a batch.
        once: does the work at most once for a key, and hands out its answer again; None: there is no key.
    """

    endpoint: str
    do: Callable[[Fated], Awaitable[Answer]]
    id: str = ""
    items: tuple[Item, ...] = ()
    once: Callable[[Callable[[], Awaitable[Answer]]], Awaitable[Answer]] | None = None


@dataclass(frozen=True)
class Fated:
    """What faults leave to the work itself.

    Attributes:
        held_s: seconds for which what is put into a queue cannot be seen.
        failed: items of a batch, by number, that fail with this status.
    """

    held_s: float = 0.0
    failed: Mapping[int, int] = field(default_factory=dict)


class Refusal(ValueError):
    """Not done, and why: a status and a sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
