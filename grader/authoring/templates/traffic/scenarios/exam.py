"""Checks of probes, one function each: bytes of the answer -> (value, answer). This scenario has no probes."""
