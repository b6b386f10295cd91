"""Traces go to the collector, metrics to /metrics, and what went wrong to stdout, a line of JSON each."""

from __future__ import annotations

import json
import logging
import os
from contextlib import AbstractContextManager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 1.6, 3.2)
SLOW_S = 0.5

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


def span(name: str, context: Context | None = None, **attributes: Any) -> AbstractContextManager[trace.Span]:
    """A span of the current trace, or of the one in `context`: threads have none of their own."""
    return tracer.start_as_current_span(name, context=context, attributes=attributes)


def request_id(request_id: str) -> dict[str, str]:
    """The header that hands a request id on, if there is one."""
    return {"x-request-id": request_id} if request_id else {}


def answered(tenant: str, request_id: str, code: int, took: float) -> None:
    answers.labels(tenant, str(code)).inc()
    seconds.labels(tenant).observe(took)
    if took > SLOW_S:
        log.warning("slow", extra={"request_id": request_id, "tenant": tenant, "seconds": round(took, 3)})


def page() -> bytes:
    return generate_latest()
