"""Hostile submissions, each a real attempt, and what has to come of each. `make test-hostile` holds them all."""
