"""Settings that somebody pushes: good ones, and such as are wrong in one of seventeen ways."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from right import DEFAULTS, FLAGS, LIMITS, WEIGHTS, Settings
from words import word

WAYS = (
    "typo", "unknown", "retired", "text", "true", "part", "flag", "null", "low", "high", "negative", "sum", "tenant",
    "both", "missing", "like", "nan",
)  # fmt: skip
APART = ("own_brand_first", "heavy_last")
"""Two flags that exclude each other."""
WHOLE = ("min_stock", "fresh_days")
WAS_ON = (
    "skip_basket", "share_fit", "clip_margin", "fresh_by_setting", "hyperbolic_lead", "smooth_weight", "ties_by_part",
    "stock_gate", "price_cap", "ten_parts", "page_v4", "new_header", "json_feed", "config_v3", "config_by_tenant",
)  # fmt: skip
BARE = (*[(*LIMITS, *FLAGS)] * 3, FLAGS, FLAGS)
"""What whoever pushes some settings only leaves out: all that is no weight, or all flags."""


def good(rng: Random, **also: Any) -> Settings:
    """A configuration: all weights, and some of what may be left out."""
    cuts = sorted(rng.sample(range(1, 1000), 4))
    shares = [after - before for before, after in zip([0, *cuts], [*cuts, 1000], strict=True)]
    if rng.random() < 0.15:
        shares = [shares[0] + shares[1], 0, *shares[2:]]
    config = {weight: share / 1000 or 0 for weight, share in zip(WEIGHTS, shares, strict=True)}
    if rng.random() < 0.3:
        config["weight_fit"] = round(config["weight_fit"] - 3e-7, 7)
    values = {
        "min_stock": rng.choice((0, 1, 2, 5, 12, 50, rng.randint(0, 50))),
        "max_price": rng.choice(
            (rng.randint(60, 900), round(rng.uniform(60, 900), 2), rng.randint(900, 100_000), 100_000)
        ),
        "fresh_days": rng.choice((30, 365, rng.randint(30, 3650), rng.randint(200, 900), 3650)),
    }
    flags = {
        "one_per_maker": rng.random() < 0.6,
        "close_of_month": rng.random() < 0.3,
        rng.choice(APART): rng.random() < 0.75,
    }
    if rng.random() < 0.15:
        values["max_price"] = 1  # nothing is shown
    config |= {key: value for key, value in values.items() if rng.random() < 0.7}
    if rng.random() < 0.3:
        flags = dict.fromkeys(APART, False) | flags
    config |= {key: value for key, value in flags.items() if rng.random() < 0.85} | also
    return {key: config[key] for key in rng.sample(sorted(config), len(config))}


def bare(rng: Random) -> Settings:
    """A configuration without a flag, or of weights only: what is left out is not what it was."""
    config, out = good(rng), rng.choice(BARE)
    return {key: value for key, value in config.items() if key not in out}


def bad(
    rng: Random, way: str, tenant: str, flag: str = "", base: Settings | None = None
) -> tuple[Settings, tuple[str, ...], tuple[str, ...]]:
    """A push that is wrong in that way, and else as `base`, or any: the document, and which keys may be named; one of
    the first has to be."""
    config = dict(base or good(rng))
    document: dict[str, Any] = {"tenant": tenant, "config": config}
    if way == "tenant":
        wrong: tuple[Any, ...] = None, "", 7, [tenant], {"id": tenant}
        document["tenant"] = rng.choice(wrong)
        if rng.random() < 0.5:  # as the first shop's old script has it
            del document["tenant"]
        return document, ("tenant",), ()
    if way in ("retired", "unknown", "like"):
        key, value = _no_setting(rng, way, flag)
        config[key] = value
        return document, (key,), ()
    if way == "both":
        config.update(dict.fromkeys(APART, True))
        return document, APART, ()
    if way == "sum":
        key, off = rng.choice(WEIGHTS), rng.choice((0.5, 0.1, 0.001, 0.00001, 0.000003)) * rng.uniform(0.6, 1)
        off *= rng.choice([sign for sign in (-1, 1) if 0 <= config[key] + sign * off <= 1])
        config[key] = round(config[key] + off, 7)
        return document, (*WEIGHTS, "weights"), ()
    key = _key(rng, way)
    for other in APART if key in APART else ():
        config.pop(other, None)
    if way == "missing" and rng.random() < 0.5:  # all five are left out, or all that there is
        others = {} if rng.random() < 0.4 else {one: config[one] for one in config if one not in WEIGHTS}
        return document | {"config": others}, WEIGHTS, ()
    config.setdefault(key, DEFAULTS.get(key, True))
    beside = ("weights",) if key in WEIGHTS else ()
    if way == "typo":
        typo = _typo(rng, key)
        config[typo] = config.pop(key)
        return document, (typo, key), beside
    if way in ("negative", "missing"):
        (_below if way == "negative" else _moved)(rng, key, config)
    else:
        config[key] = _wrong(rng, way, key, config[key])
    return document, (key,), beside


def _no_setting(rng: Random, way: str, flag: str) -> tuple[str, Any]:
    """A key that must not be there, and what it has: one that begins as a weight does may be one by its value."""
    if way == "like":
        return f"weight_{_nobodys(rng)}", rng.choice((0, round(rng.random(), rng.randint(1, 3))))
    if flag:
        return flag, flag in WAS_ON if rng.random() < 0.55 else _no_flag(rng, flag not in WAS_ON, 1, None)
    return _anothers(rng) if rng.random() < 0.3 else _nobodys(rng), _anything(rng)


def _no_flag(rng: Random, *also: Any) -> Any:
    """Neither true nor false, half of the time an object or a list; or what is there also."""
    on = rng.choice((True, False, 1, "on"))
    text = rng.choice((*("true", "on", "yes") * 3, rng.choice(("false", "off", "no"))))
    number = rng.choice((0, 1, 0, 1, rng.choice((0.5, rng.randint(2, 99)))))
    several = rng.choice(([], [on], {}, {word(rng): on}))
    return rng.choice((*also, text, text, number, number, *[several] * 4))


def _nobodys(rng: Random) -> str:
    """A key that nobody has ever had: any letters, sometimes behind a key that there is."""
    one, other = word(rng, 3, 8), word(rng, 3, 8)
    key = rng.choice((one, f"{one}_{other}", f"{one}_{rng.randint(1, 99)}", one + other.title()))
    return f"{rng.choice((*WEIGHTS, *LIMITS, *FLAGS))}_{key}" if rng.random() < 0.3 else key


def _anothers(rng: Random) -> str:
    """A key of ours as another service would call its own: behind a name, or in front of one."""
    ours, theirs = rng.choice((*WEIGHTS, *LIMITS, *FLAGS)), word(rng, 3, 8)
    return rng.choice((f"{theirs}{{}}{ours}", f"{ours}{{}}{theirs}")).format(rng.choice(".:/"))


def _anything(rng: Random) -> Any:
    """What such a key has: often a whole number, an object, or a text that says something."""
    some, whole = word(rng), rng.randint(2, 9 ** rng.randint(1, 9))
    text = rng.choice((some, f"{some} {whole}"))
    few = True, False, None, round(rng.uniform(0, 9), 2), rng.choice(("", "on", "off")), [some]
    return rng.choice((*few, *[whole] * 4, *[text] * 6, *[{rng.choice((some, "min_stock")): whole}] * 4))


def _key(rng: Random, way: str) -> str:
    """A key that can be wrong in that way."""
    if way == "part":
        return rng.choice(WHOLE)
    if way == "nan" and rng.random() < 0.6:  # no sum, and no whole number, sees it there
        return "max_price"
    if way in ("low", "high"):
        return rng.choice((*LIMITS, rng.choice(WEIGHTS)) if way == "high" else (*LIMITS,))
    if way == "flag":
        return rng.choice(FLAGS)
    if way in ("negative", "missing") or rng.random() < 0.5:
        return rng.choice(WEIGHTS)
    return rng.choice((*LIMITS,) if way in ("text", "true", "nan") else (*LIMITS, *FLAGS))


def _wrong(rng: Random, way: str, key: str, value: Any) -> Any:
    """What is there instead of a value."""
    low, high = LIMITS.get(key, (0, 1))
    if way == "part":
        off = round(rng.uniform(0.01, 0.99), 2)
        return round(value + (off if value < high else -off), 2)
    choices = {
        "text": (str(value), f"{value} ", [value]),
        "true": (True, False),
        "flag": (_no_flag(rng),),
        "null": (None,),
        "nan": (*[math.nan] * 5, rng.choice((math.inf, -math.inf))),
        "low": (low - (1 if key in WHOLE else 0.01), low - rng.randint(2, 20)),
        "high": (high + 1, high * rng.randint(2, 40)),
    }
    return rng.choice(choices[way])


def _typo(rng: Random, key: str) -> str:
    at = rng.choice([at for at in range(len(key) - 1) if key[at] != key[at + 1]])
    return rng.choice(
        (
            key[:at] + key[at + 1] + key[at] + key[at + 2 :],
            key[:at] + key[at + 1 :],
            key[:at] + key[at] + key[at:],
            key.replace("_", "-"),
            key.replace("_", ""),
            key.title(),
        )
    )


def _moved(rng: Random, key: str, config: Settings) -> None:
    """A weight is left out, and what is left makes 1 as before."""
    other = rng.choice([one for one in WEIGHTS if one != key])
    config[other] = round(config[other] + config.pop(key), 7)


def _below(rng: Random, key: str, config: Settings) -> None:
    """A weight below 0, and all of them make 1 as before."""
    most = max((one for one in WEIGHTS if one != key), key=lambda one: config[one])
    both = config[most] + config[key]
    missing = round(min(rng.choice((0.01, 0.05, 0.2)), 1 - both), 3)
    config[most], config[key] = round(both + missing, 7), -missing
