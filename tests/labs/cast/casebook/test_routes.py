"""What a candidate's services may ask a world: sense is answered, everything else refused in a sentence."""

from __future__ import annotations

import pytest

from tests.labs.cast.casebook.conftest import Book


def test_a_route_has_path_query_and_body(book: Book) -> None:
    assert book.get("/things/known?a=1").json() == {"thing": "known", "query": {"a": "1"}}
    assert book.post("/sums", b'{"numbers": [1, 2]}').json() == {"sum": 3}
    assert book.get("/sums").status_code == 405


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/things/strange", None, 404),
        ("/nothing", None, 404),
        ("/sums", b"", 422),
        ("/sums", b"[]", 422),
        ("/sums", b"{}", 422),
        ("/sums", b'{"numbers": ["a"]}', 422),
        ("/sums", b'{"numbers": [NaN]}', 422),
        ("/sums", b"[" * 100_000, 422),
        ("/sums", b"\xff", 422),
        ("/sums", b" " * ((2 << 20) + 1), 413),
    ],
)
def test_what_makes_no_sense_is_refused(book: Book, path: str, body: bytes | None, status: int) -> None:
    got = book.get(path) if body is None else book.post(path, body)

    assert got.status_code == status
    assert status == 404 or 0 < len(got.json()["error"]) <= 300


def test_half_a_character_breaks_nothing(book: Book) -> None:
    assert book.post("/echo", b'"\\ud800"').content == b'"\\ud800"'
