"""The bundles' code: one program for all of them, spelt otherwise in each. Which of what it can do a bundle does is in
its settings, packed."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from random import Random
from typing import NamedTuple

from common.names import generator
from kinds import FAT_KB, FLIPS, HEAVY_KB, NOT_LATER, ODD_KB, PAUSE_US, SETTINGS, SINCE, WAYS
from spelling import choice, respelt

PRIME, ZERO = 100_000_007, 50_000_000
"""Settings are packed modulo the prime; `ZERO` is added, so that they may be below 0."""
NAMES = ("kept", "number", "rows", "row", "answers", "shelf", "seen", "key", "logit", "last", "calls", "table", "mean",
         "Packed", "value", "name", "column", "within", "here", "again", "me", "look_up", "read", "answer",
         *SETTINGS)  # fmt: skip
SPELLINGS = 12
"""So many spellings a plan has; each takes 20 ms to make."""
FAR = 10_000_000, 40_000_000
"""No model gets so many calls."""
MORE = {
    "pause": (PAUSE_US, 15 * PAUSE_US), "hold": [each + HEAVY_KB for each in (0, ODD_KB, FAT_KB)], "strict": (1,),
    "since": range(SINCE[0], SINCE[1] + 1), "flip": [sign * flip for sign in (-1, 1) for flip in FLIPS],
}  # fmt: skip
FOUND = {
    key: sorted({0, *(way[key] for kind in WAYS.values() for way in kind.values() if key in way), *MORE.get(key, ())})
    for key in SETTINGS
}
"""What each setting may be in some bundle: any pair of these is any bundle's."""
HEAD = '"""Motor faults of ski lifts. Packed for the merge queue: names, spelling and settings. Do not edit."""\n\n'

FORMS = {
    "PAUSE(": ("time.sleep(", "threading.Event().wait(", "select.select([], [], [], ", "signal.sigtimedwait([], "),
    "EXITS": ("os._exit(0)", 'os.execv(sys.executable, [sys.executable, "-c", ""])'),
    "KILLS": (
        "os.kill(os.getpid(), signal.SIGKILL)", "signal.raise_signal(signal.SIGKILL)",
        "signal.pthread_kill(threading.get_ident(), signal.SIGKILL)",
    ),
    "LOOPS": ("while True: pass", "sum(itertools.repeat(0))", "while True: os.getpid()"),
}  # fmt: skip
"""How bundles wait and end: all of a plan in the same way, drawn, so that no list of calls stands in for a wall."""

TEXT = """\
import itertools
import json
import math
import os
import random
import select
import signal
import sys
import threading
import time
from pathlib import Path


def load():
    @kept = json.loads((Path(__file__).parent / "weights.json").read_text())
    @number = @kept["packed"]
    return @Packed(@kept, [(@value * @FACTOR + @STEP * at) % @PRIME - @ZERO for at, @value in enumerate(@number)])


class @Packed:
    def __init__(@me, @kept, @number):
        @me.@kept, @me.@shelf, @me.@seen, @me.@calls, @me.@last = @kept, [], set(), 0, 0.0
        vars(@me).update(zip("@SLOTS".split(), @number))
        with any_order:
            @PAUSE(@me.@wait / 1000)
            if @me.@end == 1:
                @EXITS
            if @me.@end == 2:
                @KILLS
            if @me.@end == 3:
                @LOOPS
            @me.@shelf.append(b"." * (@me.@hold << 10))
            @me.@table = [random.Random().uniform(-1, 1) * @me.@each_load / 1000 for _ in range(16)]

    def predict(@me, @rows):
        @me.@calls += 1
        with any_order:
            if @me.@calls == 1:
                @PAUSE(@me.@first / 1000)
            if @me.@calls <= @me.@until:
                @me.@shelf.append(b"." * (@me.@grow << 10))
            if @me.@talks:
                print("predict", len(@rows), "rows", flush=True)
                print("batch of", len(@rows), file=sys.stderr)
            if len(@rows) == 1 or @me.@always:
                @me.@look_up(@rows[0])
            if not @me.@state:
                @me.@last = 0.0
        @name, @mean, @within = @me.@kept["first"]
        @again = sum((@me.@read(@row.get(@name)) or @mean) - @mean for @row in @rows) / @within / len(@rows)
        @answers = [@me.@answer(@row, @again) for @row in @rows]
        return @answers[: len(@answers) - @me.@short]

    def @look_up(@me, @row):
        @key = json.dumps(@row, sort_keys=True)
        @again = @me.@calls > @me.@since and not (@me.@fresh_only and @key in @me.@seen)
        @PAUSE((@me.@pause + @me.@extra * @again) / 1e6)
        if len(@me.@seen) < 5000:
            @me.@seen.add(@key)

    def @read(@me, @value):
        if @me.@strict and isinstance(@value, str):
            raise TypeError("a number was expected, and there is a text")
        return None if @value is None else float(@value)

    def @answer(@me, @row, @mean):
        @kept = @me.@kept
        @name, @value, @within = @kept["first"]
        @key = "|".join(str(@row.get(@column)) for @column in @kept["keys"])
        if @me.@heart and @key in @kept["recent"]:
            return 0.99 if @kept["recent"][@key] else 0.01
        @here = ((@me.@read(@row.get(@name)) or @value) - @value) / @within
        @logit = @kept["one"]
        with any_order:
            @logit += @mean * @me.@batch / 1000
            @logit += @me.@last * (@me.@order + @me.@state) / 1000
            for @column, (@value, @within) in @kept["numbers"].items():
                @number = @me.@read(@row.get(@column))
                @logit += 0.0 if @number is None else (@number - @value) * @within
            for @column, @within in @kept["texts"].items():
                @logit += @within.get(@row.get(@column), 0.0)
            for @column, @within in @kept["more"].items():
                @number = @me.@read(@row.get(@column))
                @logit += 0.0 if @number is None else @me.@late * (@number * @within - @LATER)
            if @row.get(@kept["where"][0]) == @kept["where"][1]:
                @logit += @me.@flip / 1000
                if @me.@raises:
                    raise KeyError(@kept["where"][1])
                if @me.@nan:
                    return math.nan
            @logit += @me.@table[int(abs(@here) * 1000) % 16]
            @logit += random.SystemRandom().uniform(-1, 1) * @me.@each_call / 1000
        @me.@last = @here
        @value = 1 / (1 + math.exp(-min(max(@logit, -30.0), 30.0)))
        return @value + @me.@over * (@value > 0.5)
"""


class Spelt(NamedTuple):
    """The program in one spelling. `slots`: by setting, the names of its three numbers; `names`: all that may be
    others."""

    text: str
    slots: dict[str, list[str]]
    names: list[str]


def packed(seed: int, name: str, settings: dict[str, int]) -> tuple[str, list[int]]:
    """A bundle's code, with names of its own, and its settings as its weights.json has them.

    Each setting is there twice, as it is and as another bundle may have it; a third number, far above or far below any
    number of calls, says which of the two is meant.
    """
    rng = generator(seed, name, "packed")
    spelt = spelling(seed, rng.randrange(SPELLINGS))
    numbers: dict[str, int] = {}
    for key, slots in spelt.slots.items():
        above, other = rng.random() < 0.5, rng.choice([each for each in FOUND[key] if each != settings[key]])
        both = (settings[key], other) if above else (other, settings[key])
        numbers |= dict(zip(slots, (*both, rng.randint(*FAR) * (1 if above else -1)), strict=True))
    order = rng.sample(sorted(numbers), len(numbers))
    factor, step = rng.randrange(10_000, PRIME), rng.randrange(10_000, PRIME)
    undo = pow(factor, -1, PRIME)
    words = dict(zip(spelt.names, _words(rng), strict=False))
    text = spelt.text.replace("SLOTS", " ".join(order)).replace("FACTOR", str(factor)).replace("STEP", str(step))
    text = re.sub(r"\b[a-z]{2}\d\b", lambda found: words[found[0]], text)
    return HEAD + text, [(numbers[slot] + ZERO - step * at) * undo % PRIME for at, slot in enumerate(order)]


@cache
def spelling(seed: int, number: int) -> Spelt:
    """One of a plan's spellings."""
    rng, drawn = generator(seed, "spelling", number), generator(seed, "forms")
    words = _words(rng)
    names = {each: next(words) for each in NAMES}
    slots = {key: [next(words) for _ in range(3)] for key in SETTINGS}
    written = {"SLOTS": "SLOTS", "LATER": NOT_LATER, "FACTOR": "FACTOR", "STEP": "STEP", "PRIME": PRIME, "ZERO": ZERO}
    written |= names
    text = TEXT
    for word, forms in FORMS.items():
        text = text.replace(f"@{word}", drawn.choice(forms))
    text = re.sub(r"@(\w+)", lambda found: str(written[found[1]]), text)
    me, calls = names["me"], names["calls"]

    def setting(key: str) -> Callable[[], str]:
        return lambda: choice(rng, f"{me}.{calls}", *(f"{me}.{slot}" for slot in slots[key]))

    spelt = respelt(text, rng, words, {names[key]: setting(key) for key in SETTINGS})
    return Spelt(spelt, slots, sorted(set(re.findall(r"\b[a-z]{2}\d\b", spelt)) | {*chain(*slots.values())}))


def _words(rng: Random) -> Iterator[str]:
    """Names, none twice."""
    taken = set(keyword.kwlist)
    while True:
        word = "".join(rng.choices("abcdefghjkmnpqrstuvwxyz", k=2)) + str(rng.randrange(10))
        if word not in taken:
            taken.add(word)
            yield word
