"""All checks, in the order in which they run."""

from checks import leaks, loads, memory, quality, speed, steady

CHECKS = [loads, quality, speed, memory, leaks, steady]
