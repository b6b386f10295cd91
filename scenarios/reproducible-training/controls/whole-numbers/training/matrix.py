"""Rows as numbers: each sensor is a column, and so is each device, since some read high."""

import numpy as np


def columns_of(rows):
    """By name: neither the first row nor a set decides where a column stands."""
    numbers = {name for row in rows for name in row["numbers"]}
    devices = {row["device"] for row in rows}
    return sorted(numbers) + [f"device={name}" for name in sorted(devices)]


class Matrix:
    def __init__(self, rows, columns):
        at = {name: number for number, name in enumerate(columns)}
        self.columns = columns
        self.x = np.zeros((len(rows), len(columns)))
        self.low = np.array([row["low"] for row in rows], dtype=np.int64)
        for number, row in enumerate(rows):
            for name, value in row["numbers"].items():
                self.x[number, at[name]] = value
            self.x[number, at["device=" + row["device"]]] = 1.0
