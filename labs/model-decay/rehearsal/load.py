"""What came of each depot's season."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://halden:8000")
