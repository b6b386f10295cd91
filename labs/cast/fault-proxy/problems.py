"""What can be wrong with a call of the API: Toxiproxy's messages and status codes."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A refusal. `status` is the HTTP status; the text goes to the caller."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": str(self), "status": self.status}


BAD_STREAM = Problem("stream was invalid, can be either upstream or downstream", 400)
BAD_TYPE = Problem("invalid toxic type", 400)
PROXY_NOT_FOUND = Problem("proxy not found", 404)
PROXY_EXISTS = Problem("proxy already exists", 409)
TOXIC_NOT_FOUND = Problem("toxic not found", 404)
TOXIC_EXISTS = Problem("toxic already exists", 409)


def bad_body(what: str) -> Problem:
    """A body that is not understood."""
    return Problem(f"bad request body: {what}", 400)


def missing(field: str) -> Problem:
    """A field that has to be there."""
    return Problem(f"missing required field: {field}", 400)
