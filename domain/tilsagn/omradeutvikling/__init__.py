"""Tilskudd til bolig- og områdeutvikling i byer: paid over three years."""
