"""A candidate: the files they edit, the system they practise on, and what they hand in."""
