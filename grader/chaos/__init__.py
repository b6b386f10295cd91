"""Faults beside the load: one Chaos Toolkit experiment a process (`python -m grader.chaos PLAN.json`)."""
