"""Values at checkout, from the live tables. One query a feature; new ones: ask the checkout team for a slot."""

from datetime import datetime

QUERIES = {
    "spend_30d": """
        SELECT COALESCE(sum(amount::real), 0) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '30 days' AND $2
    """,
    # 14 days since March, Risk wanted it (RISK-212)
    "orders_7d": """
        SELECT count(*) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '14 days' AND $2
    """,
    "refund_share_90d": """
        SELECT COALESCE(avg((status = 'refunded')::int), 0) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '90 days' AND $2
    """,
    "mean_basket_30d": """
        SELECT COALESCE(avg(amount), 0) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '30 days' AND $2
    """,
    "orders_today": """
        SELECT count(*) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN date_trunc('day', $2::timestamptz) AND $2
    """,
    "max_order_60d": """
        SELECT COALESCE(max(amount), 0) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '60 days' AND $2
    """,
    "days_since_order": """
        SELECT COALESCE(extract(day FROM $2::timestamptz - max(placed_at)), 90) FROM orders
        WHERE customer = $1 AND placed_at BETWEEN $2::timestamptz - interval '90 days' AND $2
    """,
    "view_seconds_7d": """
        SELECT COALESCE(sum(seconds), 0) FROM page_views
        WHERE customer = $1 AND at BETWEEN date_trunc('day', $2::timestamptz) - interval '7 days' AND $2
    """,
}


async def values(pool, customer, at, wanted):
    moment = datetime.fromisoformat(at)
    found = {}
    for name in wanted:
        query = QUERIES.get(name)
        found[name] = None if query is None else float(await pool.fetchval(query, customer, moment))
    return found
