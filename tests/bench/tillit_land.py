"""Decided cases in bulk, as the engine leaves them: four events, sealed answers, a decision with facts and trace, a
payment, and where the case stands.

The rows are made by the engine's own functions and written with COPY, so that a hundred thousand take a minute.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import psycopg

from domain.bostotte.maned import MANEDLIG
from domain.ordninger import ORDNINGER
from domain.sak.kjede import START, kanonisk
from domain.sak.manedlig import Videre
from services.forsegling import Datanokkel, forsegler
from services.lager import lopende, opplysninger, segl
from services.lager.hendelser import NyHendelse, lag_rad
from services.lager.ider import ny_id
from services.motor.avgjorelse import aad, radavtrykk
from tests.domain.bostotte.husstander import tilfeldige

TID = datetime(2026, 9, 12, 8, tzinfo=UTC)
BUNKE = 5000
_KOLONNER = {
    "person": "id oppslag fnr nokkel nokkel_kek",
    "sak": "id ordning kommunenummer hovedperson siste_seq siste_hash",
    "sak_person": "sak_id person_id rolle",
    "behandling": "id sak_id nr kommunenummer forlop arsak termin tilstand avsluttet",
    "hendelse": "id sak_id behandling_id seq tid type kanonisk forrige hash innhold",
    "opplysning": "id sak_id behandling_id nokkel kilde gjelder hjemmel hentet gyldig_til innhold",
    "utbetaling": "id sak_id vedtak_id kommunenummer termin belop forfall mottaker",
    "lopende": "sak_id ordning kommunenummer status stanset_grunn siste_termin siste_kode siste_utfall siste_belop"
    " siste_vedtak avslag_pa_rad",
    "lopende_soknad": "sak_id gjelder_fra soknad",
    "vedtak": "id sak_id behandling_id kommunenummer termin kode utfall belop regelversjon fattet fattet_av"
    " attestert_av erstatter fakta spor",
}


def lag_land(url: str, antall: int, termin: str = "2026-09", fro: int = 1) -> list[UUID]:
    """Write ``antall`` cases as superuser; their ids in order."""
    ut: list[UUID] = []
    etterprov = ORDNINGER["bostotte"].etterprov
    regelversjon = etterprov.regelversjon(termin)
    with psycopg.connect(url) as forbindelse:
        forbindelse.execute("SET session_replication_role = replica")  # foreign keys are not looked up
        for fra in range(0, antall, BUNKE):
            fakta = [dict(f) for f in tilfeldige(min(BUNKE, antall - fra), termin, fro + fra)]
            rader: dict[str, list[dict[str, Any]]] = {t: [] for t in _KOLONNER}
            for f, avgjort in zip(fakta, etterprov.gjenta(fakta, regelversjon), strict=True):
                ut.append(_sak(rader, f, avgjort, termin))
            _kopier(forbindelse, rader)
    return sorted(ut)


def _sak(rader: dict[str, list[dict[str, Any]]], fakta: dict[str, Any], avgjort: Any, termin: str) -> UUID:
    kek, innpakket = forsegler().ny_nokkel()
    nokkel = forsegler().pakk_ut(innpakket)
    sak_id, person_id, behandling_id, vedtak_id = ny_id(), ny_id(), ny_id(), ny_id()
    knr = fakta["kommunenummer"]
    felles = {"id": vedtak_id, "sak_id": sak_id, "behandling_id": behandling_id, "kommunenummer": knr}
    vedtak = {
        **felles,
        "termin": termin,
        "kode": avgjort.kode,
        "utfall": avgjort.utfall,
        "belop": avgjort.belop,
        "regelversjon": avgjort.regelversjon,
        "fattet": TID + timedelta(seconds=2),
        "fattet_av": "system",
        "attestert_av": None,
        "erstatter": None,
        "fakta": nokkel.forsegle(kanonisk(fakta), aad(vedtak_id, "fakta")),
        "spor": nokkel.forsegle(avgjort.spor, aad(vedtak_id, "spor")),
    }
    egne = _ved_siden_av(vedtak, fakta, avgjort, nokkel)
    sak = {"ordning": "bostotte", "kommunenummer": knr, "hovedperson": person_id}
    hendelser = kjede(vedtak, fakta, nokkel, egne, sak)
    rader["person"].append(
        {"id": person_id, "oppslag": person_id.bytes, "fnr": None, "nokkel": innpakket, "nokkel_kek": kek}
    )
    rader["sak"].append(
        {
            "id": sak_id,
            **sak,
            "siste_seq": len(hendelser),
            "siste_hash": hendelser[-1]["hash"],
        }
    )
    rader["sak_person"].append({"sak_id": sak_id, "person_id": person_id, "rolle": "soker"})
    for tabell, nye in egne.items():
        rader[tabell] += nye
    rader["hendelse"] += hendelser
    rader["vedtak"].append(vedtak)
    return sak_id


def _ved_siden_av(
    vedtak: dict[str, Any], fakta: dict[str, Any], avgjort: Any, nokkel: Datanokkel
) -> dict[str, list[dict[str, Any]]]:
    """Treatment, answers, payment and standing of a decided case."""
    sak_id, behandling_id, knr, termin = (
        vedtak[f] for f in ("sak_id", "behandling_id", "kommunenummer", "termin")
    )
    behandling = {
        "id": behandling_id,
        "sak_id": sak_id,
        "nr": 1,
        "kommunenummer": knr,
        "forlop": "soknad",
        "arsak": "soknad",
        "termin": termin,
        "tilstand": "vedtatt",
        "avsluttet": TID,
    }
    svar = []
    for kilde in ("soknad", "inntekt", "matrikkel"):
        id_ = ny_id()
        innhold = nokkel.forsegle(orjson.dumps({"kilde": kilde}), opplysninger.aad(sak_id, id_))
        svar.append(
            {
                "id": id_,
                "sak_id": sak_id,
                "behandling_id": behandling_id,
                "nokkel": kilde,
                "kilde": kilde,
                "gjelder": None,
                "hjemmel": "bostottelova § 8",
                "hentet": TID,
                "gyldig_til": None if kilde == "soknad" else TID + timedelta(days=30),
                "innhold": innhold,
            }
        )
    betaling = {
        "id": ny_id(),
        "sak_id": sak_id,
        "vedtak_id": vedtak["id"],
        "kommunenummer": knr,
        "termin": termin,
        "belop": avgjort.belop,
        "forfall": MANEDLIG.utbetalingsdag(termin),
        "mottaker": "husstand",
    }
    videre = MANEDLIG.videre(None, termin, avgjort.kode, avgjort.utfall)
    standen = {
        "sak_id": sak_id,
        "ordning": "bostotte",
        "kommunenummer": knr,
        "status": videre.status,
        "stanset_grunn": videre.grunn,
        "siste_termin": termin,
        "siste_kode": avgjort.kode,
        "siste_utfall": avgjort.utfall,
        "siste_belop": avgjort.belop,
        "siste_vedtak": vedtak["id"],
        "avslag_pa_rad": videre.avslag_pa_rad,
    }
    soknad = lopende.forsegle(nokkel, sak_id, termin, fakta)
    return {
        "behandling": [behandling],
        "opplysning": svar,
        "utbetaling": [betaling],
        "lopende": [standen],
        "lopende_soknad": [{"sak_id": sak_id, "gjelder_fra": termin, "soknad": soknad}],
    }


def kjede(
    vedtak: dict[str, Any],
    fakta: dict[str, Any],
    nokkel: Datanokkel,
    rader: dict[str, list[dict[str, Any]]],
    sak: dict[str, Any],
) -> list[dict[str, Any]]:
    """The events of a decided application, chained. ``rader``: what they are to hold imprints of."""
    sak_id, behandling_id, termin = vedtak["sak_id"], vedtak["behandling_id"], vedtak["termin"]
    [behandling], [standen] = rader["behandling"], rader["lopende"]
    videre = Videre(standen["status"], standen["avslag_pa_rad"], standen["stanset_grunn"])
    stilling = lopende.stilling(videre) | lopende.soknadssegl(termin, rader["lopende_soknad"][0]["soknad"])
    nye = (
        NyHendelse(
            "soknad_mottatt",
            behandling_id,
            {
                "arsak": "soknad",
                "termin": termin,
                "til": "opprettet",
                "parter": {str(sak["hovedperson"]): "soker"},
                "sak": {**sak, "hovedperson": str(sak["hovedperson"]), "gradert": False, "status": "aktiv"},
            },
            {"data": {k: v for k, v in fakta.items() if k != "termin"}},
        ),
        NyHendelse("start_kontroll", behandling_id, {"fra": "opprettet", "til": "kontroll"}),
        NyHendelse(
            "vedtak_fattet",
            behandling_id,
            {
                "vedtak": str(vedtak["id"]),
                "termin": vedtak["termin"],
                "kode": vedtak["kode"],
                "regelversjon": vedtak["regelversjon"],
                "rad": radavtrykk(vedtak).hex(),
                "utbetalinger": [segl.betaling(u, vedtak["fakta"]) for u in rader["utbetaling"]],
                "opplysninger": segl.opplysninger(map(segl.opplysning, rader["opplysning"])),
                **stilling,
            },
        ),
        NyHendelse(
            "fatt_vedtak",
            behandling_id,
            {"fra": "kontroll", "til": "vedtatt", "behandlingsrad": segl.behandling(behandling)},
        ),
    )
    ut: list[dict[str, Any]] = []
    forrige = START
    for seq, ny in enumerate(nye, 1):
        rad = lag_rad(sak_id, seq, forrige, ny, "system", TID + timedelta(seconds=seq), nokkel)
        forrige = rad["hash"]
        ut.append(rad)
    return ut


def _kopier(forbindelse: psycopg.Connection[Any], rader: dict[str, Sequence[dict[str, Any]]]) -> None:
    for tabell, kolonner in _KOLONNER.items():
        navn = kolonner.split()
        with (
            forbindelse.cursor() as peker,
            peker.copy(f"COPY {tabell} ({', '.join(navn)}) FROM STDIN".encode()) as kopi,
        ):
            for rad in rader[tabell]:
                kopi.write_row([rad[n] for n in navn])
