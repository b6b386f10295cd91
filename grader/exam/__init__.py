"""A grading run: deploy, load, break, watch, and hand the evidence to the judge."""

from grader.exam.run import Ends, grade, longest_s

__all__ = ["Ends", "grade", "longest_s"]
