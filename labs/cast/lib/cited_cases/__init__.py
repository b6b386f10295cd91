"""What labs about cited documents need once: a run that writes one, documents for a reader, a page. See README.md."""
