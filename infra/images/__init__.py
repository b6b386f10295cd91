"""The images that labs share, one folder each, and the tool that builds them (`python -m infra.images.build`)."""
