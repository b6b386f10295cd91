"""A casebook with a door: what is no path of its own is handed on and written down. README.md shows how."""
