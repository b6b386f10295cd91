"""Truth that comes later, in virtual time, and the virtual clock with its nights."""

from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from model_pool.late import Late

from tests.labs.cast.model_pool.conftest import Running
from tests.labs.cast.one_loop import played
from tests.waiting import eventually


def test_rows_appear_after_their_delays_in_the_order_of_appearing() -> None:
    async def main() -> list[tuple[float, dict[str, Any]]]:
        late, seen = Late(1, delay_s=(0.4, 0.9)), []
        for n in range(50):
            late.know(f"i{n}", {"n": n}, {"n": -n})
        while len(seen) < 100:
            seen += [(asyncio.get_running_loop().time(), row) for row in late.after(len(seen))]
            await asyncio.sleep(0.01)
        return seen

    seen = played(main())
    assert [row["seq"] for _, row in seen] == list(range(1, 101))
    first = {row["id"]: at for at, row in seen if row["revision"] == 0}
    second = {row["id"]: at for at, row in seen if row["revision"] == 1}
    assert 0.4 <= min(first.values()) < 0.45 and 0.85 < max(first.values()) <= 0.92
    assert all(0.38 <= second[id] - at <= 0.92 for id, at in first.items())
    assert [row["id"] for _, row in seen[:50]] != [f"i{n}" for n in range(50)]


def test_a_share_is_told_and_another_seed_tells_of_others() -> None:
    async def main(seed: int) -> set[str]:
        late = Late(seed, share=0.6)
        return {f"i{n}" for n in range(1000) if late.know(f"i{n}", {})}

    told = played(main(1))
    assert 540 < len(told) < 660
    assert told == played(main(1)) != played(main(2))


class Asked:
    """A call of a page, with a query."""

    def __init__(self, **query: str) -> None:
        self.query = query


def test_who_waits_is_answered_when_there_is_a_row_and_else_when_the_time_is_over() -> None:
    async def main() -> tuple[float, float, list[Any]]:
        late, loop = Late(1, delay_s=(0.5, 0.5)), asyncio.get_running_loop()
        readers = [asyncio.create_task(late.page(Asked(after="0", wait_s="5"))) for _ in range(3)]  # type: ignore[arg-type]
        await asyncio.sleep(1)
        late.know("a", {"good": True})
        pages = await asyncio.gather(*readers)
        when = loop.time()
        last = await late.page(Asked(after="1", wait_s="5"))  # type: ignore[arg-type]
        return when, loop.time(), [*pages, last]

    when, end, pages = played(main())
    row = {"seq": 1, "id": "a", "revision": 0, "good": True}
    assert pages == [{"rows": [row], "last": 1}] * 3 + [{"rows": [], "last": 1}]
    assert when == pytest.approx(1.5, abs=0.01) and end == pytest.approx(6.5, abs=0.01)


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "-1"}, {"after": "nan"}, {"wait_s": "21"}, {"wait_s": "inf"}]
)
def test_a_query_that_makes_no_sense_is_refused(query: dict[str, str]) -> None:
    async def main() -> None:
        await Late(1).page(Asked(**query))  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="must be"):
        played(main())


class Nights(HTTPServer):
    """A candidate's service that is called at midnight."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Night)
        self.bodies: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Night(BaseHTTPRequestHandler):
    server: Nights

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(202 if self.path == "/v1/nightly" else 404)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_a_virtual_clock_has_short_days_and_calls_at_each_midnight() -> None:
    nights = Nights()
    pool = Running(f"http://127.0.0.1:{nights.server_address[1]}/v1/nightly")
    try:
        assert "credits_last_day" not in pool.stats() and pool.exam("/clock").json()["virtual"] is False
        pool.exam("/clock", {"now": "2026-03-02T00:00:00Z", "day_s": 1.0})
        day = pool.score("open").json()["day"]
        eventually(lambda: len(pool.ledger()["nights"]) >= 3)
        told = pool.ledger()["nights"][:3]
        assert [(night["date"], night["status"]) for night in told] == [
            ("2026-03-02", 202), ("2026-03-03", 202), ("2026-03-04", 202),
        ]  # fmt: skip
        assert nights.bodies[0] == b'{"date": "2026-03-02"}'
        assert pool.score("open").json()["day"] >= day + 2 and pool.exam("/clock").json()["now"] >= "2026-03-04"
        assert pool.stats()["credits_last_day"] == 2, "the first was more than a day ago"

        nights.shutdown()
        nights.server_close()
        pool.exam("/clock", {"now": "2026-05-31T12:00:00Z", "day_s": 1.0})
        last = eventually(lambda: next((n for n in pool.ledger()["nights"] if n["date"] == "2026-06-01"), None))
        assert last["status"] == 0 and last["error"], "nobody is there"
        assert not any(night["date"] == "2026-05-31" for night in pool.ledger()["nights"])
    finally:
        assert pool.stop() == 0


def test_practice_may_begin_with_a_clock() -> None:
    pool = Running(CLOCK='{"now": "2026-03-02T06:00:00Z", "day_s": 20}')
    try:
        assert pool.exam("/clock").json()["virtual"] is True
    finally:
        pool.stop()
