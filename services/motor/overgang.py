"""One move of the transition table: checked, written, appended to the case's chain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from domain.ordninger import ORDNINGER
from domain.sak.forlop import Avslag, Kontekst, Rolle
from domain.sak.ordning import Ordning
from services.lager import hendelser, oppfolginger, saker, segl
from services.lager import utgaende as utgaende_lager
from services.lager.hendelser import NyHendelse
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor import oppgaver

_logg = structlog.get_logger("boligsak.motor")
SYSTEM_KONTEKST = Kontekst("system", frozenset({Rolle.SYSTEM}))
SYSTEM_FRIST = Kontekst("system", frozenset({Rolle.SYSTEM}), frist_ute=True)


class UlovligOvergang(Exception):
    """A move that the table refuses."""

    def __init__(self, avslag: Avslag) -> None:
        super().__init__(avslag.kode)
        self.avslag = avslag


def flytt(
    skriver: Skriver,
    sak: LastSak,
    behandling: Behandling,
    handling: str,
    tid: datetime,
    *,
    kontekst: Kontekst = SYSTEM_KONTEKST,
    data: dict[str, Any] | None = None,
    innhold: dict[str, Any] | None = None,
    vedtak: NyHendelse | None = None,
    flere: Sequence[NyHendelse] = (),
) -> None:
    """Make one move of the transition table: check it, write the state, append the event (and a decision's). Marks,
    tasks and outgoing events are those that the table states.

    ``flere``: the events of more decisions. Errors: ``UlovligOvergang``. The caller holds the lock and writes the case
    at the end.
    """
    forlop = ORDNINGER[sak.ordning].forlop[behandling.arsak]
    utfall = forlop.prov(behandling.tilstand, handling, replace(kontekst, merker=behandling.merker))
    if isinstance(utfall, Avslag):
        raise UlovligOvergang(utfall)
    behandling.tilstand = utfall.til
    behandling.merker = utfall.etter(behandling.merker)
    if utfall.til in forlop.slutt:
        behandling.avsluttet = tid
        behandling.frist = None
    nye = [*flere, *([vedtak] if vedtak else ())]
    nye.append(
        NyHendelse(
            type=handling,
            behandling_id=behandling.id,
            data={
                "fra": utfall.fra,
                "til": utfall.til,
                "behandlingsrad": segl.av_behandling(sak, behandling),
                **(data or {}),
            },
            innhold=innhold,
        )
    )
    hendelser.skriv(skriver, sak, nye, kontekst.aktor, tid)
    _logg.info("overgang", handling=handling, til=utfall.til, behandling=str(behandling.id), sak=str(sak.id))
    saker.lagre_behandling(
        skriver, behandling, kontekst.aktor, tid, gar_videre=utfall.til in forlop.automatisk
    )
    oppgaver.skift(skriver, forlop, sak, behandling, utfall.fra, kontekst.aktor, tid)
    if utfall.utgaende:
        data_ut = {"behandling": str(behandling.id), "termin": behandling.termin, "tilstand": utfall.til}
        utgaende_lager.skriv(skriver, sak.id, utfall.utgaende, data_ut, tid)
    sak.versjon += 1


def apne_manuell(
    skriver: Skriver,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    koder: Sequence[str],
    tid: datetime,
) -> None:
    """The first line's open task for a treatment that a person must decide."""
    oppfolginger.apne(
        skriver,
        sak.id,
        behandling.id,
        slag="manuell",
        arsak=",".join(koder),
        fingeravtrykk="manuell:" + ",".join(koder),
        eier=oppgaver.forstelinje(sak),
        frist=tid + timedelta(days=ordning.frist_manuell_dager),
        tid=tid,
    )
