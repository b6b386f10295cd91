"""What became of each delivery, figure, rollout, trend and half season of a cohort."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://fleet:8000")
