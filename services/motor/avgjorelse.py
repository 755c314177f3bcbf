"""From answers to a decision: facts put together, rules run, decision, payments and outgoing event written."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.kontroll.krav import Grunn
from domain.ordninger import ORDNINGER
from domain.sak.kjede import kanonisk, tid_tekst
from domain.sak.manedlig import Lopende, SporAvvik
from domain.sak.ordning import Avgjorelse, Fakta, Ordning
from services.forsegling import Datanokkel
from services.krasjpunkt import krasjpunkt
from services.lager import lopende, opplysninger
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak

Opplysninger = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Grunnlag:
    """What a decision would rest on: facts, and why a person must look first, if so."""

    fakta: Fakta
    grunner: list[Grunn]
    gradert: bool


def grunnlag(ordning: Ordning, opp: Opplysninger, *, med_overstyring: bool = False) -> Grunnlag:
    """Application and answers as facts. When the deadline for missing information ran out, nothing is left to ask
    a person: the facts say that it is missing, and the rules answer that.

    ``med_overstyring``: with what a caseworker has set in a proposal (it counts only when another attests it).
    """
    soknad = opp[opplysninger.SOKNAD]
    samlet = ordning.sett_sammen(soknad, opp)
    fakta: Fakta = dict(samlet.fakta)
    grunner = [*samlet.manuell, *ordning.grunner(soknad, datetime.fromisoformat(soknad["mottatt"]))]
    if opplysninger.FRIST in opp:
        fakta, grunner = ordning.uten_svar(fakta), []
    if med_overstyring and (overstyring := siste_overstyring(opp)):
        fakta = ordning.overstyr(fakta, overstyring["verdier"])
    return Grunnlag(fakta, grunner, ordning.gradert(opp))


def siste_overstyring(opp: Opplysninger) -> dict[str, Any] | None:
    """The newest override of the treatment."""
    alle = [
        (int(k.rpartition("/")[2]), v) for k, v in opp.items() if k.startswith(opplysninger.OVERSTYRING + "/")
    ]
    return max(alle)[1] if alle else None


_TIDLIGERE = text("""
    SELECT (SELECT id FROM vedtak WHERE sak_id = :sak_id AND termin = :termin ORDER BY fattet DESC, id DESC LIMIT 1)
               AS vedtak_id,
           (SELECT coalesce(sum(belop), 0) FROM utbetaling WHERE sak_id = :sak_id AND termin = :termin) AS betalt,
           l.siste_termin, l.siste_kode, l.avslag_pa_rad
    FROM (VALUES (1)) AS en LEFT JOIN lopende l ON l.sak_id = :sak_id
""")
_VEDTAK = text("""
    INSERT INTO vedtak (id, sak_id, behandling_id, kommunenummer, termin, kode, utfall, belop, regelversjon, fattet,
                        fattet_av, attestert_av, erstatter, fakta, spor)
    VALUES (:id, :sak_id, :behandling_id, :kommunenummer, :termin, :kode, :utfall, :belop, :regelversjon, :fattet,
            :fattet_av, :attestert_av, :erstatter, :fakta, :spor)
""")
_UTBETALING = text("""
    INSERT INTO utbetaling (id, sak_id, vedtak_id, kommunenummer, termin, belop, forfall, mottaker, laget)
    VALUES (:id, :sak_id, :vedtak_id, :kommunenummer, :termin, :belop, :forfall, :mottaker, :tid)
""")
_UTGAENDE = text("""
    INSERT INTO utgaende (id, sak_id, type, data, laget) VALUES (:id, :sak_id, :type, CAST(:data AS jsonb), :tid)
""")


def aad(vedtak_id: UUID, del_: str) -> bytes:
    """What a decision's sealed parts are bound to; ``del_``: ``fakta`` or ``spor``."""
    return b"vedtak|" + vedtak_id.bytes + del_.encode()


def fatt_vedtak(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    fakta: Fakta,
    soknad: Mapping[str, Any],
    tid: datetime,
    *,
    fattet_av: str,
    attestert_av: str | None = None,
) -> NyHendelse:
    """Run the rules and write what follows; the event to append comes back. Under the case's lock."""
    avgjort = ordning.avgjor(fakta)
    vedtak_id = ny_id()
    tidligere = forbindelse.execute(_TIDLIGERE, {"sak_id": sak.id, "termin": behandling.termin}).one()
    rad = {
        "id": vedtak_id,
        "sak_id": sak.id,
        "behandling_id": behandling.id,
        "kommunenummer": sak.kommunenummer,
        "termin": behandling.termin,
        "kode": avgjort.kode,
        "utfall": avgjort.utfall,
        "belop": avgjort.belop,
        "regelversjon": avgjort.regelversjon,
        "fattet": tid,
        "fattet_av": fattet_av,
        "attestert_av": attestert_av,
        "erstatter": tidligere.vedtak_id,
        "fakta": sak.nokkel.forsegle(kanonisk(fakta), aad(vedtak_id, "fakta")),
        "spor": sak.nokkel.forsegle(kanonisk(avgjort.spor), aad(vedtak_id, "spor")),
    }
    forbindelse.execute(_VEDTAK, rad)
    krasjpunkt("motor.midt_i_vedtak", sak.id)
    _betal(forbindelse, ordning, avgjort, sak, vedtak_id, soknad, int(tidligere.betalt), tid)
    if ordning.manedlig:
        for_ = Lopende(*tidligere[2:5]) if tidligere.siste_termin else None
        lopende.etter_vedtak(
            forbindelse,
            ordning.manedlig,
            sak,
            for_,
            termin=behandling.termin,
            kode=avgjort.kode,
            utfall=avgjort.utfall,
            belop=avgjort.belop,
            vedtak_id=vedtak_id,
            soknad=soknad if behandling.arsak == "soknad" else None,
            tid=tid,
        )
    forbindelse.execute(
        _UTGAENDE,
        {
            "id": ny_id(),
            "sak_id": sak.id,
            "type": f"no.boligsak.{ordning.navn}.vedtak.fattet.v1",
            "data": kanonisk(
                {
                    "sak": str(sak.id),
                    "vedtak": str(vedtak_id),
                    "termin": behandling.termin,
                    "kode": avgjort.kode,
                    "utfall": avgjort.utfall,
                }
            ).decode(),
            "tid": tid,
        },
    )
    return NyHendelse(
        type="vedtak_fattet",
        behandling_id=behandling.id,
        data={
            "vedtak": str(vedtak_id),
            "termin": behandling.termin,
            "kode": avgjort.kode,
            "regelversjon": avgjort.regelversjon,
            "rad": radavtrykk(rad).hex(),
        },
    )


def radavtrykk(rad: Mapping[str, Any]) -> bytes:
    """sha256 over a decision's row, its sealed facts and trace among it: what the audit chain holds of a decision.

    The sealed bytes are random to whoever lacks the key, so the amount cannot be guessed from the hash.
    """
    ledd = [str(rad[k]) for k in _AVTRYKKSFELT] + [tid_tekst(rad["fattet"])]
    return hashlib.sha256(
        kanonisk(ledd) + hashlib.sha256(rad["fakta"]).digest() + hashlib.sha256(rad["spor"]).digest()
    ).digest()


_AVTRYKKSFELT = (
    "id",
    "sak_id",
    "behandling_id",
    "kommunenummer",
    "termin",
    "kode",
    "utfall",
    "belop",
    "regelversjon",
    "fattet_av",
    "attestert_av",
    "erstatter",
)


def _betal(
    forbindelse: Connection,
    ordning: Ordning,
    avgjort: Avgjorelse,
    sak: LastSak,
    vedtak_id: UUID,
    soknad: Mapping[str, Any],
    betalt: int,
    tid: datetime,
) -> None:
    """Payment rows are a ledger: what a new decision for the same termin adds is the difference, negative too."""
    for b in ordning.betalinger(avgjort, soknad):
        if b.belop == betalt:
            continue
        forbindelse.execute(
            _UTBETALING,
            {
                "id": ny_id(),
                "sak_id": sak.id,
                "vedtak_id": vedtak_id,
                "kommunenummer": sak.kommunenummer,
                "termin": b.termin,
                "belop": b.belop - betalt,
                "forfall": b.forfall,
                "mottaker": b.mottaker,
                "tid": tid,
            },
        )


def apne_vedtak(nokkel: Datanokkel, vedtak_id: UUID, fakta: bytes, spor: bytes) -> tuple[bytes, bytes]:
    """The canonical facts and trace of a stored decision. A compact trace, which begins with ``K1`` and the scheme,
    is made whole. Errors: ``SporAvvik`` when the rules no longer give what was stored."""
    apen_fakta, apent_spor = (
        nokkel.apne(fakta, aad(vedtak_id, "fakta")),
        nokkel.apne(spor, aad(vedtak_id, "spor")),
    )
    return apen_fakta, fold_ut(apen_fakta, apent_spor)


def fold_ut(fakta: bytes, spor: bytes) -> bytes:
    """The canonical trace in full: of a decision of the monthly run from its compact form, of others as it stands."""
    if not spor.startswith(b"K1 "):
        return spor
    manedlig = ORDNINGER[spor.split(b" ", 2)[1].decode()].manedlig
    if manedlig is None:
        raise SporAvvik("ordningen har ikke løpende saker")
    return kanonisk(manedlig.fold_ut(orjson.loads(fakta), spor))
