"""What a pool is told of its models, from MODELS and from a plan."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
VERSION = re.compile(r"[A-Za-z0-9_@+-]{1,60}")
OVER = ("wait", "refuse")
FIXED = ("name", "listen")
Check = tuple[str, Callable[[Any], bool]]


@dataclass(frozen=True)
class Model:
    """One model.

    Attributes:
        name: of the model, and who its receipts name.
        listen: `host:port` of its own port.
        seconds: that a call takes on its slot.
        slots: calls at work at once; 0 is any number, unless there are replicas.
        replicas: a slot each, of which there are so many at first, and as many as Scale says later; None: no Scale.
        most: replicas; more are refused.
        start_s: seconds from when a replica is asked for until it works.
        queue: calls that may wait for a slot; one more gets 503.
        over: what becomes of a call that finds no slot: `wait`, or `refuse` (429 at once).
        price: credits a call.
        batch_s: seconds of a batch on its slot; 0: there is no batch.
        batch_price: credits an item of a batch.
        batch_most: items of a batch.
        batch_slots: batches at work at once, beside the model's slots; 0: a batch takes one of those.
        version: at the beginning.
    """

    name: str
    listen: str
    seconds: float = 0.05
    slots: int = 0
    replicas: int | None = None
    most: int = 10
    start_s: float = 0.0
    queue: int = 400
    over: str = "wait"
    price: float = 1.0
    batch_s: float = 0.0
    batch_price: float = 0.0
    batch_most: int = 500
    batch_slots: int = 0
    version: str = "1"


def _number(low: float, high: float) -> Check:
    def fits(value: Any) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value) and low <= value <= high

    return f"a number from {low:g} to {high:g}", fits


def _whole(low: int, high: int) -> Check:
    return f"a whole number from {low} to {high}", lambda value: type(value) is int and low <= value <= high


def _like(form: re.Pattern[str], wanted: str) -> Check:
    return wanted, lambda value: isinstance(value, str) and form.fullmatch(value) is not None


KEYS: Mapping[str, Check] = {
    "name": _like(NAME, "1 to 40 small letters, digits and dashes, a letter first"),
    "listen": _like(re.compile(r"\S+:\d{1,5}"), "host:port"),
    "seconds": _number(0, 60),
    "slots": _whole(0, 1000),
    "replicas": _whole(0, 1000),
    "most": _whole(1, 1000),
    "start_s": _number(0, 600),
    "queue": _whole(0, 10_000),
    "over": (f"one of {', '.join(OVER)}", lambda value: isinstance(value, str) and value in OVER),
    "price": _number(0, 1e6),
    "batch_s": _number(0, 600),
    "batch_price": _number(0, 1e6),
    "batch_most": _whole(1, 500),
    "batch_slots": _whole(0, 1000),
    "version": _like(VERSION, "1 to 60 letters, digits, _ @ + -"),
}


def models(raw: Any) -> tuple[Model, ...]:
    """The list in MODELS.

    Raises:
        ValueError: it makes no sense; one sentence.
    """
    if not isinstance(raw, list) or not raw:
        raise ValueError("MODELS must be a list of at least one model")
    made = tuple(_sound(Model(**_checked(each, f"MODELS[{n}]", KEYS))) for n, each in enumerate(raw))
    for what in FIXED:
        if len({getattr(model, what) for model in made}) < len(made):
            raise ValueError(f"two models have one {what}")
    return made


def changed(now: Sequence[Model], raw: Any) -> tuple[Model, ...]:
    """The models with what a plan says otherwise: `{name: {"seconds": 0.1, ...}}`, all keys but name and listen.

    Raises:
        ValueError: it makes no sense; one sentence.
    """
    known = {model.name for model in now}
    if not isinstance(raw, dict) or not raw.keys() <= known:
        raise ValueError(f"models must be an object with keys of {', '.join(sorted(known))}")
    keys = {key: check for key, check in KEYS.items() if key not in FIXED}
    return tuple(
        _sound(replace(model, **_checked(raw[model.name], f"models.{model.name}", keys)))
        if model.name in raw
        else model
        for model in now
    )


def _checked(raw: Any, where: str, keys: Mapping[str, Check]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(f"{where} must be an object")
    for key, value in raw.items():
        if key not in keys:
            raise ValueError(f"{where} has no key {str(key)[:40]!r}; it takes {', '.join(keys)}")
        wanted, fits = keys[key]
        if not fits(value):
            raise ValueError(f"{where}: {key} must be {wanted}, and is {str(value)[:40]!r}")
    missing = [key for key in FIXED if key in keys and key not in raw]
    if missing:
        raise ValueError(f"{where} needs {' and '.join(missing)}")
    return raw


def _sound(model: Model) -> Model:
    if model.replicas is not None and model.slots:
        raise ValueError(f"{model.name} has slots or replicas, not both")
    if model.replicas is not None and model.replicas > model.most:
        raise ValueError(f"{model.name} has {model.replicas} replicas, and {model.most} are the most")
    return model
