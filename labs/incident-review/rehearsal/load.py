"""What is told of each incident."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://desk:8000")
