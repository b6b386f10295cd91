"""What is sent to a collector: late, double, broken, held, refused, by the exporter of the image."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
import time
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.collector.conftest import Running, export, span
from tests.waiting import eventually


def test_a_span_has_its_kind_its_links_and_when_it_came(collector: Running) -> None:
    links = [{"traceId": "OTHER", "spanId": "AA"}]
    attributes = [{"key": "n", "value": {"intValue": "7"}}, {"key": "ok", "value": {"boolValue": True}}]
    root = span("T1", "A1", "", "scan", 1.0, kind=4, attributes=attributes, status={"code": 2})
    assert collector.spans(span("t1", "b2", "a1", kind="SPAN_KIND_CONSUMER", links=links), root) == 200

    first, second = collector.seen("trace/t1")
    assert (first["id"], first["parent"], first["kind"], first["failed"]) == ("a1", "", "producer", True)
    assert first["attributes"] == [["n", "7"], ["ok", "True"]] and first["service"] == "api"
    assert 1.0 <= first["age"] < 30 and first["seconds"] == pytest.approx(0.25, abs=1e-6)
    assert (second["parent"], second["kind"], second["links"]) == ("a1", "consumer", [["other", "aa"]])


def test_a_span_that_comes_twice_is_kept_once(collector: Running) -> None:
    before = collector.ledger()
    collector.spans(span("t2", "a", name="first"))
    collector.spans(span("t2", "a", name="again"), span("t2", "b", "a"))

    assert [one["name"] for one in collector.seen("trace/t2")] == ["first", "ask"] or [
        one["name"] for one in collector.seen("trace/t2")
    ] == ["ask", "first"]
    after = collector.ledger()
    assert after["doubled"] - before["doubled"] == 1
    assert after["all"]["spans"] - before["all"]["spans"] == 3


def test_spans_of_a_trace_may_come_late_and_in_any_order(collector: Running) -> None:
    for each in (span("t3", "c", "b", ago_s=1), span("t3", "a", "", ago_s=3), span("t3", "b", "a", ago_s=2)):
        collector.spans(each)

    assert [one["id"] for one in collector.seen("trace/t3")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/traces", b"", 400),
        ("/v1/traces", b"\xff\xfe", 400),
        ("/v1/traces", b"[]", 400),
        ("/v1/traces", b"[" * 100_000, 400),
        ("/v1/traces", b'{"resourceSpans": 7}', 400),
        ("/v1/traces", json.dumps(export({"traceId": "b"})).encode(), 400),
        ("/v1/traces", json.dumps(export({**span("b", "1"), "startTimeUnixNano": "soon"})).encode(), 400),
        ("/v1/traces", json.dumps(export({**span("b", "1"), "links": [{}]})).encode(), 400),
        ("/v1/traces", b" " * ((2 << 20) + 1), 413),
        ("/v1/logs", b"{}", 400),
        ("/v1/logs", b'{"resourceLogs": [{"scopeLogs": [{"logRecords": [7]}]}]}', 400),
        ("/logs", b'["no object"]', 400),
        ("/logs", b"no JSON\n", 400),
        ("/logs", b'{"x": "' + b"y" * 9000 + b'"}', 400),
        ("/logs", b'{"x": NaN}', 400),
    ],
)
def test_what_is_no_export_is_refused_with_one_sentence(
    collector: Running, path: str, body: bytes, status: int
) -> None:
    before = collector.ledger()["broken"]
    got = collector.send(path, body)

    assert got.status_code == status and got.json()["error"] and "\n" not in got.json()["error"]
    assert collector.ledger()["broken"] == before + 1
    assert collector.seen("trace/b") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(json.dumps(export(span("tz", "1"))).encode()), 200),
        (b"none", 400),
        (gzip.compress(b" " * (3 << 20)), 413),
    ],
)
def test_gzip_is_taken_and_no_bomb(collector: Running, body: bytes, status: int) -> None:
    assert collector.send("/v1/traces", body, content_encoding="gzip").status_code == status
    assert len(collector.seen("trace/tz")) == 1 or status != 200


def test_lines_come_as_json_or_as_records(collector: Running) -> None:
    body = b'{"ticket": "k1", "error": "timeout"}\n\n{"ticket": "k2", "error": "refused"}\n'
    assert collector.send("/logs", body).status_code == 200
    record = {
        "body": {"stringValue": "could not"}, "severityText": "ERROR", "traceId": "AB", "spanId": "CD",
        "attributes": [{"key": "ticket", "value": {"stringValue": "k1"}}, {"key": "n", "value": {"intValue": "3"}}],
    }  # fmt: skip
    assert collector.send("/v1/logs", {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}).status_code == 200

    assert collector.seen("lines?ticket=k2") == [{"ticket": "k2", "error": "refused"}]
    found = [{"ticket": "k1", "error": "timeout"}]
    found.append(
        {"message": "could not", "severity": "ERROR", "trace_id": "ab", "span_id": "cd", "ticket": "k1", "n": 3}
    )
    assert collector.seen("lines?ticket=k1") == found


def test_good_lines_beside_broken_ones_are_kept(collector: Running) -> None:
    got = collector.send("/logs", b'{"ticket": "k9"}\nhalf a {\n{"ticket": "k9"}')

    assert got.status_code == 400 and "2 were taken" in got.json()["error"]
    assert len(collector.seen("lines?ticket=k9")) == 2


def test_what_is_taken_is_kept_at_once_and_answered_late(collector: Running) -> None:
    collector.behave(delay_s=1.5)
    begun = time.monotonic()
    sending = threading.Thread(target=lambda: collector.spans(span("t4", "a")))
    sending.start()
    eventually(lambda: len(collector.seen("trace/t4")) == 1)
    sending.join(20)

    assert time.monotonic() - begun >= 1.5


def test_a_caller_that_leaves_before_a_late_answer_was_heard(collector: Running) -> None:
    collector.behave(delay_s=20)
    with pytest.raises(httpx.ReadTimeout):
        collector.spans(span("t5", "a"), read_s=0.2)

    eventually(lambda: len(collector.seen("trace/t5")) == 1)


def test_a_hung_export_is_answered_when_the_hang_ends(collector: Running) -> None:
    collector.behave(hang=True)
    found: list[int] = []
    sending = [
        threading.Thread(target=lambda n=n: found.append(collector.spans(span("t6", f"a{n}")))) for n in range(3)
    ]
    for each in sending:
        each.start()
    eventually(lambda: collector.ledger()["behaved"][-1]["held"] == 3)
    assert not found and collector.seen("trace/t6") == []
    collector.behave()
    for each in sending:
        each.join(20)

    assert found == [200] * 3 and len(collector.seen("trace/t6")) == 3
    hung, after = collector.ledger()["behaved"][-2:]
    assert (hung["came"], hung["held"], hung["taken"], after["came"], after["taken"]) == (3, 3, 0, 0, 3)
    assert hung["at"] < after["at"]


def test_a_hang_may_end_in_refusals(collector: Running) -> None:
    collector.behave(hang=True)
    found: list[int] = []
    sending = threading.Thread(target=lambda: found.append(collector.spans(span("t7", "a"))))
    sending.start()
    eventually(lambda: collector.ledger()["behaved"][-1]["held"] == 1)
    collector.behave(refuse=True)
    sending.join(20)

    assert found == [503] and collector.spans(span("t7", "b")) == 503
    assert collector.ledger()["behaved"][-1]["refused"] == 2 and collector.seen("trace/t7") == []
    collector.behave()
    assert collector.spans(span("t7", "a")) == 200 and len(collector.seen("trace/t7")) == 1


def test_who_leaves_a_hung_export_was_not_heard(collector: Running) -> None:
    collector.behave(hang=True)
    with pytest.raises(httpx.ReadTimeout):
        collector.spans(span("t8", "a"), read_s=0.2)
    eventually(lambda: collector.ledger()["behaved"][-1]["held"] == 1)
    collector.behave()
    assert collector.spans(span("t8", "b")) == 200

    assert [one["id"] for one in collector.seen("trace/t8")] == ["b"]


@pytest.mark.parametrize("how", [{"delay_s": -1}, {"delay_s": "1"}, {"delay_s": 61}, {"hang": 1}, {"more": 1}])
def test_a_behaviour_that_makes_no_sense_is_refused(collector: Running, how: dict[str, Any]) -> None:
    before = len(collector.exam("/behave").json())

    assert collector.exam("/behave", how).status_code == 422
    assert len(collector.exam("/behave").json()) == before
    assert collector.exam("/behave", {}, token="another").status_code == 401


def test_the_exporter_of_the_image_is_understood(collector: Running) -> None:
    script = (
        "from opentelemetry import trace\n"
        "from opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import BatchSpanProcessor\n"
        "from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter\n"
        "import sys\n"
        "provider = TracerProvider()\n"
        "provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=sys.argv[1])))\n"
        "tracer = provider.get_tracer('t')\n"
        "with tracer.start_as_current_span('one') as one: pass\n"
        "link = trace.Link(one.get_span_context())\n"
        "with tracer.start_as_current_span('two', links=[link], kind=trace.SpanKind.PRODUCER) as two: pass\n"
        "provider.shutdown()\n"
        "print(format(two.get_span_context().trace_id, '032x'), format(one.get_span_context().trace_id, '032x'),\n"
        "      format(one.get_span_context().span_id, '016x'))\n"
    )
    python = str(environment("traced") / "bin" / "python")
    done = subprocess.run(
        [python, "-c", script, f"{collector.otlp}/v1/traces"], capture_output=True, text=True, check=True, timeout=60
    )
    trace, other, linked = done.stdout.split()

    [two] = collector.seen(f"trace/{trace}")
    assert (two["name"], two["kind"], two["links"]) == ("two", "producer", [[other, linked]])


def test_the_bill_has_what_came_in_the_last_second(collector: Running) -> None:
    def last() -> dict[str, int]:
        return dict(collector.http.get(f"{collector.public}/telemetry/bill").json()["last_second"])

    before = collector.ledger()["all"]
    body = json.dumps(export(*(span("t9", f"s{n}") for n in range(30)))).encode()
    eventually(lambda: collector.send("/v1/traces", body).status_code == 200 and last()["spans"] >= 30)
    after = collector.ledger()["all"]
    times = after["exports"] - before["exports"]

    assert after["spans"] - before["spans"] == 30 * times and after["bytes"] - before["bytes"] == len(body) * times
    eventually(lambda: last() == {"exports": 0, "bytes": 0, "spans": 0, "lines": 0})


def test_a_question_is_answered_from_door_and_traces(collector: Running) -> None:
    plan = {"seed": 7, "cases": [{"id": "c1", "asked": {"word": 1}}]}
    assert collector.exam("/plan", plan).status_code == 200
    collector.spans(span("t10", "a"), span("t10", "b", "a"))
    got = collector.http.post(f"{collector.public}/v1/things/t10", content=b"{}", headers={"x-about": "c1"})

    assert (got.status_code, got.headers["x-trace-id"]) == (202, "t10")
    eventually(lambda: collector.exam("/ledger").json()["over"])
    assert collector.exam("/ledger").json()["door"]["outcomes"] == {"whole": 1}
