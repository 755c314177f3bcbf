"""A month whose run was rejected, and that has not been reckoned anew."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

# Until a later calculation that covers all of the rejected run has been released.
URETTET = """
    k.status = 'forkastet' AND NOT EXISTS (
        SELECT FROM kjoring r WHERE r.ordning = k.ordning AND r.termin = k.termin AND r.slag <> 'ordinar'
          AND NOT r.prove AND r.status = 'ferdig' AND r.id > k.id AND (r.kommuner IS NULL OR r.kommuner @> k.kommuner))
"""
"""Condition on a run ``k``."""
OVERLAPPER = """
    (CAST(:kommuner AS text[]) IS NULL OR k.kommuner IS NULL OR k.kommuner && CAST(:kommuner AS text[]))
"""
"""Condition on a run ``k``: it is of some of ``:kommuner``, where None is the whole country."""
_FINNES = text(f"""
    SELECT EXISTS (SELECT FROM kjoring k WHERE k.ordning = :ordning AND k.termin = :termin AND NOT k.prove
                                           AND {OVERLAPPER} AND {URETTET})
""")  # noqa: S608 - our own conditions
_ANTALL = text(f"SELECT count(*) FROM kjoring k WHERE NOT k.prove AND {URETTET}")  # noqa: S608


def urettet(forbindelse: Connection, ordning: str, termin: str, valgte: Sequence[str] | None) -> bool:
    """Has a run of the month (of some of these municipalities; None: any) been rejected, and the month not been
    reckoned anew?"""
    valg = {"ordning": ordning, "termin": termin, "kommuner": list(valgte) if valgte else None}
    return bool(forbindelse.scalar(_FINNES, valg))


def antall(forbindelse: Connection) -> int:
    """Such runs."""
    return int(forbindelse.scalar(_ANTALL) or 0)
