"""What was found in each system, and what became of each request, experiment and pair of models."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://site:8000")
