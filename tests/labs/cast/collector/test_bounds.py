"""What a collector keeps of too much: spans, lines, and memory."""

from __future__ import annotations

import json

import psutil
from collector.lines import Lines, read_lines
from collector.spans import MAX_BYTES, MOST_TRACES, Traces, spans_of

from tests.labs.cast.collector.conftest import Running, export, span

LONG = [{"key": f"key{n}", "value": {"stringValue": "x" * 1000}} for n in range(50)]


def test_a_trace_keeps_two_hundred_spans_and_a_span_is_cut() -> None:
    traces = Traces()
    links = [{"traceId": "t", "spanId": "s"}] * 500
    for n in range(300):
        [one] = spans_of(export(span("t", f"s{n}", attributes=LONG, links=links)), 1.0)
        traces.add(one)

    assert len(traces.trace("t")) == 200 and traces.dropped == 100
    assert len(one.attributes) == 24 and len(one.links) == 128 and {len(text) for _, text in one.attributes} == {200}


def test_the_oldest_traces_are_forgotten_where_there_are_too_many() -> None:
    traces = Traces()
    for n in range(MOST_TRACES + 10):
        for one in spans_of(export(span(f"t{n}", "a")), 1.0):
            traces.add(one)

    assert len(traces) == MOST_TRACES and traces.dropped == 10
    assert not traces.trace("t9") and traces.trace("t10") and traces.ids()[0] == "t10"


def test_the_oldest_are_forgotten_where_they_are_too_large() -> None:
    traces = Traces()
    each = spans_of(export(span("t", "a", attributes=LONG)), 1.0)[0].size
    for n in range(MAX_BYTES // each + 50):
        for one in spans_of(export(span(f"t{n}", "a", attributes=LONG)), 1.0):
            traces.add(one)

    assert len(traces) == MAX_BYTES // each and not traces.trace("t49") and traces.trace("t50")


def test_the_oldest_lines_are_dropped() -> None:
    lines = Lines()
    found, broken = read_lines(b"\n".join(json.dumps({"n": n, "x": "y" * 4000}).encode() for n in range(5000)), 1.0)
    for line in found:
        lines.add(line)

    assert broken == 0 and 0 < len(lines) < 5000 and lines.dropped == 5000 - len(lines)
    assert lines.where(n=4999) and not lines.where(n=0)


def test_a_flood_does_not_grow_without_end(collector: Running) -> None:
    attributes = [{"key": f"key{n}", "value": {"stringValue": f"{n}" * 100}} for n in range(24)]
    for n in range(40):
        wide = export(*(span(f"flood{n}-{i}", "a", attributes=attributes) for i in range(200)))
        assert collector.send("/v1/traces", wide).status_code == 200
    for n in range(10):
        text = b"\n".join(json.dumps({"n": i, "x": f"{n}" * 2000}).encode() for i in range(300))
        assert collector.send("/logs", text).status_code == 200

    assert collector.ledger()["dropped"] > 0
    assert psutil.Process(collector.process.pid).memory_info().rss < 140e6
