"""Stored decisions computed again, to the same bytes."""
