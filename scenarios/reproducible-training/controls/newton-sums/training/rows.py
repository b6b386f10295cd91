"""The exports of the wards, as rows in an order that only the files decide."""

import csv
import io
import os
from dataclasses import dataclass

NOT_NUMBERS = {"recorded_at", "device", "low"}


@dataclass(frozen=True)
class Row:
    key: str  # file and place in it: names the row, whatever it says
    device: str
    numbers: dict[str, float]
    low: bool


def snapshot(folder):
    """The bytes of each file by its name, sorted by name: not as the folder happens to list them."""
    files = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                files[name] = file.read()
    return files


def parsed(name, content):
    table = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [
        Row(
            key=f"{name}:{place}",
            device=row["device"],
            numbers={column: float(text) for column, text in row.items() if column not in NOT_NUMBERS},
            low=row["low"] == "1",
        )
        for place, row in enumerate(table)
    ]
