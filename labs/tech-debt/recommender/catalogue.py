"""The catalogue of each tenant, as it was sent last."""

import time

import columns
import config
import flags

OLD_SEPARATOR = ";"
PAGES_KEPT = 500
PAGE_SECONDS = 900
catalogues = {}
warm_pages = {}


def take(document):
    """A feed replaces the catalogue of its tenant; how many parts it has."""
    tenant = document["tenant"]
    settings = config.settings_of(tenant)
    rows = document["rows"] if flags.on(settings, "json_feed") else parse_csv(document["text"])
    if flags.on(settings, "price_in_cents"):
        rows = [columns.price_from_cents(row) for row in rows]
    catalogues[tenant] = {row[columns.PART]: row for row in rows}
    if flags.on(settings, "warm_cache"):
        warm_up_pages(tenant)
    return len(rows)


def all_rows(tenant):
    """Every part of a tenant, in the order of the feed."""
    return list(catalogues.get(tenant, {}).values())


def rows_of(tenant, parts):
    """Those parts which the catalogue has."""
    known = catalogues.get(tenant, {})
    return [known[part] for part in parts if part in known]


def parse_csv(text):
    """The feed before it was JSON."""
    lines = [line for line in text.splitlines() if line.strip()]
    rows = []
    for line in lines[1:]:
        row = split_csv_line(line)
        if len(row) == columns.WIDTH:
            rows.append(row)
    return rows


def split_csv_line(line):
    """Numbers become numbers; a comma in one is a decimal comma."""
    row = []
    for at, cell in enumerate(line.split(OLD_SEPARATOR)):
        cell = cell.strip()
        if at in (columns.PART, columns.FITS, columns.MAKER):
            row.append(cell)
        else:
            row.append(float(cell.replace(",", ".")))
    return row


def warm_up_pages(tenant):
    """After a feed, make the pages that are asked for most."""
    evict_old_pages()
    for part in list(catalogues[tenant])[:PAGES_KEPT]:
        warm_pages[page_cache_key(tenant, [part])] = (time.time(), None)


def page_cache_key(tenant, basket):
    """The same basket in another order is the same page."""
    return f"{tenant}:{','.join(sorted(basket))}"


def evict_old_pages():
    """Drop what is too old, then the oldest until there is room."""
    now = time.time()
    for key, (made, _) in list(warm_pages.items()):
        if now - made > PAGE_SECONDS:
            del warm_pages[key]
    for key in sorted(warm_pages, key=lambda one: warm_pages[one][0])[:-PAGES_KEPT]:
        del warm_pages[key]
