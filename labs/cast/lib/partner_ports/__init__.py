"""Other people's services as one sealed part: calls, queues and books that fail to order. README.md shows how."""
