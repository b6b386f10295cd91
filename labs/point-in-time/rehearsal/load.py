"""What became of each row."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://lake:8000")
