"""A grading run: deploy, load, break, watch, and hand the evidence to the judge."""

from grader.exam.run import grade

__all__ = ["grade"]
