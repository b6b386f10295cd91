"""Take-home: a lab handed to one candidate as a repository, and what comes back of it."""
