"""Drain one case: under its lock, do everything that is due, in order, until it must wait.

A task is a wake-up, nothing more. Doubled, late and re-ordered wake-ups find nothing to do.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection

from domain.kontroll.krav import Kontrollkrav
from domain.ordninger import ORDNINGER
from domain.sak.forlop import Avslag, Kontekst, Rolle
from domain.sak.ordning import Ordning
from domain.sak.steg import Bilde, Steg, neste_steg
from services.klokke import na
from services.krasjpunkt import krasjpunkt
from services.lager import hendelser, kontroller, oppfolginger, opplysninger, personer, saker, utboks
from services.lager.hendelser import NyHendelse
from services.lager.roller import DbRolle
from services.lager.saker import Behandling, LastSak
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import Opplysninger, fatt_vedtak, grunnlag
from services.registre import Oppslag, RegisterFeil, Registre

_logg = structlog.get_logger("boligsak.motor")
SVARVINDU_S = 0.05
"""Answers that come in within this time are stored in one commit; a later one is stored as soon as it is in."""


@dataclass(frozen=True, slots=True)
class _Hent:
    """The registers to ask next, for one treatment."""

    behandling: Behandling
    oppslag: list[Oppslag]


SYSTEM_KONTEKST = Kontekst("system", frozenset({Rolle.SYSTEM}))
SYSTEM_FRIST = Kontekst("system", frozenset({Rolle.SYSTEM}), frist_ute=True)
Svar = tuple[Kontrollkrav, dict[str, Any] | RegisterFeil]


def dren(
    sak_id: UUID, registre: Registre, sporing: str | None = None, klokke: Callable[[], datetime] = na
) -> None:
    """Do all that is due on the case. Errors: those of the database; nothing is then half done."""
    fnr: dict[str, str] = {}
    nye: tuple[Behandling, list[Svar]] | None = None
    while True:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            sak = saker.las(forbindelse, sak_id)
            tid = klokke()
            if nye:
                _lagre_svar(forbindelse, sak, *nye, tid, sporing)
                krasjpunkt("motor.for_svar_lagret", sak_id)
            versjon = sak.versjon
            hent = _gjor_det_som_kan_gjores(forbindelse, sak, fnr, tid)
            if hent is None:
                utboks.ferdig_dren(forbindelse, sak.id, tid)
            if sak.versjon != versjon:
                saker.lagre(forbindelse, sak, tid)
            krasjpunkt("motor.for_commit", sak_id)
        if hent is None:
            krasjpunkt("motor.etter_commit", sak_id)
            return
        krasjpunkt("motor.for_registre", sak_id)
        nye = (hent.behandling, _spor_registrene(sak, hent, registre, klokke, sporing))


def _gjor_det_som_kan_gjores(
    forbindelse: Connection, sak: LastSak, fnr: dict[str, str], tid: datetime
) -> _Hent | None:
    """Every step that needs only the database. Stops at the first treatment that needs the registers."""
    ordning = ORDNINGER[sak.ordning]
    opptatt: set[str] = set()
    for behandling in saker.apne_behandlinger(forbindelse, sak.id):
        if behandling.termin not in opptatt:  # an earlier treatment of the same month comes first
            hent = _behandle(forbindelse, ordning, sak, behandling, fnr, tid)
            if hent:
                return hent
        if not behandling.avsluttet:
            opptatt.add(behandling.termin)
    return None


def _behandle(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    fnr: dict[str, str],
    tid: datetime,
) -> _Hent | None:
    forlop = ordning.forlop[behandling.arsak]
    if behandling.frist and behandling.frist <= tid and forlop.finn(behandling.tilstand, "frist_ut"):
        flytt(forbindelse, sak, behandling, "frist_ut", tid, kontekst=SYSTEM_FRIST)
        behandling.frist = None
        opplysninger.lagre(forbindelse, sak.nokkel, sak.id, behandling.id, [_frist_ute(ordning, tid)])
    if behandling.tilstand == forlop.start:
        flytt(forbindelse, sak, behandling, "start_kontroll", tid)
    if behandling.tilstand not in forlop.automatisk:
        return None
    opp = opplysninger.les(forbindelse, sak.nokkel, sak.id, behandling.id, tid)
    krav = ordning.krav(opp[opplysninger.SOKNAD], opp)
    apne = kontroller.apne_nokler(forbindelse, behandling.id) if krav else set()
    uprovde = [k for k in krav if k.nokkel not in apne]
    grunn = None if krav else grunnlag(ordning, opp)  # without overrides: those count only when attested
    steg = neste_steg(
        forlop,
        Bilde(behandling.tilstand, len(uprovde), len(apne), len(grunn.grunner) if grunn else 0),
    )
    if steg is Steg.HENT:
        return _Hent(behandling, oppslag(forbindelse, ordning, sak, opp, uprovde, fnr))
    if steg is Steg.VENT or grunn is None:
        return None
    sak.gradert = sak.gradert or grunn.gradert
    if steg is Steg.TIL_MANUELL:
        koder = sorted({g["kode"] for g in grunn.grunner})
        flytt(forbindelse, sak, behandling, "til_manuell", tid, data={"grunner": koder})
        apne_manuell(forbindelse, ordning, sak, behandling, koder, tid)
    else:
        hendelse = fatt_vedtak(
            forbindelse,
            ordning,
            sak,
            behandling,
            grunn.fakta,
            opp[opplysninger.SOKNAD],
            tid,
            fattet_av="system",
        )
        flytt(forbindelse, sak, behandling, "fatt_vedtak", tid, vedtak=hendelse)
    return None


def apne_manuell(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    koder: Sequence[str],
    tid: datetime,
) -> None:
    oppfolginger.apne(
        forbindelse,
        sak.id,
        behandling.id,
        slag="manuell",
        arsak=",".join(koder),
        fingeravtrykk="manuell:" + ",".join(koder),
        eier=f"kommune:{sak.kommunenummer}",
        frist=tid + timedelta(days=ordning.frist_manuell_dager),
        tid=tid,
    )


def flytt(
    forbindelse: Connection,
    sak: LastSak,
    behandling: Behandling,
    handling: str,
    tid: datetime,
    *,
    kontekst: Kontekst | None = None,
    data: dict[str, Any] | None = None,
    innhold: dict[str, Any] | None = None,
    vedtak: NyHendelse | None = None,
) -> None:
    """Make one move of the transition table: check it, write the state, append the event (and a decision's).

    Errors: ``UlovligOvergang``. The caller holds the lock and writes the case at the end.
    """
    kontekst = kontekst or SYSTEM_KONTEKST
    forlop = ORDNINGER[sak.ordning].forlop[behandling.arsak]
    utfall = forlop.prov(behandling.tilstand, handling, kontekst)
    if isinstance(utfall, Avslag):
        raise UlovligOvergang(utfall)
    nye = [vedtak] if vedtak else []
    nye.append(
        NyHendelse(
            type=handling,
            behandling_id=behandling.id,
            data={"fra": utfall.fra, "til": utfall.til, **(data or {})},
            innhold=innhold,
        )
    )
    behandling.tilstand = utfall.til
    if utfall.til in forlop.slutt:
        behandling.avsluttet = tid
        behandling.frist = None
    hendelser.skriv(forbindelse, sak, nye, kontekst.aktor, tid)
    _logg.info("overgang", handling=handling, til=utfall.til, behandling=str(behandling.id), sak=str(sak.id))
    saker.lagre_behandling(
        forbindelse, behandling, kontekst.aktor, tid, gar_videre=utfall.til in forlop.automatisk
    )
    sak.versjon += 1


class UlovligOvergang(Exception):
    """A move that the table refuses."""

    def __init__(self, avslag: Avslag) -> None:
        super().__init__(avslag.kode)
        self.avslag = avslag


def oppslag(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    opp: Opplysninger,
    krav: Sequence[Kontrollkrav],
    fnr: dict[str, str],
) -> list[Oppslag]:
    """The questions with what is needed to ask them: the one place where identity numbers are opened.

    ``fnr``: the numbers by person id, filled here the first time and good for the rest of the drain.
    """
    if not fnr:
        for p in saker.personer(forbindelse, sak.id):
            fnr[str(p.id)] = personer.apne_fnr(p.id, p.fnr, p.nokkel)
    soknad = opp[opplysninger.SOKNAD]
    return [
        Oppslag(k, fnr[str(k.gjelder)] if k.gjelder else None, ordning.ekstra(k, soknad, fnr)) for k in krav
    ]


def _spor_registrene(
    sak: LastSak, hent: _Hent, registre: Registre, klokke: Callable[[], datetime], sporing: str | None
) -> list[Svar]:
    """Ask all at once. What is in after a short while is stored although others are still out."""
    ulagret: list[Svar] = []
    forst = 0.0
    for svar in registre.hent_alle(hent.oppslag, traceparent=sporing):
        krasjpunkt("motor.etter_svar", sak.id)
        if not ulagret:
            forst = time.monotonic()
        ulagret.append(svar)
        if time.monotonic() - forst > SVARVINDU_S:
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                _lagre_svar(forbindelse, sak, hent.behandling, ulagret, klokke(), sporing)
            krasjpunkt("motor.etter_noen_svar", sak.id)
            ulagret = []
    return ulagret


def _lagre_svar(
    forbindelse: Connection,
    sak: LastSak,
    behandling: Behandling,
    svar: Sequence[Svar],
    tid: datetime,
    sporing: str | None,
) -> None:
    """Answers become facts; a check that failed gets its own row and goes on alone on its register's queue."""
    inne = [(k, s) for k, s in svar if not isinstance(s, RegisterFeil)]
    opplysninger.lagre(
        forbindelse, sak.nokkel, sak.id, behandling.id, [som_opplysning(k, s, tid) for k, s in inne]
    )
    for k, feil in svar:
        if isinstance(feil, RegisterFeil):
            _logg.warning("kontroll_feilet", sak=str(sak.id), register=k.register, arsak=feil.arsak)
            kontroller.feilet_forst(forbindelse, sak.id, behandling.id, k, feil, tid, sporing)


def _frist_ute(ordning: Ordning, tid: datetime) -> opplysninger.NyOpplysning:
    return opplysninger.NyOpplysning(
        nokkel=opplysninger.FRIST, kilde="system", hjemmel=ordning.hjemmel, innhold={"ute": True}, hentet=tid
    )


def som_opplysning(krav: Kontrollkrav, svar: dict[str, Any], tid: datetime) -> opplysninger.NyOpplysning:
    return opplysninger.NyOpplysning(
        nokkel=krav.nokkel,
        kilde=krav.register,
        hjemmel=krav.hjemmel,
        innhold=svar,
        hentet=tid,
        gyldig_til=tid + timedelta(days=krav.gyldig_dager),
        gjelder=krav.gjelder,
    )
