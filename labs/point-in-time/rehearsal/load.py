"""What became of each bill."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://office:8000")
