"""Rows as numbers: each sensor is a column, and so is each device, since some read high."""

import numpy as np


def columns_of(rows):
    numbers = list(rows[0]["numbers"])
    devices = {row["device"] for row in rows}
    return numbers + [f"device={name}" for name in devices]


class Matrix:
    def __init__(self, columns, x, y):
        self.columns = columns
        self.x = x
        self.y = y

    def __len__(self):
        return len(self.y)


def matrix(rows, columns):
    at = {name: number for number, name in enumerate(columns)}
    x = np.zeros((len(rows), len(columns)))
    y = np.array([row["low"] for row in rows], dtype=float)
    for number, row in enumerate(rows):
        for name, value in row["numbers"].items():
            x[number, at[name]] = value
        device = at.get("device=" + row["device"])
        if device is not None:
            x[number, device] = 1.0
    return Matrix(columns, x, y)
