"""Rates of kirkebygg."""
