"""The door: one CloudEvent in, one case treatment out, or a refusal kept with its reason."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import ValidationError

from domain.sak.kjede import UgyldigDokument, kanonisk
from schemas.felles import Hendelsesinnhold
from schemas.hendelser import HENDELSESTYPER, Hendelsestype, Konvolutt, Kvittering
from services import fnrvakt
from services.forsegling import forsegler
from services.innstillinger import innstillinger
from services.klokke import i_dag
from services.krasjpunkt import krasjpunkt
from services.lager import innboks, lopende, saker
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.mottak import om_sak
from services.mottak.opprettelse import (
    ENDRING,
    Godkjent,
    KomEtter,
    endringens_termin,
    kvittering,
    opprett,
)
from services.problem import Feltfeil, Problem, felt_feil
from services.tilgang import Aktor
from services.tilgang.aktor import ALLE

KLOKKESLINGRING = timedelta(minutes=5)
"""So much may a sender's clock be ahead of ours."""
_ID = re.compile(r"[\x21-\x7e]{1,256}")


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
            if not isinstance(verdi, str) or not _ID.fullmatch(verdi):
                return ""  # prose is no id, and may name somebody: it stands in the sealed body alone
            return fnrvakt.uten(verdi)

        return cls(felt("source"), felt("id"), felt("type"))


def ta_imot(dokument: Any, aktor: Aktor, na: datetime, sporing: str | None) -> Kvittering:
    """Take one parsed event in. Errors: ``Problem`` (422 naming the fields, 403, 409); see ``ta_imot_flere``."""
    [svar] = ta_imot_flere([dokument], aktor, na, sporing)
    if isinstance(svar, Problem):
        raise svar
    return svar


def ta_imot_flere(
    dokumenter: Sequence[Any], aktor: Aktor, na: datetime, sporing: str | None
) -> list[Kvittering | Problem]:
    """Take parsed events in, the new ones in one transaction; an answer each, in order.

    The same event again gives the same answer. A refused event is kept with its reason. ``na``: aware UTC time.
    """
    svar: dict[int, Kvittering | Problem] = {}
    konvolutter: dict[int, tuple[Konvolutt, bytes, bytes]] = {}
    for nr, dokument in enumerate(dokumenter):
        try:
            konvolutter[nr] = _konvolutt(dokument, na)
        except Problem as problem:
            svar[nr] = problem
    kjente = _kjente(konvolutter.values(), aktor)
    nye: dict[tuple[str, str], tuple[int, Godkjent]] = {}
    igjen: list[int] = []
    for nr, (konvolutt, kropp, avtrykk) in konvolutter.items():
        nokkel = (konvolutt.source, konvolutt.id)
        try:
            if nokkel in kjente:
                svar[nr] = _samme_igjen(konvolutt, kjente[nokkel], avtrykk)
            elif nokkel in nye:  # twice in one batch: the second after the first
                igjen.append(nr)
            else:
                nye[nokkel] = nr, Godkjent(konvolutt, *_innhold(konvolutt, aktor, na), kropp, avtrykk)
        except Problem as problem:
            svar[nr] = problem
    igjen += _om_det_som_finnes(nye, svar, aktor, na, sporing)
    if nye:
        numre = [nr for nr, _ in nye.values()]
        try:
            with transaksjon(DbRolle.API, _mottakets_innsyn(aktor)) as forbindelse:
                kvitteringer = opprett(forbindelse, [g for _, g in nye.values()], aktor, na, sporing)
            krasjpunkt("mottak.etter_commit")
            svar.update(zip(numre, kvitteringer, strict=True))
        except KomEtter:
            igjen = sorted(igjen + numre)
    for nr in igjen:
        svar[nr] = ta_imot_flere([dokumenter[nr]], aktor, na, sporing)[0]
    for nr, ett in svar.items():
        if isinstance(ett, Problem) and nr not in igjen:
            behold_avvist(Konvoluttkjenning.av(dokumenter[nr]), orjson.dumps(dokumenter[nr]), ett, aktor)
    return [svar[nr] for nr in range(len(dokumenter))]


def _om_det_som_finnes(
    nye: dict[tuple[str, str], tuple[int, Godkjent]],
    svar: dict[int, Kvittering | Problem],
    aktor: Aktor,
    na: datetime,
    sporing: str | None,
) -> list[int]:
    """Events about what exists, taken out of ``nye`` and in one by one: what one of them may not do holds up no other.
    Gives those that another request brought first."""
    igjen = []
    for nokkel in [n for n, (_, g) in nye.items() if g.slag.om_sak]:
        nr, godkjent = nye.pop(nokkel)
        try:
            svar[nr] = om_sak.ta_imot(godkjent, aktor, na, sporing)
        except KomEtter:
            igjen.append(nr)
        except Problem as problem:
            svar[nr] = problem
    return igjen


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
    """The sender's own municipalities. Protected cases too, since an application for one must come in; what the
    sender is answered is the receipt alone."""
    return Innsyn(aktor.id, aktor.kommuner, klarert=True)


def _avtrykk(kropp: bytes) -> bytes:
    """A keyed hash: a body is too guessable for a plain one."""
    return forsegler().oppslag_hash(hashlib.sha256(kropp).hexdigest())


def _feil(felt: str, melding: str) -> Feltfeil:
    return {"felt": felt, "melding": melding}


def _konvolutt(dokument: Any, na: datetime) -> tuple[Konvolutt, bytes, bytes]:
    """The envelope, the event's canonical bytes, and their keyed hash."""
    try:
        kropp = kanonisk(dokument) if isinstance(dokument, dict) else b""
        konvolutt = Konvolutt.model_validate(dokument)
    except UgyldigDokument:
        raise Problem(422, "ugyldige-felt", feil=[_feil("(kropp)", "kan ikke uttrykkes som JSON")]) from None
    except ValidationError as feil:
        raise Problem(422, "ugyldige-felt", feil=felt_feil(feil.errors())) from None
    for felt in ("id", "source"):  # they are kept open, and go into the receipt
        if fnrvakt.inneholder(getattr(konvolutt, felt)):
            melding = "kan ikke inneholde et fødselsnummer"
            raise Problem(422, "ugyldige-felt", feil=[_feil(felt, melding)])
    if konvolutt.time is not None and konvolutt.time > na + KLOKKESLINGRING:
        raise Problem(422, "ugyldige-felt", feil=[_feil("time", "ligger frem i tid")])
    return konvolutt, kropp, _avtrykk(kropp)


def _kjente(
    konvolutter: Iterable[tuple[Konvolutt, bytes, bytes]], aktor: Aktor
) -> dict[tuple[str, str], list[Any]]:
    """(source, id) → the accepted events of before."""
    onsket = [(k.source, k.id) for k, _, _ in konvolutter]
    if not onsket:
        return {}
    with transaksjon(DbRolle.API, _mottakets_innsyn(aktor)) as forbindelse:
        return innboks.finn(forbindelse, onsket)


def _innhold(konvolutt: Konvolutt, aktor: Aktor, na: datetime) -> tuple[Hendelsestype, Hendelsesinnhold]:
    slag = HENDELSESTYPER.get(konvolutt.type)
    if slag is None:
        raise Problem(422, "ukjent-hendelsestype", feil=[_feil("type", "ukjent hendelsestype")])
    valg = innstillinger()
    kontekst = {"dato": i_dag(na), "syntetiske": valg.syntetiske_fnr and valg.miljo != "prod"}
    try:
        # As JSON and strictly: a text is no number, and true is not one krone.
        data = slag.modell.model_validate_json(orjson.dumps(konvolutt.data), strict=True, context=kontekst)
    except ValidationError as feil:
        raise Problem(422, "ugyldige-felt", feil=felt_feil(feil.errors(), "data")) from None
    if fnrvakt.inneholder(data.gjelder()):  # what tells a party's matters apart stands open on the case
        melding = "betegnelsen kan ikke inneholde et fødselsnummer"
        raise Problem(422, "ugyldige-felt", feil=[_feil("data", melding)])
    if not aktor.ser_kommune(data.kommunenummer):
        nekt = _feil("data.kommunenummer", "tokenet gjelder ikke denne kommunen")
        raise Problem(403, "mangler-tilgang", feil=[nekt])
    if slag.sentral and not slag.om_sak and aktor.kommuner != ALLE:
        nekt = _feil("type", "sendes av en virksomhet for hele landet")
        raise Problem(403, "mangler-tilgang", feil=[nekt])
    if slag.arsak == ENDRING:
        vedtatt_til = _krev_lopende(slag, data, aktor)
        if (fra := endringens_termin(slag, konvolutt, data, na)) <= vedtatt_til:
            # In time for a month that is decided already: the month is decided anew, as on an application.
            soknad = next(
                s for s in HENDELSESTYPER.values() if (s.ordning, s.arsak) == (slag.ordning, "soknad")
            )
            return soknad, data.model_copy(update={"termin": fra})
    elif not slag.ny_sak:
        _krev_sak(slag, data, aktor)
    return slag, data


def _krev_sak(slag: Hendelsestype, data: Hendelsesinnhold, aktor: Aktor) -> None:
    """An event in the life of a case is refused when there is no such case."""
    oppslag = forsegler().oppslag_hash(data.parter()[0][1])
    with transaksjon(DbRolle.API, _mottakets_innsyn(aktor)) as forbindelse:
        if not saker.finnes(forbindelse, oppslag, slag.ordning, data.kommunenummer, data.gjelder()):
            melding = "det er ingen åpen sak som hendelsen kan gjelde"
            raise Problem(422, "ugyldige-felt", feil=[_feil("data", melding)])


def _krev_lopende(slag: Hendelsestype, data: Hendelsesinnhold, aktor: Aktor) -> str:
    """A change is reported on a case that rolls on; anybody else applies. Gives its last month decided."""
    oppslag = forsegler().oppslag_hash(data.parter()[0][1])
    with transaksjon(DbRolle.API, _mottakets_innsyn(aktor)) as forbindelse:
        termin = lopende.vedtatt_til(forbindelse, oppslag, slag.ordning, data.kommunenummer)
    if termin is None:
        melding = "søkeren har ingen løpende sak i kommunen; send en søknad"
        raise Problem(422, "ugyldige-felt", feil=[_feil("data.soker.fnr", melding)])
    return termin


def _samme_igjen(konvolutt: Konvolutt, for_: Sequence[Any], avtrykk: bytes) -> Kvittering:
    for f in for_:
        if f.kropp_hash == avtrykk:
            return kvittering(konvolutt, f.sak_id, f.behandling_id, f.mottatt)
    melding = "samme source og id er brukt på en hendelse med annet innhold"
    raise Problem(409, "hendelse-id-brukt", feil=[_feil("id", melding)])
