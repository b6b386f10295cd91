"""What became of each release."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://auditor:8000")
