"""Tilskudd til heis og tilstandsvurdering in existing blocks of dwellings; still paid out."""
