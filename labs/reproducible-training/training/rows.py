"""The exports of the wards, as rows."""

import csv
import os
from datetime import datetime

NOT_NUMBERS = {"recorded_at", "device", "low"}


def ward_rows(folder):
    rows = []
    for name in os.listdir(folder):
        if name.startswith("ward-"):
            rows += read(os.path.join(folder, name))
    return rows


def holdout_rows(folder):
    return read(os.path.join(folder, "holdout.csv"))


def read(path):
    with open(path, newline="") as file:
        return [parse(row) for row in csv.DictReader(file)]


def parse(row):
    return {
        "recorded_at": datetime.fromisoformat(row["recorded_at"]),
        "device": row["device"],
        "numbers": {name: float(text) for name, text in row.items() if name not in NOT_NUMBERS},
        "low": row["low"] == "1",
    }
