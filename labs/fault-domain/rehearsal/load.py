"""What became of each diagnosis."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://yard:8000")
