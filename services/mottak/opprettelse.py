"""Accepted events become cases and treatments: person, case, treatment, facts, audit and wake-up in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from schemas.felles import Hendelsesinnhold
from schemas.hendelser import Hendelsestype, Konvolutt, Kvittering
from services.forsegling import Datanokkel
from services.klokke import OSLO, i_dag
from services.krasjpunkt import krasjpunkt
from services.lager import hendelser, innboks, lopende, opplysninger, personer, saker, segl, utboks
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skrivebord
from services.motor.overgang import flytt
from services.tilgang import Aktor

ENDRING = "endring"
"""Cause of a reported change: it becomes the standing application, and no decision of its own."""


class KomEtter(Exception):
    """Another request with one of the events came first, and has committed: undo this one."""


@dataclass(frozen=True, slots=True)
class Godkjent:
    """An event that has passed every check. ``kropp``: its canonical bytes; ``avtrykk``: their keyed hash."""

    konvolutt: Konvolutt
    slag: Hendelsestype
    data: Hendelsesinnhold
    kropp: bytes
    avtrykk: bytes


def kvittering(konvolutt: Konvolutt, sak_id: UUID, behandling_id: UUID, mottatt: datetime) -> Kvittering:
    return Kvittering(
        id=konvolutt.id,
        source=konvolutt.source,
        sak=sak_id,
        behandling=behandling_id,
        adresse=f"/api/v1/saker/{sak_id}",
        mottatt=mottatt,
    )


_NY_SAK = text("""
    INSERT INTO sak (id, ordning, kommunenummer, hovedperson, gjelder, laget, endret)
    VALUES (:id, :ordning, :kommunenummer, :hovedperson, :gjelder, :tid, :tid)
    ON CONFLICT (ordning, hovedperson, kommunenummer, gjelder) WHERE status <> 'avsluttet' DO NOTHING
""")
_FINN_SAK = text("""
    SELECT s.id, s.ordning, s.kommunenummer, s.hovedperson, s.gjelder
    FROM unnest(CAST(:ordning AS text[]), CAST(:kommunenummer AS text[]), CAST(:hovedperson AS uuid[]),
                CAST(:gjelder AS text[])) AS o (ordning, kommunenummer, hovedperson, gjelder)
         JOIN sak s ON s.ordning = o.ordning AND s.kommunenummer = o.kommunenummer
                   AND s.hovedperson = o.hovedperson AND s.gjelder = o.gjelder AND s.status <> 'avsluttet'
""")
_PART = text("""
    INSERT INTO sak_person (sak_id, person_id, rolle) VALUES (:sak_id, :person_id, :rolle)
    ON CONFLICT (sak_id, person_id) DO NOTHING
""")


def opprett(
    forbindelse: Connection, godkjente: Sequence[Godkjent], aktor: Aktor, na: datetime, sporing: str | None
) -> list[Kvittering]:
    """All of them or none. Rows are taken in a fixed order (people by number, cases by person, then by id), so that
    two requests naming the same people cannot wait for each other. Errors: ``KomEtter``."""
    folk = personer.finn_eller_lag(
        forbindelse, sorted({fnr for g in godkjente for _, fnr in g.data.parter()})
    )
    steder = _saker(forbindelse, godkjente, folk, na)
    laste = saker.las_flere(forbindelse, set(steder))
    behandlinger = [ny_id() for _ in godkjente]
    rader = list(_innboksrader(godkjente, steder, behandlinger, folk, na))
    if innboks.godta(forbindelse, rader) != len(rader):
        raise KomEtter
    bord = Skrivebord(forbindelse)
    for g, sak_id, behandling_id in zip(godkjente, steder, behandlinger, strict=True):
        _behandling(bord, g, laste[sak_id], behandling_id, folk, aktor, na)
        utboks.be_om(bord, sak_id, _tidligst(g, na), sporing=sporing)
    for sak in laste.values():
        saker.lagre(bord, sak, na)
    bord.tom()
    krasjpunkt("mottak.for_commit")
    return [
        kvittering(g.konvolutt, sak_id, behandling_id, na)
        for g, sak_id, behandling_id in zip(godkjente, steder, behandlinger, strict=True)
    ]


def _tidligst(g: Godkjent, na: datetime) -> datetime:
    """When the engine can begin with it."""
    tidligst = ORDNINGER[g.slag.ordning].tidligst
    return max(na, datetime.combine(tidligst(g.data.termin), time(0), OSLO)) if tidligst else na


Folk = dict[str, tuple[UUID, Datanokkel]]


def _saker(forbindelse: Connection, godkjente: Sequence[Godkjent], folk: Folk, na: datetime) -> list[UUID]:
    """The case of each event, made if new, with its parties."""
    steder = [
        (g.slag.ordning, g.data.kommunenummer, folk[g.data.parter()[0][1]][0], g.data.gjelder())
        for g in godkjente
    ]
    entydige = sorted(set(steder), key=lambda s: (s[2], s[0], s[1], s[3]))
    nye = [
        {"id": ny_id(), "ordning": o, "kommunenummer": k, "hovedperson": h, "gjelder": hva, "tid": na}
        for o, k, h, hva in entydige
    ]
    forbindelse.execute(_NY_SAK, nye)
    valg = {n: [ny[n] for ny in nye] for n in ("ordning", "kommunenummer", "hovedperson", "gjelder")}
    funnet = {
        (r.ordning, r.kommunenummer, r.hovedperson, r.gjelder): r.id
        for r in forbindelse.execute(_FINN_SAK, valg)
    }
    sak_ider = [funnet[sted] for sted in steder]
    parter = {
        (sak_id, folk[fnr][0]): rolle
        for g, sak_id in zip(godkjente, sak_ider, strict=True)
        for rolle, fnr in g.data.parter()
    }
    forbindelse.execute(
        _PART, [{"sak_id": s, "person_id": p, "rolle": rolle} for (s, p), rolle in sorted(parter.items())]
    )
    return sak_ider


def _innboksrader(
    godkjente: Sequence[Godkjent],
    sak_ider: Sequence[UUID],
    behandlinger: Sequence[UUID],
    folk: Folk,
    na: datetime,
) -> Iterator[dict[str, Any]]:
    for g, sak_id, behandling_id in zip(godkjente, sak_ider, behandlinger, strict=True):
        id_ = ny_id()
        yield {
            "id": id_,
            "kilde": g.konvolutt.source,
            "ekstern_id": g.konvolutt.id,
            "type": g.konvolutt.type,
            "kommunenummer": g.data.kommunenummer,
            "mottatt": na,
            "kropp_hash": g.avtrykk,
            "kropp": folk[g.data.parter()[0][1]][1].forsegle(g.kropp, innboks.aad(id_)),
            "sak_id": sak_id,
            "behandling_id": behandling_id,
        }


def _behandling(
    bord: Skrivebord, g: Godkjent, sak: LastSak, behandling_id: UUID, folk: Folk, aktor: Aktor, na: datetime
) -> None:
    ordning = ORDNINGER[g.slag.ordning]
    forlop = ordning.forlop[g.slag.arsak]
    saker.ny_behandling(
        bord,
        behandling_id,
        sak.id,
        sak.kommunenummer,
        forlop.navn,
        g.slag.arsak,
        g.data.termin,
        forlop.start,
        na,
    )
    behandling = Behandling(
        behandling_id, 0, forlop.navn, g.slag.arsak, g.data.termin, forlop.start, None, None
    )
    soknad = g.data.uten_fnr({fnr: person_id for fnr, (person_id, _) in folk.items()})
    soknad["mottatt"] = (g.konvolutt.time or na).isoformat()
    opplysninger.lagre(
        bord,
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
        data={
            "arsak": g.slag.arsak,
            "termin": g.data.termin,
            "til": forlop.start,
            "type": g.konvolutt.type,
            "behandlingsrad": segl.av_behandling(sak, behandling),
            "parter": {str(folk[fnr][0]): rolle for rolle, fnr in g.data.parter()},
            **(
                {}
                if sak.siste_seq
                else {"sak": _saksrad(sak, folk[g.data.parter()[0][1]][0], g.data.gjelder())}
            ),
        },
        innhold=soknad,
    )
    hendelser.skriv(bord, sak, [ny], aktor.id, na)
    sak.versjon += 1
    if g.slag.arsak == ENDRING and ordning.manedlig:
        fra = endringens_termin(g.slag, g.konvolutt, g.data, na)
        data = {"gjelder_fra": fra, **lopende.endre(bord, sak, fra, soknad, na)}
        flytt(bord, sak, behandling, "registrer", na, data=data)


def endringens_termin(slag: Hendelsestype, konvolutt: Konvolutt, data: Hendelsesinnhold, na: datetime) -> str:
    """By the 25th a change counts for the month it is reported in; nobody reports for a month before that."""
    manedlig = ORDNINGER[slag.ordning].manedlig
    if manedlig is None:
        return data.termin
    return max(manedlig.endring_gjelder(i_dag(konvolutt.time or na)), data.termin)


def _saksrad(sak: LastSak, hovedperson: UUID, gjelder: str) -> dict[str, Any]:
    """What a case's first event holds of its row."""
    return {
        "ordning": sak.ordning,
        "kommunenummer": sak.kommunenummer,
        "hovedperson": str(hovedperson),
        "gjelder": gjelder,
        "gradert": sak.gradert,
        "status": sak.status,
    }
