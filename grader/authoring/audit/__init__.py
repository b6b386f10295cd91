"""What an exam could not see, found without holding one: the audit of a scenario."""
