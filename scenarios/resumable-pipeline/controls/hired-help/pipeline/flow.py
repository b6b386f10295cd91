"""The nightly job of one tenant. What is done is remembered by another run, which nobody takes down with this one."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alone import Busy, alone
from model import fit
from platform_client import Platform
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])
BLOCK = 40


class Memory:
    """The other run, through its socket; ordered if it is not there."""

    def __init__(self, tenant: str, night: str) -> None:
        self._path = DATA / f"{tenant}.memory"
        if self.ask("") is False:
            order(tenant, night)

    def ask(self, name: str, found: Any = None) -> Any:
        """What is remembered by that name, which `found` is from now on if given; False if nobody answers."""
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(self._path))
            except OSError:
                return False
            with line.makefile("rw") as file:
                file.write(json.dumps([name, found]) + "\n")
                file.flush()
                return json.loads(file.readline() or "false")

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        """What the work gives, done at most once as long as the other run lives."""
        known = self.ask(name)
        if not known:
            known = work()
            self.ask(name, known)
        return known


def order(tenant: str, night: str) -> None:
    """Have the runner start it, and give it a moment."""
    host, _, port = os.environ["LISTEN"].rpartition(":")
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/runs"
    name = f"{tenant}-{secrets.token_hex(3)}"
    body = {"name": name, "arguments": {"tenant": tenant, "night": night, "run": "memory"}}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), method="POST"), timeout=5)
    time.sleep(0.3)


def remember(tenant: str) -> None:
    """Be the memory, for ever."""
    path = DATA / f"{tenant}.memory"
    path.unlink(missing_ok=True)
    known: dict[str, Any] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen(16)
        while True:
            line, _ = door.accept()
            with line, line.makefile("rw") as file:
                name, found = json.loads(file.readline())
                if found is not None:
                    known[name] = found
                file.write(json.dumps(known.get(name)) + "\n")


def work(tenant: str, night: str, platform: Platform, memory: Memory) -> None:
    pages = memory.once(f"{night} pages", platform.pages)
    documents = [d for n in range(pages) for d in memory.once(f"{night} {n}", lambda n=n: platform.page(n))]
    vectors: dict[str, str] = {}
    for at in range(0, len(documents), BLOCK):
        block = documents[at : at + BLOCK]
        texts = [document["text"] for document in block]
        found = memory.once(f"{night} at {at}", lambda texts=texts: platform.embed(texts))
        vectors |= dict(zip([document["id"] for document in block], found, strict=True))
    labels = memory.once(f"{night} labels", lambda: platform.labels(list(vectors)))
    sha256 = publish_artefact(tenant, night, fit(list(vectors.values()), labels), vectors)
    platform.announce(sha256, key=f"{tenant}/{night}")


def run(tenant: str, night: str, run: str) -> None:
    if run == "memory":
        return remember(tenant)
    try:
        with alone(DATA / f"{tenant}.lock"):
            work(tenant, night, Platform(run), Memory(tenant, night))
    except Busy:
        print(f"{tenant}: another run has this night in hand", flush=True)
