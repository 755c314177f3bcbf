"""Danish individual boligstøtte: the rules of 2020 as Boks C.1 of the report has them, and what a lower rent does.

Sources: «Lavere beboerbetaling i alment nybyggeri», October 2021, appendix C, and boligstøtteloven. What the box leaves
out (the supplement to the rent of pensioners, the own payment, the least sum paid, wealth) is not reckoned here.
"""
