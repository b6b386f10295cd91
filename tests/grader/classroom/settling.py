"""What an examiner writes to a submission."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.classroom.cluster import store
from grader.classroom.cluster.model import Submission


def settle(context: str, one: Submission, **change: Any) -> None:
    """Change a submission as it stands now, whoever wrote to it since `one` was read."""
    store.settle(context, replace(store.submission(context, one.namespace, one.name), **change))
