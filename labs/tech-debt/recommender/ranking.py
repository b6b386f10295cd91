"""Which parts the page shows, and in which order."""

import calendars
import catalogue
import columns
import experiments
import flags
import offers
import reports
import scoring
from config import number

SHOWN = 10
OWN_BRAND = "Marrow"
HEAVY_G = 5000


def recommend(tenant, asked, date, settings):
    """The rows to be shown, the best first."""
    basket = catalogue.rows_of(tenant, asked)
    if flags.on(settings, "holdout_group") and experiments.in_holdout(tenant, asked):
        return []
    rows = [row for row in catalogue.all_rows(tenant) if allowed(row, settings)]
    if flags.on(settings, "skip_basket"):
        rows = [row for row in rows if row[columns.PART] not in asked]
    else:
        rows = with_basket_last(rows, asked)
    if flags.on(settings, "close_of_month") and calendars.last_of_month(date):
        rows = [row for row in rows if calendars.ships_before_close(row)]
    scored = [(scoring.score(row, basket, settings, date), row) for row in rows]
    scored = [(score, row) for score, row in scored if score is not None]
    if flags.on(settings, "debug_scores"):
        for _, row in scored:
            print("\n".join(reports.explain_score(row, basket, settings)))
    ordered = in_order(scored, settings)
    if not ordered and flags.on(settings, "fallback_bestsellers"):
        ordered = offers.bestsellers(catalogue.all_rows(tenant))
    if not flags.on(settings, "ten_parts"):
        return first_twelve(ordered)
    return ordered[:SHOWN]


def allowed(row, settings):
    """Whether a part may be shown at all."""
    if flags.on(settings, "stock_gate"):
        stocked = row[columns.STOCK] >= number(settings, "min_stock")
    else:
        stocked = in_stock_somewhere(row)
    if flags.on(settings, "price_cap"):
        return stocked and row[columns.PRICE] <= number(settings, "max_price")
    return stocked and under_cap_of_maker(row)


def in_order(scored, settings):
    """Rows by score, then by the rules of the house."""
    if flags.on(settings, "ties_by_part"):
        scored = sorted(scored, key=lambda one: (-one[0], one[1][columns.PART]))
    else:
        scored = by_arrival(scored)
    rows = [row for _, row in scored]
    # the two below must not both be on: each looks whether the other is
    if flags.on(settings, "own_brand_first") and not flags.on(settings, "heavy_last"):
        rows = sorted(rows, key=lambda row: row[columns.MAKER] != OWN_BRAND)
    if flags.on(settings, "heavy_last") and not flags.on(settings, "own_brand_first"):
        rows = sorted(rows, key=lambda row: row[columns.WEIGHT] > HEAVY_G)
    if flags.on(settings, "one_per_maker"):
        rows = one_of_each(rows)
    return rows


def one_of_each(rows):
    """The first part of each maker."""
    makers, kept = set(), []
    for row in rows:
        if row[columns.MAKER] not in makers:
            makers.add(row[columns.MAKER])
            kept.append(row)
    return kept


def with_basket_last(rows, asked):
    """What is in the basket already goes to the end."""
    return sorted(rows, key=lambda row: row[columns.PART] in asked)


def by_arrival(scored):
    """Equal scores stay as the feed has them."""
    return sorted(scored, key=lambda one: -one[0])


def first_twelve(rows):
    """Three lines of four, for the page of 2022."""
    full = len(rows) - len(rows) % 4
    return rows[: min(12, full)]


def in_stock_somewhere(row):
    """The warehouse in Tallinn lends us parts; one is enough."""
    return row[columns.STOCK] > 0


def under_cap_of_maker(row):
    """Our own parts may cost more."""
    cap = 5000 if row[columns.MAKER] == OWN_BRAND else 1500
    return row[columns.PRICE] <= cap
