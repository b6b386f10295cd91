"""Measurements: each module prints the Markdown tables that README.md holds. Nothing in the engine imports them."""
