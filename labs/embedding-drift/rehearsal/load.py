"""What became of each change, each quiet stretch and each bill."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://search:8000")
