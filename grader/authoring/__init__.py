"""What authors of labs work with: new labs, lint, play, audit, proof."""
