"""What became of each month's brief."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://desk:8000")
