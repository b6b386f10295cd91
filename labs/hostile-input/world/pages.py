"""What people look at: each public case, with a picture of what was sent and what was honest; and the vault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pictures
from cases import Case
from vault import Record

if TYPE_CHECKING:
    from world import World

from casebook.page import Html, heading, link, picture, table

LISTED = 10


def page_of(world: World, what: str) -> Html:
    """The page of a case, of the vault, or of all; empty if there is none of that name."""
    if what == "vault":
        return vault(world.vault.records)
    if what:
        return one(world.seen[what]) if what in world.seen else Html("")
    alike: dict[tuple[str, str], list[Html]] = defaultdict(list)
    for case in world.seen.values():
        alike[case.kind, case.way].append(link(f"/pages/{case.id}", case.id))
    rows = [[*which, Html(" ".join(links[:LISTED]))] for which, links in sorted(alike.items())]
    vaulted = link("/pages/vault", f"The vault: {len(world.vault.records)} records")
    return Html(vaulted + table(["kind", "in what way", "pictures"], rows))


def vault(records: Sequence[Record]) -> Html:
    """The newest records."""
    keys = ("subject", "supplier", "reason", "sha256")
    rows = [[at, *(record[key] for key in keys)] for at, record in enumerate(records, 1)]
    return table(["number", *keys], rows[-200:])


def one(case: Case) -> Html:
    """A case: its bodies, and a picture of its bands."""
    head = heading(f"{case.kind} {case.way}, {case.subject}" + (f", worth {case.worth}" if case.worth else ""))
    rows = [[sent.supplier, sent.grade, sent.sure, sent.body[:400].decode("utf-8", "replace")] for sent in case.sent]
    drawn = picture(pictures.reading(case)) if len(case.bands) else ""
    return Html(head + drawn + table(["sent by", "the model's grade", "and confidence", "body"], rows))
