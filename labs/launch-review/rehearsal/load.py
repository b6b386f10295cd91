"""What is told of each launch."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://office:8000")
