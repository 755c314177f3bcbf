"""Startlån: a municipality's loan to a household that cannot get one elsewhere."""
