"""The environment, read once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


class BadSetting(ValueError):
    """An environment variable that is missing or makes no sense; the message names it."""


@dataclass(frozen=True)
class Pace:
    """How long answers take, before a model's own pace.

    Attributes:
        first_s: median seconds to the first token.
        sigma: of the log-normal distribution around that median, and around `embed_s`.
        token_s: seconds a token after the first.
        embed_s: median seconds of a call for embeddings.
        chunk_tokens: how many tokens one chunk of a stream carries.
    """

    first_s: float = 0.25
    sigma: float = 0.35
    token_s: float = 0.01
    embed_s: float = 0.03
    chunk_tokens: int = 4


@dataclass(frozen=True)
class Limits:
    """What is let through; 0 is no limit.

    Attributes:
        max_concurrent: calls at work at once.
        requests_per_minute, tokens_per_minute: refill of the two buckets.
        burst_s: seconds of refill that a bucket holds.
    """

    max_concurrent: int = 0
    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    burst_s: float = 10.0


@dataclass(frozen=True)
class Settings:
    """All of it. `listen` and `control` are `host:port`; an empty `api_key` lets everyone in; where it `signs`, it does
    so from the start, with a key of its own."""

    listen: str
    control: str
    token: str = ""
    api_key: str = ""
    seed: int = 0
    ledger_size: int = 10_000
    signs: bool = False
    pace: Pace = field(default_factory=Pace)
    limits: Limits = field(default_factory=Limits)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises:
        BadSetting: LISTEN or CONTROL is missing or both are the same, or a number is none or out of range.
    """
    whole, real = _Reader(environment, int), _Reader(environment, float)
    listen, control = _address(environment, "LISTEN"), _address(environment, "CONTROL")
    if listen == control:
        raise BadSetting(f"CONTROL is {control} as LISTEN is; give the exam a port of its own")
    return Settings(
        listen=listen,
        control=control,
        token=environment.get("BROWNOUT_TOKEN", ""),
        api_key=environment.get("API_KEY", ""),
        seed=int(whole("SEED", 0, 0, 2**63)),
        ledger_size=int(whole("LEDGER_SIZE", 10_000, 1, 100_000)),
        signs=bool(whole("SIGNS", 0, 0, 1)),
        pace=Pace(
            first_s=real("TTFT_S", 0.25, 0, 60),
            sigma=real("TTFT_SIGMA", 0.35, 0, 3),
            token_s=real("TOKEN_S", 0.01, 0, 10),
            embed_s=real("EMBED_S", 0.03, 0, 60),
            chunk_tokens=int(whole("CHUNK_TOKENS", 4, 1, 1000)),
        ),
        limits=Limits(
            max_concurrent=int(whole("MAX_CONCURRENT", 0, 0, 100_000)),
            requests_per_minute=int(whole("REQUESTS_PER_MINUTE", 0, 0, 10_000_000)),
            tokens_per_minute=int(whole("TOKENS_PER_MINUTE", 0, 0, 1_000_000_000)),
            burst_s=real("BURST_S", 10.0, 0.1, 60),
        ),
    )


class _Reader:
    def __init__(self, environment: Mapping[str, str], kind: type[int] | type[float]) -> None:
        self._environment = environment
        self._kind = kind

    def __call__(self, key: str, default: float, low: float, high: float) -> float:
        text = self._environment.get(key, "")
        try:
            value = self._kind(text) if text else default
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            what = "a whole number" if self._kind is int else "a number"
            raise BadSetting(f"{key} is {text!r}; it must be {what} from {low} to {high}")
        return value


def _address(environment: Mapping[str, str], key: str) -> str:
    text = environment.get(key, "")
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSetting(f"{key} is {text!r}; it must be host:port")
    return text
