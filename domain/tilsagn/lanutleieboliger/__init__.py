"""Lån til utleieboliger for vanskeligstilte."""
