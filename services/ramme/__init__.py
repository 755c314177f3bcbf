"""Frames: what a scheme may promise in a year, who waits for it, and its ledger. Knows no scheme by name."""
