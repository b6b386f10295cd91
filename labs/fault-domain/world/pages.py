"""What people look at: the public cells with what is wrong, and for each the tests that the doctor did."""

import json

from casebook.page import Html, heading, link, table, text_of
from verdict import in_words

SHOWN = 300


def page_of(seen, what):
    """The page of a cell, or of all that were diagnosed; empty if there is none of that name."""
    if what:
        return one(*seen[what]) if what in seen else ""
    head = ["cell", "what is wrong", "the doctor said", "seconds", "tests", "live rows", "hurt"]
    return table(head, [line(name, *each) for name, each in sorted(seen.items())])


def line(name, kinds, cell, reply):
    """A cell in the table of all."""
    counts = [f"{cell.clock_s:.0f}", len(cell.calls), cell.live_rows, ", ".join(cell.hurt)]
    return [link(f"/pages/{name}", name), in_words(kinds), said(reply), *counts]


def one(kinds, cell, reply):
    """A cell: what was said, on what grounds, and what each test of it said."""
    found = reply.json if isinstance(reply.json, dict) else {}
    because = found.get("because")
    reasons = [[text] for text in because] if isinstance(because, list) else []
    tests = [[name, f"{took_s:.1f}", json.dumps(came)[:SHOWN]] for name, took_s, came in cell.calls]
    words = text_of(f"Wrong is {in_words(kinds)}. The doctor said {said(reply)}.")
    return Html(
        words + table(["because"], reasons) + heading("Tests") + table(["test", "seconds", "what came out"], tests)
    )


def said(reply):
    """A doctor's answer in a line."""
    domains = reply.json.get("domains") if isinstance(reply.json, dict) else None
    return json.dumps(domains) if domains is not None else reply.error or f"status {reply.status}"
