"""What a team that hires works with: take-homes, receipts, batches, reviews."""
