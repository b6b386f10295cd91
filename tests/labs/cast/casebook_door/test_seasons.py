"""What a world hears of who came by the door."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.labs.cast.casebook.conftest import Book
from tests.labs.cast.casebook_door.conftest import Service
from tests.waiting import eventually


def plan(*cases: str, seed: int = 2, **more: Any) -> dict[str, Any]:
    return {"seed": seed, "cases": [{"id": each, "asked": {"word": 1}, **more} for each in cases]}


def user(book: Book, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return book.http.post(book.public + path, content=b'{"letter": "l1"}', headers=named).status_code


def test_a_question_about_a_call_is_answered_when_it_is_over(book: Book, service: Service) -> None:
    wanted = plan("a", "b")
    book.begin(wanted)
    found: list[Any] = []
    asking = threading.Thread(target=lambda: found.extend(book.told(wanted)))
    asking.start()
    user(book, "/v1/accepted", x_about="b")
    user(book, "/v1/accepted", x_about="nobody")
    assert book.ledger()["closed"] == 1
    user(book, "/v1/good", x_about="a")
    asking.join(20)

    assert [word for word, _ in found] == ["whole", "whole"]
    assert json.loads(found[0][1]) == [1, 200, 27, '{"good": true, "more": [1]}', '{"letter": "l1"}', True]
    assert json.loads(found[1][1])[:3] == [1, 202, 2]
    assert book.ledger()["over"] and not book.ledger()["broken"]


def test_what_a_call_is_about_may_stand_in_its_body(book: Book, service: Service) -> None:
    wanted = plan("l1", times=2)
    book.begin(wanted)
    user(book, "/letters/accepted")
    assert not book.ledger()["over"]
    user(book, "/letters/none-such", letter="not-this")
    user(book, "/letters/garbage")

    [(word, note)] = book.told(wanted)
    assert word == "none" and json.loads(note)[:2] == [2, 502]


@pytest.mark.parametrize("body", [b"", b"[1]", b"\xff", b'{"letter": null}', b'{"letter": {}}', b"[" * 9999])
def test_a_body_that_says_nothing_is_handed_on_all_the_same(book: Book, service: Service, body: bytes) -> None:
    got = book.http.post(f"{book.public}/letters/accepted", content=body)

    assert got.status_code == 202


def test_a_new_plan_counts_anew_and_keeps_what_began_before_out(book: Book, service: Service) -> None:
    book.begin(plan("s", seed=3))
    calling = threading.Thread(target=lambda: user(book, "/v1/stream", x_about="s"))
    calling.start()
    eventually(lambda: book.ledger()["door"]["open"] == 1)
    book.begin(plan("s", seed=4))
    service.gate.set()
    calling.join(20)

    assert book.ledger()["door"] == {"calls": 0, "open": 0, "outcomes": {}, "statuses": {}}
    assert not book.ledger()["over"]
    user(book, "/v1/accepted", x_about="s")
    assert book.ledger()["door"] == {"calls": 1, "open": 0, "outcomes": {"whole": 1}, "statuses": {"202": 1}}
    eventually(lambda: book.ledger()["over"])


def test_many_users_at_once_are_each_told_their_own(book: Book, service: Service) -> None:
    names = [f"u{n}" for n in range(60)]
    wanted = plan(*names, seed=5)
    book.begin(wanted)

    def one(name: str) -> None:
        got = book.http.post(f"{book.public}/v1/echo", content=name.encode(), headers={"x-about": name})
        assert got.json()["body"] == name

    users = [threading.Thread(target=one, args=(name,)) for name in names]
    for each in users:
        each.start()
    for each in users:
        each.join(20)

    assert [json.loads(note)[4] for _, note in book.told(wanted)] == names
    assert book.ledger()["door"]["outcomes"] == {"whole": 60}
