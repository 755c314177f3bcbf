"""Tilskudd til tilpasning: the municipality helps to make a home fit somebody with reduced ability."""
