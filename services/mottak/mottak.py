"""The door: one CloudEvent in, one case treatment out, or a refusal kept with its reason."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from domain.sak.kjede import UgyldigDokument, kanonisk
from schemas.hendelser import HENDELSESTYPER, Hendelsestype, Innhold, Konvolutt, Kvittering
from services.forsegling import forsegler
from services.innstillinger import innstillinger
from services.klokke import i_dag
from services.krasjpunkt import krasjpunkt
from services.lager import hendelser, innboks, opplysninger, personer, saker, utboks
from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.sesjon import ALLE, Innsyn, transaksjon
from services.problem import Feltfeil, Problem, felt_feil
from services.tilgang import Aktor


class _KomEtter(Exception):
    """Another request with the same event came first, and has committed: undo this one."""


@dataclass(frozen=True, slots=True)
class Konvoluttkjenning:
    """What can be said of an event before it is known to be valid, for the row of a refusal."""

    kilde: str
    ekstern_id: str
    type: str

    @classmethod
    def av(cls, dokument: Any) -> "Konvoluttkjenning":
        def felt(navn: str) -> str:
            verdi = dokument.get(navn) if isinstance(dokument, dict) else None
            return verdi[:256].replace("\x00", "") if isinstance(verdi, str) else ""

        return cls(felt("source"), felt("id"), felt("type"))


def ta_imot(dokument: Any, aktor: Aktor, na: datetime, sporing: str | None) -> Kvittering:
    """Take one parsed event in, in one transaction. The same event again gives the same answer.

    ``na``: aware UTC time. Errors: ``Problem`` (422 naming the fields, 403, 409); the refused event is then kept.
    """
    kjent = Konvoluttkjenning.av(dokument)
    innsyn = _mottakets_innsyn(aktor)
    try:
        try:
            kropp = kanonisk(dokument) if isinstance(dokument, dict) else b""
        except UgyldigDokument:
            raise Problem(
                422, "ugyldige-felt", feil=[_feil("(kropp)", "kan ikke uttrykkes som JSON")]
            ) from None
        avtrykk = _avtrykk(kropp)
        konvolutt = _konvolutt(dokument)
        with transaksjon(DbRolle.API, innsyn) as forbindelse:
            if for_ := innboks.finn(forbindelse, konvolutt.source, konvolutt.id):
                return _samme_igjen(konvolutt, for_, avtrykk, aktor)
        slag, data = _innhold(konvolutt, na)
        if not aktor.ser_kommune(data.kommunenummer):
            nekt = _feil("data.kommunenummer", "tokenet gjelder ikke denne kommunen")
            raise Problem(403, "mangler-tilgang", feil=[nekt])
        try:
            with transaksjon(DbRolle.API, innsyn) as forbindelse:
                kvittering = _lag_sak(forbindelse, konvolutt, slag, data, kropp, avtrykk, aktor, na, sporing)
            krasjpunkt("mottak.etter_commit")
            return kvittering  # noqa: TRY300
        except _KomEtter:
            with transaksjon(DbRolle.API, innsyn) as forbindelse:
                vant = innboks.finn(forbindelse, konvolutt.source, konvolutt.id)
                return _samme_igjen(konvolutt, vant, avtrykk, aktor)
    except Problem as problem:
        behold_avvist(kjent, _ra(dokument), problem, aktor)
        raise


def behold_avvist(kjent: Konvoluttkjenning, kropp: bytes, problem: Problem, aktor: Aktor) -> None:
    """Keep a refused event with its reason, so that a sender who asks can be answered."""
    with transaksjon(DbRolle.API, _mottakets_innsyn(aktor)) as forbindelse:
        innboks.avvis(
            forbindelse,
            kilde=kjent.kilde,
            ekstern_id=kjent.ekstern_id,
            type_=kjent.type,
            kommunenummer=None,
            kropp=kropp,
            kropp_hash=_avtrykk(kropp),
            problem=problem.dokument(),
        )


def _mottakets_innsyn(aktor: Aktor) -> Innsyn:
    """The door looks across municipalities: the same event or the same person may have come to another one, and
    the case may be protected. What it answers the sender is the receipt alone."""
    return Innsyn(aktor.id, ALLE, klarert=True)


def _avtrykk(kropp: bytes) -> bytes:
    """A keyed hash: a body is too guessable for a plain one."""
    return forsegler().oppslag_hash(hashlib.sha256(kropp).hexdigest())


def _feil(felt: str, melding: str) -> Feltfeil:
    return {"felt": felt, "melding": melding}


def _ra(dokument: Any) -> bytes:
    return orjson.dumps(dokument)


def _konvolutt(dokument: Any) -> Konvolutt:
    try:
        return Konvolutt.model_validate(dokument)
    except ValidationError as feil:
        raise Problem(422, "ugyldige-felt", feil=felt_feil(feil.errors())) from None


def _innhold(konvolutt: Konvolutt, na: datetime) -> tuple[Hendelsestype, Innhold]:
    slag = HENDELSESTYPER.get(konvolutt.type)
    if slag is None:
        raise Problem(422, "ukjent-hendelsestype", feil=[_feil("type", "ukjent hendelsestype")])
    valg = innstillinger()
    kontekst = {"dato": i_dag(na), "syntetiske": valg.syntetiske_fnr and valg.miljo != "prod"}
    try:
        return slag, slag.modell.model_validate(konvolutt.data, context=kontekst)
    except ValidationError as feil:
        raise Problem(422, "ugyldige-felt", feil=felt_feil(feil.errors(), "data")) from None


def _samme_igjen(konvolutt: Konvolutt, for_: Any, avtrykk: bytes, aktor: Aktor) -> Kvittering:
    if for_.kropp_hash != avtrykk or not aktor.ser_kommune(for_.kommunenummer):
        raise Problem(
            409,
            "hendelse-id-brukt",
            feil=[_feil("id", "samme source og id er brukt på en hendelse med annet innhold")],
        )
    return _kvittering(konvolutt, for_.sak_id, for_.behandling_id, for_.mottatt)


def _kvittering(konvolutt: Konvolutt, sak_id: UUID, behandling_id: UUID, mottatt: datetime) -> Kvittering:
    return Kvittering(
        id=konvolutt.id,
        source=konvolutt.source,
        sak=sak_id,
        behandling=behandling_id,
        adresse=f"/api/v1/saker/{sak_id}",
        mottatt=mottatt,
    )


_NY_SAK = text("""
    INSERT INTO sak (id, ordning, kommunenummer, hovedperson, laget, endret)
    VALUES (:id, :ordning, :kommunenummer, :hovedperson, :tid, :tid)
    ON CONFLICT (ordning, hovedperson, kommunenummer) WHERE status <> 'avsluttet' DO NOTHING
""")
_FINN_SAK = text("""
    SELECT id FROM sak WHERE ordning = :ordning AND kommunenummer = :kommunenummer AND hovedperson = :hovedperson
                         AND status <> 'avsluttet'
""")
_PART = text("""
    INSERT INTO sak_person (sak_id, person_id, rolle) VALUES (:sak_id, :person_id, :rolle)
    ON CONFLICT (sak_id, person_id) DO NOTHING
""")


def _lag_sak(
    forbindelse: Connection,
    konvolutt: Konvolutt,
    slag: Hendelsestype,
    data: Innhold,
    kropp: bytes,
    avtrykk: bytes,
    aktor: Aktor,
    na: datetime,
    sporing: str | None,
) -> Kvittering:
    ordning = ORDNINGER[slag.ordning]
    forlop = ordning.forlop[slag.arsak]
    # Sorted, so that two applications naming the same people cannot wait for each other.
    funnet = {
        fnr: personer.finn_eller_lag(forbindelse, fnr) for _, fnr in sorted(data.parter(), key=lambda p: p[1])
    }
    hovedperson, nokkel = funnet[data.parter()[0][1]]
    sak_valg = {"ordning": ordning.navn, "kommunenummer": data.kommunenummer, "hovedperson": hovedperson}
    forbindelse.execute(_NY_SAK, {"id": ny_id(), "tid": na, **sak_valg})
    sak_id = forbindelse.execute(_FINN_SAK, sak_valg).scalar_one()
    forbindelse.execute(
        _PART,
        [{"sak_id": sak_id, "person_id": funnet[fnr][0], "rolle": rolle} for rolle, fnr in data.parter()],
    )
    sak = saker.las(forbindelse, sak_id)
    innboks_id, behandling_id = ny_id(), ny_id()
    if not innboks.godta(
        forbindelse,
        innboks_id,
        kilde=konvolutt.source,
        ekstern_id=konvolutt.id,
        type_=konvolutt.type,
        kommunenummer=data.kommunenummer,
        mottatt=na,
        kropp_hash=avtrykk,
        kropp=nokkel.forsegle(kropp, innboks.aad(innboks_id)),
        sak_id=sak.id,
        behandling_id=behandling_id,
    ):
        raise _KomEtter
    saker.ny_behandling(
        forbindelse,
        behandling_id,
        sak.id,
        sak.kommunenummer,
        forlop.navn,
        slag.arsak,
        data.termin,
        forlop.start,
        na,
    )
    soknad = data.uten_fnr({fnr: person_id for fnr, (person_id, _) in funnet.items()})
    soknad["mottatt"] = (konvolutt.time or na).isoformat()
    opplysninger.lagre(
        forbindelse,
        sak.nokkel,
        sak.id,
        behandling_id,
        [
            opplysninger.NyOpplysning(
                nokkel=opplysninger.SOKNAD,
                kilde=opplysninger.SOKNAD,
                hjemmel=ordning.hjemmel,
                innhold=soknad,
                hentet=na,
            )
        ],
    )
    ny = hendelser.NyHendelse(
        type="soknad_mottatt",
        behandling_id=behandling_id,
        data={"arsak": slag.arsak, "termin": data.termin, "til": forlop.start, "type": konvolutt.type},
        innhold=soknad,
    )
    hendelser.skriv(forbindelse, sak, [ny], aktor.id, na)
    sak.versjon += 1
    saker.lagre(forbindelse, sak, na)
    utboks.be_om(forbindelse, sak.id, na, sporing=sporing)
    krasjpunkt("mottak.for_commit")
    return _kvittering(konvolutt, sak.id, behandling_id, na)
