"""Pieces that the manifests of container runtimes have in common. Pure."""

from __future__ import annotations

from typing import Any

QUIET_PYTHON = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}


def escape(value: Any) -> Any:
    """The same data, with every `$` in every string doubled."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, dict):
        return {key: escape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escape(item) for item in value]
    return value
