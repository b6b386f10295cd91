"""A casebook with gates: a world waits until the exam opens one; in practice, not for long."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from casebook.plan import asked

from tests.labs.cast.casebook.conftest import Book, casebook
from tests.waiting import eventually

PUBLIC = {"seed": 1, "cases": [{"id": "one", "asked": {"word": 2}}]}
BEFORE_AFTER = [("before", ""), ("after", "")]


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with casebook(tmp_path_factory.mktemp("gated"), PUBLIC, "gates", "gated") as found:
        yield found


def waiting(book: Book) -> bool:
    return bool(book.ledger()["gates"]["waiting"] == ["middle"])


def test_in_practice_a_gate_opens_by_itself(gated: Book) -> None:
    assert gated.told(PUBLIC) == BEFORE_AFTER


def test_an_exam_waits_for_its_gate_and_each_season_has_gates_of_its_own(gated: Book) -> None:
    for seed in (2, 3):
        plan = PUBLIC | {"seed": seed}
        gated.begin(plan)
        eventually(lambda: waiting(gated))
        assert gated.ledger()["gates"]["opened"] == []
        assert gated.get(f"/outcomes/{next(asked(plan)).ticket}").json()["answer"] == "before"

        gated.control("/gate/another", b"")
        time.sleep(0.2)
        assert waiting(gated) and not gated.ledger()["over"]
        assert gated.control("/gate/middle", b"").json() == {"waiting": ["middle"], "opened": ["another", "middle"]}
        eventually(lambda: gated.ledger()["over"])
        assert gated.told(plan) == BEFORE_AFTER


def test_a_gate_may_be_opened_before_anybody_waits(gated: Book) -> None:
    plan = PUBLIC | {"seed": 4}
    gated.begin(plan)
    gated.control("/gate/middle", b"")

    assert gated.told(plan) == BEFORE_AFTER


def test_nobody_opens_one_without_the_token(gated: Book) -> None:
    assert gated.control("/gate/middle", b"", token="another").status_code == 401
