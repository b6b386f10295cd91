"""Where the page of a lab is served, kept in `.brownout/live/ID/`: so that it is found, is ended, keeps its address."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grader.course import catalog
from grader.errors import BadInput
from grader.practice import background
from grader.practice.background import Background

NAME = "page.json"
SECRET_LENGTH = 32


@dataclass(frozen=True)
class Page:
    """A page's address, and who serves it.

    Attributes:
        secret: stands after the # of the link, which browsers send to nobody.
        port: on 127.0.0.1; 0 before it was ever served.
        pid, created: the process that serves it; 0 for none.
        alone: that process outlives the command that started it, and is ended by `lab stop`.
    """

    secret: str
    port: int = 0
    pid: int = 0
    created: float = 0.0
    alone: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/#{self.secret}"

    @property
    def served(self) -> bool:
        """Whether its process is alive."""
        return background.runs(self._process)

    @property
    def _process(self) -> Background | None:
        return Background(self.pid, self.created) if self.pid else None

    def end(self) -> bool:
        """End the process that serves it, unless somebody's terminal does; returns whether it ran."""
        return self.alone and background.end(self._process)


def folder(lab_id: str) -> Path:
    """Where the page of a lab keeps what it needs."""
    return catalog.root() / ".brownout" / "live" / lab_id


def kept(lab_id: str) -> Page:
    """The page of a lab; a lost or damaged record is a new one."""
    try:
        found = Page(**json.loads((folder(lab_id) / NAME).read_text("utf-8")))
        if isinstance(found.port, int) and isinstance(found.pid, int) and len(found.secret) == SECRET_LENGTH:
            return found
    except (OSError, ValueError, TypeError):
        pass
    return Page(secrets.token_urlsafe(SECRET_LENGTH * 3 // 4))


def keep(lab_id: str, page: Page) -> None:
    """Write it down, for the owner's eyes only.

    Raises:
        BadInput: it cannot be written.
    """
    path = folder(lab_id) / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(page), file)
        temporary.replace(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


def claim(lab_id: str, page: Page, port: int, alone: bool) -> Page:
    """Write down that this process serves the page from now on, on this port."""
    import psutil

    me = psutil.Process()
    page = replace(page, port=port, pid=me.pid, created=me.create_time(), alone=alone)
    keep(lab_id, page)
    return page


def leave(lab_id: str, page: Page) -> None:
    """The same, served by nobody; the address stays for the next time."""
    if kept(lab_id) == page:
        with suppress(BadInput):
            keep(lab_id, replace(page, pid=0, created=0.0, alone=False))
