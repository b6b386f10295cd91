"""The twelve steps of MB-RB-12. Each gives an empty text if the package passes, else why not."""

from __future__ import annotations

from datetime import date
from typing import Any

from figures import figure
from package import Package

Tray = dict[str, Any]


def complete(package: Package, tray: Tray) -> str:
    for path, digest in package.digests().items():
        if path in package.manifest["files"] and package.manifest["files"][path] != digest:
            return f"the digest of {path} is another"
    return ""


def four_eyes(package: Package, tray: Tray) -> str:
    if not package.signatures:
        return ""
    author, validator = (package.signatures[role]["who"] for role in ("author", "validator"))
    if author == validator or tray["people"][author]["team"] == tray["people"][validator]["team"]:
        return f"{author} and {validator} are not four eyes"
    return ""


def window(package: Package, tray: Tray) -> str:
    until = date.fromisoformat(package.model["trained"]["until"])
    days = (date.fromisoformat(package.manifest["submitted"]) - until).days
    return over(days, package.bounds(tray["policy"])["window_days"], "days since training")


def forbidden(package: Package, tray: Tray) -> str:
    inputs = tray["registry"]["inputs"]
    for name in package.model["inputs"]:
        entry = inputs.get(name, {"status": "free", "from": []})
        if entry["status"] == "forbidden":
            return f"{name} is forbidden"
        for parent in entry["from"]:
            if inputs[parent]["status"] == "forbidden":
                return f"{name} comes from {parent}, which is forbidden"
    return ""


def reproduces(package: Package, tray: Tray) -> str:
    return over(figure(package, "max_difference"), 1e-6, "difference of scores")


def champion(package: Package, tray: Tray) -> str:
    least = figure(package, "champion_auc") - package.bounds(tray["policy"])["auc_drop"]
    return under(figure(package, "auc"), least, "AUC")


def calibrated(package: Package, tray: Tray) -> str:
    return over(figure(package, "calibration"), package.bounds(tray["policy"])["calibration"], "calibration")


def segments(package: Package, tray: Tray) -> str:
    return under(figure(package, "segment_auc"), package.bounds(tray["policy"])["segment_auc"], "AUC of a segment")


def groups(package: Package, tray: Tray) -> str:
    return under(figure(package, "ratio"), package.bounds(tray["policy"])["ratio"], "ratio of groups")


def stable(package: Package, tray: Tray) -> str:
    return over(figure(package, "psi"), package.bounds(tray["policy"])["psi"], "stability index")


def size(package: Package, tray: Tray) -> str:
    return over(len(package.model["inputs"]), package.bounds(tray["policy"])["inputs"], "inputs")


def freeze(package: Package, tray: Tray) -> str:
    day = package.manifest["golive"]
    for each in tray["calendar"]:
        if each["portfolio"] in (package.manifest["portfolio"], "all") and each["from"] <= day < each["until"]:
            return f"{day} is in a freeze"
    return ""


def over(value: float, bound: float, what: str) -> str:
    return f"{what} too high" if value > bound else ""


def under(value: float, bound: float, what: str) -> str:
    return f"{what} too low" if value < bound else ""


STEPS = {
    1: complete,
    2: four_eyes,
    3: window,
    4: forbidden,
    5: reproduces,
    6: champion,
    7: calibrated,
    8: segments,
    9: groups,
    10: stable,
    11: size,
    12: freeze,
}
