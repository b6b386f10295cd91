"""A sealed part that serves models: slots, queues, replicas, prices, versions, receipts. README.md shows how."""
