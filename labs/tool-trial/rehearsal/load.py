"""What is told of each trial."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://bench:8000")
