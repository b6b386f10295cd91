"""The search node as a real process."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.load.traffic import import_file
from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

MAIN = Path(__file__).resolve().parents[3] / "labs" / "cast" / "search" / "main.py"
TOKEN = "a-token-of-the-test"
ARTICLES = [
    {"id": "kettle", "title": "Kettle", "text": "The kettle may be returned within 30 days."},
    {"id": "lamp", "title": "Lamp", "text": "The lamp may be returned within 14 days."},
]


@dataclass(frozen=True)
class Node:
    """Where it is reached."""

    replicas: dict[str, str]
    control_url: str
    http: httpx.Client

    def search(self, query: str, replica: str = "a", **more: Any) -> Any:
        got = self.http.post(f"{self.replicas[replica]}/search", json={"query": query, **more})
        assert got.status_code == 200, got.text
        return got.json()

    def control(self, path: str, body: Any, token: str = TOKEN) -> httpx.Response:
        return self.http.post(f"{self.control_url}{path}", json=body, headers={"authorization": f"Bearer {token}"})

    def probes(self, replica: str = "a") -> Any:
        got = self.http.get(f"{self.control_url}/ledger", headers={"authorization": f"Bearer {TOKEN}"})
        return got.json()["probes"][replica]

    def stats(self, replica: str = "a") -> Any:
        return self.http.get(f"{self.replicas['b']}/stats").json()["replicas"][replica]


@pytest.fixture(scope="module")
def process_of(tmp_path_factory) -> Iterator[Node]:
    file = tmp_path_factory.mktemp("search") / "articles.json"
    file.write_text(json.dumps(ARTICLES), "utf-8")
    a, b, control = (f"127.0.0.1:{free_port()}" for _ in range(3))
    settings = {"LISTEN_A": a, "LISTEN_B": b, "CONTROL": control, "ARTICLES": str(file), "WORKERS": "2"}
    process = subprocess.Popen(
        [str(environment("core") / "bin" / "python"), str(MAIN)],
        env={**os.environ, **settings, "BROWNOUT_TOKEN": TOKEN},
    )
    client = httpx.Client(timeout=10, trust_env=False)

    def ready() -> bool:
        assert process.poll() is None, "the node ended"
        return all(answers(f"http://{address}/healthz", client) for address in (a, b))

    try:
        eventually(ready)
        yield Node({"a": f"http://{a}", "b": f"http://{b}"}, f"http://{control}", client)
    finally:
        client.close()
        process.kill()
        process.wait()


@pytest.fixture
def node(process_of) -> Node:
    for replica in ("a", "b"):
        assert process_of.control("/slow", {"replica": replica, "added_s": 0}).status_code == 200
    process_of.control("/articles", ARTICLES)
    return process_of


def test_both_replicas_find_the_article_whose_rare_words_are_asked_for(node):
    for replica in ("a", "b"):
        found = node.search("how many days until the LAMP is returned", replica, limit=1)

        assert [article["id"] for article in found["articles"]] == ["lamp"]
        assert found["replica"] == replica


def test_repeated_words_cost_time_and_change_nothing_else(node):
    once, often = node.search("kettle days"), node.search("kettle days " * 200)

    assert [a["id"] for a in once["articles"]] == [a["id"] for a in often["articles"]] == ["kettle", "lamp"]
    began = time.monotonic()
    node.search("kettle " * 400)
    assert time.monotonic() - began >= 0.2


def test_a_query_without_a_known_word_finds_nothing(node):
    assert node.search("zebra")["articles"] == []


def test_a_new_edition_is_found_at_once_with_a_new_revision(node):
    before = node.search("kettle", limit=1)["revision"]

    node.control("/articles", [{**ARTICLES[0], "text": "The kettle may be returned within 45 days."}])

    found = node.search("kettle", "b", limit=1)
    assert "45" in found["articles"][0]["text"]
    assert found["revision"] == found["articles"][0]["revision"] == before + 1
    assert node.http.get(f"{node.replicas['a']}/revision").json() == {"revision": before + 1}


def test_only_the_replica_that_is_named_gets_slow(node):
    node.control("/slow", {"replica": "b", "added_s": 0.4})

    began = time.monotonic()
    node.search("kettle", "b")

    assert time.monotonic() - began >= 0.4
    assert node.stats("b")["open"] == 0


def test_a_query_that_was_given_up_is_worked_on_to_its_end(node):
    node.control("/slow", {"replica": "a", "added_s": 0.5})
    answered = node.stats()["answered"]

    for _ in range(3):
        with pytest.raises(httpx.TimeoutException):
            left = httpx.Timeout(10, read=0.05)  # it is sent, however busy the machine, and then left
            httpx.post(f"{node.replicas['a']}/search", json={"query": "kettle"}, timeout=left, trust_env=False)

    now = node.stats()
    assert now["open"] + now["answered"] == answered + 3, "none was dropped"
    eventually(lambda: node.stats()["answered"] == answered + 3)
    assert node.stats()["open"] == 0


def test_a_probe_meets_the_slowness_and_is_counted_apart_where_nobody_but_the_exam_looks(node):
    node.control("/slow", {"replica": "a", "added_s": 0.3})
    before, probes = node.stats(), node.probes()

    began = time.monotonic()
    got = node.http.post(f"{node.replicas['a']}/search", json={"query": "kettle"}, headers={"x-probe": TOKEN})
    assert got.status_code == 200 and time.monotonic() - began >= 0.3
    assert node.probes() == probes + 1
    assert node.stats().keys() == before.keys() and "probes" not in before
    assert node.stats()["queries"] == before["queries"]


def test_a_wrong_token_makes_no_probe_and_no_command(node):
    before = node.stats()

    node.http.post(f"{node.replicas['a']}/search", json={"query": "kettle"}, headers={"x-probe": "guess"})

    assert node.stats()["queries"] == before["queries"] + 1
    for path in ("/slow", "/articles"):
        assert node.control(path, {}, token="guess").status_code == 401
    assert node.http.get(f"{node.control_url}/ledger").status_code == 401


def test_queries_beyond_a_number_are_refused_and_counted():
    replica = import_file(MAIN.parent / "replica.py")
    index = import_file(MAIN.parent / "index.py")
    one = replica.Replica("a", index.Index(index.parse(ARTICLES)), replica.Pace(), workers=2)

    async def overrun() -> list[Any]:
        return await asyncio.gather(*(one.search("kettle", 1) for _ in range(410)), return_exceptions=True)

    one.pace = replica.Pace(base_s=0.0, word_s=0.0)
    outcomes = asyncio.run(overrun())

    assert sum(isinstance(outcome, replica.Overrun) for outcome in outcomes) == 10
    assert (one.stats()["queries"], one.stats()["answered"], one.stats()["open"]) == (410, 400, 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"[]", b'"text"', b"{}", b'{"query": 7}', b'{"query": "a", "limit": 0}',
     b'{"query": "a", "limit": true}', b'{"query": "' + b"a " * 200_000 + b'"}'],
    ids=["empty", "binary", "list", "text", "no-query", "number", "limit-0", "limit-true", "huge"],
)  # fmt: skip
def test_what_is_no_query_gets_one_sentence(node, body):
    got = node.http.post(f"{node.replicas['a']}/search", content=body)

    assert got.status_code == 422
    assert "\n" not in got.json()["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/slow", {"replica": "c", "added_s": 1}),
        ("/slow", {"replica": "a", "added_s": -1}),
        ("/slow", {"replica": "a", "added_s": "1"}),
        ("/slow", {"replica": "a"}),
        ("/slow", []),
        ("/articles", {}),
        ("/articles", [{"id": "x", "title": "X"}]),
        ("/articles", [{"id": "x", "title": "X", "text": ""}]),
    ],
)
def test_what_is_no_command_gets_one_sentence_and_changes_nothing(node, path, body):
    revision = node.search("kettle")["revision"]

    got = node.control(path, body)

    assert got.status_code == 422 and got.json()["error"]
    assert node.search("kettle")["revision"] == revision
