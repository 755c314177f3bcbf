"""Tilskudd til studentboliger: a rate for each hybelenhet, by year and area; paid 20/60/20."""
