"""Every control against the verdict that it must get, and how the rows of that stand."""
