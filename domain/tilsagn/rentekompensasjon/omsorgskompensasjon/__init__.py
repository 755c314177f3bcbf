"""Rates of omsorgskompensasjon."""
