"""A lab's own figures: read from what services say, however odd, and drawn by label."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from grader.course.spec import LabSpec
from grader.course.watch import Figures, Watch
from grader.practice.live.figures import MOST_SERIES, Board, read

URL = "http://pool:8000/metrics"
TEXT = b"""# HELP queue_length Calls that wait
# TYPE queue_length gauge
queue_length{tier="premium",zone="a"} 3
queue_length{tier="premium",zone="b"} 2 1796101496000
queue_length{tier="free",zone="a"} 4e1
queue_length{zone="a"} 1
queue_length_max{tier="free"} 99
replicas 7
"""
STATS = json.dumps({"open": 5, "models": {"large": {"waiting": 2, "name": "x"}, "small": {"waiting": 0}}}).encode()


def figures(name: str, **more: Any) -> Figures:
    return Figures(url=URL, name=name, **more)


def board(*of: Figures, draw: str = "stack") -> Board:
    return Board([Watch.model_validate({"title": "Who waits", "draw": draw, "of": [one.model_dump() for one in of]})])


def drawn(board: Board, now: float, width: float = 1.0, bins: int = 4) -> dict[str, list[float | None]]:
    return dict(board.chart(now, width, bins)["charts"][0]["series"])


@pytest.mark.parametrize(
    ("body", "of", "said"),
    [
        (TEXT, figures("queue_length", by="tier"), {"premium": 5, "free": 40, "unnamed": 1}),
        (TEXT, figures("queue_length", by="tier", where={"zone": "a"}), {"premium": 3, "free": 40, "unnamed": 1}),
        (TEXT, figures("queue_length"), {"queue_length": 46}),
        (TEXT, figures("replicas", called="there"), {"there": 7}),
        (TEXT, figures("nothing"), {}),
        (STATS, figures("models.*.waiting"), {"large": 2, "small": 0}),
        (STATS, figures("models.large.waiting", called="waits"), {"waits": 2}),
        (STATS, figures("models.*.name"), {}),
        (STATS, figures("open.more"), {}),
    ],
)
def test_figures_are_read_by_label_or_by_key(body: bytes, of: Figures, said: dict[str, float]) -> None:
    assert read(body, of) == said


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"queue_length NaN", b"queue_length +Inf", b"queue_length{", b"{" * 5000,
     b'{"queue_length": NaN}', b'{"queue_length": 1e999}', b'{"queue_length": true}', b'{"queue_length": "5"}', b"[1]",
     b"queue_length" * 20_000, b"queue_length 0x10", b"queue_length{" + b"a" * 100_000 + b"} 1"],
)  # fmt: skip
def test_what_makes_no_sense_is_nothing(body: bytes) -> None:
    assert read(body, figures("queue_length")) == {}


def test_names_are_bounded_and_made_plain() -> None:
    body = "".join(f'queue_length{{tier="t{n:02}\u202e{"x" * 100}"}} 1\n' for n in range(40)).encode()
    watched = board(figures("queue_length", by="tier"))
    watched.take({URL: body}, 100.0)
    series = drawn(watched, 100.5)

    assert len(series) == MOST_SERIES + 1 and list(series)[-1] == "others" and series["others"][-1] == 30
    assert all("\u202e" not in name and len(name) < 100 for name in series)


def test_a_bin_has_the_newest_figures_and_none_where_nobody_looked() -> None:
    watched = board(figures("replicas", called="there"), draw="lines")
    for now, value in ((100.2, 3), (101.2, 4), (101.8, 5)):
        watched.take({URL: b"replicas %d" % value}, now)

    assert drawn(watched, 103.5) == {"there": [3, 5, 5, 5]}
    assert drawn(watched, 101.9) == {"there": [None, None, 3, 5]}
    assert drawn(watched, 125.0) == {}, "too old"
    chart = watched.chart(101.9, 1.0, 4)
    assert (chart["start"], chart["width"], chart["n"], chart["clock"]) == (98.0, 1.0, [0, 0, 1, 1], True)


def test_a_name_that_goes_is_zero_and_keeps_its_place() -> None:
    watched = board(figures("queue_length", by="tier"))
    watched.take({URL: b'queue_length{tier="b"} 1\n'}, 100.0)
    watched.take({URL: b'queue_length{tier="a"} 2\n'}, 101.0)

    assert list(drawn(watched, 101.5, bins=2).items()) == [("b", [1, 0]), ("a", [0, 2])]


def test_a_rate_is_what_was_added_a_second_also_after_a_restart() -> None:
    watched = board(figures("answers_total", by="rung", rate=True))
    for now, large, small in ((100.0, 1000, 5), (101.0, 1010, 5), (103.0, 1030, 9), (104.0, 4, 0)):
        watched.take({URL: b'answers_total{rung="large"} %d\nanswers_total{rung="small"} %d\n' % (large, small)}, now)

    assert drawn(watched, 104.5, bins=5) == {"large": [0, 10, 10, 10, 4], "small": [0, 0, 0, 2, 0]}


def test_shares_are_per_cent_of_the_moment() -> None:
    watched = board(figures("large"), figures("small"), draw="share")
    watched.take({URL: b"large 3\nsmall 1\n"}, 100.0)
    watched.take({URL: b"large 0\nsmall 0\n"}, 101.0)

    assert drawn(watched, 101.5, bins=2) == {"large": [75, 0], "small": [25, 0]}


class Server(http.server.ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Says)
        self.status = 200
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Says(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"replicas 7\n" if self.path == "/metrics" else b"")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.shutdown()
    found.server_close()


def test_an_address_that_does_not_answer_is_said_and_nothing_is_drawn(server: Server) -> None:
    watched = board(figures("replicas"))
    there = {"pool:8000": f"127.0.0.1:{server.server_address[1]}"}
    watched.look(there, 100.0)
    assert drawn(watched, 100.5, bins=1) == {"replicas": [7]} and watched.trouble == {}

    server.status = 500
    watched.look(there, 101.0)
    watched.look({"pool:8000": "127.0.0.1:1"}, 102.0)
    assert list(watched.trouble) == [URL] and "pool does not answer" in watched.trouble[URL]
    assert drawn(watched, 102.5, bins=3) == {"replicas": [7, None, None]}
    watched.look({}, 103.0)
    server.status = 200
    watched.look(there, 104.0)
    assert watched.trouble == {} and drawn(watched, 104.5, bins=1) == {"replicas": [7]}


@pytest.mark.parametrize(
    "of",
    [{"url": "pool:8000/metrics"}, {"url": "http://pool/metrics"}, {"url": "http://pool:8000"}, {"name": "a b"},
     {"name": "*.a.*"}, {"name": "a.*", "by": "x"}, {"by": "a-b"}, {"more": 1}],
)  # fmt: skip
def test_what_lab_yaml_says_wrongly_is_refused(of: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Watch.model_validate({"title": "t", "of": [{"url": URL, "name": "a", **of}]})


def test_few_addresses_are_read() -> None:
    lab = {"id": "desk", "title": "t", "question": "q", "level": "tools", "minutes": 5, "open": ["desk"]}
    watch = [{"title": "t", "of": [{"url": f"http://pool:80{n}0/", "name": "a"}]} for n in range(5)]

    assert len(LabSpec.model_validate({**lab, "watch": watch[:4]}).watch) == 4
    with pytest.raises(ValidationError, match="at most 4 addresses"):
        LabSpec.model_validate({**lab, "watch": watch})
