"""Tilskudd til energitiltak i kommunalt eide utleieboliger, omsorgsboliger og sykehjem (Energidepartementet)."""
