"""Rates of skoleanlegg."""
