"""Who read what and why, and a citizen's own access to it all."""
