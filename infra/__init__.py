"""Places a lab's system can run in, behind one small protocol (see `infra.runtime`)."""
