"""What live pages share: a server on loopback, a feed of what changed, and a style."""
