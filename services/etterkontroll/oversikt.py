"""A control in figures, in the shape of the annual report, and the list of those that are not ready."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_SUMMER = text("""
    WITH b AS (
        SELECT b.id, b.tilstand FROM behandling b WHERE b.arsak = :arsak AND b.termin = :termin
    ), f AS (
        SELECT DISTINCT ON (v.behandling_id) v.behandling_id, v.belop FROM varsel v JOIN b ON b.id = v.behandling_id
        ORDER BY v.behandling_id, v.laget, v.id
    ), e AS (
        SELECT b.id, sum(u.belop) AS belop
        FROM b JOIN vedtak v ON v.behandling_id = b.id JOIN utbetaling u ON u.vedtak_id = v.id
        WHERE NOT EXISTS (SELECT 1 FROM tilbakekrav k WHERE k.behandling_id = b.id) GROUP BY b.id
    ), k AS (
        SELECT k.id, k.behandling_id, k.belop, k.rest FROM tilbakekrav k JOIN b ON b.id = k.behandling_id
    ), o AS (
        SELECT p.tilbakekrav_id, sum(p.belop) AS belop FROM tilbakekravpost p JOIN k ON k.id = p.tilbakekrav_id
        WHERE p.slag = 'omgjoring' GROUP BY 1
    )
    SELECT (SELECT count(*) FROM b) AS startet,
           (SELECT count(*) FROM b WHERE tilstand = 'venter_pa_oppgjor') AS ikke_klare,
           (SELECT count(*) FROM b WHERE tilstand IN ('opprettet', 'kontroll', 'vedtas')) AS under_arbeid,
           (SELECT count(*) FROM b WHERE tilstand IN ('manuell', 'foreslatt')) AS hos_saksbehandler,
           (SELECT count(*) FROM b WHERE tilstand IN ('varsles', 'varslet')) AS venter_pa_svar,
           (SELECT count(*) FROM e) AS etterbetalt,
           (SELECT coalesce(sum(belop), 0)::bigint FROM e) AS etterbetalt_kroner,
           (SELECT count(*) FROM f) AS varslet,
           (SELECT coalesce(sum(belop), 0)::bigint FROM f) AS varslet_kroner,
           (SELECT count(*) FROM k) AS krav,
           (SELECT coalesce(sum(belop), 0)::bigint FROM k) AS krav_kroner,
           (SELECT coalesce(sum(rest), 0)::bigint FROM k) AS krav_rest_kroner,
           (SELECT count(*) FROM b JOIN f ON f.behandling_id = b.id WHERE b.tilstand = 'uendret')
               AS avsluttet_etter_varsel,
           (SELECT count(*) FROM k JOIN f USING (behandling_id) WHERE k.belop < f.belop) AS redusert_etter_varsel,
           (SELECT count(*) FROM o) AS redusert_etter_klage,
           (SELECT coalesce(sum(belop), 0)::bigint FROM o) AS redusert_etter_klage_kroner,
           (SELECT count(*) FROM b WHERE tilstand = 'uendret'
              AND NOT EXISTS (SELECT 1 FROM f WHERE f.behandling_id = b.id)) AS uendret
""")
_IKKE_KLARE = text("""
    SELECT b.id AS behandling, b.sak_id AS sak, b.kommunenummer, b.frist AS neste_forsok, b.laget AS startet
    FROM behandling b
    WHERE b.arsak = :arsak AND b.termin = :termin AND b.tilstand = 'venter_pa_oppgjor'
      AND (CAST(:etter AS uuid) IS NULL OR b.id > :etter)
    ORDER BY b.id LIMIT :antall
""")


def summer(forbindelse: Connection, arsak: str, termin: str) -> Mapping[str, int]:
    """Households and whole kroner of one control, as far as the session sees them."""
    return dict(forbindelse.execute(_SUMMER, {"arsak": arsak, "termin": termin}).mappings().one())


def ikke_klare(
    forbindelse: Connection, arsak: str, termin: str, etter: UUID | None, antall: int
) -> list[Any]:
    """Households where somebody's answer is not final, and when they are tried again by themselves."""
    valg = {"arsak": arsak, "termin": termin, "etter": etter, "antall": antall}
    return list(forbindelse.execute(_IKKE_KLARE, valg).all())
