"""Many people, one cluster: a workshop, its desks and its examiner."""
