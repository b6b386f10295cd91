"""What became of each step, and of each function."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://parts:8000")
