"""All partners of a lab, and what they share: faults, the ledger, the plan."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from call_faults.vocabulary import Called, Fate, Fault, Faults, parse
from model_pool.books import Books
from model_pool.slots import Slots

from partner_ports.calls import Calls
from partner_ports.entries import Book
from partner_ports.queues import Queue
from partner_ports.settings import BOOK, QUEUE, Partner, Terms, terms

CONFLICT = "conflict"
KINDS = ("slow", "timeout", "error", "rate_limit", "drop", "malformed", "truncated", "outage", "hold")
OF_AN_ITEM = ("error", CONFLICT)
"""What hits an item of a batch, and not the batch."""

MOST_WAITING = 10_000


class Desk:
    """A partner at work."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.seconds = partner.seconds
        self.slots = Slots(partner.slots or None, MOST_WAITING, refuse=False)
        self.kind: Calls | Queue | Book = _kind(partner)


class House:
    """All partners. Made in a running loop.

    Args:
        partners: to serve.
    """

    def __init__(self, partners: Iterable[Partner]) -> None:
        self._partners = tuple(partners)
        self.desks = {partner.name: Desk(partner) for partner in self._partners}
        self.books = Books(list(self.desks), asyncio.get_running_loop().time)
        self.faults, self._of_batches, self._of_items = Faults(), Faults(), Faults()
        self.acted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.planned = ""
        self._begin(Terms())

    def plan(self, raw: Mapping[str, Any], digest: str) -> None:
        """Begin anew: no entries, no messages. The ledger of calls goes on.

        Raises:
            ValueError: it makes no sense; one sentence, and nothing has changed.
        """
        self._begin(terms(raw, self._partners))
        self.planned = digest

    def order(self, raw: Any) -> None:
        """These faults act from now on.

        Raises:
            ValueError: they make no sense; one sentence.
        """
        faults = parse(raw, KINDS, (CONFLICT,))
        queues = {name for name, desk in self.desks.items() if desk.partner.kind == QUEUE}
        for fault in faults:
            names = queues if fault.kind == "hold" else set(self.desks)
            if not {fault.port, fault.model} - {""} <= names or not names:
                raise ValueError(f"{fault.kind}: port must be one of {', '.join(sorted(names)) or 'the queues: none'}")
        faults = tuple(replace(fault, endpoint="put") if fault.kind == "hold" else fault for fault in faults)
        self.faults.active = faults
        self._of_batches.active = tuple(_unless(fault, fault.kind not in OF_AN_ITEM) for fault in faults)
        self._of_items.active = tuple(_unless(fault, fault.kind in OF_AN_ITEM) for fault in faults)
        self.acted.clear()

    def fate(self, called: Called, *, probe: bool, batch: bool = False) -> Fate:
        """What becomes of a call; of a batch, what hits it as a whole."""
        return (self._of_batches if batch else self.faults).fate(called, probe=probe)

    def failed(self, called: Called) -> tuple[str, int] | None:
        """Whether an item of a batch fails: the kind of fault, and its status."""
        fate = self._of_items.fate(called)
        if CONFLICT in fate.acting:
            return CONFLICT, 409
        ends = fate.ends_by("error")
        return ("error", ends.status) if ends else None

    def count(self, port: str, kinds: Collection[str], *, probe: bool = False) -> None:
        """Note which kinds have hit a call."""
        self.faults.count(kinds, probe=probe)
        if not probe:
            self.acted[port].update(kinds)

    def shown(self) -> dict[str, Any]:
        """What acts, what it touched, and by partner since it was ordered."""
        return {**self.faults.shown(), "acted": {port: dict(kinds) for port, kinds in self.acted.items() if kinds}}

    def ledger(self) -> dict[str, Any]:
        """Sums of all, for the exam."""
        found = self.books.summary()
        ports = found.pop("models")
        for unused in ("credits", "answered"):
            del found[unused]
        more = {name: desk.kind.stats() for name, desk in self.desks.items()}
        seen = {key: value for key, value in self.shown().items() if key != "faults"}
        return {"plan": self.planned, **found, "ports": {name: ports[name] | more[name] for name in ports}, **seen}

    def stats(self, name: str) -> dict[str, Any]:
        """Of one partner: calls, of the last second too, open, refused, who waits for a slot."""
        sums, desk = self.books.sums[name], self.desks[name]
        last, _, _ = sums.last(asyncio.get_running_loop().time(), 1.0)
        shown = {"calls": sums.calls, "last_second": last, "open": sums.open, "refused": sums.refused}
        return {**shown, "queued": desk.slots.waiting, **desk.kind.stats()}

    def entries(self, key: str) -> dict[str, Any]:
        """What each book has of somebody."""
        return {name: desk.kind.of(key) for name, desk in self.desks.items() if isinstance(desk.kind, Book)}

    def _begin(self, said: Terms) -> None:
        receipts = said.key or secrets.token_hex(16)
        for name, desk in self.desks.items():
            desk.seconds = said.seconds.get(name, desk.partner.seconds)
            if isinstance(desk.kind, Book):
                desk.kind.begin(said, receipts)
            else:
                desk.kind.clear()


def _kind(partner: Partner) -> Calls | Queue | Book:
    if partner.kind == BOOK:
        return Book(partner)
    return Queue(partner.visible_s) if partner.kind == QUEUE else Calls()


def _unless(fault: Fault, acts: bool) -> Fault:
    """The fault, or in its place one that hits nobody: which calls it hits hangs on its number in the list."""
    return fault if acts else replace(fault, share=0.0)
