"""One control check that goes on alone: ask again, store the answer and drain the case, or wait longer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from domain.kontroll.krav import Kontrollkrav
from domain.ordninger import ORDNINGER
from domain.sak.ordning import Ordning
from services.innstillinger import innstillinger
from services.klokke import na
from services.krasjpunkt import krasjpunkt
from services.lager import kontroller, oppfolginger, opplysninger, personer, saker, utboks
from services.lager.roller import DbRolle
from services.lager.saker import Behandling
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import Opplysninger
from services.motor.dren import dren
from services.motor.svar import oppslag, som_opplysning
from services.motor.tidligere import med_vedtak
from services.registre import RegisterFeil, Registre

EIER = "husbanken:drift"
FRIST = timedelta(days=3)


def prov_igjen(
    utboks_id: int,
    sak_id: UUID,
    kontroll_id: UUID,
    registre: Registre,
    sporing: str | None = None,
    klokke: Callable[[], datetime] = na,
) -> None:
    """Try the check once. A temporary failure waits longer; a lasting one ends in follow-up after a few tries."""
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        sak = saker.las(forbindelse, sak_id)
        arbeid = utboks.rad(forbindelse, utboks_id)
        if arbeid is None or (arbeid.status == "venter" and arbeid.kjor_etter > klokke()):
            return  # a doubled message: tried meanwhile, and to be tried again later
        rad = kontroller.rad(forbindelse, kontroll_id)
        behandling = saker.behandling(forbindelse, sak_id, rad.behandling_id)
        ordning = ORDNINGER[sak.ordning]
        fra = behandling.kontroller_fra if behandling else None
        utvalg = opplysninger.Utvalg(rad.behandling_id, klokke(), fra)
        kjent = opplysninger.les(forbindelse, sak.nokkel, sak_id, utvalg)
        opp = med_vedtak(forbindelse, ordning, sak, kjent)
        onsket = [k for k in _krav(ordning, behandling, opp) if k.nokkel == rad.nokkel]
        if rad.status != "venter" or behandling is None or behandling.avsluttet or not onsket:
            utboks.ferdig(forbindelse, utboks_id)  # answered, given up, or no longer needed
            if rad.status == "venter":
                kontroller.sett(forbindelse, kontroll_id, "utfort", rad.forsok, rad.kjor_etter, rad.feil)
            return
        fnr = {
            str(p.id): personer.apne_fnr(p.id, p.fnr, p.nokkel) for p in saker.personer(forbindelse, [sak_id])
        }
        sporsmal = oppslag(ordning, opp, onsket, fnr, sporing)[0]
    krasjpunkt("kontroll.for_register", sak_id)
    try:
        svar = registre.hent(sporsmal.krav, sporsmal.fnr, sporsmal.ekstra, traceparent=sporing)
    except RegisterFeil as feil:
        krasjpunkt("kontroll.etter_feil", sak_id)
        _feilet(utboks_id, kontroll_id, rad.forsok, feil, klokke())
        return
    krasjpunkt("kontroll.etter_svar", sak_id)
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        sak = saker.las(forbindelse, sak_id)
        tid = klokke()
        behandling = saker.behandling(forbindelse, sak_id, rad.behandling_id)
        if behandling is not None and not behandling.avsluttet:  # not withdrawn meanwhile
            ny = som_opplysning(sporsmal.krav, svar, tid)
            opplysninger.lagre_svar(forbindelse, sak.nokkel, sak_id, rad.behandling_id, [ny])
        kontroller.sett(forbindelse, kontroll_id, "utfort", rad.forsok + 1, tid, rad.feil)
        utboks.ferdig(forbindelse, utboks_id)
        utboks.be_om(forbindelse, sak_id, tid, sporing=sporing)
        krasjpunkt("kontroll.for_commit", sak_id)
    krasjpunkt("kontroll.for_drenering", sak_id)
    dren(sak_id, registre, sporing, klokke)


def _krav(ordning: Ordning, behandling: Behandling | None, opp: Opplysninger) -> list[Kontrollkrav]:
    if behandling is None:
        return []
    return ordning.krav_for(behandling.arsak, behandling.termin, opp[opplysninger.SOKNAD], opp)


def _feilet(utboks_id: int, kontroll_id: UUID, forsok_for: int, feil: RegisterFeil, tid: datetime) -> None:
    valg = innstillinger()
    maks = valg.kontroll_maks_forsok if feil.midlertidig else valg.kontroll_maks_forsok_varig
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rad = kontroller.rad(forbindelse, kontroll_id)
        forsok = rad.forsok + 1
        if rad.status != "venter":
            utboks.ferdig(forbindelse, utboks_id)
        elif rad.forsok != forsok_for:
            return  # a doubled message has counted this failure, and put the row back
        elif forsok < maks:
            kjor_etter = tid + kontroller.ventetid(forsok, feil)
            kontroller.sett(forbindelse, kontroll_id, "venter", forsok, kjor_etter, feil.arsak)
            utboks.utsett(forbindelse, utboks_id, kjor_etter)
        else:
            kontroller.sett(forbindelse, kontroll_id, "oppgitt", forsok, tid, feil.arsak)
            utboks.ferdig(forbindelse, utboks_id)
            oppfolginger.apne(
                forbindelse,
                rad.sak_id,
                rad.behandling_id,
                slag="teknisk",
                arsak=f"{feil.register}: {feil.arsak}",
                # A register that is away fails now by time-out, now by a closed door: it is one cause.
                fingeravtrykk=f"register:{feil.register}:{'nede' if feil.midlertidig else feil.arsak}",
                eier=EIER,
                frist=tid + FRIST,
                tid=tid,
                ref=kontroll_id,
            )
