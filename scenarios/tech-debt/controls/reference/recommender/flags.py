"""Flags that are gone, so that whoever pushes one is told."""

RETIRED = frozenset(
    [
        "skip_basket",
        "share_fit",
        "clip_margin",
        "fresh_by_setting",
        "hyperbolic_lead",
        "smooth_weight",
        "ties_by_part",
        "stock_gate",
        "price_cap",
        "ten_parts",
        "season_boost",
        "bundle_discount",
        "fallback_bestsellers",
        "use_affinity_v2",
        "holdout_group",
        "ab_2022_q3",
        "page_v4",
        "new_header",
        "json_feed",
        "config_v3",
        "config_by_tenant",
        "price_in_cents",
        "cents_at_the_till",
        "warm_cache",
        "use_redis",
        "debug_scores",
    ]
)
