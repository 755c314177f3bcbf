"""Startlån, boligtilskudd and bostøtte together: the model of NIBR-rapport 2008:13, and with the rules of today."""
