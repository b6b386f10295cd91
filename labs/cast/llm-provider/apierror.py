"""What the API says when it refuses, in the shape that clients of OpenAI's API know."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call that is refused.

    Attributes:
        status: of HTTP.
        kind: the body's `error.type`.
        code, param: the body's `error.code` and `error.param`; null when empty.
        headers: sent with it.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """`{"error": {"message", "type", "param", "code"}}`."""
        return {
            "error": {
                "message": str(self),
                "type": self.kind,
                "param": self.param or None,
                "code": self.code or None,
            }
        }


def bad(param: str, message: str, code: str = "invalid_value") -> ApiError:
    """400 for one field of the body."""
    return ApiError(400, message, param=param, code=code)


SERVER_ERRORS = {
    500: "The server had an error while processing your request. Sorry about that!",
    502: "Bad gateway.",
    503: "The engine is currently overloaded, please try again later.",
}


def server_error(status: int) -> ApiError:
    """500, 502 or 503."""
    return ApiError(status, SERVER_ERRORS[status], kind="server_error")


def rate_limited(message: str, kind: str, retry_after_s: float, headers: dict[str, str] | None = None) -> ApiError:
    """429 that says when to come back: `retry-after` in whole seconds, rounded up, and `retry-after-ms` exactly."""
    waits = {"retry-after": str(max(1, -int(-retry_after_s // 1))), "retry-after-ms": str(round(retry_after_s * 1000))}
    return ApiError(429, message, kind=kind, code="rate_limit_exceeded", headers={**(headers or {}), **waits})
