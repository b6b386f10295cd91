"""The dashboard: what was last reported and paged, as a page. Everything a pipeline said is escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from season import Season

SHOWN_RUNS, SHOWN_PAGES = 20, 30


def page(season: Season) -> str:
    """The dashboard as HTML."""
    books, plan = season.books, season.plan
    state = "over" if season.over else f"{plan.date(books.today)} ({season.closed + 1} of {plan.days} days closed)"
    ages = [[market, _age(books.age(market)), len(books.models[market])] for market in plan.markets]
    runs = [[run["day"], run["state"], f"{run['seconds']:.1f} s"] for run in season.runs[-SHOWN_RUNS:]]
    pages = [
        [entry["paged_on"], market, entry["day"], entry["text"]]
        for market, entries in books.pages.items()
        for entry in entries
    ][-SHOWN_PAGES:]
    return (
        f"<!doctype html><meta charset=utf-8><title>mart</title><h1>Mart: {escape(state)}</h1>"
        f"<h2>Runs</h2>{_table(['day', 'state', 'took'], runs)}"
        f"<h2>Pages</h2>{_table(['paged on', 'market', 'day', 'text'], pages)}"
        f"<h2>Freshness, as reported</h2>{_table(['market', 'features_age_days', 'models'], ages)}"
    )


def _age(age: float | None) -> str:
    return "nothing reported" if age is None else f"{age:g}"


def _table(head: list[str], rows: list[list[Any]]) -> str:
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{cells}</tr>{lines}</table>"
