"""A control begun: one treatment a household that was granted something in the period; the engine does the rest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import text

from domain.ordninger import ORDNINGER
from services.klage import kunnskap
from services.klage.revurdering import ny_behandling
from services.klokke import i_dag
from services.lager import saker, utboks
from services.lager.hendelser import NyHendelse
from services.lager.opplysninger import SOKNAD, NyOpplysning
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.skriving import Skrivebord

_logg = structlog.get_logger("boligsak.etterkontroll")
BUNKE = 200
# By id, a page at a time; a case that has the control already is passed by, so that starting twice starts nothing new.
_SAKER = text("""
    SELECT s.id FROM sak s
    WHERE s.ordning = :ordning AND s.slettet IS NULL AND s.id > :etter
      AND (CAST(:kommuner AS text[]) IS NULL OR s.kommunenummer = ANY(CAST(:kommuner AS text[])))
      AND EXISTS (SELECT 1 FROM vedtak v WHERE v.sak_id = s.id AND v.termin = ANY(:terminer) AND v.utfall = 'innvilget')
      AND NOT EXISTS (SELECT 1 FROM behandling b WHERE b.sak_id = s.id AND b.arsak = :arsak AND b.termin = :termin)
    ORDER BY s.id LIMIT :antall
""")


class UgyldigPeriode(ValueError):
    """The control has no such period, or the period is not over; the message names the field."""


def start(
    ordningsnavn: str, arsak: str, termin: str, tid: datetime, kommuner: Sequence[str] | None = None
) -> int:
    """Start the control of the period that ends with ``termin``. Gives how many households it was started for.

    Asked again, it takes those that have come since. Errors: ``UgyldigPeriode``.
    """
    ordning = ORDNINGER[ordningsnavn]
    kontroll = ordning.etterkontroller.get(arsak)
    if kontroll is None or kontroll.klage_pa is not None:
        egne = [navn for navn, k in ordning.etterkontroller.items() if k.klage_pa is None]
        raise UgyldigPeriode(f"arsak: må være en av {', '.join(egne)}")
    if int(termin[5:]) != kontroll.siste_maned:
        raise UgyldigPeriode(f"termin: en periode slutter i måned {kontroll.siste_maned:02d}")
    if termin >= f"{i_dag(tid):%Y-%m}":
        raise UgyldigPeriode("termin: perioden er ikke over")
    valg = {
        "ordning": ordningsnavn,
        "kommuner": list(kommuner) if kommuner else None,
        "terminer": list(kontroll.terminer(termin)),
        "arsak": arsak,
        "termin": termin,
        "antall": BUNKE,
    }
    etter, antall = UUID(int=0), 0
    while True:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            ider = list(forbindelse.scalars(_SAKER, {**valg, "etter": etter}))
            bord = Skrivebord(forbindelse)
            for sak in saker.las_flere(forbindelse, ider).values():
                soknad = kunnskap.soknad(forbindelse, ordning, sak.id, sak.nokkel, termin, tid)
                if soknad is None:
                    _logg.warning("etterkontroll_uten_soknad", sak=str(sak.id))
                    continue
                fakta = NyOpplysning(SOKNAD, SOKNAD, ordning.hjemmel, soknad, tid)
                hendelse = NyHendelse("etterkontroll_startet", data={"periode": termin})
                ny_behandling(bord, sak, arsak, termin, SYSTEM.aktor, tid, [fakta], hendelse)
                saker.lagre(bord, sak, tid)
                utboks.be_om(bord, sak.id, tid)
                antall += 1
            bord.tom()
        if len(ider) < BUNKE:
            return antall
        etter = ider[-1]
