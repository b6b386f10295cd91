"""The replay: reads the alerting rules and routes, and tells whom they would have told in each week."""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import firing
import metrics
import pager
import pictures
import programs
import routes
import rules
from calendar_week import Planned, Week
from casebook.world import Absent, Call
from judging import judged
from pages import page_of
from plainyaml import NotPlain

if TYPE_CHECKING:
    from casebook.world import Handler, Html, On, Picture, Plan

ANSWER_S = 5
ASKED_OF_AMTOOL = 10
MISUNDERSTOOD = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError)
ROUTES = "alertmanager.yaml"
ASKABLE = ("query", "query_range", "labels", "series", "metadata", "label")


class World:
    """One lane: weeks one after the other, since each takes Prometheus' memory."""

    def __init__(self, plan: Plan[Planned]) -> None:
        self.weeks = {case["id"]: Week(plan["seed"], case["id"]) for case in plan["cases"]}
        self.told = dict[str, list[pager.Told]]()
        self.trouble = ""
        self.lanes = [plan["cases"]]
        self.routes: dict[str, Handler] = {"GET /api/v1/{what}": self._asked}
        self._played = dict[str, Mapping[str, str]]()
        self._starting = threading.Lock()
        self._server: programs.Server | None = None

    async def play(self, lane: Sequence[Planned], on: On) -> None:
        """All weeks."""
        self.trouble = ""
        reply = await on.ask("clerk", "GET", "/files", timeout_s=ANSWER_S)
        bad = reply.bad({"files": {str: str}, "left_out": {str: str}})
        left = [path for path in reply.json["left_out"] if _is_rules(path) or path == ROUTES] if not bad else []
        if left:
            bad, self.trouble = "malformed", f"{left[0]}: {reply.json['left_out'][left[0]]}"
        for case in lane:
            if not bad:
                bad = await asyncio.to_thread(self._carried_out, case["id"], reply.json["files"])
            if bad:
                on.tell_rest(case["id"], bad, self.trouble or reply.error)
                continue
            for aspect, word, note in judged(self.weeks[case["id"]], self.told[case["id"]]):
                on.tell(case["id"], aspect, word, note)

    def page(self, what: str) -> Html:
        """What the public week made of rules and routes."""
        return page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """Pages over what happened."""
        return pictures.of(self)

    def _carried_out(self, name: str, files: Mapping[str, str]) -> str:
        """Play a week; the word for what is wrong with the files, if something is."""
        if self._played.get(name) == files:
            return ""  # the same texts say the same of the same week
        try:
            if ROUTES not in files:
                raise NotPlain(f"there is no {ROUTES}")
            routing, listed = _read(files)
            with programs.serving(metrics.series_of(self.weeks[name])) as server:
                alerts = firing.fired(listed, server)
            told = pager.told(alerts, routing)
            agree = [routing.agrees(dict(each.labels)) for each in alerts[:: len(alerts) // ASKED_OF_AMTOOL + 1]]
        except NotPlain as error:
            self.trouble = str(error)
            return "malformed"
        if not all(agree):
            raise programs.Broken("amtool sends an alert elsewhere than the replay does")
        self.told[name] = told
        self._played[name] = dict(files)
        return ""

    async def _asked(self, call: Call) -> Any:
        """Prometheus' own API over the public week."""
        what = call.path["what"]
        if what not in ASKABLE or len(self.weeks) > 1:
            raise Absent(what)
        return await asyncio.to_thread(self._answer, what, urlencode(dict(call.query)))

    def _answer(self, what: str, query: str) -> Any:
        with self._starting:
            if self._server is None:
                server = programs.Server(Path(tempfile.mkdtemp(prefix="asked-")))
                server.take(metrics.series_of(next(iter(self.weeks.values()))))
                self._server = server
        return json.loads(self._server.get(f"/api/v1/{what}?{query}"))


def _read(files: Mapping[str, str]) -> tuple[routes.Routing, list[rules.Rule]]:
    """Routes and rules. NotPlain with what is wrong."""
    try:
        return routes.read(files[ROUTES]), rules.read({path: files[path] for path in files if _is_rules(path)})
    except NotPlain:
        raise
    except MISUNDERSTOOD as error:  # a form that the programs take and we do not know
        raise NotPlain(f"not understood: {error!r}"[:200]) from None


def _is_rules(path: str) -> bool:
    return path.startswith("rules/") and path.endswith((".yaml", ".yml"))
