"""A workshop: many people, one shared cluster. What is known of it is kept in the cluster (docs/adr/0011)."""
