"""What a drill, an experiment that a candidate wrote, can do. Nothing else is run: see `grader.chaos.allowed`.

    {"type": "python", "module": "grader.chaos.activities", "func": "fault", "arguments": {"name": "store-hangs"}}

`grader.chaos.drill` says, with `use`, what the lab allows. Times are seconds.
"""

from __future__ import annotations

import json as _json
from typing import Any

from grader.addresses import locate
from grader.course.drill import Call, DrillRules
from grader.errors import GraderError
from grader.exchange import exchange
from grader.faults import FaultFailed, control, current

_rules: DrillRules | None = None


class NoAnswer(GraderError):
    """What was asked did not answer, or not with what was looked for: the probe fails."""


class Trouble(GraderError):
    """A sealed service did not do what it was told: the machine's fault, not the experiment's."""


def use(rules: DrillRules) -> None:
    """Make activities do what this lab allows."""
    global _rules
    _rules = rules


def fault(name: str) -> None:
    """Set one of the lab's faults; it acts until lifted. Raises Trouble if it cannot be set."""
    assert _rules is not None
    _do(_rules.faults[name])


def lift() -> None:
    """Lift all faults. Raises Trouble if they cannot be lifted."""
    assert _rules is not None
    for call in _rules.lifts:
        _do(call)


def wait(seconds: float) -> None:
    """Do nothing for so long."""
    current().hurry.wait(float(seconds))


def http(url: str, method: str = "GET", json: Any = None, timeout_s: float = 1.0) -> dict[str, Any]:
    """What Chaos Toolkit's provider `http` gives: `{"status", "headers", "body"}`, here without headers.

    Raises:
        NoAnswer: none, or not whole in time.
    """
    body, headers = None, {}
    if json is not None:
        body, headers = _json.dumps(json).encode(), {"content-type": "application/json"}
    try:
        status, answer = exchange(method, locate(url, current().addresses), body, headers, timeout_s)
    except OSError as error:
        raise NoAnswer(f"{url}: {error}") from error
    return {"status": status, "headers": {}, "body": answer.decode("utf-8", "replace")}


def field(url: str, json: Any, name: str, timeout_s: float = 1.0) -> Any:
    """POST JSON; the value of one field of the object that comes back, if it is a text, a number or a boolean.

    Raises:
        NoAnswer: no answer in time, or none with such a field.
    """
    body = http(url, "POST", json, timeout_s)["body"]
    try:
        value = _json.loads(body)[name]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NoAnswer(f"{url}: the answer has no field {name!r}") from None
    if not isinstance(value, str | int | float | bool):
        raise NoAnswer(f"{url}: {name!r} is neither a text, nor a number, nor a boolean")
    return value


def _do(call: Call) -> None:
    try:
        control(call.service, call.port, call.path, call.payload)
    except FaultFailed as error:
        raise Trouble(str(error)) from error
