"""Settings that somebody pushes: good ones, and such as are wrong in one of seven ways."""

from right import DEFAULTS, FLAGS, LIMITS, WEIGHTS

WAYS = ("typo", "retired", "type", "range", "sum", "tenant", "both")
APART = ("own_brand_first", "heavy_last")
"""Two flags that exclude each other."""


def good(rng, **also):
    """A configuration: all weights, and some of what may be left out."""
    cuts = sorted(rng.sample(range(1, 100), 4))
    shares = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    if rng.random() < 0.15:
        shares = [shares[0] + shares[1], 0, *shares[2:]]
    config = {weight: share / 100 or 0 for weight, share in zip(WEIGHTS, shares, strict=True)}
    values = {
        "min_stock": rng.choice((0, 1, 2, 5, 12, 50)),
        "max_price": rng.choice((rng.randint(60, 900), round(rng.uniform(60, 900), 2), 100_000)),
        "fresh_days": rng.choice((30, 365, rng.randint(200, 900), 3650)),
        "one_per_maker": rng.random() < 0.5,
        "close_of_month": rng.random() < 0.3,
        rng.choice(APART): rng.random() < 0.6,
    }
    config |= {key: value for key, value in values.items() if rng.random() < 0.7} | also
    return {key: config[key] for key in rng.sample(sorted(config), len(config))}


def bad(rng, way, tenant, flag=""):
    """A push that is wrong in that way: the document, and which keys may be named; one of the first has to be."""
    config = good(rng)
    document = {"tenant": tenant, "config": config}
    if way == "tenant":
        document["tenant"] = rng.choice((None, "", 7, [tenant]))
        if rng.random() < 0.4:
            del document["tenant"]
        return document, ("tenant",), ()
    if way == "retired":
        config[flag] = rng.random() < 0.5
        return document, (flag,), ()
    if way == "both":
        config.update(dict.fromkeys(APART, True))
        return document, APART, ()
    if way == "sum":
        key = rng.choice(WEIGHTS)
        config[key] = round(config[key] + rng.choice((-1, 1) if 0.1 < config[key] < 0.9 else (1,)) * 0.1, 2)
        if config[key] > 1:
            config[key] = 0.4
        return document, (*WEIGHTS, "weights"), ()
    key = rng.choice(WEIGHTS) if rng.random() < 0.5 else rng.choice((*LIMITS, *FLAGS) if way != "range" else (*LIMITS,))
    beside = (*WEIGHTS, "weights") if key in WEIGHTS and way != "range" else ()
    if key in APART:
        for flag in APART:
            config.pop(flag, None)
    config.setdefault(key, DEFAULTS.get(key, True))
    if way == "typo":
        typo = _typo(rng, key)
        config[typo] = config.pop(key)
        return document, (typo, key), beside
    config[key] = _other_type(rng, key, config[key]) if way == "type" else _out_of_range(rng, key, config)
    return document, (key,), beside


def _typo(rng, key):
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


def _other_type(rng, key, value):
    if key in FLAGS:
        return rng.choice(("true", "on", "yes", 1, 0, None, [True]))
    half = (value + 0.5,) * 2 if key in ("min_stock", "fresh_days") else ()
    return rng.choice((str(value), f"{value} ", True, False, None, [value], *half))


def _out_of_range(rng, key, config):
    if key in LIMITS:
        low, high = LIMITS[key]
        return rng.choice((low - 1, low - rng.randint(2, 20), high + 1, high * 2))
    most = max((one for one in WEIGHTS if one != key), key=config.get)
    both = config[most] + config[key]
    missing = round(min(rng.choice((0.01, 0.05, 0.2)), 1 - both), 2)
    config[most] = round(both + missing, 2)
    return -missing
