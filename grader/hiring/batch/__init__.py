"""Many submissions graded one after another: which, by what flow, and what came out."""
