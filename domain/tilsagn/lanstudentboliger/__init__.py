"""Lån til studentboliger: the rest of the cost when the student housing grant is taken off."""
