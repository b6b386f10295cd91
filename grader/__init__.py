"""The engine: runs a scenario against a submission and judges it by service level objectives over events."""
