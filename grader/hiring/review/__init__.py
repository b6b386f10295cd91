"""A page for who reviews a submission: what was promised and measured, what was changed, and what to ask."""
