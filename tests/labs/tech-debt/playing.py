"""`playing.py LAB PLAN FOLDER`: a recommender's code before a plan, in one process, without a network.

Run by the Python of the image that the recommender has. Prints, as JSON, the words that were told by aspect, what each
function was called, and two pages of the world.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any
from urllib.parse import urlsplit

from tests.labs.modules import importable

LAB, PLAN, FOLDER = map(Path, sys.argv[1:4])


def loaded(path: Path) -> ModuleType:
    """A module by its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sys.path.insert(0, str(LAB.parent / "cast" / "lib"))
with importable(LAB / "world"):
    import world
from casebook.asks import On  # noqa: E402
from casebook.book import Book  # noqa: E402
from casebook.client import Reply  # noqa: E402
from casebook.strict import loads  # noqa: E402

clerk = loaded(LAB.parent / "cast" / "clerk" / "main.py")


class Near(On):
    """Asks an application at once, and the clerk about the folder."""

    def __init__(self, book: Book, app: Any) -> None:
        super().__init__(book, {})
        self._app = app

    async def ask(self, service: str, method: str, path: str, body: Any = None, timeout_s: float = 5.0) -> Reply:
        if service == "clerk":
            return Reply(200, clerk.handed_out(FOLDER))
        sent: list[dict[str, Any]] = []
        url, data = urlsplit(path), b"" if body is None else json.dumps(body).encode()
        scope = {"type": "http", "method": method, "path": url.path, "raw_path": url.path.encode(), "headers": []}
        scope |= {"query_string": url.query.encode(), "http_version": "1.1", "scheme": "http", "asgi": {}}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": data, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        with contextlib.suppress(Exception):
            await self._app(scope, receive, send)
        status = next((message["status"] for message in sent if "status" in message), 500)
        whole = b"".join(message.get("body", b"") for message in sent)
        try:
            return Reply(status, loads(whole), whole)
        except ValueError as error:
            return Reply(status, None, whole, error=str(error))


async def play(plan: dict[str, Any], app: Any) -> tuple[Book, Any]:
    """All lanes, one after the other."""
    book, played = Book(plan), world.World(plan)
    on = Near(book, app)
    for lane in played.lanes:
        await played.play(lane, on)
    return book, played


def run() -> dict[str, Any]:
    """Play, and count."""
    os.environ["LISTEN"] = "0.0.0.0:0"
    with importable(FOLDER):
        import main
    calls: Counter[str] = Counter()
    if "--count" in sys.argv:

        def count(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(str(FOLDER)):
                calls[f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}"] += 1

        sys.setprofile(count)
    book, played = asyncio.run(play(json.loads(PLAN.read_text()), main.app))
    sys.setprofile(None)
    words: dict[str, Counter[str]] = defaultdict(Counter)
    notes = []
    for outcome in book.outcomes.values():
        words[outcome.question.aspect][outcome.word] += 1
        notes.append([outcome.question.case, outcome.question.aspect, outcome.word, outcome.note])
    return {"words": words, "calls": calls, "notes": notes, "page": played.page("")}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        found = run()
    print(json.dumps(found))
