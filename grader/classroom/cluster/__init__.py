"""What the cluster keeps of a workshop: its objects, how they are named, read and written, and who may."""
