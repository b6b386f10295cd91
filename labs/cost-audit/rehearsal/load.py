"""What became of each fleet."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://cloud:8000")
