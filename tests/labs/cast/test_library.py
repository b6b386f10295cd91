"""The library as a real process, with the real store and the provider's embeddings."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.cast.store_helpers import PASSWORD, for_postgres, running, session
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

SHELF = [
    {"id": "a", "title": "The Avocet line", "text": "Boarding of the Avocet line closes 8 minutes before departure."},
    {
        "id": "b",
        "title": "The Barnacle line",
        "text": "Boarding of the Barnacle line closes 12 minutes before departure.",
    },
    {"id": "c", "title": "Luggage", "text": "Prams travel free of charge."},
]
QUESTION = "When does boarding of the Barnacles close?"


@dataclass(frozen=True)
class Library:
    """A running library; `public` and `control` are its ports."""

    public: httpx.Client
    control: httpx.Client
    provider: httpx.Client
    store: str

    def search(self, query: Any, **more: Any) -> httpx.Response:
        return self.public.post("/search", json={"query": query, **more})

    def publish(self, passages: Any, model: Any = "parley-embed", **more: Any) -> httpx.Response:
        return self.control.post("/publish", json={"passages": passages, "model": model, **more})

    def ledger(self) -> dict[str, Any]:
        return dict(self.control.get("/ledger").json())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with session(self.store) as db:
            return list(db.execute(query).fetchall())

    def nearest(self, model: str, question: str) -> str:
        """The id whose vector is nearest to the question's by this model."""
        got = self.provider.post("/v1/embeddings", json={"model": model, "input": question})
        vector = got.json()["data"][0]["embedding"]
        [(id,)] = self.rows(f"SELECT id FROM passages ORDER BY embedding <=> '{vector}' LIMIT 1")
        return str(id)


def settings(store: str, provider: str, shelf: Path) -> dict[str, str]:
    host_password = PASSWORD.replace(" ", "%20").replace("'", "%27")
    return {
        "LISTEN": f"127.0.0.1:{free_port()}",
        "CONTROL": f"127.0.0.1:{free_port()}",
        "PASSAGES": str(shelf),
        "STORE": f"postgresql://shop:{host_password}@{store}/shop",
        "EMBEDDER": f"http://{provider}",
        "EMBEDDER_KEY": "k",
        "BROWNOUT_TOKEN": TOKEN,
    }


def command(image: str, name: str) -> list[str]:
    return [str(environment(image) / "bin" / "python"), str(CAST / name / "main.py")]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "shelf.json").write_text(json.dumps(SHELF))
    of_store = for_postgres(folder / "data")
    provider = f"127.0.0.1:{free_port()}"
    of_provider = {"LISTEN": provider, "CONTROL": f"127.0.0.1:{free_port()}", "API_KEY": "k"}
    mine = settings(of_store["LISTEN"], provider, folder / "shelf.json")
    started = [
        subprocess.Popen(command("core", "llm-provider"), env={**os.environ, **of_provider}),
        subprocess.Popen(command("sql", "library"), env={**os.environ, **mine}),  # before its store: it waits
    ]
    public = httpx.Client(base_url=f"http://{mine['LISTEN']}", trust_env=False, timeout=20)
    token = {"authorization": f"Bearer {TOKEN}"}
    control = httpx.Client(base_url=f"http://{mine['CONTROL']}", trust_env=False, timeout=20, headers=token)
    key = {"authorization": "Bearer k"}
    asked = httpx.Client(base_url=f"http://{provider}", trust_env=False, timeout=20, headers=key)
    try:
        with running("postgres", of_store), public, control, asked:
            eventually(lambda: answers("/healthz", public))
            yield Library(public, control, asked, of_store["LISTEN"])
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture(autouse=True)
def first_edition(library: Library) -> None:
    """Each test begins with the shelf as it was."""
    assert library.publish(SHELF).status_code == 200


def test_words_find_the_passage_that_shares_the_rarest(library: Library) -> None:
    found = library.search("boarding of the Barnacle line", limit=2).json()["passages"]

    assert [passage["id"] for passage in found] == ["b", "a"]
    assert found[0] == SHELF[1]


def test_another_form_of_a_word_is_lost_to_words_and_found_by_vectors(library: Library) -> None:
    found = library.search(QUESTION).json()["passages"]

    assert found[0]["id"] == "a"
    assert library.nearest("parley-embed", QUESTION) == "b"


def test_vectors_of_another_model_are_found_by_that_model_only(library: Library) -> None:
    questions = [f"{QUESTION} {extra}" for extra in ("Please.", "Today?", "Early?", "Late?", "Now?", "Soon?")]
    library.publish(SHELF, "parley-embed-2")

    by_new = [library.nearest("parley-embed-2", question) for question in questions]
    by_old = [library.nearest("parley-embed", question) for question in questions]

    assert set(by_new) == {"b"}
    assert by_old != by_new


def test_a_new_edition_is_in_table_and_search_at_once(library: Library) -> None:
    before = library.ledger()["edition"]
    changed = [{**SHELF[0], "text": "Avocet boards quaintly."}, {"id": "n", "title": "New", "text": "Anew."}]

    said = library.publish(changed, "parley-embed-2").json()

    assert said["model"] == "parley-embed-2"
    assert library.ledger()["edition"] == before + 1
    rows = library.rows("SELECT id, body, model FROM passages ORDER BY id")
    assert rows == [("a", "Avocet boards quaintly.", "parley-embed-2"), ("n", "Anew.", "parley-embed-2")]
    assert [p["id"] for p in library.search("quaintly anew").json()["passages"]] == ["a", "n"]
    assert library.search("prams").json()["passages"] == []


def test_a_search_can_have_an_edition_later_than_the_table(library: Library) -> None:
    before = library.ledger()["edition"]
    changed = [{**SHELF[0], "text": "Avocet boards quaintly."}]

    library.publish(changed, search_after_s=3)

    assert (library.ledger()["edition"], library.ledger()["searched"]) == (before + 1, before)
    assert library.rows("SELECT body FROM passages") == [("Avocet boards quaintly.",)]
    assert library.search("prams").json()["passages"] == [SHELF[2]]
    eventually(lambda: library.ledger()["searched"] == before + 1)
    assert library.search("prams").json()["passages"] == []


def test_the_next_edition_comes_instead_of_one_that_the_search_waits_for(library: Library) -> None:
    library.publish([{**SHELF[0], "text": "Avocet boards quaintly."}], search_after_s=0.2)
    library.publish(SHELF)
    time.sleep(0.4)

    assert library.ledger()["searched"] == library.ledger()["edition"]
    assert library.search("quaintly").json()["passages"] == []


@pytest.mark.parametrize("after_s", [-1, 61, "soon", None, True, [1]])
def test_a_delay_that_makes_no_sense_is_refused(library: Library, after_s: Any) -> None:
    before = library.ledger()

    assert library.publish(SHELF, search_after_s=after_s).status_code == 422
    assert library.ledger() == before


def test_a_reader_sees_one_edition_or_the_other_and_never_half(library: Library) -> None:
    with session(library.store, autocommit=False) as db:
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        before = db.execute("SELECT count(*), count(DISTINCT model) FROM passages").fetchone()
        library.publish(SHELF[:1], "parley-embed-2")
        assert db.execute("SELECT count(*), count(DISTINCT model) FROM passages").fetchone() == before == (3, 1)

    assert library.rows("SELECT count(*), count(DISTINCT model) FROM passages") == [(1, 1)]


@pytest.mark.parametrize(
    ("passages", "model", "status"),
    [
        ([], "parley-embed", 422),
        ({"id": "a"}, "parley-embed", 422),
        ([{"id": "a", "title": "t"}], "parley-embed", 422),
        ([{"id": "a", "title": "t", "text": 7}], "parley-embed", 422),
        ([*SHELF, SHELF[0]], "parley-embed", 422),
        (SHELF, 7, 422),
        (SHELF, "no-such-model", 502),
    ],
    ids=["none", "no list", "no text", "a number", "twice", "model a number", "unknown model"],
)
def test_what_cannot_be_published_changes_nothing(library: Library, passages: Any, model: Any, status: int) -> None:
    before = library.ledger()

    got = library.publish(passages, model)

    assert got.status_code == status and got.json()["error"]
    assert library.ledger() == before


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer no"}], ids=["no token", "wrong token"])
def test_the_control_port_wants_the_token(library: Library, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=library.control.base_url, headers=headers, trust_env=False) as stranger:
        assert stranger.get("/ledger").status_code == 401
        assert stranger.post("/publish", json={}).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b'{"query": 7}', b'{"query": "a", "limit": 99}', b"\xff", b"[" * 9999]
)
def test_a_search_that_makes_no_sense_is_refused(library: Library, body: bytes) -> None:
    got = library.public.post("/search", content=body)

    assert got.status_code == 422
    assert got.json()["error"]


def test_a_pulse_goes_by_embedder_and_store_past_whatever_is_published(library: Library) -> None:
    wanted = library.nearest("parley-embed", "Is everything well?")

    first = library.public.get("/pulse")
    library.publish(SHELF[:1], "parley-embed-2")
    second = library.public.get("/pulse")

    assert first.status_code == second.status_code == 200
    assert first.json()["nearest"][0] == wanted and len(first.json()["nearest"]) == 3
    assert second.json() == {"nearest": ["a"]}


def test_a_pulse_without_a_store_says_so_and_the_next_is_well(library: Library) -> None:
    assert library.public.get("/pulse").status_code == 200
    of_pulses = "FROM pg_stat_activity WHERE query LIKE 'SELECT id FROM passages%$1%'"
    assert library.rows(f"SELECT pg_terminate_backend(pid) {of_pulses}") == [(True,)]

    after = [library.public.get("/pulse") for _ in range(2)]

    assert after[-1].status_code == 200
    assert after[0].status_code == 200 or "no pulse" in after[0].json()["error"]


def test_searches_are_counted(library: Library) -> None:
    before = library.ledger()["searches"]
    library.search("avocet")
    library.search("avocet")

    assert library.ledger()["searches"] == before + 2


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    mine = {**os.environ, **settings("127.0.0.1:1", "127.0.0.1:1", tmp_path / "none.json")}

    done = subprocess.run(command("sql", "library"), env=mine, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert done.stderr.startswith("library: ") and "none.json" in done.stderr


def test_the_table_is_the_accounts_own(library: Library) -> None:
    with session(library.store) as db, pytest.raises(psycopg.errors.NotNullViolation):
        db.execute("INSERT INTO passages (id) VALUES ('x')")
