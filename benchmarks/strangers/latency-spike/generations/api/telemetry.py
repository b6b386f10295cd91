"""Traces go to the collector, metrics to /metrics, and what went wrong to stdout, a line of JSON each."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 1.6, 3.2)
SLOW_S = 0.5
MOST_TENANTS = 50
EXTRA = ("request_id", "tenant", "seconds", "reason", "replica", "revision")

log = logging.getLogger("answers")
tracer = trace.get_tracer("answers")

answers = Counter("answers", "Questions answered or refused", ["tenant", "code"])
seconds = Histogram("answers_seconds", "Time to answer", ["tenant"], buckets=BUCKETS)
stages = Histogram("stage_seconds", "Time of the stages of an answer", ["stage"], buckets=BUCKETS)
open_questions = Gauge("questions_open", "Questions that wait for an answer")
cache_lookups = Counter("cache_lookups", "Looks into the cache", ["outcome"])
searches = Counter("searches", "Attempts at a search replica", ["replica", "outcome"])
hedges = Counter("search_hedges", "Queries repeated at another replica", ["replica"])
replica_ill = Gauge("search_replica_ill", "1 while a replica is taken for ill", ["replica"])
revision = Gauge("search_revision", "The revision of the articles")
revision_looks = Counter("revision_looks", "Looks at the revision", ["outcome"])
llm_calls = Counter("llm_calls", "Calls of the LLM provider", ["code"])
llm_places = Gauge("llm_places", "Calls of the LLM provider that may be made at once")

_tenants: set[str] = set()
_provider: TracerProvider | None = None


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        for key in EXTRA:
            if hasattr(record, key):
                line[key] = getattr(record, key)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def start(endpoint: str) -> None:
    global _provider
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    _provider = TracerProvider(resource=Resource.create({"service.name": "api"}))
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=3)
    _provider.add_span_processor(
        BatchSpanProcessor(exporter, schedule_delay_millis=1000, max_queue_size=2048, max_export_batch_size=256)
    )
    trace.set_tracer_provider(_provider)


def span(name: str, **attributes: Any) -> AbstractContextManager[trace.Span]:
    return tracer.start_as_current_span(name, attributes=attributes)


def on_the_wire(span: trace.Span) -> Callable[[str, Any], Awaitable[None]]:
    """Marks in a span when its request really leaves and when the answer begins."""

    async def note(name: str, _: Any) -> None:
        if name.endswith(("connect_tcp.started", "send_request_headers.started", "receive_response_headers.complete")):
            span.add_event(name)

    return note


def answered(tenant: str, request_id: str, code: int, took: float) -> None:
    label = _label(tenant)
    answers.labels(label, str(code)).inc()
    seconds.labels(label).observe(took)
    if took > SLOW_S:
        log.warning("slow", extra={"request_id": request_id, "tenant": tenant, "seconds": round(took, 3)})


def page() -> bytes:
    return generate_latest()


def _label(tenant: str) -> str:
    """A tenant as a label: who sends ever new names does not fill our memory."""
    if tenant in _tenants or len(_tenants) < MOST_TENANTS:
        _tenants.add(tenant)
        return tenant
    return "other"
