"""Feature flags. A flag is what the configuration says; if it says nothing, what is written here.

Please remove your flag when your experiment is over (2021-10-04).
"""

DEFAULTS = {
    # ranking
    "skip_basket": True,
    "share_fit": True,
    "clip_margin": True,
    "fresh_by_setting": True,
    "hyperbolic_lead": True,
    "smooth_weight": True,
    "ties_by_part": True,
    "stock_gate": True,
    "price_cap": True,
    "ten_parts": True,
    "one_per_maker": False,
    "own_brand_first": False,
    "heavy_last": False,
    "season_boost": False,
    "bundle_discount": False,
    "fallback_bestsellers": False,
    # experiments
    "use_affinity_v2": False,
    "holdout_group": False,
    "ab_2022_q3": False,
    "page_v4": True,
    "new_header": True,
    # plumbing
    "json_feed": True,
    "config_v3": True,
    "config_by_tenant": True,
    "price_in_cents": False,
    "cents_at_the_till": False,
    "warm_cache": False,
    "use_redis": False,
    "debug_scores": False,
    # ask finance before you touch this
    "close_of_month": False,
}


def on(settings, name):
    """Whether a flag is on."""
    value = settings.get(name, DEFAULTS[name])
    if isinstance(value, str):
        return value.strip().lower() in ("1", "on", "true", "yes")
    return bool(value)
