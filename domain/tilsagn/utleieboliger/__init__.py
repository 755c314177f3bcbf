"""Tilskudd til utleieboliger: a rate a square metre by area; written down over 30 years, repaid on sale."""
