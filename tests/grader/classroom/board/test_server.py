"""The server keeps its doors: secrets, Host, methods; and its feeds tell what changed and nothing twice."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.crowd import Held
from grader.classroom.board import links, run, watcher
from grader.classroom.board.history import History
from grader.classroom.board.links import Links
from grader.classroom.board.run import board
from grader.classroom.board.watcher import Watcher
from grader.classroom.cluster.model import Snapshot
from grader.errors import BadInput
from grader.pages.feed import Feed

QUICK_S = 0.05


@pytest.fixture
def source(empty: Snapshot) -> Held:
    return Held(empty)


@pytest.fixture
def running(source: Held, tmp_path: Path) -> Iterator[Links]:
    with board(source, tmp_path / "w", every_s=QUICK_S) as shown:
        yield shown


def base(running: Links) -> str:
    return f"http://127.0.0.1:{running.port}"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@contextmanager
def feed(url: str, secret: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Messages of a feed."""
    with httpx.stream("GET", url, headers=bearer(secret), timeout=30) as answer:
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


@pytest.mark.parametrize("path", ["/", "/projection", "/board.js", "/board.css", "/palette.css", "/stream.js"])
def test_pages_hold_nothing_and_allow_nothing(running: Links, path: str) -> None:
    answer = httpx.get(base(running) + path)

    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("Ada Full", "brisk otter", running.teacher, running.everybody))
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/events", "/projection/events"])
@pytest.mark.parametrize("secret", ["", "wrong", "é", "x" * 9000])
def test_a_wrong_secret_is_refused(running: Links, path: str, secret: str) -> None:
    headers = {b"authorization": b"Bearer " + secret.encode()} if secret else {}

    answer = httpx.get(base(running) + path, headers=headers)

    assert answer.status_code == 403
    assert "Ada" not in answer.text and "otter" not in answer.text


def test_each_secret_opens_one_door(running: Links) -> None:
    assert httpx.get(base(running) + "/events", headers=bearer(running.everybody)).status_code == 403
    assert httpx.get(base(running) + "/projection/events", headers=bearer(running.teacher)).status_code == 403
    assert httpx.get(f"{base(running)}/events?token={running.teacher}").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1:x", ""])
def test_a_name_that_only_leads_here_is_refused(running: Links, host: str) -> None:
    headers = {"Host": host, **bearer(running.teacher)}

    assert httpx.get(base(running) + "/events", headers=headers).status_code == 403
    assert httpx.get(base(running) + "/", headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_a_tunnel_may_have_another_port(running: Links, host: str) -> None:
    assert httpx.get(base(running) + "/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "<b>X"])
def test_only_get(running: Links, method: str) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
        line.sendall(f"{method} /events HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n".encode())
        answer = line.makefile("rb").read().decode()

    assert answer.split()[1] in ("400", "501")
    assert "Access-Control" not in answer and "<b>" not in answer


@pytest.mark.parametrize("path", ["/../links.py", "/templates/board.js", "/board.json", "/%2e%2e/run.py"])
def test_nothing_else_is_served(running: Links, path: str) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == b"404"


def test_only_loopback_is_listened_on(running: Links) -> None:
    with socket.socket() as other, pytest.raises(OSError):
        other.settimeout(5)
        other.connect(("127.0.0.2", running.port))


def test_a_feed_begins_whole_and_goes_on_with_changes(running: Links, source: Held) -> None:
    with feed(base(running) + "/events", running.teacher) as told:
        first = next(message for message in told if message.get("parts"))
        source.desk(0, saves=7, started="2027-01-15T08:01:00Z")
        change = next(message for message in told if "person/ada" in message.get("parts", ()))

    assert first["whole"] is True and {"about", "health", "person/ada", "person/bo"} <= set(first["parts"])
    assert change["whole"] is False and set(change["parts"]) == {"person/ada"}
    assert change["parts"]["person/ada"]["labs"]["canary"]["saves"] == 7


def test_a_quiet_feed_has_a_heartbeat(running: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.pages.server.HEARTBEAT_S", 0.1)
    with feed(base(running) + "/projection/events", running.everybody) as told:
        assert any("parts" not in message for message, _ in zip(told, range(20), strict=False))


def test_a_cluster_that_is_away_is_told_and_what_was_known_stays(running: Links, source: Held) -> None:
    with feed(base(running) + "/events", running.teacher) as told:
        next(told)
        source.trouble = "reading desks: the cluster does not answer"
        away = next(m for m in told if m.get("parts", {}).get("health", {}).get("trouble"))
        source.trouble = ""
        back = next(m for m in told if "health" in m.get("parts", {}))

    assert away["parts"] == {"health": {"trouble": source_trouble(), "since": away["parts"]["health"]["since"]}}
    assert away["gone"] == [] and abs(away["now"] - away["parts"]["health"]["since"]) < 60
    assert back["parts"]["health"] == {"trouble": "", "since": None}


def source_trouble() -> str:
    return "reading desks: the cluster does not answer"


def test_everybody_learns_that_it_is_stale_and_not_why(running: Links, source: Held) -> None:
    source.trouble = "reading the workshop b-secret: away"
    with feed(base(running) + "/projection/events", running.everybody) as told:
        health = next(m["parts"]["health"] for m in told if m.get("parts", {}).get("health", {}).get("trouble"))

    assert set(health) == {"trouble", "since"} and health["trouble"] is True


def test_an_odd_object_stops_nothing(
    source: Held, history: History, empty: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    looking = Watcher(source, history, "secret")
    looking.look()
    source.snapshot = replace(empty, desks=(replace(empty.desks[0], namespace="unknown"),))

    looking.look()
    looking.look()

    parts = looking.teacher.wait(0, 1)
    assert parts and "cannot make sense" in parts.parts[watcher.HEALTH]["trouble"] and "person/ada" in parts.parts
    assert capsys.readouterr().err.count("KeyError") == 1


def test_links_and_port_outlive_a_restart(source: Held, tmp_path: Path) -> None:
    with board(source, tmp_path / "w") as first:
        pass
    with board(source, tmp_path / "w") as second:
        assert second == first

    assert (tmp_path / "w" / links.NAME).stat().st_mode & 0o077 == 0


def test_a_taken_port_is_left_alone_unless_asked_for(source: Held, tmp_path: Path) -> None:
    with board(source, tmp_path / "w") as first:
        with board(source, tmp_path / "w") as second:
            assert second.port != first.port and second.teacher == first.teacher
        with pytest.raises(BadInput, match=f"port {first.port} cannot be used .*--port"):
            run.board(source, tmp_path / "other", port=first.port).__enter__()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"teacher": "short", "everybody": "short", "port": 1}', '{"a": 1}'])
def test_damaged_links_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / links.NAME).write_text(text)

    with pytest.raises(BadInput, match=r"board\.json.* remove"):
        links.kept(tmp_path)


def test_closing_lets_open_pages_go(source: Held, tmp_path: Path) -> None:
    with board(source, tmp_path / "w", every_s=QUICK_S) as shown:
        streams = []
        for _ in range(3):
            line = socket.create_connection(("127.0.0.1", shown.port), timeout=30)
            head = f"GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {shown.teacher}\r\n\r\n"
            line.sendall(head.encode())
            line.recv(10)
            streams.append(line)
    for line in streams:
        while line.recv(65536):
            pass
        line.close()


def test_a_slow_page_is_told_the_newest_once() -> None:
    one = Feed()
    one.publish({"a": 1, "b": 1})
    first = one.wait(0, 1)
    for n in range(2, 50):
        one.publish({"a": n})
    assert first

    news = one.wait(first.version, 1)

    assert news and (news.parts, news.gone) == ({"a": 49}, ("b",))
    assert one.wait(news.version, 0.01) is None


def test_a_part_that_comes_back_is_not_gone() -> None:
    one = Feed()
    for parts in ({"a": 1, "b": 1}, {"a": 1}, {"a": 1, "b": 2}):
        one.publish(parts)

    news = one.wait(1, 1)

    assert news and (news.parts, news.gone) == ({"b": 2}, ())


def test_closing_a_feed_wakes_who_waits() -> None:
    one = Feed()
    woken = threading.Event()

    def wait() -> None:
        with pytest.raises(EOFError):
            one.wait(0, 60)
        woken.set()

    threading.Thread(target=wait, daemon=True).start()
    one.close()

    assert woken.wait(20)
