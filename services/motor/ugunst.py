"""Does a decision take from somebody? What a new one gives, held against the decision that stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.kalender import frist_etter
from domain.kontroll.krav import Grunn
from domain.sak.forlop import Forlop
from domain.sak.ordning import Fakta, Ordning
from domain.sak.varsel import SVARFRIST_DAGER, VARSLET
from services.klokke import i_dag, siste_oyeblikk
from services.lager import opplysninger, utboks
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor.lest import Lest

TIL_UGUNST: Grunn = {
    "kode": "til_ugunst",
    "tekst": "Den nye beregningen gir mindre enn vedtaket som står, og parten er ikke varslet.",
}


def krever_varsel(
    ordning: Ordning, forlop: Forlop, sak: LastSak, behandling: Behandling, fakta: Fakta, lest: Lest
) -> bool:
    """Would the engine's own decision take from somebody whom the table wants told first?"""
    overgang = forlop.finn(behandling.tilstand, "fatt_vedtak")
    if overgang is None or VARSLET not in overgang.vakter:
        return False
    star = lest.tidligere[sak.id, behandling.termin].star
    return star is not None and ordning.avgjor(fakta).belop < star


_NYTT = text("""
    INSERT INTO varsel (id, sak_id, behandling_id, kommunenummer, belop, laget)
    VALUES (:id, :sak_id, :behandling_id, :kommunenummer, :belop, :tid)
""")
_SISTE = text("""
    SELECT id, belop, laget, levert, frist, besvart FROM varsel WHERE behandling_id = :id
    ORDER BY laget DESC, id DESC LIMIT 1
""")
_LEVERT = text("UPDATE varsel SET levert = :levert, frist = :frist WHERE id = :id")
# Who answers before anybody has reported the delivery has been told by then.
_BESVART = text("""
    UPDATE varsel SET besvart = :tid, levert = coalesce(levert, :tid), frist = coalesce(frist, :tid) WHERE id = :id
""")


def lag_varsel(skriver: Skriver, sak: LastSak, behandling: Behandling, belop: int, tid: datetime) -> UUID:
    """A notice of a claim of ``belop`` kroner."""
    id_ = ny_id()
    rad = {"id": id_, "sak_id": sak.id, "behandling_id": behandling.id, "belop": belop, "tid": tid}
    skriver.execute(_NYTT, {**rad, "kommunenummer": sak.kommunenummer})
    return id_


def siste_varsel(forbindelse: Connection, behandling_id: UUID) -> Any | None:
    """The newest notice of a treatment."""
    return forbindelse.execute(_SISTE, {"id": behandling_id}).one_or_none()


def levert(
    forbindelse: Connection, sak: LastSak, behandling: Behandling, naar: datetime, tid: datetime
) -> None:
    """The notice has reached the party: three weeks to answer, from that day, and never from before it was made."""
    varsel = siste_varsel(forbindelse, behandling.id)
    if varsel is None:
        raise LookupError("behandlingen har ikke noe varsel")
    naar = max(naar, varsel.laget)
    frist = siste_oyeblikk(frist_etter(i_dag(naar), SVARFRIST_DAGER))
    forbindelse.execute(_LEVERT, {"id": varsel.id, "levert": naar, "frist": frist})
    behandling.frist = frist
    utboks.be_om(forbindelse, sak.id, max(frist, tid))


def besvart(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    innhold: dict[str, Any],
    tid: datetime,
) -> None:
    """The party has answered; what was said becomes a fact of the treatment."""
    varsel = siste_varsel(forbindelse, behandling.id)
    if varsel is not None:
        forbindelse.execute(_BESVART, {"id": varsel.id, "tid": tid})
    behandling.frist = None
    opplysninger.legg_til(
        forbindelse,
        sak.nokkel,
        sak.id,
        behandling.id,
        opplysninger.NyOpplysning(
            nokkel=opplysninger.INNSIGELSE,
            kilde="part",
            hjemmel=ordning.hjemmel,
            innhold=innhold,
            hentet=tid,
        ),
    )
