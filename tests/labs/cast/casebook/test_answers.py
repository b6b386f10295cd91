"""Whatever a candidate's service does, there is a word for it, and the season goes on."""

from __future__ import annotations

import psutil
import pytest

from tests.labs.cast.casebook.conftest import Book, case

WORDS = {
    "good": "right",
    "bad": "wrong",
    "late": "none",
    "drip": "none",
    "huge": "none",
    "huge-head": "none",
    "endless": "none",
    "deep": "malformed",
    "abyss": "malformed",
    "nan": "malformed",
    "infinite": "malformed",
    "digits": "malformed",
    "number": "malformed",
    "list": "malformed",
    "null": "malformed",
    "text": "malformed",
    "half": "right",
    "nothing": "malformed",
    "error": "none",
    "refusal": "malformed",
    "short": "none",
    "until-close": "right",
    "first-continue": "right",
    "two": "right",
    "upgrade": "none",
    "garbage": "none",
    "reset": "none",
}


@pytest.fixture(scope="module")
def told(book: Book) -> dict[str, tuple[str, str]]:
    """All of them at once: word and note of each."""
    short = {"late": 0.3, "drip": 0.3}
    plan = {"seed": 3, "cases": [case(name, f"/{name}", timeout_s=short.get(name, 20)) for name in WORDS]}
    book.begin(plan)
    answers = dict(zip(WORDS, book.told(plan), strict=True))
    assert book.ledger()["broken"] == "" and book.ledger()["over"]
    return answers


@pytest.mark.parametrize("kind", WORDS)
def test_every_answer_has_a_word(told: dict[str, tuple[str, str]], kind: str) -> None:
    word, note = told[kind]

    assert word == WORDS[kind]
    assert bool(note) == (word in ("none", "malformed") and kind not in ("number", "list", "null", "refusal", "error"))


def test_a_service_that_hangs_is_known_before_long(book: Book) -> None:
    hung = [case(f"hung{n}", "/drip", timeout_s=0.2) for n in range(3)]
    plan = {
        "seed": 4,
        "lanes": 1,
        "cases": [*hung, case("next", "/drip", timeout_s=9), case("then"), case("last", "/late")],
    }
    book.begin(plan)

    notes = [note for _, note in book.told(plan)]

    assert notes == ["no whole answer within 0.2 s"] * 3 + ["no whole answer within 1 s", "", ""]


def test_answers_that_are_too_large_are_forgotten_at_once(book: Book) -> None:
    # Two at a time: what is read side by side is held side by side, and says nothing of what is kept afterwards.
    plan = {"seed": 5, "lanes": 2, "cases": [case(f"huge{n}", "/huge") for n in range(60)]}
    before = psutil.Process(book.pid).memory_info().rss
    book.begin(plan)

    assert {word for word, _ in book.told(plan)} == {"none"}
    assert psutil.Process(book.pid).memory_info().rss < before + (40 << 20)


def test_a_service_that_is_gone_is_no_answer(book: Book) -> None:
    assert book.get("/services/gone/healthz").status_code == 503
    assert book.get("/services/doctor/healthz").status_code == 200
    assert book.get("/services/nobody/healthz").status_code == 404
