"""The registers asked, for one case or many, and their answers stored as facts the moment they are in."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.kontroll.krav import Kontrollkrav
from domain.sak.ordning import Ordning
from services.krasjpunkt import krasjpunkt
from services.lager import kontroller, opplysninger
from services.lager.roller import DbRolle
from services.lager.saker import Behandling, LastSak
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.skriving import Skrivebord, Skriver
from services.motor.avgjorelse import Opplysninger
from services.registre import Oppslag, RegisterFeil, Registre

_logg = structlog.get_logger("boligsak.motor")
SVARVINDU_S = 0.05
"""Answers that come in within this time of the first are stored in one commit."""

_LAS = text("SELECT id FROM sak WHERE id = ANY(:saker) ORDER BY id FOR NO KEY UPDATE")

Svar = tuple[Kontrollkrav, dict[str, Any] | RegisterFeil]


@dataclass(frozen=True, slots=True)
class Sporsmal:
    """The registers to ask next, for one treatment of one case."""

    sak: LastSak
    behandling: Behandling
    oppslag: list[Oppslag]
    sporing: str | None


def oppslag(
    ordning: Ordning,
    opp: Opplysninger,
    krav: Sequence[Kontrollkrav],
    fnr: Mapping[str, str],
    sporing: str | None,
) -> list[Oppslag]:
    """The questions with what is needed to ask them. ``fnr``: identity number by person id."""
    soknad = opp[opplysninger.SOKNAD]
    return [
        Oppslag(k, fnr[str(k.gjelder)] if k.gjelder else None, ordning.ekstra(k, soknad, fnr), sporing)
        for k in krav
    ]


def spor_registrene(
    sporsmal: Mapping[UUID, Sporsmal], registre: Registre, klokke: Callable[[], datetime]
) -> dict[UUID, list[Svar]]:
    """Ask for all cases at once. What is in after a short while is stored although others are still out; what is
    given back has yet to be stored."""
    hvis = {id(o.krav): sak_id for sak_id, s in sporsmal.items() for o in s.oppslag}
    ute = len(hvis)
    ulagret: dict[UUID, list[Svar]] = {}
    las = Lock()
    tidtaker: Timer | None = None

    def lagre_inne() -> None:
        with las, suppress(DBAPIError):  # then they are still in hand, and are stored with the rest
            if ulagret:
                with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                    forbindelse.execute(_LAS, {"saker": list(ulagret)})
                    bord = Skrivebord(forbindelse)
                    for s_id, flere in ulagret.items():
                        lagre_svar(bord, sporsmal[s_id], flere, klokke())
                    bord.tom()
                for s_id in ulagret:
                    krasjpunkt("motor.etter_noen_svar", s_id)
                ulagret.clear()

    try:
        for krav, svar in registre.hent_alle([o for s in sporsmal.values() for o in s.oppslag]):
            sak_id = hvis[id(krav)]
            krasjpunkt("motor.etter_svar", sak_id)
            ute -= 1
            with las:
                forst = not ulagret
                ulagret.setdefault(sak_id, []).append((krav, svar))
            if forst and ute:
                tidtaker = Timer(SVARVINDU_S, lagre_inne)  # of its own: the next answer may be long in coming
                tidtaker.daemon = True
                tidtaker.start()
    finally:
        if tidtaker:
            tidtaker.cancel()
    with las:
        rest, ulagret = ulagret, {}
    return rest


def lagre_svar(skriver: Skriver, s: Sporsmal, svar: Sequence[Svar], tid: datetime) -> None:
    """Answers become facts; a check that failed gets its own row and goes on alone on its register's queue. Under the
    case's lock."""
    inne = [som_opplysning(k, v, tid) for k, v in svar if not isinstance(v, RegisterFeil)]
    opplysninger.lagre_svar(skriver, s.sak.nokkel, s.sak.id, s.behandling.id, inne)
    for k, feil in svar:
        if isinstance(feil, RegisterFeil):
            _logg.warning("kontroll_feilet", sak=str(s.sak.id), register=k.register, arsak=feil.arsak)
            kontroller.feilet_forst(skriver, s.sak.id, s.behandling.id, k, feil, tid, s.sporing)


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
