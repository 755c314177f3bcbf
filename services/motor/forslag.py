"""A proposal reckoned: what it would decide, what it moves in kroner, and whether it takes from anybody."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from domain.sak.forlop import Merke
from domain.sak.ordning import Avgjorelse, Fakta, Ordning, UlovligOverstyring
from domain.sak.varsel import VARSLET, etter_forslag
from schemas.saker import HandlingInn
from services.etterkontroll import gang
from services.klokke import OSLO, i_dag
from services.lager import opplysninger, segl
from services.lager.hendelser import NyHendelse
from services.lager.saker import Behandling, LastSak
from services.motor import ugunst
from services.motor.avgjorelse import Opplysninger, grunnlag, les_tidligere, siste_overstyring
from services.motor.overstyring import ulovlig
from services.motor.tidligere import med_vedtak
from services.problem import Problem
from services.tilgang import Aktor

NA = "na"


@dataclass(frozen=True, slots=True)
class Handling:
    """An action that is allowed, on a locked case."""

    forbindelse: Connection
    ordning: Ordning
    sak: LastSak
    behandling: Behandling
    inn: HandlingInn
    aktor: Aktor
    tid: datetime


def les(h: Handling) -> tuple[Opplysninger, dict[str, Any]]:
    """The facts as they stood when the treatment came to a person (they do not run out between two people), and what
    a decision's event holds of them."""
    return les_opp(h.forbindelse, h.ordning, h.sak, h.behandling, h.tid)


def les_opp(
    forbindelse: Connection, ordning: Ordning, sak: LastSak, behandling: Behandling, tid: datetime
) -> tuple[Opplysninger, dict[str, Any]]:
    """The same, of a treatment that nobody acts on."""
    rader = opplysninger.rader(forbindelse, [sak.id], [behandling.id], tid).get(sak.id, [])
    utvalg = opplysninger.Utvalg(behandling.id, tid, utlopte=True)
    opp = opplysninger.apne_rader(sak.nokkel, sak.id, utvalg, rader)
    return med_vedtak(forbindelse, ordning, sak, opp), segl.opplysninger(
        opplysninger.avtrykk(rader, behandling.id)
    )


def er_kontroll(h: Handling) -> bool:
    """Is the treatment a control afterwards, which decides many months?"""
    return h.behandling.arsak in h.ordning.etterkontroller


def avgjort(ordning: Ordning, opp: Opplysninger, fakta: Fakta) -> Avgjorelse:
    """By the rules of the decision that the treatment is about, unless the proposal states a ground for today's."""
    gjelder = opp.get(opplysninger.GJELDER)
    if gjelder is None or "regelversjon" not in gjelder or (siste_overstyring(opp) or {}).get("regler") == NA:
        return ordning.avgjor(fakta)
    [g] = ordning.etterprov.gjenta([fakta], gjelder["regelversjon"])
    return Avgjorelse(g.kode, g.utfall, g.belop, g.regelversjon, g.spor)


def oppgjor(h: Handling, opp: Opplysninger) -> gang.Oppgjor:
    """The months of a control, with what the newest proposal sets. Errors: ``Problem`` 409, 422."""
    kontroll = h.ordning.etterkontroller[h.behandling.arsak]
    verdier = (siste_overstyring(opp) or {}).get("verdier")
    try:
        regnet = gang.regn_om(h.forbindelse, h.ordning, kontroll, h.sak, h.behandling.termin, opp, verdier)
    except UlovligOverstyring as feil:
        raise ulovlig(feil) from None
    if regnet is None:
        detalj = (
            "Husstanden i vedtakene er en annen enn den som er kontrollert; kontroller på nytt eller avslutt."
        )
        raise Problem(409, "handling-ikke-tillatt", detalj=detalj)
    return regnet


def endring(h: Handling, opp: Opplysninger) -> int:
    """Kroner that the newest proposal gives (positive) or takes from what stands."""
    if er_kontroll(h):
        return oppgjor(h, opp).sum
    par = (h.sak.id, h.behandling.termin)
    star = les_tidligere(h.forbindelse, [par], las=False)[par].star
    fakta = grunnlag(h.ordning, opp, med_overstyring=True).fakta
    return avgjort(h.ordning, opp, fakta).belop - (star or 0)


def merk(h: Handling) -> None:
    """After a proposal: the marks that the guards look at, where the scheme or the table has any."""
    varsles = any(VARSLET in o.vakter for o in h.ordning.forlop[h.behandling.arsak].overganger)
    if not varsles and not h.ordning.merker:
        return
    opp, _ = les(h)
    if h.ordning.merker:
        av_fakta = h.ordning.merker(grunnlag(h.ordning, opp, med_overstyring=True).fakta)
        h.behandling.merker = (h.behandling.merker - {Merke.ANNENLINJE}) | av_fakta
    if varsles:
        varsel = ugunst.siste_varsel(h.forbindelse, h.behandling.id)
        h.behandling.merker = etter_forslag(
            h.behandling.merker, endring(h, opp), varsel.belop if varsel else 0
        )


def lagre(h: Handling) -> None:
    """A proposal kept: what is set, by whom and by which rules, and the marks that follow."""
    opplysninger.legg_til(
        h.forbindelse,
        h.sak.nokkel,
        h.sak.id,
        h.behandling.id,
        opplysninger.NyOpplysning(
            nokkel=opplysninger.OVERSTYRING,
            kilde="saksbehandler",
            hjemmel=h.ordning.hjemmel,
            innhold={"verdier": h.inn.overstyring or {}, "aktor": h.aktor.id, "regler": h.inn.regler},
            hentet=h.tid,
        ),
    )
    h.behandling.forslag_av = h.aktor.id
    merk(h)


def attester_kontroll(h: Handling) -> list[NyHendelse]:
    """Every month that the proposal changes is decided."""
    opp, svar = les(h)
    return gang.vedta(
        h.forbindelse,
        h.ordning,
        h.sak,
        h.behandling,
        oppgjor(h, opp),
        opp[opplysninger.SOKNAD],
        h.tid,
        fattet_av=h.behandling.forslag_av or "",
        attestert_av=h.aktor.id,
        svar=svar,
    )


def attester_mot_ramme(h: Handling) -> list[NyHendelse]:
    """The engine gives the decision, when the frame has room."""
    opplysninger.lagre(
        h.forbindelse,
        h.sak.nokkel,
        h.sak.id,
        h.behandling.id,
        [
            opplysninger.NyOpplysning(
                nokkel=opplysninger.ATTESTERT,
                kilde="attestant",
                hjemmel=h.ordning.hjemmel,
                innhold={"aktor": h.aktor.id},
                hentet=h.tid,
            )
        ],
    )
    return []


def varsle(h: Handling) -> None:
    """A notice of what the proposal takes."""
    opp, _ = les(h)
    kroner = endring(h, opp)
    if kroner >= 0:
        raise Problem(409, "handling-ikke-tillatt", detalj="Forslaget tar ikke noe fra parten.")
    ugunst.lag_varsel(h.forbindelse, h.sak, h.behandling, -kroner, h.tid)


def levert(h: Handling) -> None:
    """On paper: the day the notice reached the party."""
    dag = h.inn.levert or i_dag(h.tid)
    if dag > i_dag(h.tid):
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "levert", "melding": "kan ikke være etter i dag"}])
    ugunst.levert(h.forbindelse, h.sak, h.behandling, datetime.combine(dag, time(12), OSLO), h.tid)


def innsigelse(h: Handling) -> None:
    """The party has answered on paper or by telephone; the caseworker writes what was said."""
    innhold = {"tekst": h.inn.begrunnelse or "", "kanal": "kommunen"}
    ugunst.besvart(h.forbindelse, h.ordning, h.sak, h.behandling, innhold, h.tid)
