"""What a candidate hands in: unpacked without trust, staged, and controls as if they were."""
