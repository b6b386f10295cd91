"""Drift monitor: POST /batches judges one day of one stream; GET /streams shows the last verdicts."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from book import boil_down, open_book, verdict
from journal import Journal
from shelf import Shelf

FIELDS = ("stream", "domain", "date", "calendar", "batch", "reference")
PATIENCE_S = 3.0  # for the warehouse; a verdict is due within 4 s
THREADS = 96


class NoTable(Exception):
    pass


warehouse = httpx.Client(
    base_url=os.environ.get("WAREHOUSE", "http://warehouse:8000"),
    timeout=httpx.Timeout(2.5, connect=1.0),
    limits=httpx.Limits(max_connections=THREADS, max_keepalive_connections=48),
    trust_env=False,
)
shelf = Shelf()
journal = Journal(os.environ.get("DATA_DIR", "/data"))


def table(path: str, until: float) -> dict:
    """A table of the warehouse, which may just be starting, or have closed the line that was kept open."""
    pause = 0.02
    while True:
        try:
            answer = warehouse.get(path)
            if answer.status_code == 200:
                return answer.json()
            reason = f"status {answer.status_code}"
            if answer.status_code < 500:
                raise NoTable(f"{path}: {reason}")
        except (httpx.HTTPError, ValueError) as error:
            reason = repr(error)
        if time.monotonic() + pause > until:
            raise NoTable(f"{path}: {reason}")
        time.sleep(pause)
        pause = min(0.4, 2 * pause)


def judge(notice: dict[str, str]) -> tuple[str, str | None]:
    until = time.monotonic() + PATIENCE_S
    with shelf.take(notice["stream"]) as place:
        if place.book is None or place.book.reference != notice["reference"]:
            fresh = open_book(notice["reference"], table(notice["reference"], until))
            fresh.days = journal.read(notice["stream"], notice["reference"])
            place.book = fresh
        book = place.book
        known = book.days.get(notice["date"])
        if known is None or known["batch"] != notice["batch"]:
            known = boil_down(book, notice, table(notice["batch"], until))
            known["verdict"] = list(verdict(book, known))
            journal.add(notice["stream"], notice["reference"], known)
            book.days[notice["date"]] = known
            while len(book.days) > 40:
                del book.days[min(book.days)]
            if known["verdict"][0] != "ok":
                print(notice["date"], notice["domain"], notice["stream"], *(w for w in known["verdict"] if w), flush=True)
        place.last = (notice["date"], known["verdict"][0], known["verdict"][1])
        return known["verdict"][0], known["verdict"][1]


async def batches(request: Request) -> JSONResponse:
    try:
        body = await request.json()
        notice = {field: str(body[field]) for field in FIELDS}
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": f"expected {', '.join(FIELDS)}"}, 422)
    try:
        word, column = await anyio.to_thread.run_sync(judge, notice)
    except NoTable as error:  # an `ok` that nobody has looked for would be worse than none
        return JSONResponse({"error": str(error)}, 503)
    return JSONResponse({"verdict": word, "column": column})


async def streams(_: Request) -> JSONResponse:
    return JSONResponse(shelf.last())


async def healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


app = Starlette(
    routes=[
        Route("/batches", batches, methods=["POST"]),
        Route("/streams", streams),
        Route("/healthz", healthz),
    ],
    lifespan=lifespan,
)


def main() -> None:
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(app, host=host, port=int(port), log_level="warning", access_log=False, timeout_keep_alive=75, backlog=512)


if __name__ == "__main__":
    main()
