"""Traces go to the collector, metrics to /metrics, and what went wrong to stdout, a line of JSON each."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
SLOW_S = 1.0

log = logging.getLogger("answers")
tracer = trace.get_tracer("answers")

answers = Counter("answers", "Questions answered or refused", ["tenant", "code"])
seconds = Histogram("answers_seconds", "Time to answer", ["tenant"], buckets=BUCKETS)
cache_lookups = Counter("cache_lookups", "Looks into the cache", ["outcome"])
searches = Counter("searches", "Attempts at a search replica", ["replica", "outcome"])
llm_calls = Counter("llm_calls", "Calls of the LLM provider", ["code"])


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        for key in ("request_id", "tenant", "seconds", "reason"):
            if hasattr(record, key):
                line[key] = getattr(record, key)
        return json.dumps(line)


def start() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    provider = TracerProvider(resource=Resource.create({"service.name": "api"}))
    exporter = OTLPSpanExporter(endpoint=os.environ["TRACES"])
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)


def span(name: str, **attributes: Any) -> AbstractContextManager[trace.Span]:
    return tracer.start_as_current_span(name, attributes=attributes)


def on_the_wire(span: trace.Span) -> Callable[[str, Any], Awaitable[None]]:
    """Marks in a span when its request really leaves and when the answer begins."""

    async def note(name: str, _: Any) -> None:
        if name.endswith(("connect_tcp.started", "send_request_headers.started", "receive_response_headers.complete")):
            span.add_event(name)

    return note


def answered(tenant: str, request_id: str, code: int, took: float) -> None:
    answers.labels(tenant, str(code)).inc()
    seconds.labels(tenant).observe(took)
    if took > SLOW_S:
        log.warning("slow", extra={"request_id": request_id, "tenant": tenant, "seconds": round(took, 3)})


def page() -> bytes:
    return generate_latest()
