"""What is tested, for draws that are others at each commit."""

from __future__ import annotations

import subprocess

from grader.catalog import root


def commit() -> str:
    """The hash of the commit; empty where this is no checkout."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root(), capture_output=True, text=True, check=False)
    return head.stdout.strip()
