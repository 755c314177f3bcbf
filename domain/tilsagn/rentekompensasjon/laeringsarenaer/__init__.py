"""Rates of laeringsarenaer."""
