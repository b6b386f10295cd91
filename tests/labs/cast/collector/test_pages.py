"""What people see of telemetry, all of it sent by a candidate's code."""

from __future__ import annotations

import os
import subprocess

import pytest

from infra.images.venvs import environment
from tests.labs.cast.collector.conftest import Running, span
from tests.labs.cast.conftest import CAST
from tests.waiting import eventually

EVIL = "<script>alert(1)</script>"


def test_a_trace_is_listed_and_drawn(collector: Running) -> None:
    collector.spans(span("p1", "a", name="intake", ago_s=1), span("p1", "b", "a", name="embed"))
    listed = collector.http.get(f"{collector.otlp}/?order=newest").text
    drawn = collector.http.get(f"{collector.otlp}/trace/p1").text

    assert '<a href="/trace/p1">intake</a>' in listed and '<a href="/logs">logs</a>' in listed
    assert drawn.index("intake") < drawn.index("embed")
    assert collector.http.get(f"{collector.otlp}/trace/none").status_code == 404


def test_lines_are_found_by_words(collector: Running) -> None:
    collector.send("/logs", b'{"ticket": "p7", "error": "timeout"}\n{"ticket": "p8", "error": "refused"}')
    found = collector.http.get(f"{collector.otlp}/logs?q=P7 timeout").text

    assert "p7" in found and "p8" not in found


def test_the_last_scrapes_and_the_bill(collector: Running) -> None:
    eventually(lambda: "tickets_total{stage" in collector.http.get(f"{collector.otlp}/scrapes").text)
    page = collector.http.get(f"{collector.otlp}/bill").text

    assert "in the last second" in page and "spans" in page


@pytest.mark.parametrize(
    "path", ["/", "/trace/evil", f"/logs?q={EVIL}", "/scrapes", "/bill", f"/?q={EVIL}&order={EVIL}"]
)
def test_what_a_candidate_sends_is_shown_and_not_run(collector: Running, path: str) -> None:
    attributes = [{"key": EVIL, "value": {"stringValue": EVIL}}]
    collector.spans(span("evil", EVIL, name=EVIL, attributes=attributes, events=[{"timeUnixNano": "1", "name": EVIL}]))
    collector.send("/logs", b'{"x": "%s"}' % EVIL.encode())
    got = collector.http.get(collector.otlp + path)

    assert got.status_code == 200 and "<script" not in got.text
    assert "default-src 'none'" in got.headers["content-security-policy"]


def test_what_there_is_not(collector: Running) -> None:
    assert collector.http.get(f"{collector.otlp}/none").status_code == 404
    assert collector.http.put(f"{collector.otlp}/logs").status_code == 404
    assert collector.http.get(f"{collector.otlp}/v1/traces").status_code == 404
    assert collector.http.get(f"{collector.otlp}/healthz").json() == {"status": "ok"}


def test_settings_that_make_no_sense_end_it_with_one_sentence() -> None:
    settings = {"PYTHONPATH": str(CAST / "lib"), "DOOR": '[{"prefix": "/v1", "to": "http://a:1"}]', "SCRAPE": "[]"}
    done = subprocess.run(
        [str(environment("core") / "bin" / "python"), "-m", "collector"],
        env={**os.environ, **settings}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("collector: LISTEN") and done.stderr.count("\n") == 1
