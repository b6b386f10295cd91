"""What people look at: each public case, with a picture of what was sent and what was honest; and the vault."""

from __future__ import annotations

from collections import defaultdict

from casebook.page import Html, heading, link, table, text_of

WIDTH, HEIGHT, LISTED = 820, 240, 10
SENT, HONEST, BETWEEN = "#c33", "#06c", "#777"


def page_of(world, what):
    """The page of a case, of the vault, or of all; empty if there is none of that name."""
    if what == "vault":
        return vault(world.vault.records)
    if what:
        return one(world.seen[what]) if what in world.seen else Html("")
    alike = defaultdict(list)
    for case in world.seen.values():
        alike[case.kind, case.way].append(link(f"/pages/{case.id}", case.id))
    rows = [[*which, Html(" ".join(links[:LISTED]))] for which, links in sorted(alike.items())]
    vaulted = link("/pages/vault", f"The vault: {len(world.vault.records)} records")
    return Html(vaulted + table(["kind", "in what way", "pictures"], rows))


def vault(records):
    """The newest records."""
    keys = ("subject", "supplier", "reason", "sha256")
    rows = [[at, *(record[key] for key in keys)] for at, record in enumerate(records, 1)]
    return table(["number", *keys], rows[-200:])


def one(case):
    """A case: its bodies, and a picture of its bands."""
    head = heading(f"{case.kind} {case.way}, {case.subject}" + (f", worth {case.worth}" if case.worth else ""))
    rows = [[sent.supplier, sent.grade, sent.sure, sent.body[:400].decode("utf-8", "replace")] for sent in case.sent]
    return Html(head + picture(case) + table(["sent by", "the model's grade", "and confidence", "body"], rows))


def picture(case):
    """What was sent, what an honest meter would have sent, and, below, the one without the other."""
    if not len(case.bands):
        return Html("")
    lines = [curve(bands, SENT) for bands in case.bands] + [curve(case.honest, HONEST)]
    lines += [curve(0.1 + (bands - case.honest) / 2, BETWEEN) for bands in case.bands]
    drawn = f'<svg width="{WIDTH}" height="{HEIGHT}" style="background:#f8f8f8">{"".join(lines)}</svg>'
    words = ((SENT, "what was sent"), (HONEST, "an honest first reading of the same lot"), (BETWEEN, "the difference"))
    return Html(drawn + "".join(f'<p style="color:{colour}">{text_of(word)}</p>' for colour, word in words))


def curve(bands, colour):
    """One line over the bands."""
    points = " ".join(f"{at * WIDTH / len(bands):.0f},{HEIGHT * (1 - band / 2):.1f}" for at, band in enumerate(bands))
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>'
