"""`lab live`: one page to watch a candidate's system by, on this machine."""
