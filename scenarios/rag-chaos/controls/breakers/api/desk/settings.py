"""Addresses from the environment, and every number that somebody may want to turn, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    store: str
    library: str
    llm: str
    llm_key: str

    # What a question may take: of the 0.8 s that are promised we leave 0.1 s to the machine and to the way back.
    answer_s: float = 0.70
    embed_s: float = 0.25
    search_s: float = 0.25
    opinion_s: float = 0.08
    library_s: float = 0.20
    write_s: float = 0.42

    # The store: connections, and how it is watched.
    store_connections: int = 8
    store_idle: int = 4
    beat_every_s: float = 0.2
    beat_s: float = 0.3
    store_failures: int = 3
    store_successes: int = 2

    # The model.
    model_failures: int = 4
    model_successes: int = 2
    model_retry_s: float = 0.25
    model_at_once: int = 40

    # What is kept.
    vectors: int = 600
    kept_answers: int = 2000
    passages: int = 3

    start_s: float = 1.0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        host, _, port = environment["LISTEN"].rpartition(":")
        return cls(
            host=host,
            port=int(port),
            store=environment["STORE"],
            library=environment["LIBRARY_URL"],
            llm=environment["LLM_URL"],
            llm_key=environment["LLM_KEY"],
        )
