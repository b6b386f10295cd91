"""The course: what labs, scenarios and objectives say of themselves, checked before anything starts."""
