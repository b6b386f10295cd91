"""What people read and keep of a workshop: tables, handouts, certificates, and the folder that is left of it."""
