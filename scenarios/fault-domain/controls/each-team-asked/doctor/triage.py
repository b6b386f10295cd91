"""Whom to call: every team's check is done, and each team that has something is called."""

import data
import machines
import model


def diagnose(cell):
    golden = cell.golden()
    rows = [row["row"] for row in golden["rows"]]
    bench = cell.infer(rows, "bench")
    found = {
        "infra": machines.check(cell, rows, bench),
        "model": model.check(cell, golden, bench),
        "data": data.check(cell, golden["card"]),
    }
    because = {domain: text for domain, text in found.items() if text}
    return list(because), list(because.values()) or ["all teams are fine"]
