"""One play of one plan: its world, its book, and its players at work."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Mapping
from typing import Any

from starlette.routing import Router

from casebook import page
from casebook.asks import On
from casebook.book import Book
from casebook.calls import router
from casebook.strict import clean
from casebook.world import MakeWorld


class Season:
    """Made with its book; `begin` plays it.

    Raises:
        BadPlan: the plan makes no sense.

    Attributes:
        broken: what went wrong in the lab's own code; no verdict may rest on such a season.
        began: when it was begun (epoch, s).
        over: whether all players came to their end.
        ended: set when nothing more is played, whatever the reason.
    """

    def __init__(self, plan: dict[str, Any], make_world: MakeWorld, services: Mapping[str, str], lap: int) -> None:
        self.book = Book(plan)
        self.world: Any = None
        self.routes = Router()
        self.broken = ""
        self.over = False
        self.ended = asyncio.Event()
        self._plan = plan
        self._make_world = make_world
        self._services = services
        self._lap = lap
        self._on: On | None = None
        self._playing: asyncio.Task[None] | None = None
        self.began: float | None = None

    @property
    def begun(self) -> bool:
        """Whether it is being played, or was."""
        return self._playing is not None

    @property
    def ago(self) -> str:
        """How long ago it was begun, for people."""
        return f"begun {time.time() - self.began:.0f} s ago" if self.began is not None else "not begun"

    @property
    def calls(self) -> int:
        """How often a service was asked."""
        return self._on.calls if self._on is not None else 0

    def pages(self, what: str) -> list[page.Html]:
        """The world's own page of that name, if it has one."""
        try:
            own = getattr(self.world, "page", None)
            made: page.Html = own(what) if own is not None else page.Html("")
        except Exception as error:  # what it shows may be a candidate's: that is no reason to show nothing
            traceback.print_exception(error)
            made = page.text_of(f"This page could not be made: {error!r}")
        return [made] if made else []

    def make(self) -> None:
        """Make the world. It may take its time: an exam's is made beside the loop."""
        try:
            world = self._make_world(self._plan)
            self.routes = router(getattr(world, "routes", {}))
            self.world = world
        except Exception as error:
            self._break(error)

    def begin(self) -> None:
        """Play it, once."""
        if self._playing is None:
            self.began = time.time()
            self._playing = asyncio.get_running_loop().create_task(self._play())

    def stop(self) -> None:
        """Play no further."""
        if self._playing is not None:
            self._playing.cancel()

    async def _play(self) -> None:
        try:
            if self.world is None and not self.broken:
                await asyncio.to_thread(self.make)
            if not self.broken:
                await self._play_all()
        except Exception as error:
            self._break(error)
        finally:
            self.ended.set()

    async def _play_all(self) -> None:
        self._on = On(self.book, self._services, self._lap)
        async with asyncio.TaskGroup() as players:
            for lane in getattr(self.world, "lanes", ()):
                players.create_task(self.world.play(lane, self._on))
        if untold := self.book.untold:
            raise LookupError(f"{len(untold)} questions were not answered, the first is {untold[0]}")
        self.over = True

    def _break(self, error: BaseException) -> None:
        traceback.print_exception(error)
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        self.broken = clean(f"{type(error).__name__}: {error}", 300)
