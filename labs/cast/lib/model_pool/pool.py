"""A pool: its models with their slots and versions, and all that they share."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from call_faults.vocabulary import Faults

from model_pool.books import Books
from model_pool.clock import Clock
from model_pool.plugin import Plugin
from model_pool.settings import VERSION, Model, changed
from model_pool.slots import Replicas, Slots

KEY_SIGNS = 16, 200


class Served:
    """A model, and what of it is at work."""

    def __init__(self, model: Model) -> None:
        self.replicas: Replicas | None = None
        self.take(model)

    def take(self, model: Model) -> None:
        """Work as it says from now on; calls that are under way end as they began."""
        if self.replicas:
            self.replicas.end()
        self.model = model
        self.slots = Slots(model.slots or None, model.queue, refuse=model.over == "refuse")
        self.batches = Slots(model.batch_slots, model.queue, refuse=False) if model.batch_slots else self.slots
        self.replicas = None if model.replicas is None else Replicas(self.slots, model.replicas, model.start_s)
        self.version = model.version

    def state(self) -> dict[str, Any]:
        """Who waits and works."""
        shown: dict[str, Any] = {"waiting": self.slots.waiting, "busy": self.slots.busy, "slots": self.slots.many}
        if self.batches is not self.slots:
            shown |= {"batches_waiting": self.batches.waiting, "batches_busy": self.batches.busy}
        if self.replicas:
            shown |= {"wanted": self.replicas.wanted, "there": self.replicas.there}
            shown |= {"replica_seconds": round(self.replicas.seconds, 3)}
        return shown


class Pool:
    """All models of a pool. Made in a running loop.

    Args:
        models: to serve.
        plugin: what answers.
        nightly: URL that is called at each midnight of a virtual clock; empty: none.
    """

    def __init__(self, models: Iterable[Model], plugin: Plugin, nightly: str = "") -> None:
        self._shipped = tuple(models)
        self.plugin = plugin
        self.served: Mapping[str, Served] = {model.name: Served(model) for model in self._shipped}
        self.books = Books(list(self.served), asyncio.get_running_loop().time)
        self.clock = Clock(nightly)
        self.faults = Faults()
        self.key = secrets.token_hex(16)
        self.planned = ""
        plugin.plan({})

    def plan(self, raw: dict[str, Any], digest: str) -> None:
        """Begin anew: `key` of the receipts, `models` (settings that differ from MODELS), the rest is the plug-in's.

        Raises:
            ValueError: it makes no sense, one sentence; nothing but the plug-in may have changed.
        """
        rest = dict(raw)
        key = rest.pop("key", secrets.token_hex(16))
        least, most = KEY_SIGNS
        if not isinstance(key, str) or not least <= len(key) <= most:
            raise ValueError(f"key must be a text of {least} to {most} characters")
        models = changed(self._shipped, rest.pop("models", {}))
        self.plugin.plan(rest)
        self.key, self.planned = key, digest
        for model in models:
            served = self.served[model.name]
            served.version = model.version
            if model != served.model or model.replicas is not None:
                served.take(model)

    def release(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Let models answer as another version from now on: `{name: version}`.

        Raises:
            ValueError: no such model, or no version.
        """
        for name, version in raw.items():
            if name not in self.served:
                raise ValueError(f"versions has no model {str(name)[:40]!r}; there are {', '.join(self.served)}")
            if not isinstance(version, str) or not VERSION.fullmatch(version):
                raise ValueError(f"{name}: a version has 1 to 60 letters, digits, _ @ + -")
        for name, version in raw.items():
            self.served[name].version = version
        return self.versions()

    def versions(self) -> dict[str, Any]:
        """The version of each model."""
        return {name: served.version for name, served in self.served.items()}

    def stats(self, seconds: float = 1.0) -> dict[str, Any]:
        """Of all, and by model: calls and credits, those of the last second and of the last `seconds`, who waits."""
        now = asyncio.get_running_loop().time()
        by_model = {name: self._of(name, now, seconds) for name in self.served}
        every: dict[str, Any] = {}
        for one in by_model.values():
            for key in ("calls", "last_second", "open", "refused", "answers", "credits", "credits_last_second"):
                every[key] = round(every.get(key, 0) + one[key], 6)
            for key, value in one["last"].items():
                every.setdefault("last", {})[key] = round(every.get("last", {}).get(key, 0) + value, 6)
            if "credits_last_day" in one:
                every["credits_last_day"] = round(every.get("credits_last_day", 0) + one["credits_last_day"], 6)
        return {**every, "seconds": seconds, "models": by_model}

    def _of(self, name: str, now: float, seconds: float) -> dict[str, Any]:
        sums, served = self.books.sums[name], self.served[name]
        calls, _, credits = sums.last(now, 1.0)
        last = dict(zip(("calls", "answers", "credits"), sums.last(now, seconds), strict=True))
        shown = {
            "calls": sums.calls,
            "last_second": calls,
            "open": sums.open,
            "refused": sums.refused,
            "answers": sums.answers,
            "credits": round(sums.credits, 6),
            "credits_last_second": round(credits, 6),
            "last": {**last, "credits": round(last["credits"], 6)},
            "version": served.version,
            **served.state(),
        }
        if self.clock.virtual:
            shown["credits_last_day"] = round(sums.last(now, min(self.clock.day_s, 120.0))[2], 6)
        return shown
