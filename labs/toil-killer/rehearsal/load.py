"""What was said of each model, and of each tray."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://bank:8000")
