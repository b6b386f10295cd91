"""What is proven: which controls were examined, of which state of a lab, and what is left to examine."""
