"""Generators for what is drawn of a trial, and its words."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
from common.names import generator
from kinds import Trial

Columns = dict[str, Any]
"""A table: names, and lists or arrays of one length."""

TOOLS = (
    "anchor", "beacon", "bellwether", "bobbin", "brook", "candle", "cinder", "clapper", "compass", "cricket", "dial",
    "ember", "ferret", "flint", "gauge", "gimbal", "hawser", "heron", "isobar", "keel", "kestrel", "lantern", "lark",
    "lodestar", "magpie", "marlin", "mica", "nettle", "otter", "pendulum", "plumb", "quill", "rudder", "sextant",
    "shale", "sluice", "spindle", "tansy", "thimble", "tiller", "turnstile", "vane", "warbler", "weir", "whistle",
)  # fmt: skip
AUTHORS = (
    "abara", "almeida", "arslan", "baptiste", "bianchi", "castro", "cohen", "dahl", "diaz", "eriksen", "fischer",
    "gallo", "haddad", "hansen", "ivanova", "jansen", "kaya", "kimura", "kowalski", "lindqvist", "marino", "mbeki",
    "molina", "nakamura", "novak", "okafor", "olsen", "park", "petrov", "quispe", "rahman", "romero", "sato",
    "schmidt", "silva", "tanaka", "toth", "vargas", "weber", "yilmaz", "zhang", "zimmer",
)  # fmt: skip
HANDLES = (
    "bitmason", "bluehour", "coldbrew", "deltafox", "eightbar", "farsight", "halfmoon", "ironbark", "latecommit",
    "longtail", "nightowl", "offbyone", "paperclip", "quietloop", "redshift", "sidecar", "tabstop", "underpass",
)  # fmt: skip
"""What else people call themselves, on another machine."""
LICENCES = "Apache-2.0", "MIT", "BSD-3-Clause", "AGPL-3.0", "BUSL-1.1", "MPL-2.0", "SSPL-1.0", "ISC"


def drawn(seed: int, case: Trial, *what: int | str) -> Random:
    """A generator for one thing of a trial."""
    return generator(seed, case["id"], *what)


def arrays(rng: Random) -> np.random.Generator:
    """The same for many numbers at once."""
    return np.random.default_rng(rng.getrandbits(128))
