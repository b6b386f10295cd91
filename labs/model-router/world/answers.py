"""What the pool says: answers, the policies, and users' thumbs; and the data team's notebook, which looks at it all."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from bill import Bill
from casebook.calls import Absent
from common.names import generator, named
from notebook import Notebook
from policy_files import FLAWS, Policy, flawed, policy
from thumbs import Thumbs
from trade import TOPICS, Trade
from truth import rates, real, right

if TYPE_CHECKING:
    from casebook.calls import Call, Handler
    from model_pool.plugin import Given
    from starlette.responses import Response

LONGEST = 2000
PRACTICE = {"trade": 0, "moved": "mid", "worse": ["r310"]}


class Answers:
    """Answers of three models. Which is right only thumbs say, and the notebook."""

    def __init__(self) -> None:
        self._notebook, self._bill = Notebook(), Bill()
        self._feed = Thumbs()
        self._last = 20

    def plan(self, plan: dict[str, Any]) -> None:
        """`trade`: what words, policies and rates are drawn from; `truth`: key of what is right, and of the tickets;
        `moved`: `mid` or `hard`; `worse`: versions of `base` that are. Without a plan all is that of practice."""
        found = {**PRACTICE, **plan}
        seed, self._moved, self._worse = found["trade"], found["moved"], found["worse"]
        if not isinstance(seed, int | str) or self._moved not in ("mid", "hard") or not isinstance(self._worse, list):
            raise ValueError("trade must be a number or a text, moved mid or hard, worse a list")
        self._known = str(found.get("truth", ""))
        self._truth = self._known or secrets.token_hex(16)
        self._seed, self._trade, self._rates = seed, Trade(seed), rates(seed, self._moved)
        self._current = self._last = self._last + generator(seed, "version").randrange(1, 40)
        self._offered: int | None = None
        self._policies: dict[int, Policy] = {self._current: policy(self._trade, seed, self._current)}
        self._asked: set[str] = set()
        self._heard: set[str] = set()
        self._notebook.begin(self._policies[self._current])

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """An answer to `item["text"]` under `item["ticket"]`. Its words tell nothing of whether it is right."""
        ticket, text = item["ticket"], item["text"]
        if not all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in (ticket, text)):
            raise ValueError(f"ticket and text must be texts of 1 to {LONGEST} characters")
        self._bill.asked(model, first=ticket not in self._asked and self._users(ticket))
        self._asked.add(ticket)
        return {"answer": f"Answer {named(self._truth, 'answer', ticket, model, version, size=6)}."}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        """A receipt is for ticket and text, and for the answer."""
        return {"ticket": item["ticket"], "text": item["text"]}, answer

    def given(self, given: Given) -> None:
        """The user of a ticket may say what the first answer was worth."""
        ticket, text = given.item["ticket"], given.item["text"]
        if ticket in self._heard or not self._users(ticket):
            return
        self._heard.add(ticket)
        topic = self._trade.topic_of(text)
        good = topic is not None and right(
            self._truth, ticket, topic, given.model, given.version, self._rates, self._worse
        )
        self._notebook.note(time.time(), text, given.model, given.version, good)
        self._feed.say(ticket, {"model": given.model, "version": given.version, "good": good})

    def _users(self, ticket: str) -> bool:
        return not self._known or real(self._known, ticket)

    def pages(self) -> dict[str, Handler]:
        """Policies, thumbs, what questions cost, and the notebook."""
        return {
            "GET /policies": self._list,
            "GET /policies/{version:int}": self._policy,
            "GET /feed": lambda call: self._feed.page(call),
            "GET /thumbs": self._thumbs,
            "GET /cost": self._bill.page,
            "GET /notebook": lambda call: self._notebook.page(time.time()),
        }

    def controls(self) -> dict[str, Handler]:
        """`POST /offer {"topics": ["moved"], "flaw": "nan"}`: the data team offers a policy that sends these topics to
        `base`; its file may have a flaw."""
        return {"POST /offer": self._offer}

    def _list(self, call: Call) -> dict[str, Any]:
        return {"current": self._current, "offered": self._offered}

    def _policy(self, call: Call) -> Response:
        from starlette.responses import Response  # of the image, which those who import this for its types have not

        if (found := self._policies.get(call.path["version"])) is None:
            raise Absent("there is no policy of this version")
        return Response(json.dumps(found, separators=(",", ":")), media_type="application/json")

    def _thumbs(self, call: Call) -> dict[str, Any]:
        """By model, from January to yesterday."""
        rng = generator(self._seed, "thumbs")
        many = {model: rng.randrange(9_000, 12_000) for model in ("mini", "base", "max")}
        return {model: {"good": int(of * rng.uniform(0.93, 0.96)), "of": of} for model, of in many.items()}

    def _offer(self, call: Call) -> dict[str, Any]:
        body = call.json
        topics, flaw = body.get("topics", []), body.get("flaw")
        if not set(topics) <= set(TOPICS) or flaw not in (None, *FLAWS):
            raise ValueError(f"topics must be of {', '.join(TOPICS)}, flaw one of {', '.join(FLAWS)}")
        self._last += 1
        made = policy(self._trade, self._seed, self._last, frozenset(topics))
        self._policies[self._last] = flawed(made, flaw, self._seed) if flaw else made
        self._offered = self._last
        self._notebook.offer(time.time(), made, sound=not flaw)
        return {"offered": self._last}
