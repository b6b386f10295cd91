"""What became of each bundle."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://forge:8000")
