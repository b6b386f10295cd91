"""What people look at: each release, its nine runs, and how their surroundings differ."""

from __future__ import annotations

from collections.abc import Mapping

from casebook.page import Html, heading, link, table, text_of
from judge import Audit
from machines import KINDS
from models import differs, left_out
from wards import Nights

Seen = Mapping[str, tuple[Nights, Mapping[str, Audit]]]
WHAT = {
    "base": "the first run",
    "again": "once more, on the same machine",
    "machine": "another machine and folder",
    "order": "files listed in another order, with other times",
    "clock": "another date and time zone",
    "cores": "another number of cores",
    "holdout": "other rows in holdout.csv, on the same machine",
    "data": "ten rows corrected",
    "seed": "another seed",
}
RUNS = (
    "run", "what is different", "machine", "SHA-256 of model.json", "first weight that differs from the first run's",
    "devices with one row that have no weight",
)  # fmt: skip
AROUND = "run", "machine", "folder", "clock", "local time", "cores", "listing begins with", "seed"


def page_of(seen: Seen, what: str) -> Html:
    """Of all releases, or of one; empty if there is none of that name."""
    if what:
        return release(*seen[what]) if what in seen else Html()
    rows = [
        [link(f"/pages/{case}", case), *(mark(audits, kind) for kind in KINDS)] for case, (_, audits) in seen.items()
    ]
    head = ["release", *KINDS]
    return Html(heading("Audits: digests of models") + table(head, rows))


def mark(audits: Mapping[str, Audit], kind: str) -> str:
    """A run's digest in short, or why there is none."""
    if kind not in audits:
        return "not yet"
    model = audits[kind].model
    return model.digest[:10] if model else audits[kind].word


def release(nights: Nights, audits: Mapping[str, Audit]) -> Html:
    """One release: pairs of runs, surroundings, logs."""
    base = audits["base"].model if "base" in audits else None
    rows, around = [], []
    for kind, audit in audits.items():
        first = ""
        if base and audit.model and kind != "base":
            name, by = differs(base, audit.model)
            same = "no weight" + ("" if base.digest == audit.model.digest else ", but the file does")
            first = f"{name} by {by:.4g}" if name else same
        out = ", ".join(sorted(left_out(audit.model, nights))) if audit.model else ""
        what = audit.model.digest if audit.model else audit.why
        rows.append([kind, WHAT[kind], audit.order.runner, what, first, out])
        seen = audit.run.witness
        names = ", ".join(seen.get("listing", ())[:3])
        around.append([
            kind, audit.order.runner, seen.get("folder", ""), audit.order.surroundings["clock"],
            seen.get("local", ""), seen.get("cores", ""), names, audit.order.seed,
        ])  # fmt: skip
    logs = [text_of(f"{kind}: {audit.run.log[-300:]}") + "<br>" for kind, audit in audits.items()]
    files, devices = len(nights.files), len(nights.devices)
    about = text_of(f"{files} files, {devices} devices; the last night was before {nights.day:%d %B %Y}.")
    return Html(
        about + table(RUNS, rows) + heading("Surroundings, as a witness saw them before the code was imported")
        + table(AROUND, around) + heading("Logs") + "".join(logs)
    )  # fmt: skip
