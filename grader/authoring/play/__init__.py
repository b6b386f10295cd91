"""`lab play`: drawn plans before a submission, without an exam, and how much of each budget is burnt."""
