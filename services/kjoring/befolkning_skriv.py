"""The synthetic country into the database: chunks in parallel, each one transaction of COPY."""

import gc
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import make_url

from domain.bostotte.maned import MANEDLIG
from domain.bostotte.ordning import BOSTOTTE
from domain.kalender import neste_termin
from domain.sak.kjede import START, kanonisk
from domain.sak.manedlig import Videre
from services.forsegling import Datanokkel, forsegler
from services.innebygd import adresser
from services.kjoring.befolkning_maned import antall_biter, maned
from services.kjoring.befolkning_saker import Sak, fakta, id_av, saker
from services.kjoring.befolkning_trekk import BIT, FORSTE_TERMIN, bit
from services.klokke import na
from services.lager import kopi, lopende, opplysninger, personer, segl
from services.lager.hendelser import NyHendelse, lag_rad
from services.motor import avgjorelse

Rad = tuple[Any, ...]
Fremdrift = Callable[[int], None]

_KOLONNER = {
    "person": "id uuid, oppslag bytea, fnr bytea, nokkel bytea, nokkel_kek text",
    "sak": "id uuid, ordning text, kommunenummer text, hovedperson uuid, gradert bool, siste_seq int4,"
    " siste_hash bytea",
    "sak_person": "sak_id uuid, person_id uuid, rolle text",
    "behandling": "id uuid, sak_id uuid, nr int4, kommunenummer text, forlop text, arsak text, termin text,"
    " tilstand text, avsluttet timestamptz, laget timestamptz",
    "opplysning": "id uuid, sak_id uuid, behandling_id uuid, nokkel text, kilde text, gjelder uuid, hjemmel text,"
    " hentet timestamptz, gyldig_til timestamptz, innhold bytea",
    "vedtak": "id uuid, sak_id uuid, behandling_id uuid, kommunenummer text, termin text, kode text, utfall text,"
    " belop int8, regelversjon text, fattet timestamptz, fattet_av text, fakta bytea, spor bytea",
    "lopende": "sak_id uuid, ordning text, kommunenummer text, status text, siste_termin text, siste_kode text,"
    " siste_utfall text, siste_belop int8, siste_vedtak uuid, avslag_pa_rad int4",
    "lopende_soknad": "sak_id uuid, gjelder_fra text, soknad bytea",
    "hendelse": "id uuid, sak_id uuid, behandling_id uuid, seq int4, tid timestamptz, type text, kanonisk bytea,"
    " forrige bytea, hash bytea, innhold bytea",
}


class FinnesAllerede(RuntimeError):
    """A synthetic country is in the database already; two of them would share people."""


def skriv(
    antall: int,
    fro: int,
    termin: str,
    *,
    prosesser: int | None = None,
    fremdrift: Fremdrift | None = None,
    hentet: datetime | None = None,
) -> int:
    """The country of ``antall`` cases as it stands before the run of ``termin``, register answers and all.

    Per case: people, case, the closed treatment of last month's application with its decision, the standing
    application, and the answers that the run will ask for (valid from ``hentet``, default now). Each case's audit
    chain begins with *overtatt*, as that of a case taken over from another system: nobody handled these applications
    here. ``fremdrift`` gets the number of cases of each chunk when it is committed. Gives the number of cases.
    Raises FinnesAllerede; ValueError for a termin before 2024-02.
    """
    if neste_termin(termin, -1) < FORSTE_TERMIN:
        raise ValueError(f"termin: befolkningen begynner med {neste_termin(FORSTE_TERMIN)}")
    return _alle(partial(_skriv_bit, fro, termin, hentet or na()), antall, prosesser, fremdrift)


def skriv_svar(
    antall: int,
    fro: int,
    termin: str,
    *,
    prosesser: int | None = None,
    fremdrift: Fremdrift | None = None,
    hentet: datetime | None = None,
) -> int:
    """The answers of one more month for a country that :func:`skriv` has written. Gives the number of cases.

    Only what that month asks for anew: answers whose key is in the store already are left out.
    """
    return _alle(partial(_skriv_svar_bit, fro, termin, hentet or na()), antall, prosesser, fremdrift)


def _alle(
    arbeid: Callable[[int, int], int], antall: int, prosesser: int | None, fremdrift: Fremdrift | None
) -> int:
    biter = [(nr, min(BIT, antall - nr * BIT)) for nr in range(antall_biter(antall))]
    samlet = 0
    if len(biter) == 1 or prosesser == 1:
        for del_ in biter:
            samlet += (gjort := arbeid(*del_))
            if fremdrift:
                fremdrift(gjort)
        return samlet
    # Rows by the hundred thousand and no cycles among them: the collector would only walk through them.
    with ProcessPoolExecutor(prosesser or os.cpu_count() or 2, get_context("spawn"), gc.disable) as pool:
        for gjort in pool.map(arbeid, *zip(*biter, strict=True)):
            samlet += gjort
            if fremdrift:
                fremdrift(gjort)
    return samlet


def _koble() -> psycopg.Connection[Any]:
    """As the owner of the database: the population is for measuring, and no ordinary role may make people in bulk.

    A superuser leaves the checks of foreign keys out, since all rows of a chunk are made together.
    """
    url = make_url(adresser().database_url).set(drivername="postgresql")
    kobling: psycopg.Connection[Any] = psycopg.connect(
        url.render_as_string(hide_password=False), connect_timeout=5
    )
    if kobling.info.parameter_status("is_superuser") == "on":
        kobling.execute("SET session_replication_role = replica")
    kobling.execute("SET synchronous_commit = off")
    return kobling


def _skriv_bit(fro: int, termin: str, hentet: datetime, nr: int, antall: int) -> int:
    b = bit(fro, nr, antall)
    for_ = neste_termin(termin, -1)
    alle = list(saker(b, maned(b, termin)))
    gamle = fakta(b, maned(b, for_, rolig=True))
    regnet = MANEDLIG.regn(gamle, for_)
    rader: dict[str, list[Rad]] = {tabell: [] for tabell in _KOLONNER}
    for i, sak in enumerate(alle):
        nokkel, saksrad = _parter(rader, sak)
        behandling, vedtak = id_av(fro, "behandling", sak.nr), id_av(fro, "vedtak", sak.nr)
        mottatt = datetime.fromisoformat(sak.soknad["mottatt"])
        kode, utfall, belop, kommune = regnet.kode[i], regnet.utfall[i], regnet.belop[i], sak.kommunenummer
        soknad = orjson.dumps(sak.soknad | {"termin": for_})
        rader["behandling"].append(
            (behandling, sak.id, 1, kommune, "soknad", "soknad", for_, "vedtatt", mottatt, mottatt)
        )
        id_ = id_av(fro, f"opplysning {for_}", sak.nr * 64)
        rader["opplysning"].append(
            (id_, sak.id, behandling, opplysninger.SOKNAD, opplysninger.SOKNAD, None, BOSTOTTE.hjemmel, mottatt, None,
             nokkel.forsegle(soknad, opplysninger.aad(sak.id, id_)))
        )  # fmt: skip
        rader["opplysning"] += _svarrader(fro, termin, hentet, sak, behandling, nokkel, frozenset())
        rader["vedtak"].append(
            (vedtak, sak.id, behandling, kommune, for_, kode, utfall, belop, regnet.regelversjon, mottatt, "system",
             nokkel.forsegle(kanonisk(gamle[i]), avgjorelse.aad(vedtak, "fakta")),
             nokkel.forsegle(regnet.spor[i], avgjorelse.aad(vedtak, "spor")))
        )  # fmt: skip
        avslag = 0 if utfall == "innvilget" else 1 + sak.nr % 2
        rader["lopende"].append(
            (sak.id, BOSTOTTE.navn, kommune, "lopende", for_, kode, utfall, belop, vedtak, avslag)
        )
        staende = nokkel.forsegle(soknad, lopende.aad(sak.id, for_))
        rader["lopende_soknad"].append((sak.id, for_, staende))
        data = {
            "sak": saksrad,
            "parter": {str(person_id): rolle for person_id, _, rolle in sak.parter},
            "behandlingsrad": segl.behandling(_som_dict("behandling", rader)),
            "rad": avgjorelse.radavtrykk(
                _som_dict("vedtak", rader) | {"attestert_av": None, "erstatter": None}
            ).hex(),
            "vedtak": str(vedtak),
            "termin": for_,
            "kode": kode,
            "regelversjon": regnet.regelversjon,
            **lopende.soknadssegl(for_, staende),
            **lopende.stilling(Videre("lopende", avslag, None)),
        }
        overtatt = NyHendelse("overtatt", behandling, data)
        rad = lag_rad(sak.id, 1, START, overtatt, "system", mottatt, None)
        rader["hendelse"].append(tuple(rad.values()))
        rader["sak"][-1] += (1, rad["hash"])
    with _koble() as kobling, kobling.cursor() as peker:
        try:
            for tabell, innhold in rader.items():
                kopi.kopier(peker, tabell, _KOLONNER[tabell], innhold)
        except psycopg.errors.UniqueViolation:
            raise FinnesAllerede("databasen har en syntetisk befolkning fra før") from None
    return len(alle)


def _som_dict(tabell: str, rader: dict[str, list[Rad]]) -> dict[str, Any]:
    """The newest row of a table by column."""
    return dict(zip(kopi.navn(_KOLONNER[tabell]), rader[tabell][-1], strict=True))


def _parter(rader: dict[str, list[Rad]], sak: Sak) -> tuple[Datanokkel, dict[str, Any]]:
    """Rows of the people and of the case; the key of the applicant, which seals what the case holds, and what the
    chain holds of the case's row."""
    lukker = forsegler()
    nokler = []
    for person_id, fnr, rolle in sak.parter:
        kek, pakket = lukker.ny_nokkel()
        nokler.append(egen := lukker.pakk_ut(pakket))
        forseglet = egen.forsegle(fnr.encode(), personer.aad(person_id))
        rader["person"].append((person_id, lukker.oppslag_hash(fnr), forseglet, pakket, kek))
        rader["sak_person"].append((sak.id, person_id, rolle))
    gradert = BOSTOTTE.gradert({k.nokkel: svar for k, svar in sak.svar[:1]})
    rader["sak"].append((sak.id, BOSTOTTE.navn, sak.kommunenummer, sak.parter[0][0], gradert))
    saksrad = {
        "ordning": BOSTOTTE.navn,
        "kommunenummer": sak.kommunenummer,
        "hovedperson": str(sak.parter[0][0]),
        "gradert": gradert,
        "status": "aktiv",
    }
    return nokler[0], saksrad


def _svarrader(
    fro: int,
    termin: str,
    hentet: datetime,
    sak: Sak,
    behandling: UUID,
    nokkel: Datanokkel,
    finnes: frozenset[str] | set[str],
) -> list[Rad]:
    rader: list[Rad] = []
    for i, (krav, svar) in enumerate(sak.svar):
        if (navn := krav.nokkel) in finnes:
            continue
        id_ = id_av(fro, f"opplysning {termin}", sak.nr * 64 + i + 1)
        rader.append(
            (id_, sak.id, behandling, navn, krav.register, krav.gjelder, krav.hjemmel, hentet,
             hentet + timedelta(days=krav.gyldig_dager),
             nokkel.forsegle(orjson.dumps(svar), opplysninger.aad(sak.id, id_)))
        )  # fmt: skip
    return rader


_FINNES = """
    SELECT s.id, p.nokkel, array_agg(o.nokkel) FROM sak s JOIN person p ON p.id = s.hovedperson
    JOIN opplysning o ON o.sak_id = s.id WHERE s.id BETWEEN %s AND %s GROUP BY 1, 2
"""


def _skriv_svar_bit(fro: int, termin: str, hentet: datetime, nr: int, antall: int) -> int:
    b = bit(fro, nr, antall)
    alle: Sequence[Sak] = list(saker(b, maned(b, termin)))
    with _koble() as kobling:
        finnes = {rad[0]: rad[1:] for rad in kobling.execute(_FINNES, (alle[0].id, alle[-1].id))}
        rader: list[Rad] = []
        for sak in alle:
            if sak.id not in finnes:
                raise ValueError(f"fro: befolkningen med frø {fro} er ikke skrevet")
            innpakket, nokler = finnes[sak.id]
            rader += _svarrader(
                fro,
                termin,
                hentet,
                sak,
                id_av(fro, "behandling", sak.nr),
                forsegler().pakk_ut(innpakket),
                set(nokler),
            )
        with kobling.cursor() as peker:
            kopi.kopier(peker, "opplysning", _KOLONNER["opplysning"], rader)
    return len(alle)
