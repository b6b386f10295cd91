"""What became of each answer, version and subject that is asked about."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://log:8000")
