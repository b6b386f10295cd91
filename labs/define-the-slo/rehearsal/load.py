"""What the documents say of each month."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://meter:8000")
