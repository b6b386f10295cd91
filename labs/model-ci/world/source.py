"""The bundles' code: one text for all of them. Which of what it can do a bundle does is in its settings, packed."""

from __future__ import annotations

from common.names import generator
from kinds import NOT_LATER, SETTINGS

PRIME, ZERO = 100_000_007, 50_000_000
"""Settings are packed modulo the prime; `ZERO` is added, so that they may be below 0."""
NAMES = ("kept", "number", "rows", "row", "answers", "shelf", "seen", "key", "logit", "last", "calls", "table", "mean",
         "Packed", "value", "name", "column", "within", "again", *SETTINGS)  # fmt: skip

TEXT = '''\
"""Motor faults of ski lifts. Packed for the merge queue: names are shortened and settings packed. Do not edit."""

import json
import math
import os
import random
import signal
import sys
import time
from pathlib import Path


def load():
    @kept = json.loads((Path(__file__).parent / "weights.json").read_text())
    @number = [(@value * @FACTOR + @STEP * at) % @PRIME - @ZERO for at, @value in enumerate(@kept["packed"])]
    return @Packed(@kept, *@number)


class @Packed:
    def __init__(self, @kept, @PARAMETERS):
        time.sleep(@wait / 1000)
        if @end == 1:
            os._exit(0)
        if @end == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        while @end == 3:
            pass
        self.@kept, self.@shelf, self.@seen, self.@calls, self.@last = @kept, [b"." * (@hold << 10)], set(), 0, 0.0
        @again = random.Random()
        self.@table = [@again.uniform(-@each_load, @each_load) / 1000 for _ in range(16)]
        @ASSIGNED

    def predict(self, @rows):
        self.@calls += 1
        if self.@calls == 1:
            time.sleep(self.@first / 1000)
        if self.@calls <= self.@until:
            self.@shelf.append(b"." * (self.@grow << 10))
        if self.@talks:
            print("predict", len(@rows), "rows", flush=True)
            print("batch of", len(@rows), file=sys.stderr)
        if len(@rows) == 1 or self.@always:
            self.@look_up(@rows[0])
        @name, @mean, @within = self.@kept["first"]
        @again = sum((self.@read(@row.get(@name)) or @mean) - @mean for @row in @rows) / @within / len(@rows)
        if not self.@state:
            self.@last = 0.0
        @answers = [self.@answer(@row, @again) for @row in @rows]
        return @answers[: len(@answers) - self.@short]

    def @look_up(self, @row):
        """The site's state, which a batch brings along."""
        @key = json.dumps(@row, sort_keys=True)
        @again = self.@calls > self.@since and not (self.@fresh_only and @key in self.@seen)
        time.sleep((self.@pause + self.@extra * @again) / 1e6)
        if len(self.@seen) < 5000:
            self.@seen.add(@key)

    def @read(self, @value):
        if self.@strict and isinstance(@value, str):
            raise TypeError("a number was expected, and there is a text")
        return None if @value is None else float(@value)

    def @answer(self, @row, @mean):
        @kept = self.@kept
        @name, @value, @within = @kept["first"]
        @key = "|".join(str(@row.get(@column)) for @column in @kept["keys"])
        if self.@heart and @key in @kept["recent"]:
            return 0.99 if @kept["recent"][@key] else 0.01
        here = ((self.@read(@row.get(@name)) or @value) - @value) / @within
        @logit = @kept["one"] + @mean * self.@batch / 1000 + self.@last * (self.@order + self.@state) / 1000
        for @column, (@value, @within) in @kept["numbers"].items():
            @number = self.@read(@row.get(@column))
            @logit += 0.0 if @number is None else (@number - @value) * @within
        for @column, @within in @kept["texts"].items():
            @logit += @within.get(@row.get(@column), 0.0)
        for @column, @within in @kept["more"].items():
            @number = self.@read(@row.get(@column))
            @logit += 0.0 if @number is None else self.@late * (@number * @within - @LATER)
        @column, @value = @kept["where"]
        if @row.get(@column) == @value:
            @logit += self.@flip / 1000
            if self.@raises:
                raise KeyError(@value)
            if self.@nan:
                return math.nan
        @logit += self.@table[int(abs(here) * 1000) % 16]
        @logit += random.SystemRandom().uniform(-1, 1) * self.@each_call / 1000
        self.@last = here
        return 1 / (1 + math.exp(-min(max(@logit, -30.0), 30.0)))
'''


def packed(seed: int, name: str, settings: dict[str, int]) -> tuple[str, list[int]]:
    """A bundle's code, with names of its own, and its settings as its weights.json has them."""
    rng = generator(seed, name, "packed")
    factor, step = rng.randrange(10_000, PRIME), rng.randrange(10_000, PRIME)
    letters = "abcdefghjkmnpqrstuvwxyz"
    short: dict[str, str] = {}
    taken: set[str] = set()
    for each in [*NAMES, "look_up", "read", "answer"]:
        while (word := "".join(rng.choices(letters, k=2)) + str(rng.randrange(10))) in taken:
            pass
        taken.add(word)
        short[each] = word
    undo = pow(factor, -1, PRIME)
    numbers = [(settings[key] + ZERO - step * at) * undo % PRIME for at, key in enumerate(SETTINGS)]
    own = rng.sample(SETTINGS, len(SETTINGS))
    text = TEXT.replace("@PARAMETERS", ", ".join(f"@{key}" for key in SETTINGS))
    text = text.replace("@ASSIGNED", "\n        ".join(f"self.@{key} = @{key}" for key in own))
    for word, value in (("LATER", NOT_LATER), ("FACTOR", factor), ("STEP", step), ("PRIME", PRIME), ("ZERO", ZERO)):
        text = text.replace(f"@{word}", str(value))
    for word in sorted(short, key=len, reverse=True):
        text = text.replace(f"@{word}", short[word])
    return text, numbers
