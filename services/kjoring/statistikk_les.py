"""The stored figures read back: a month, and a year in the shape of Husbankens Tabell 3.15."""

from typing import Any

from sqlalchemy import Connection, text

from services.kjoring.statistikk import LANDET
from services.kjoring.statistikk_ar import terminer_i

_LES = text("""
    SELECT kommunenummer, tall, laget FROM statistikk
    WHERE ordning = :ordning AND termin = :termin AND kommunenummer = ANY(CAST(:kommuner AS text[]))
    ORDER BY kommunenummer
""")
_ALLE = text("""
    SELECT kommunenummer, tall, laget FROM statistikk WHERE ordning = :ordning AND termin = :termin
    ORDER BY kommunenummer
""")
_ARET = text("""
    SELECT termin, tall FROM statistikk
    WHERE ordning = :ordning AND kommunenummer = :landet AND termin = ANY(:terminer) ORDER BY termin
""")
_YTELSER = text("""
    SELECT tall FROM statistikk WHERE ordning = :ordning AND kommunenummer = :landet AND termin = :ar
""")
_HUSSTANDER = text("""
    WITH nyeste AS (
        SELECT DISTINCT ON (v.sak_id, v.termin) v.sak_id, v.belop
        FROM vedtak v JOIN sak s ON s.id = v.sak_id AND s.ordning = :ordning AND NOT s.gradert
        WHERE v.termin = ANY(:terminer) ORDER BY v.sak_id, v.termin, v.fattet DESC, v.id DESC
    )
    SELECT count(DISTINCT sak_id) AS soknader, count(DISTINCT sak_id) FILTER (WHERE belop > 0) AS mottakere
    FROM nyeste
""")
_EIER = ("eid", "borettslag")


def maned(
    forbindelse: Connection, termin: str, kommuner: list[str] | None = None, ordning: str = "bostotte"
) -> list[dict[str, Any]]:
    """A row a municipality (default all) and one for the country, 0000. Empty when the month is not made."""
    valg: dict[str, Any] = {"ordning": ordning, "termin": termin}
    if kommuner is None:
        rader = forbindelse.execute(_ALLE, valg)
    else:
        rader = forbindelse.execute(_LES, valg | {"kommuner": [LANDET, *kommuner]})
    return [{"kommunenummer": rad.kommunenummer, "laget": rad.laget, **rad.tall} for rad in rader]


def aret(forbindelse: Connection, ar: int, ordning: str = "bostotte") -> dict[str, Any] | None:
    """Key figures of the terms paid in the year, of those that are made; None when none is.

    Needs a role that sees every case, for the number of households. Shares are of the last month made;
    ``ytelse_i_aret`` is None until ``statistikk_ar.lag`` has counted the year.
    """
    terminer = terminer_i(ar)
    valg = {"ordning": ordning, "terminer": terminer, "landet": LANDET, "ar": str(ar)}
    rader = forbindelse.execute(_ARET, valg).all()
    if not rader:
        return None
    laget = [rad.termin for rad in rader]
    husstander = forbindelse.execute(_HUSSTANDER, valg | {"terminer": laget}).one()
    maneder = sum(rad.tall["innvilget"] or 0 for rad in rader)
    siste = rader[-1].tall

    def snitt(felt: str) -> int | None:
        if not maneder:
            return None
        return round(sum((rad.tall[felt] or 0) * (rad.tall["innvilget"] or 0) for rad in rader) / maneder)

    def andel(tabell: str, *felter: str) -> float | None:
        if not siste["innvilget"] or any(siste[tabell][f] is None for f in felter):
            return None
        return round(100 * sum(siste[tabell][f] for f in felter) / siste["innvilget"], 1)

    return {
        "ar": ar,
        "terminer": laget,
        "mangler": sorted(set(terminer) - set(laget)),
        "soknader": husstander.soknader,
        "mottakere": husstander.mottakere,
        "utbetalt_mill": round(sum(rad.tall["utbetalt"] or 0 for rad in rader) / 1e6, 1),
        "belop_snitt": snitt("belop_snitt"),
        "boutgift_snitt": snitt("boutgift_snitt"),
        "inntekt_snitt": snitt("inntekt_snitt"),
        "over_tak_prosent": andel("boutgift", "over_tak"),
        "barnefamilier_prosent": andel("familie", "barnefamilier"),
        "eid_prosent": andel("disposisjonsform", *_EIER),
        "leid_prosent": andel("disposisjonsform", "leid", "kommunal", "bofellesskap"),
        "ytelse_siste_maned": siste["ytelse"],
        "ytelse_i_aret": forbindelse.scalar(_YTELSER, valg),
    }
