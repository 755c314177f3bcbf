"""Rentekompensasjon: the interest of a notional loan on an approved project cost, paid each December for many years."""
