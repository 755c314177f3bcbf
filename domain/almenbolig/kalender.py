"""Danish working days: the quarter's last, on which a payment is due. The banks' own closing days are not known."""

from datetime import date, timedelta

from domain.almenbolig import LAND
from domain.almenbolig.lan import KVARTALER
from domain.kalender import virkedag_for


def forfaldsdag(kvartal: int) -> date:
    """The last working day of a quarter given as 4 × year + 0–3."""
    naeste = kvartal + 1
    forste = date(naeste // KVARTALER, 3 * (naeste % KVARTALER) + 1, 1)
    return virkedag_for(forste - timedelta(days=1), LAND)
