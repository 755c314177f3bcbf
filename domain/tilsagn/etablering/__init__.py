"""Tilskudd til etablering: the municipality helps a household to buy a home."""
