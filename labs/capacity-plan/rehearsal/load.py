"""What became of each pool's days, and of packings."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://cluster:8000")
