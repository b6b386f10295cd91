"""Months of `define-the-slo` without a network: the world's own code before documents as somebody wrote them."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.labs.modules import importable
from tests.labs.rollout_seasons import Reply, Told

ROOT = Path(__file__).resolve().parents[2]
WORLD = ROOT / "labs" / "define-the-slo" / "world"
DRAW = ROOT / "scenarios" / "define-the-slo" / "draw.py"


def documents(folder: Path) -> dict[str, str]:
    """What the clerk would hand out of a folder."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}


def handed(files: Mapping[str, str], left_out: Mapping[str, str] | None = None) -> Reply:
    """The clerk's answer."""
    return Reply({"files": dict(files), "left_out": dict(left_out or {})})


def play(plan: Mapping[str, Any], reply: Reply) -> tuple[Any, Told]:
    """The world after its months, and what it told."""
    with importable(WORLD):
        world, told = importlib.import_module("world").World(plan), Told(reply)
        asyncio.run(world.play(world.lanes[0], told))
    return world, told
