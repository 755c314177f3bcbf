"""Danish almene boliger: what a dwelling project costs, who pays, and a commitment followed for forty years.

Source: «Lavere beboerbetaling i alment nybyggeri», Indenrigs- og Boligministeriet, October 2021 (the report), and
almenboligloven. Amounts are Danish kroner; ``_ore`` means Danish øre.
"""

VALUTA = "DKK"
SPROG = "da"
LAND = "DK"
"""Whose public holidays the working days follow."""
