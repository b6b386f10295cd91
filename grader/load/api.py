"""What a load.py is written against. Imports nothing of the generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ANSWER_FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a check may raise of an answer: it is `wrong` then, error `malformed`. Anything else ends the run."""


@dataclass(frozen=True)
class Request:
    """One request of the load.

    Attributes:
        method, path: as on the wire; the path starts with "/" and carries its query.
        name: the event's name, usually the route.
        json: sent as the JSON body, with its content type; None for no body. Not together with `body`.
        body: sent as it is.
        headers: sent besides `host`, `content-length` and `x-request-id`, which the generator sets.
        segment: the event's segment: tenant, cohort, ...
        timeout_s: seconds from sending until the request counts as unanswered, body included.
    """

    method: str
    path: str
    name: str
    json: Any | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    segment: str = ""
    timeout_s: float = 5.0


class Traffic(Protocol):
    """The load of one trial. `target` is a URL in the system's names, e.g. "http://gateway:8080"."""

    target: str

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None: ...

    def request(self, n: int) -> Request:
        """The n-th arrival, counted from 0; pure in `n`."""

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """The event's `answer`: `right`, `wrong` or a word of the scenario's own.

        Header names are lower case. May raise `ANSWER_FAULTS`.
        """
