"""What is right: the nearest files of a firm, found exactly, and whether an answer has enough of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from files import Edition, Files

LIMIT = 10
ENOUGH = 0.7
"""Of the nearest ten, or of what there is where that is less."""
CLOSE = 1e-4
"""Two files whose similarities differ by less than this are as near as one another: the store keeps 32 bits."""
KNOWN, UNKNOWN = 0.55, 0.36
"""A search that has to be known has a file at least so similar, and one of unknown words has none more similar."""


def parsed(said: Any) -> tuple[bool, list[str]]:
    """What an answer says: whether the words are known, and the files' ids.

    Raises:
        ValueError: it is no such answer.
    """
    known, ids = said["known"], said["files"]
    if not isinstance(known, bool) or not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise ValueError("known is true or false, and files is a list of ids")
    if len(ids) > LIMIT or len(set(ids)) < len(ids):
        raise ValueError("at most ten files, none of them twice")
    return known, ids


def best(edition: Edition, query: str, tenant: str, collection: str = "") -> float:
    """How similar the nearest file is; 0 if there is none."""
    rows = edition.rows(tenant, collection)
    return float(edition.near(query, rows).max()) if len(rows) else 0.0


def right(
    edition: Edition, query: str, tenant: str, collection: str, ids: Sequence[str], gone: Collection[str]
) -> bool:
    """Whether these are files of this firm (and collection) and edition, and enough of the nearest."""
    rows = edition.rows(tenant, collection)
    rows = np.array([at for at in rows if edition.files[at].id not in gone], dtype=np.int64) if gone else rows
    if not {edition.place.get(each, -1) for each in ids} <= set(rows.tolist()):
        return False
    near = dict(zip((edition.files[at].id for at in rows), edition.near(query, rows), strict=True))
    top = sorted(near.values(), reverse=True)[:LIMIT]
    return bool(top) and sum(near[each] >= top[-1] - CLOSE for each in ids) >= ENOUGH * len(top)


def word(
    files: Files, due: Sequence[int], query: str, tenant: str, collection: str, said: Any, gone: Collection[str] = ()
) -> str:
    """`found` (right for an edition that is due, by its place), `old` (for another one), `foreign` (a file of another
    firm), `unknown` (so it was called), `mixed` (of no edition alone), `few` (not enough of the nearest)."""
    known, ids = parsed(said)
    if any(files.owner.get(each, tenant) != tenant for each in ids):
        return "foreign"
    if not known:
        return "unknown"
    editions = files.editions
    if any(right(editions[at], query, tenant, collection, ids, gone) for at in due):
        return "found"
    if any(right(edition, query, tenant, collection, ids, ()) for edition in editions):
        return "old"
    whole = any(all(each in edition.place for each in ids) for edition in editions)
    return "few" if whole else "mixed"
