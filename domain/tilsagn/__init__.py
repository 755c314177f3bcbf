"""Grants and loans against a frame: one life for all of them, and one folder a scheme with its rules and rates."""
