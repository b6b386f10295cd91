"""The settings of each tenant: what was pushed last, over the defaults. What is wrong is refused as a whole."""

WEIGHTS = ("weight_fit", "weight_margin", "weight_fresh", "weight_quick", "weight_light")
FLAGS = ("one_per_maker", "own_brand_first", "heavy_last", "close_of_month")
EXCLUSIVE = ("own_brand_first", "heavy_last")
LIMITS = dict.fromkeys(WEIGHTS, (0, 1)) | {"min_stock": (0, 50), "max_price": (1, 100_000), "fresh_days": (30, 3650)}
WHOLE = ("min_stock", "fresh_days")
DEFAULTS = {"min_stock": 1, "max_price": 5000, "fresh_days": 730} | dict.fromkeys(FLAGS, False)
BEFORE_ANY_PUSH = dict(zip(WEIGHTS, (0.4, 0.2, 0.2, 0.1, 0.1), strict=True))
SUM_OFF = 1e-6 + 1e-12  # a millionth, and what adding floats may lose
pushed = {}


def settings_of(tenant):
    """What is in force for a tenant."""
    return DEFAULTS | pushed.get(tenant, BEFORE_ANY_PUSH)


def accept(document):
    """Take a push, which replaces the one before; what is wrong with it by key, and then nothing is taken."""
    if not isinstance(document, dict):
        return {"config": "a push is an object with tenant and config"}
    tenant, config = document.get("tenant"), document.get("config")
    wrong = {}
    if not isinstance(tenant, str) or not tenant:
        wrong["tenant"] = "must be a text that is not empty"
    if isinstance(config, dict):
        wrong |= problems(config)
    else:
        wrong["config"] = "must be an object"
    if not wrong:
        pushed[tenant] = config
    return wrong


def problems(config):
    """What is wrong with settings, by key."""
    wrong = {key: problem for key, value in config.items() if (problem := problem_of(key, value))}
    wrong |= {key: "is missing" for key in WEIGHTS if key not in config}
    if not wrong.keys() & set(WEIGHTS) and abs(sum(config[key] for key in WEIGHTS) - 1) > SUM_OFF:
        wrong["weights"] = "must make 1 together"
    if all(config.get(key) is True for key in EXCLUSIVE):
        wrong |= dict.fromkeys(EXCLUSIVE, f"only one of {' and '.join(EXCLUSIVE)} may be true")
    return wrong


def problem_of(key, value):
    """What is wrong with one setting, or nothing."""
    if key in FLAGS:
        return "" if isinstance(value, bool) else "must be true or false"
    if key not in LIMITS:
        return "is no setting"
    kinds = (int,) if key in WHOLE else (int, float)
    low, high = LIMITS[key]
    if type(value) in kinds and low <= value <= high:
        return ""
    return f"must be a {'whole ' if key in WHOLE else ''}number from {low} to {high}"
