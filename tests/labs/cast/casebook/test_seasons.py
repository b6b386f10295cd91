"""When a season is played, who hears what of it, and what makes it prove nothing."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import httpx
import pytest
from casebook.plan import asked

from tests.labs.cast.casebook.conftest import PUBLIC, Book, case, casebook


def test_the_public_season_is_played_again_when_it_is_over(tmp_path: Path) -> None:
    with casebook(tmp_path) as fresh:
        assert fresh.doctor.asked == []
        assert [word for word, _ in fresh.told(PUBLIC)] == ["right"]
        assert [word for word, _ in fresh.told(PUBLIC)] == ["right"]
        assert fresh.doctor.asked == ["p"]
        assert [word for word, _ in fresh.told(PUBLIC, "?lap=7")] == ["right"]
        assert [word for word, _ in fresh.told(PUBLIC, "?lap=6")] == ["right"]
        assert fresh.doctor.asked == ["p"] * 2


def test_the_page_of_the_public_season_escapes_what_it_shows(tmp_path: Path) -> None:
    with casebook(tmp_path) as fresh:
        fresh.told(PUBLIC)
        shown, other = fresh.get("/"), fresh.get("/pages/known")

        assert "&lt;script&gt;" in shown.text and "<script>" not in shown.text
        assert shown.headers["content-security-policy"].startswith("default-src 'none'")
        assert "<td>known</td>" in other.text
        assert fresh.get("/pages/<script>").status_code == 404
        assert "could not be made" in (broken := fresh.get("/pages/broken").text) and "<answer>" not in broken


def test_a_live_page_reads_how_far_the_season_is(tmp_path: Path) -> None:
    plan = {"seed": 2, "cases": [case("a"), case("b", "/bad", note="why"), case("c", "/when-opened")], "lanes": 1}
    with casebook(tmp_path, plan) as fresh:
        before = fresh.get("/lap").json()
        began = time.time()
        tickets = [question.ticket for question in asked(plan)]
        [fresh.get(f"/outcomes/{ticket}") for ticket in tickets[:2]]
        lap = fresh.get("/lap").json()
        fresh.doctor.gate.set()

    assert before["began"] is None and before["outcomes"] == [] and not before["over"]
    told = [(each["case"], each["aspect"], each["word"], each["note"]) for each in lap.pop("outcomes")]
    assert told == [("a", "word", "right", ""), ("b", "word", "wrong", "why")]
    assert began - 1 < lap.pop("began") <= time.time()
    assert lap == {"lap": 0, "cases": 3, "closed": 2, "asked": 3, "told": 2, "over": False, "broken": ""}


def test_a_picture_that_cannot_be_drawn_breaks_nothing(tmp_path: Path) -> None:
    with casebook(tmp_path) as fresh:
        fresh.told(PUBLIC)
        drawn = fresh.get("/pictures").json()
        ledger = fresh.ledger()

    assert [(each["id"], each["title"], each["lap"]) for each in drawn] == [("known", "A <picture>", 0)]
    assert not ledger["broken"] and ledger["over"]


def test_an_exam_is_not_shown_and_is_played_once(book: Book) -> None:
    plan = {"seed": 8, "cases": [case("secret")]}
    book.begin(plan)

    assert book.told(plan) == [("right", "")]
    assert book.told(plan, "?lap=1") == [("void", "an exam is played once")]
    assert book.doctor.asked.count("secret") == 1
    assert book.get("/lap").status_code == book.get("/pictures").status_code == 404
    for path in ("/", "/pages/known", "/lap", "/pictures"):
        assert "secret" not in book.get(path).text and "known" not in book.get(path).text


def test_a_question_may_come_before_its_plan(tmp_path: Path) -> None:
    plan = {"seed": 9, "cases": [case("early")]}
    with casebook(tmp_path) as fresh:
        answers: list[list[tuple[str, str]]] = []
        asking = threading.Thread(target=lambda: answers.append(fresh.told(plan)))
        asking.start()
        fresh.told(PUBLIC)
        fresh.begin(plan)
        asking.join(20)

    assert answers == [[("right", "")]]


def test_a_plan_ends_the_season_before_it(book: Book) -> None:
    book.doctor.gate.clear()
    book.begin({"seed": 10, "cases": [case("held", "/when-opened", timeout_s=60)]})
    plan = {"seed": 11, "cases": [case("next")]}
    book.begin(plan)

    assert book.told(plan) == [("right", "")]
    assert book.ledger()["closed"] == 1
    book.doctor.gate.set()


def test_there_is_no_ticket_without_the_seed(book: Book) -> None:
    plan = {"seed": 12, "cases": [case("a"), case("b")]}
    book.begin(plan)
    guesses = [question.ticket for seed in (0, 11, "12") for question in asked({**plan, "seed": seed})]
    guesses += [question.ticket for question in asked(PUBLIC)] + ["a", "0" * 32, "..%2fplan"]

    assert {book.get(f"/outcomes/{guess}").status_code for guess in guesses} == {404}
    assert len({question.ticket for question in asked(plan)} | set(guesses)) == 2 + len(guesses)


def test_the_ledger_counts(book: Book) -> None:
    plan = {"seed": 13, "cases": [case("one", asked={"word": 2, "other": 3}, told=2, rest=True), case("two")]}
    book.begin(plan)
    told = book.told(plan)

    assert [word for word, _ in told] == ["right"] * 6
    found = book.ledger()
    assert len(found.pop("plan")) == 64
    assert found == {
        "asked": 6, "told": 6, "closed": 2, "calls": 2, "over": True, "broken": "", "own": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"cannot": "be made"}, "ValueError: this plan cannot be made into a world"),
        ({"cannot": "be played"}, "RuntimeError: a bug of the world's"),
        ({"cases": [case("c", told=2)]}, "no (further) 'word' of case 'c'"),
        ({"cases": [case("c", told=0)]}, "1 questions were not answered"),
    ],
    ids=["made", "played", "told too often", "not told"],
)
def test_a_world_that_breaks_says_so_and_tells_nothing_more(book: Book, spoilt: dict, sentence: str) -> None:
    plan = {"seed": 14, "cases": [case("c", told=0)], **spoilt}
    book.begin(plan)
    if spoilt.get("cases", [{}])[0].get("told") != 2:
        [question] = asked(plan)
        with pytest.raises(httpx.ReadTimeout):
            book.get(f"/outcomes/{question.ticket}", timeout_s=0.5)
    else:
        book.told(plan)

    assert sentence in book.ledger()["broken"] and not book.ledger()["over"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"[", "Expecting value"),
        (b"[" * 100_000, "recursion"),
        (b"[]", "a plan is a JSON object"),
        (b'{"cases": []}', "seed"),
        (b'{"seed": 1}', "cases: must be a list"),
        (b'{"seed": 1, "cases": [{"id": ""}]}', "id of 1 to 120"),
        (b'{"seed": 1, "cases": [{"id": "a", "asked": {"x": true}}]}', "whole numbers"),
        (b'{"seed": 1, "cases": [{"id": "a"}, {"id": "a"}]}', "twice"),
        (b'{"seed": 1, "cases": [{"id": "a", "asked": {"x": 20001}}]}', "more than 20000"),
        (b" " * ((8 << 20) + 1), "at most 8388608 bytes"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(book: Book, body: bytes, sentence: str) -> None:
    before = book.ledger()["plan"]

    got = book.control("/plan", body)

    assert got.status_code == 422 and sentence in got.json()["error"]
    assert book.ledger()["plan"] == before


def test_only_the_token_opens_the_control_port(book: Book) -> None:
    for path, body in (("/plan", json.dumps(PUBLIC).encode()), ("/ledger", None)):
        assert book.control(path, body, token="guess").status_code == 401
    assert book.get("/ledger").status_code == book.post("/plan", b"{}").status_code == 404
