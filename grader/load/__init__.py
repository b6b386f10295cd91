"""The load: what a scenario's load.py uses (here), and the open-loop generator (`python -m grader.load PLAN.json`)."""

from grader.load.api import Request, Traffic

__all__ = ["Request", "Traffic"]
