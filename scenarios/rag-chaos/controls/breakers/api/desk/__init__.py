"""The assistant of the counters."""
