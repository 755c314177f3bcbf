"""What a person does with a case: one action of the transition table, checked, done and audited in one commit."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from domain.sak.bevilgning import ANNENLINJE_FERDIG, ATTESTERT
from domain.sak.forlop import Kontekst
from domain.sak.ordning import Avgjorelse, Ordning, UlovligOverstyring
from domain.sak.planlagt import PLANLAGT
from domain.sak.varsel import VARSLET, er_varslet
from schemas.fakta import FAKTAMODELLER
from schemas.saker import HandlingInn
from services.etterkontroll import tilbakekrav
from services.klokke import OSLO, i_dag
from services.lager import lopende, opplysninger, saker, utboks
from services.lager.hendelser import NyHendelse
from services.lager.saker import Behandling
from services.motor import forslag
from services.motor.avgjorelse import (
    Opplysninger,
    Tidligere,
    fatt_vedtak,
    grunnlag,
    les_tidligere,
    siste_overstyring,
)
from services.motor.forslag import Handling
from services.motor.overgang import UlovligOvergang, flytt
from services.motor.overstyring import krev_gyldig, krev_samme_slag, ulovlig
from services.problem import Problem
from services.tilgang import Aktor
from services.tilgang.aktor import ALLE, Scope

_EGEN_SAK = text("""
    SELECT EXISTS (SELECT 1 FROM sak_person sp JOIN person p ON p.id = sp.person_id
                   WHERE sp.sak_id = :sak_id AND p.oppslag = :oppslag)
""")
LENGSTE_FRIST = timedelta(days=366)
_STATUS = {"egen-sak": 403, "to-personer": 403, "feil-rolle": 403}
_PROBLEM = {"egen-sak": "egen-sak", "to-personer": "to-personer", "feil-rolle": "mangler-tilgang"}


SCOPE = {
    "saksbehandler": Scope.VEDTA,
    "attestant": Scope.ATTESTER,
    "klagebehandler": Scope.VEDTA,
    "annenlinje": Scope.VEDTA,
}
"""A role counts when the token also carries its scope: a client may have been given less than its user has."""


def egen_sak(forbindelse: Connection, sak_id: UUID, aktor: Aktor) -> bool:
    """Is the actor a party of the case?"""
    if aktor.person_hash is None:
        return False
    return bool(forbindelse.scalar(_EGEN_SAK, {"sak_id": sak_id, "oppslag": aktor.person_hash}))


def kontekst(
    forbindelse: Connection, ordning: Ordning, sak_id: UUID, behandling: Behandling, aktor: Aktor
) -> Kontekst:
    """What the guards of the table look at, for this person on this treatment."""
    roller = frozenset(r for r in aktor.roller if r not in SCOPE or aktor.har(SCOPE[r]))
    return Kontekst(
        aktor=aktor.id,
        roller=frozenset() if ordning.sentral and aktor.kommuner != ALLE else roller,
        egen_sak=egen_sak(forbindelse, sak_id, aktor),
        forslag_av=behandling.forslag_av,
        har_avgjorelse=behandling.forslag_av is not None,
        merker=behandling.merker,
    )


def utfor(
    forbindelse: Connection,
    sak_id: UUID,
    handling: str,
    inn: HandlingInn,
    aktor: Aktor,
    versjon: int,
    tid: datetime,
    sporing: str | None,
) -> None:
    """Do one action in the caller's transaction. Errors: ``Problem`` 403, 404, 409, 412, 422."""
    try:
        sak = saker.las(forbindelse, sak_id)
    except saker.SakFinnesIkke:
        raise Problem(404, "ikke-funnet") from None
    if sak.versjon != versjon:
        raise Problem(412, "endret-siden-sist", headers={"ETag": f'"{sak.versjon}"'})
    behandling = _velg_behandling(
        [b for _, b in saker.apne_behandlinger(forbindelse, [sak_id]) if b.tilstand != PLANLAGT],
        inn.behandling,
    )
    ordning = ORDNINGER[sak.ordning]
    overgang = ordning.forlop[behandling.arsak].finn(behandling.tilstand, handling)
    # What stands, and what the party has elsewhere, may have changed since the proposal.
    if overgang is not None and {VARSLET, ANNENLINJE_FERDIG} & set(overgang.vakter):
        with suppress(UlovligOverstyring):  # a proposal that can be made no more is sent back by the engine
            forslag.merk(Handling(forbindelse, ordning, sak, behandling, inn, aktor, tid))
    vurdert = kontekst(forbindelse, ordning, sak_id, behandling, aktor)
    utfall = ordning.forlop[behandling.arsak].prov(behandling.tilstand, handling, vurdert)
    if overgang is None or utfall is not overgang:
        kode, tekst = getattr(utfall, "kode", ""), getattr(utfall, "tekst", "")
        raise Problem(_STATUS.get(kode, 409), _PROBLEM.get(kode, "handling-ikke-tillatt"), detalj=tekst)
    if overgang.begrunnelse and not inn.begrunnelse:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "begrunnelse", "melding": "mangler"}])
    virkning = VIRKNINGER.get(handling)
    nye = virkning(Handling(forbindelse, ordning, sak, behandling, inn, aktor, tid)) if virkning else None
    innhold = {"begrunnelse": inn.begrunnelse} if inn.begrunnelse else None
    data = {felt: getattr(inn, felt) for felt in overgang.felt}
    try:
        flytt(
            forbindelse,
            sak,
            behandling,
            handling,
            tid,
            kontekst=vurdert,
            data=data,
            innhold=innhold,
            flere=nye or (),
        )
    except UlovligOvergang as feil:
        raise Problem(409, "handling-ikke-tillatt", detalj=feil.avslag.tekst) from None
    saker.lagre(forbindelse, sak, tid)
    # The engine goes on with this treatment, or with the one of the same month that waited for it to end.
    if behandling.avsluttet or behandling.tilstand in ordning.forlop[behandling.arsak].automatisk:
        utboks.be_om(forbindelse, sak_id, tid, sporing=sporing)


def _velg_behandling(apne: list[Behandling], onsket: UUID | None) -> Behandling:
    if onsket is not None:
        for b in apne:
            if b.id == onsket:
                return b
        raise Problem(
            409, "handling-ikke-tillatt", feil=[{"felt": "behandling", "melding": "er ikke åpen på saken"}]
        )
    if len(apne) != 1:
        raise Problem(
            409,
            "handling-ikke-tillatt",
            detalj=f"Saken har {len(apne)} åpne behandlinger.",
            feil=[
                {"felt": "behandling", "melding": "må oppgis når saken ikke har nøyaktig én åpen behandling"}
            ],
        )
    return apne[0]


def _foresla(h: Handling) -> None:
    """A proposal is the facts as the caseworker sets them; the rules then give the decision. An empty override is
    one too: it says that the facts stand as they are."""
    if forslag.er_kontroll(h):
        forslag.lagre(h)  # what the handler sets counts for every month of the period
        return
    verdier = h.inn.overstyring or {}
    opp, _ = forslag.les(h)
    fakta = grunnlag(h.ordning, opp).fakta
    try:
        krev_samme_slag(fakta, verdier, h.ordning.storste_tall)
        etter = h.ordning.overstyr(fakta, verdier)
        krev_gyldig(FAKTAMODELLER.get(h.ordning.navn), fakta, etter, verdier)
    except UlovligOverstyring as feil:
        raise ulovlig(feil) from None
    forslag.lagre(h)


def _attester(h: Handling) -> list[NyHendelse]:
    if forslag.er_kontroll(h):
        return forslag.attester_kontroll(h)
    overgang = h.ordning.forlop[h.behandling.arsak].finn(h.behandling.tilstand, "attester")
    if overgang is not None and overgang.til == ATTESTERT:
        return forslag.attester_mot_ramme(h)
    opp, svar = forslag.les(h)
    par = (h.sak.id, h.behandling.termin)
    bygger_pa = grunnlag(h.ordning, opp, med_overstyring=True)
    fakta = bygger_pa.fakta
    tidligere, avgjort = les_tidligere(h.forbindelse, [par])[par], forslag.avgjort(h.ordning, opp, fakta)
    hendelse = fatt_vedtak(
        h.forbindelse,
        h.ordning,
        h.sak,
        h.behandling,
        fakta,
        opp[opplysninger.SOKNAD],
        tidligere,
        h.tid,
        fattet_av=h.behandling.forslag_av or "",
        attestert_av=h.aktor.id,
        svar=svar,
        avgjort=avgjort,
        krav_id=_krav_av_stanset(h, tidligere, avgjort),
        apne=[b for _, b in saker.apne_behandlinger(h.forbindelse, [h.sak.id])],
        staende=_staende(h, opp, [g["kode"] for g in bygger_pa.grunner]),
    )
    return [hendelse]


def _krav_av_stanset(h: Handling, tidligere: Tidligere, avgjort: Avgjorelse) -> UUID | None:
    """What is taken back after a notice is set off in the next payment. A case that is stopped has none: it becomes a
    claim, unless it is so little that it is let be."""
    manedlig, skyldig = h.ordning.manedlig, tidligere.betalt - avgjort.belop
    if manedlig is None or skyldig <= 0 or not er_varslet(h.behandling.merker):
        return None
    if tidligere.lopende is None or tidligere.lopende.stanset is None:
        return None
    if not manedlig.utbetales(-skyldig, i_dag(h.tid)):
        return None
    return tilbakekrav.uten_motregning(h.forbindelse, h.sak, h.behandling, skyldig, h.tid)


def _staende(h: Handling, opp: Opplysninger, koder: list[str]) -> dict[str, Any] | None:
    """The standing application with what two people have now judged; None when it says so already, or when a change
    has been reported since the treatment began."""
    manedlig, soknad = h.ordning.manedlig, opp[opplysninger.SOKNAD]
    if manedlig is None:
        return None
    if h.behandling.arsak != "soknad":
        star = lopende.staende(h.forbindelse, h.sak, h.behandling.termin)
        if star is None or manedlig.soknad_for(star, h.behandling.termin) != soknad:
            return None
    husket = manedlig.husk(soknad, koder, (siste_overstyring(opp) or {"verdier": {}})["verdier"])
    return husket if husket != soknad else None


def _underkjenn(h: Handling) -> None:
    h.behandling.forslag_av = None


def _be_om_opplysninger(h: Handling) -> None:
    idag = i_dag(h.tid)
    if h.inn.frist is None or not idag < h.inn.frist <= idag + LENGSTE_FRIST:
        melding = f"må være en dag etter i dag, høyst {LENGSTE_FRIST.days} dager fram"
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "frist", "melding": melding}])
    h.behandling.frist = datetime.combine(h.inn.frist, time(23, 59, 59), OSLO)
    utboks.be_om(h.forbindelse, h.sak.id, h.behandling.frist)


def _motta_opplysninger(h: Handling) -> None:
    """What came in may have changed what the registers say, or been sent to them: they are asked again."""
    h.behandling.frist = None
    _kontroller_pa_nytt(h)


def _kontroller_pa_nytt(h: Handling) -> None:
    h.behandling.kontroller_fra = h.tid


VIRKNINGER: Mapping[str, Callable[[Handling], list[NyHendelse] | None]] = {
    "foresla": _foresla,
    "attester": _attester,
    "underkjenn": _underkjenn,
    "be_om_opplysninger": _be_om_opplysninger,
    "motta_opplysninger": _motta_opplysninger,
    "kontroller_pa_nytt": _kontroller_pa_nytt,
    "innstill": _kontroller_pa_nytt,  # what the registers say of the month now is held against what was decided on
    "varsle": forslag.varsle,
    "levert": forslag.levert,
    "innsigelse": forslag.innsigelse,
}
"""What an action does besides the move itself."""
