"""`lab lint`: what every lab must have, looked at without an exam."""
