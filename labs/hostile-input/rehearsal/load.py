"""What became of each reading and each batch."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://exchange:8000")
