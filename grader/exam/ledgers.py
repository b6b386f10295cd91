"""Reading what sealed services counted, as events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader import events
from grader.addresses import locate
from grader.course.observers import LedgerSpec
from grader.exchange import exchange

TIMEOUT_S = 3.0


def read_ledgers(
    trial: str, at_s: float, ledgers: Sequence[LedgerSpec], addresses: Mapping[str, str], token: str
) -> list[dict[str, Any]]:
    """One event a ledger; `value` is null, and `error` says why, where it could not be read.

    Args:
        trial: the trial's id.
        at_s: trial time, seconds.
        ledgers: of this trial.
        addresses: `service:port` to `host:port`.
        token: the deployment's.
    """
    return [_event(trial, at_s, ledger, *_read(ledger, addresses, token)) for ledger in ledgers]


def _read(ledger: LedgerSpec, addresses: Mapping[str, str], token: str) -> tuple[float | None, str]:
    """The number, or why there is none."""
    try:
        url = locate(ledger.url, addresses)
        status, body = exchange("GET", url, None, {"authorization": f"Bearer {token}"}, TIMEOUT_S)
        if status != 200:
            return None, f"status {status}"
        return float(_at(json.loads(body), ledger.count)), ""
    except (OSError, ValueError, TypeError) as error:
        return None, f"{type(error).__name__}: {error}"[:200]


def _at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return 0 if document is None else document


def _event(trial: str, at_s: float, ledger: LedgerSpec, value: float | None, error: str) -> dict[str, Any]:
    known = {"trial": trial, "kind": "ledger", "name": ledger.name, "due": at_s, "value": value, "error": error}
    return {column: known.get(column) for column in events.COLUMNS}
