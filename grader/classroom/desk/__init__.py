"""What runs at a participant's desk: their kit, the system that is lent to them, and what they ask and tell."""
