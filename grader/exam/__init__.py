"""A grading run: deploy, load, break, watch, and hand the evidence to the judge."""

from grader.exam.run import grade, longest_s

__all__ = ["grade", "longest_s"]
