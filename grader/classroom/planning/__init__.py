"""Before a workshop is made: the teacher's file, who takes part, and whether it fits into the cluster."""
