"""The collector of traces as a real process, fed as an exporter feeds it and as nobody should."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.load.traffic import import_file
from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

MAIN = Path(__file__).resolve().parents[3] / "labs" / "cast" / "traces" / "main.py"
SECOND = 1_000_000_000
NOW = 1_780_000_000 * SECOND


@pytest.fixture(scope="module")
def collector() -> Iterator[httpx.Client]:
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [str(environment("core") / "bin" / "python"), str(MAIN)], env={**os.environ, "LISTEN": address, "KEEP": "5"}
    )
    client = httpx.Client(base_url=f"http://{address}", timeout=10, trust_env=False)

    def ready() -> bool:
        assert process.poll() is None, "the collector ended"
        return answers("/healthz", client)

    try:
        eventually(ready)
        yield client
    finally:
        client.close()
        process.kill()
        process.wait()


def span(trace: str, id: str, parent: str = "", name: str = "ask", start: float = 0.0, took: float = 1.0, **more: Any):
    begin = NOW + int(start * SECOND)
    return {
        "traceId": trace, "spanId": id, "parentSpanId": parent, "name": name,
        "startTimeUnixNano": str(begin), "endTimeUnixNano": str(begin + int(took * SECOND)), **more,
    }  # fmt: skip


def export(*spans: dict[str, Any]) -> dict[str, Any]:
    service = {"attributes": [{"key": "service.name", "value": {"stringValue": "api"}}]}
    return {"resourceSpans": [{"resource": service, "scopeSpans": [{"spans": list(spans)}]}]}


def attributes(**values: str) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def test_a_trace_is_listed_and_drawn_with_children_below_their_parents(collector):
    spans = [
        span("t1", "3", "2", "attempt", 0.5, 0.25, status={"code": 2}),
        span("t1", "1", "", "ask", 0.0, 1.0, attributes=attributes(tenant="quayside")),
        span("t1", "2", "1", "search", 0.25, 0.5),
    ]
    assert collector.post("/v1/traces", json=export(*spans)).status_code == 200

    listed, drawn = collector.get("/?order=slowest").text, collector.get("/trace/t1").text

    assert '<a href="/trace/t1">ask</a>' in listed and "tenant=quayside" in listed
    assert drawn.index("ask") < drawn.index("search <span") < drawn.index("attempt <span")
    assert 'class="bar bad" style="left:50.00%;width:25.00%"' in drawn
    assert 'class="bar" style="left:25.00%;width:50.00%"' in drawn


def test_the_exporter_of_the_image_is_understood(collector):
    script = (
        "from opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor\n"
        "from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter\n"
        "import sys\n"
        "provider = TracerProvider()\n"
        "provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=sys.argv[1])))\n"
        "with provider.get_tracer('t').start_as_current_span('really exported', attributes={'n': 7}) as s:\n"
        "    s.add_event('half way')\n"
        "print(format(s.get_span_context().trace_id, '032x'))\n"
    )
    python = str(environment("traced") / "bin" / "python")
    url = str(collector.base_url.join("/v1/traces"))
    done = subprocess.run([python, "-c", script, url], capture_output=True, text=True, check=True, timeout=60)

    drawn = collector.get(f"/trace/{done.stdout.strip()}").text

    assert "really exported" in drawn and "n=7" in drawn and "half way" in drawn


def test_the_list_is_searched_by_all_words_and_ordered(collector):
    collector.post("/v1/traces", json=export(
        span("slow", "1", took=3.0, attributes=attributes(tenant="quayside", code="503")),
        span("quick", "1", start=9.0, took=0.1, attributes=attributes(tenant="quayside", code="200")),
    ))  # fmt: skip

    by_time, by_length = collector.get("/?order=newest").text, collector.get("/?order=slowest").text

    assert by_time.index("/trace/quick") < by_time.index("/trace/slow")
    assert by_length.index("/trace/slow") < by_length.index("/trace/quick")
    found = collector.get("/", params={"q": "quayside code=503"}).text
    assert "/trace/slow" in found and "/trace/quick" not in found


def test_only_the_latest_traces_are_kept(collector):
    for n in range(8):
        collector.post("/v1/traces", json=export(span(f"kept{n}", "1")))

    assert collector.get("/trace/kept2").status_code == 404
    assert collector.get("/trace/kept3").status_code == 200


def test_a_flood_of_large_spans_pushes_out_the_oldest():
    traces = import_file(MAIN.parent / "spans.py").Traces(keep=1000)
    large = attributes(**{f"key{n}": "x" * 1000 for n in range(50)})

    for n in range(20):
        traces.add(export(*(span(f"flood{n}", str(i), "" if i == 0 else "0", attributes=large) for i in range(300))))

    kept = [len(traces.trace(f"flood{n}")) for n in range(20)]
    assert kept[:10] == [0] * 10
    assert kept[-5:] == [200] * 5
    assert len(traces.roots()) == sum(spans > 0 for spans in kept)


def test_what_a_candidate_sends_is_shown_and_not_run(collector):
    evil = "<script>alert(1)</script>"
    marks = [{"timeUnixNano": str(NOW), "name": evil}]
    collector.post("/v1/traces", json=export(span("x", "1", name=evil, attributes=attributes(k=evil), events=marks)))

    for page in (collector.get("/"), collector.get("/trace/x"), collector.get("/", params={"q": evil, "order": evil})):
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_spans_that_are_their_own_ancestors_end_somewhere(collector):
    circle = [span("c", "1", "2", "one"), span("c", "2", "1", "two"), span("c", "3", "3", "self")]
    collector.post("/v1/traces", json=export(*circle))

    drawn = collector.get("/trace/c").text

    assert all(name in drawn for name in ("one", "two", "self"))


def test_gzip_is_taken(collector):
    body = gzip.compress(json.dumps(export(span("z", "1"))).encode())

    assert collector.post("/v1/traces", content=body, headers={"content-encoding": "gzip"}).status_code == 200
    assert collector.get("/trace/z").status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"\xff\xfe\x00", {}, 400),
        (b"[]", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"resourceSpans": 7}', {}, 400),
        (b'{"resourceSpans":[{}]}', {}, 400),
        (json.dumps(export({"traceId": "b"})).encode(), {}, 400),
        (b" " * ((1 << 20) + 1), {}, 413),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (gzip.compress(b" " * (2 << 20)), {"content-encoding": "gzip"}, 413),
    ],
    ids=["empty", "binary", "list", "deep", "number", "no-scope", "no-name", "huge", "no-gzip", "bomb"],
)
def test_what_is_no_export_is_refused_with_one_sentence(collector, body, headers, status):
    got = collector.post("/v1/traces", content=body, headers=headers)

    assert got.status_code == status
    assert got.json()["error"] and "\n" not in got.json()["error"]
    assert collector.get("/healthz").status_code == 200


@pytest.mark.parametrize("time", ["soon", "-5", None, str(1 << 80)])
def test_a_span_without_a_time_that_makes_sense_is_refused(collector, time):
    broken = {**span("b", "1"), "startTimeUnixNano": time}

    assert collector.post("/v1/traces", json=export(broken)).status_code == 400
    assert collector.get("/trace/b").status_code == 404


def test_settings_that_make_no_sense_end_it_with_one_sentence():
    for settings in ({"LISTEN": "nowhere"}, {"LISTEN": "127.0.0.1:1", "KEEP": "0"}):
        done = subprocess.run(
            [str(environment("core") / "bin" / "python"), str(MAIN)],
            env={**os.environ, **settings}, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        assert done.returncode == 1 and done.stderr.startswith("traces: LISTEN") and done.stderr.count("\n") == 1
