"""The tasks that a transition table says stand open in a state: owner, deadline, reminder."""

from datetime import datetime, timedelta

from domain.kalender import frist_etter, virkedag_for
from domain.ordninger import ORDNINGER
from domain.sak.forlop import Forlop
from services.klokke import i_dag, siste_oyeblikk
from services.lager import oppfolginger
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver


def skift(
    skriver: Skriver,
    forlop: Forlop,
    sak: LastSak,
    behandling: Behandling,
    fra: str,
    aktor: str,
    tid: datetime,
) -> None:
    """The task of the state that was left is closed, that of the new one opened. Working days: the deadline falls on
    one, and so does the reminder before it. A state in which the treatment waits for a deadline has that one."""
    if fra in forlop.oppgaver:
        oppfolginger.lukk(skriver, behandling.id, _avtrykk(forlop, fra), aktor, tid)
    oppgave = forlop.oppgaver.get(behandling.tilstand)
    if oppgave is None:
        return
    egen = behandling.frist if forlop.finn(behandling.tilstand, "frist_ut") else None
    frist = i_dag(egen) if egen else frist_etter(i_dag(tid), oppgave.dager)
    paminn = virkedag_for(frist - timedelta(days=oppgave.paminn_dager))
    oppfolginger.apne(
        skriver,
        sak.id,
        behandling.id,
        slag="manuell",
        arsak=f"{forlop.navn}:{behandling.tilstand}",
        fingeravtrykk=_avtrykk(forlop, behandling.tilstand),
        eier=forstelinje(sak) if oppgave.eier == "kommune" else oppgave.eier,
        frist=siste_oyeblikk(frist),
        tid=tid,
        paminn=siste_oyeblikk(paminn) - timedelta(hours=16),
    )


def forstelinje(sak: LastSak) -> str:
    """Who owns what a handler must do: the municipality, or Husbanken's region where it is not the municipality's."""
    return "husbanken:region" if ORDNINGER[sak.ordning].sentral else f"kommune:{sak.kommunenummer}"


def _avtrykk(forlop: Forlop, tilstand: str) -> str:
    return f"manuell:{forlop.navn}:{tilstand}"
