"""What the teacher does: making a workshop, giving everybody their system and their kit, and removing all of it."""
