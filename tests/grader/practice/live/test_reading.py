"""Files that grow, logs, saves, past runs, Markdown, a collector's pages: read as they are, however odd."""

from __future__ import annotations

import http.server
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace
from grader.practice.live import traces
from grader.practice.live.attempts import Attempts
from grader.practice.live.logs import CHUNK, CHUNKS, Logs, find
from grader.practice.live.prose import tree
from grader.practice.live.saves import Saves, difference
from grader.practice.live.services import Services
from grader.practice.live.shown import restarts
from grader.practice.live.tail import Tail
from infra.runtime import State, Stats, Status
from tests.grader.course import REPOSITORY, Course

ODD = '<img src=x onerror="window.hacked=1">\u202e\x1b[2J'


def line(n: int) -> str:
    return json.dumps({"n": n}) + "\n"


def test_a_file_is_followed_and_a_torn_line_waits(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    tail = Tail(path)
    assert tail.new() == (False, [])
    path.write_text(line(1) + line(2)[:4])
    assert tail.new() == (True, [{"n": 1}])
    with path.open("a") as file:
        file.write(line(2)[4:] + "no json\n[1]\n" + line(3))
    assert tail.new() == (False, [{"n": 2}, {"n": 3}])
    assert tail.new() == (False, [])


def test_a_file_that_is_made_anew_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    tail = Tail(path)
    path.write_text(line(1) + line(2))
    tail.new()
    path.write_text(line(3))
    assert tail.new() == (True, [{"n": 3}])
    path.unlink()
    path.write_text(line(4) + line(5))
    assert tail.new() == (True, [{"n": 4}, {"n": 5}])


def test_a_removed_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text(line(1))
    tail = Tail(path)
    tail.new()
    with path.open("a") as file:
        file.write(line(2))
    path.unlink()

    assert tail.new() == (False, [{"n": 2}])
    tail.close()


class Quiet:
    """A deployment of which only logs, states and use are asked."""

    def __init__(self, **logs: str) -> None:
        self.written = logs
        self.cpu = dict.fromkeys(logs, 1.0)
        self.state = dict.fromkeys(logs, State.RUNNING)

    def services(self) -> tuple[str, ...]:
        return tuple(self.written)

    def logs(self, service: str, max_bytes: int = 65536) -> str:
        return self.written[service][-max_bytes:]

    def stats(self) -> dict[str, Stats]:
        up = [name for name, state in self.state.items() if state is not State.EXITED]
        return {name: Stats(5_000_000, self.cpu[name], 1) for name in up}

    def status(self, service: str) -> Status:
        return Status(self.state[service], None if self.state[service] is State.RUNNING else -9, 1)


def test_log_lines_come_once_whole_and_plain() -> None:
    system: Any = Quiet(api=f"one\n{ODD}\ntor")
    logs = Logs(("api",))
    logs.look(system)
    system.written["api"] += "n\nfour\n"
    logs.look(system)

    [chunk] = logs.chunks().values()
    assert [text for _, _, text in chunk] == ["one", '<img src=x onerror="window.hacked=1">[U+202E]', "torn", "four"]
    assert [n for n, _, _ in chunk] == [0, 1, 2, 3]


def test_full_chunks_stay_as_they_are_and_old_ones_go() -> None:
    system: Any = Quiet(api="")
    logs = Logs(("api",))
    looks = []
    for n in range(CHUNK * (CHUNKS + 3)):
        system.written["api"] += f"line {n}\n"
        logs.look(system)
        looks.append(logs.chunks())

    assert looks[CHUNK]["log/0"] == looks[3 * CHUNK]["log/0"] and len(looks[CHUNK]["log/0"]) == CHUNK
    assert "log/0" not in looks[-1] and sum(map(len, looks[-1].values())) == CHUNK * CHUNKS


def test_lines_are_found_in_all_services() -> None:
    system: Any = Quiet(api="got ID-7 late\nother\n", store="asked for id-7\nid-8\n")

    assert find(system, system.services(), "id-7") == [("api", "got ID-7 late"), ("store", "asked for id-7")]
    assert find(system, system.services(), "id-7 late") == [("api", "got ID-7 late")]
    assert find(system, system.services(), "  ") == []


def test_services_that_began_anew_are_counted() -> None:
    system: Any = Quiet(api="", store="")
    services = Services(("api",))
    first, anew = services.look(system)
    assert anew == [] and [(one.name, one.open, one.memory, one.restarts) for one in first] == [
        ("api", True, 5_000_000, 0), ("store", False, 5_000_000, 0)]  # fmt: skip

    system.cpu["api"] = 0.4
    assert services.look(system)[1] == ["api"]
    system.cpu["api"] = 0.9
    assert services.look(system)[1] == []
    system.state["store"] = State.EXITED
    [_, store], anew = services.look(system)
    assert anew == [] and (store.state, store.exit_code, store.memory) == ("exited", -9, None)
    system.state["store"] = State.RUNNING
    [_, store], anew = services.look(system)
    assert anew == ["store"] and store.restarts == 1


def test_a_restart_leaves_one_mark_whenever_it_is_seen() -> None:
    told = [{"began": 100.0, "at": 103.0, "services": ["api", "store"]}]

    def texts(at: float, name: str) -> list[str]:
        return [mark["text"] for mark in restarts(told, [(at, name)], late_s=10)]

    assert texts(101.0, "api") == texts(112.9, "store") == ["restarted api, store"], "before it is told of, and after"
    assert texts(99.9, "api") == texts(113.0, "api") == ["restarted api, store", "api started again"]
    assert texts(101.0, "gate") == ["restarted api, store", "gate started again"]
    assert restarts([], [(1.0, "api")], late_s=10) == [{"at": 1.0, "what": "restart", "text": "api started again"}]


def test_saves_and_changes(desk: Course) -> None:
    workspace.create("desk")
    saves = Saves(catalog.find_lab("desk"))
    assert saves.look() is None and saves.look() == []
    path = desk.root / "work/desk/desk/routing.py"
    path.write_text(path.read_text() + f"# {ODD}\n")
    (path.parent / "new.py").write_text("x = 1\n")
    (path.parent / "routing.py~").write_text("left by an editor\n")

    assert saves.look() == ["desk/new.py", "desk/routing.py"] or saves.look() == []
    told = difference("desk")
    assert told["cut"] == 0 and "desk/routing.py" in [file["path"] for file in told["files"]]
    assert not any("\x1b" in text or "\u202e" in text for file in told["files"] for text in file["lines"])


def test_saves_do_not_follow_links(desk: Course, tmp_path: Path) -> None:
    workspace.create("desk")
    saves = Saves(catalog.find_lab("desk"))
    saves.look()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("1")
    (desk.root / "work/desk/desk/link").symlink_to(outside)

    saves.look()
    (outside / "file").write_text("22")

    assert saves.look() == []


RESULT = {
    "verdict": "fail",
    "duration_s": 21.44,
    "seed": 4711,
    "objectives": [
        {"id": "a", "title": f"A {ODD}", "target": 0.9, "estimate": 0.5, "good": 1, "valid": 2, "verdict": "fail"},
        {"id": "b", "title": "B", "target": 0.9, "estimate": None, "good": 0, "valid": 0, "verdict": "odd"},
        {"id": "c", "title": "C", "target": 0.9, "estimate": 1.0, "good": 2, "valid": 2, "verdict": "pass"},
    ],
    "reasons": [{"code": "objective-missed", "message": "A"}, {"code": "service-ended", "message": f"ended {ODD}"}],
}


def run_folder(course: Course, name: str, text: str) -> Path:
    folder = course.root / "results" / "desk" / name
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(text)
    (folder / "report.html").write_text(f"report of {name}")
    return folder


def test_past_runs(desk: Course) -> None:
    run_folder(desk, "20260101-000000-aa", json.dumps(RESULT))
    run_folder(desk, "rehearsal", json.dumps({**RESULT, "verdict": "pass"}))
    for name, text in {"broken": "{", "odd": "[]", "other": '{"verdict": 1}'}.items():
        run_folder(desk, name, text)
    attempts = Attempts("desk")

    told = {one["what"]: one for one in attempts.look()}

    assert len(attempts.look()) == 2 and told["rehearsal"]["verdict"] == "pass"
    exam = told["exam"]
    assert (exam["verdict"], exam["kept"], exam["seconds"]) == ("fail", 1, 21.4)
    assert [one["verdict"] for one in exam["objectives"]] == ["fail", "undecided", "pass"]
    assert exam["reasons"] == ['ended <img src=x onerror="window.hacked=1">[U+202E]']
    assert "4711" not in json.dumps(told) and "\u202e" not in json.dumps(told, ensure_ascii=False)


def test_a_close_call_is_named_where_the_run_proves_something(desk: Course) -> None:
    near = {**RESULT, "close": True, "objectives": [{**one, "close": True} for one in RESULT["objectives"]]}  # type: ignore[attr-defined]
    run_folder(desk, "rehearsal", json.dumps(near))
    run_folder(desk, "20260101-000000-aa", json.dumps({**near, "verdict": "invalid", "close": False}))

    told = {one["what"]: one for one in Attempts("desk").look()}

    assert (told["rehearsal"]["verdict"], told["rehearsal"]["kept"]) == ("close fail", 1)
    assert [one["verdict"] for one in told["rehearsal"]["objectives"]] == ["close fail", "undecided", "close pass"]
    assert [one["verdict"] for one in told["exam"]["objectives"]] == ["fail", "undecided", "pass"]


def test_reports_have_links_that_cannot_be_guessed(desk: Course) -> None:
    folder = run_folder(desk, "rehearsal", json.dumps(RESULT))
    attempts = Attempts("desk")
    [one] = attempts.look()

    assert attempts.paper(one["report"]) == b"report of rehearsal"
    assert len(one["report"].rpartition("/")[2]) > 30 and attempts.look()[0]["report"] == one["report"]
    assert attempts.paper("/report/rehearsal") is None and attempts.paper(f"/report/../{folder}") is None
    (folder / "report.html").unlink()
    assert attempts.paper(one["report"]) is None


def test_markdown_is_a_tree_of_known_elements() -> None:
    text = "# Title\n\nA *b* `c<d>` <script>x</script> [in](#top) [out](https://a.example/) [no](javascript:x)\n\n"
    text += "- one\n- two\n\n```\ncode <b>\n```\n\n| h |\n|---|\n| v |\n"

    found = tree(text)

    assert found[0] == ["h3", "", "Title"]
    paragraph = found[1]
    assert ["em", "", "b"] in paragraph and ["code", "", "c<d>"] in paragraph and "<script>" in "".join(
        part for part in paragraph if isinstance(part, str))  # fmt: skip
    assert [node[1] for node in paragraph if isinstance(node, list) and node[0] == "a"] == ["", "https://a.example/"]
    assert found[2] == ["ul", "", ["li", "", "one"], ["li", "", "two"]]
    assert found[3] == ["pre", "", "code <b>"]
    assert found[4][0] == "table" and "script" not in {str(node[0]) for node in found if isinstance(node, list)}


def test_every_brief_and_hint_becomes_a_tree() -> None:
    for path in [*REPOSITORY.glob("labs/*/README.md"), *REPOSITORY.glob("scenarios/*/hints.md")]:
        nodes = tree(path.read_text())
        assert nodes and json.dumps(nodes)


# ---- traces


def cast(name: str) -> ModuleType:
    """A module of the real collector."""
    folder = str(REPOSITORY / "labs/cast/traces")
    sys.path.insert(0, folder)
    try:
        spec = importlib.util.spec_from_file_location(name, f"{folder}/{name}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(folder)


@pytest.fixture
def collector() -> Iterator[str]:
    """The real pages of a collector that heard of two traces, one of them odd."""
    kept = sys.modules.get("spans"), sys.modules.get("page")
    spans, page = cast("spans"), cast("page")
    store = spans.Traces(10)

    def span(trace: str, id: str, parent: str, name: str, start: int, end: int, code: int = 0) -> dict[str, Any]:
        ms = 1_000_000
        attributes = [{"key": "route", "value": {"stringValue": f"a, b={ODD}"}}]
        events = [{"timeUnixNano": str((start + 2) * ms), "name": "sent"}] if parent else []
        times = {"startTimeUnixNano": str(start * ms), "endTimeUnixNano": str(end * ms)}
        return {"traceId": trace, "spanId": id, "parentSpanId": parent, "name": name, **times, "attributes": attributes,
                "events": events, "status": {"code": code}}  # fmt: skip

    every = [
        span("aa11", "1", "", "POST /v1/answers", 0, 120),
        span("aa11", "2", "1", f"search {ODD}", 10, 60, 2),
        span("bb22", "3", "", "GET /", 500, 510),
    ]
    service = {"attributes": [{"key": "service.name", "value": {"stringValue": "api"}}]}
    store.add({"resourceSpans": [{"resource": service, "scopeSpans": [{"spans": every}]}]})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, asked = self.path.partition("?")
            body = None
            if path == "/":
                body = page.index(store.roots(), "slowest" if "slowest" in asked else "newest", "")
            elif found := store.trace(path.rpartition("/")[2]):
                body = page.waterfall(found)
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    for name, module in zip(("spans", "page"), kept, strict=True):
        sys.modules.pop(name)
        if module:
            sys.modules[name] = module


def test_traces_are_read_out_of_the_collectors_pages(collector: str) -> None:
    slowest, newest = traces.listed(collector, "slowest", ""), traces.listed(collector, "newest", "")

    assert [(one["id"], one["ms"], one["name"]) for one in slowest] == [
        ("aa11", 120.0, "POST /v1/answers"), ("bb22", 10.0, "GET /")]  # fmt: skip
    assert [one["id"] for one in newest] == ["bb22", "aa11"]
    assert slowest[0]["known"].startswith("route=a, b=<img src=x") and "\u202e" not in slowest[0]["known"]


def test_a_waterfall_is_read_out_of_the_collectors_page(collector: str) -> None:
    root, below = traces.one(collector, "aa11")

    assert (root["name"], root["service"], root["depth"], root["from"], root["ms"], root["failed"]) == (
        "POST /v1/answers", "api", 0, 0.0, 120.0, False)  # fmt: skip
    assert (below["service"], below["depth"], below["from"], below["ms"]) == ("api", 1, 10.0, 50.0)
    assert below["failed"]
    assert below["name"].startswith("search <img src=x") and below["events"] == [[2.0, "sent"]]
    assert below["known"].startswith("route=a, b=<img")


@pytest.mark.parametrize("id", ["cc33", "../x", "a b", "", "x" * 80])
def test_a_trace_that_is_not_kept(collector: str, id: str) -> None:
    with pytest.raises(BadInput, match="that trace any more|no id of a trace"):
        traces.one(collector, id)


def test_a_collector_that_is_away() -> None:
    with pytest.raises(BadInput, match="collector of traces does not answer"):
        traces.listed("http://127.0.0.1:9/", "slowest", "")
