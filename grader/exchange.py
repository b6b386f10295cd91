"""The exchange that exams use for one request with a deadline for all of it."""

from infra.common.exchange import BODY_CAP, exchange

__all__ = ["BODY_CAP", "exchange"]
