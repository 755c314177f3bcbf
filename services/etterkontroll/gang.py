"""A control afterwards, step by step: is it ready, what does it come to, and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from domain.kontroll.krav import Kontrollkrav
from domain.sak.etterkontroll import Etterkontroll
from domain.sak.ordning import Avgjorelse, Fakta, Ordning
from domain.sak.varsel import etter_forslag
from services.etterkontroll import tilbakekrav
from services.klokke import i_dag
from services.lager import opplysninger, utboks, vedtak
from services.lager.hendelser import NyHendelse
from services.lager.opplysninger import Utvalg
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor import ugunst
from services.motor.avgjorelse import Opplysninger, Tidligere, aad, fatt_vedtak, les_tidligere
from services.motor.lest import Lest
from services.motor.overgang import flytt
from services.problem import Problem

PROV_IGJEN = timedelta(days=7)
"""So long until those who were not ready are asked again: assessments are settled in weekly portions."""
VEDTAS = "vedtas"


@dataclass(frozen=True, slots=True)
class Maned:
    """A month that comes out otherwise. ``endring``: kroner, against what has been booked for it."""

    termin: str
    fakta: Fakta
    avgjort: Avgjorelse
    tidligere: Tidligere
    endring: int


@dataclass(frozen=True, slots=True)
class Oppgjor:
    maneder: Sequence[Maned] = field(default_factory=list)

    @property
    def sum(self) -> int:
        """Kroner that the household is owed; negative: that it owes."""
        return sum(m.endring for m in self.maneder)


def regn_om(
    forbindelse: Connection,
    ordning: Ordning,
    kontroll: Etterkontroll,
    sak: LastSak,
    termin: str,
    opp: Opplysninger,
    verdier: Mapping[str, Any] | None = None,
) -> Oppgjor | None:
    """Every granted month of the period again, by the rules its decision names, on the facts as they are known now;
    in an appeal those that the control decided too. ``verdier``: what a handler has set. None when the household
    cannot be told."""
    soknad = opp[opplysninger.SOKNAD]
    gjelder = opp.get(opplysninger.GJELDER, {})
    verdier = {**gjelder.get("overstyrt", {}), **(verdier or {})}
    rader = [
        r
        for r in vedtak.nyeste(forbindelse, sak.id, kontroll.terminer(termin))
        if r.utfall == "innvilget" or str(r.behandling_id) == gjelder.get("behandling")
    ]
    tidligere = les_tidligere(forbindelse, [(sak.id, r.termin) for r in rader]) if rader else {}
    maneder = []
    for r in rader:
        gamle = orjson.loads(sak.nokkel.apne(r.fakta, aad(r.id, "fakta")))
        fakta = kontroll.nye_fakta(gamle, soknad, opp, termin)
        if fakta is None:
            return None
        if verdier:
            fakta = ordning.overstyr(fakta, verdier)
        [g] = ordning.etterprov.gjenta([fakta], r.regelversjon)
        if g.belop != r.belop:
            for_ = tidligere[sak.id, r.termin]
            avgjort = Avgjorelse(g.kode, g.utfall, g.belop, g.regelversjon, g.spor)
            maneder.append(Maned(r.termin, fakta, avgjort, for_, g.belop - for_.betalt))
    return Oppgjor(maneder)


def vedta(
    skriver: Skriver,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    oppgjor: Oppgjor,
    soknad: Mapping[str, Any],
    tid: datetime,
    *,
    fattet_av: str,
    attestert_av: str | None = None,
    svar: Mapping[str, Any],
) -> list[NyHendelse]:
    """A decision a month; what is owed becomes a claim, what is due goes with the next payment. Errors: ``Problem``
    409 when it comes to less than is paid or claimed at all, or an appeal changes nothing."""
    kontroll = ordning.etterkontroller[behandling.arsak]
    if kontroll.klage_pa is not None and not oppgjor.maneder:
        raise Problem(409, "handling-ikke-tillatt", detalj="Forslaget endrer ingen måned.")
    if kontroll.klage_pa is None and not kontroll.utbetales(oppgjor.sum, i_dag(tid)):
        detalj = "Beløpet er under grensen for å etterbetales eller kreves tilbake; avslutt kontrollen."
        raise Problem(409, "handling-ikke-tillatt", detalj=detalj)
    krav = None
    if oppgjor.sum < 0:
        krav = tilbakekrav.lag(skriver, sak, behandling, -oppgjor.sum, tid)
    return [
        fatt_vedtak(
            skriver,
            ordning,
            sak,
            behandling,
            m.fakta,
            soknad,
            m.tidligere,
            tid,
            fattet_av=fattet_av,
            attestert_av=attestert_av,
            svar=svar,
            termin=m.termin,
            avgjort=m.avgjort,
            krav_id=krav,
        )
        for m in oppgjor.maneder
    ]


def fortsett(
    skriver: Skriver,
    ordning: Ordning,
    kontroll: Etterkontroll,
    sak: LastSak,
    behandling: Behandling,
    lest: Lest,
    tid: datetime,
) -> tuple[Opplysninger, list[Kontrollkrav]]:
    """All that can be done now; the answers so far and the checks to ask next, if any are missing."""
    # What a notice was made on is what is decided on, though the answers have run out since.
    vedtas = behandling.tilstand == VEDTAS
    utvalg = Utvalg(behandling.id, tid, behandling.kontroller_fra, utlopte=vedtas)
    opp = opplysninger.apne_rader(sak.nokkel, sak.id, utvalg, lest.rader(sak))
    soknad, termin = opp[opplysninger.SOKNAD], behandling.termin
    if vedtas and behandling.forslag_av is not None:  # nobody has answered the notice of a handler's proposal
        flytt(skriver, sak, behandling, "legg_frem", tid)
        return opp, []
    if krav := kontroll.krav(soknad, opp, termin):
        apne = lest.apne_kontroller.get(behandling.id, set())
        return opp, [k for k in krav if k.nokkel not in apne]
    if kontroll.klage_pa is not None:  # people decide an appeal
        _til_manuell(skriver, sak, behandling, kontroll.grunner(soknad, opp, termin), tid)
        return opp, []
    if not vedtas and (ikke_klare := kontroll.ikke_klare(soknad, opp, termin)):
        if i_dag(tid) > kontroll.siste_dag(termin):
            _til_manuell(skriver, sak, behandling, ["oppgjor_mangler"], tid)
        else:
            behandling.frist = tid + PROV_IGJEN
            utboks.be_om(skriver, sak.id, behandling.frist)
            flytt(skriver, sak, behandling, "ikke_klar", tid, data={"antall": len(ikke_klare)})
        return opp, []
    grunner = kontroll.grunner(soknad, opp, termin)
    oppgjor = None if grunner else regn_om(lest.forbindelse, ordning, kontroll, sak, termin, opp)
    if oppgjor is None:
        _til_manuell(skriver, sak, behandling, grunner or ["husstanden_er_endret"], tid)
        return opp, []
    _avgjor(skriver, ordning, kontroll, sak, behandling, oppgjor, soknad, lest, tid)
    return opp, []


def _til_manuell(
    skriver: Skriver, sak: LastSak, behandling: Behandling, grunner: list[str], tid: datetime
) -> None:
    flytt(skriver, sak, behandling, "til_manuell", tid, data={"grunner": grunner})


def _avgjor(
    skriver: Skriver,
    ordning: Ordning,
    kontroll: Etterkontroll,
    sak: LastSak,
    behandling: Behandling,
    oppgjor: Oppgjor,
    soknad: Mapping[str, Any],
    lest: Lest,
    tid: datetime,
) -> None:
    """Small sums are let be, what is due is paid, what is owed takes a notice first."""
    innhold = {"sum": oppgjor.sum, "maneder": {m.termin: m.endring for m in oppgjor.maneder}}
    if not kontroll.utbetales(oppgjor.sum, i_dag(tid)):
        flytt(skriver, sak, behandling, "avslutt", tid, innhold=innhold)
        return
    varsel = ugunst.siste_varsel(lest.forbindelse, behandling.id)
    varslet = varsel.belop if varsel else 0
    behandling.merker = etter_forslag(behandling.merker, oppgjor.sum, varslet)
    if behandling.tilstand != VEDTAS and oppgjor.sum < 0:
        ugunst.lag_varsel(skriver, sak, behandling, -oppgjor.sum, tid)
        flytt(skriver, sak, behandling, "varsle", tid, innhold=innhold)
        return
    nye = vedta(
        skriver,
        ordning,
        sak,
        behandling,
        oppgjor,
        soknad,
        tid,
        fattet_av="system",
        svar=lest.segl(sak, behandling, ()),
    )
    flytt(skriver, sak, behandling, "fatt_vedtak", tid, innhold=innhold, flere=nye)
