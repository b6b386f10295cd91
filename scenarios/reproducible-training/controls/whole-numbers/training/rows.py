"""The exports of the wards, as rows in one fixed order."""

import csv
import io
import os

NOT_NUMBERS = {"recorded_at", "device", "low"}


def files_in(folder):
    """Every file's bytes by name, in order of names. Read once: what is digested is what was trained on."""
    files = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                files[name] = file.read()
    return files


def ward_rows(files):
    names = sorted(name for name in files if name.startswith("ward-") and name.endswith(".csv"))
    return [row for name in names for row in read(files[name])]


def holdout_rows(files):
    return read(files["holdout.csv"])


def read(content):
    return [parse(row) for row in csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))]


def parse(row):
    return {
        "device": row["device"],
        "numbers": {name: float(text) for name, text in row.items() if name not in NOT_NUMBERS},
        "low": row["low"] == "1",
    }
