"""Investeringstilskudd til omsorgsboliger og sykehjemsplasser for heldøgns omsorg; posts 63 and 69."""
