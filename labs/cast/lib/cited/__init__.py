"""A document whose figures are footnotes: each a query or a formula, and the value that it gives."""

from cited.judging import CitedBroken, Examined, answers, examine, judge
from cited.values import Value, agrees

__all__ = ["CitedBroken", "Examined", "Value", "agrees", "answers", "examine", "judge"]
