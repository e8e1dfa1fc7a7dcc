"""Adding a commons from what it has published: files are read, checked, and joined into one description."""
