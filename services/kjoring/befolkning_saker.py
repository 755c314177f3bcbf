"""Cases of a chunk as the system keeps them: application, parties, and the registers' answers by key."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from domain.bostotte.fakta import BOLIGFLAGG, DISPOSISJONSFORMER, PERSONFLAGG
from domain.bostotte.kontrollkrav import (
    TO_TREDJEDELER_FRA,
    folkeregisterkrav,
    matrikkelkrav,
    personkrav,
    registre_om_voksen,
    sporres_det_om,
)
from domain.kalender import neste_termin
from domain.kontroll.krav import Kontrollkrav
from services.kjoring.befolkning_maned import Maned, kolonner, utbetalinger
from services.kjoring.befolkning_trekk import (
    AAP,
    ALDERSPENSJON,
    BARN,
    DAGPENGER,
    FASTLONN,
    INTRO,
    KODER,
    Bit,
)

BRUKSENHET = "H0101"
TYPE = {FASTLONN: "loennsinntekt", ALDERSPENSJON: "pensjonEllerTrygd", INTRO: "pensjonEllerTrygd"}
"""Where a-ordningen puts each income; the others are ``ytelseFraOffentlige``."""
_MATRIKKELSVAR = {"funnet": True, "bruksenhetstype": "B", "bygningsstatus": "TB"}


@dataclass(frozen=True, slots=True)
class Sak:
    """``parter``: person id, identity number, role; the applicant first. ``soknad``: the standing application as
    ``SoknadBostotte.uten_fnr`` gives it. ``svar``: each question and its stored answer."""

    nr: int
    id: UUID
    kommunenummer: str
    gruppe: int
    parter: list[tuple[UUID, str, str]]
    soknad: dict[str, Any]
    svar: list[tuple[Kontrollkrav, dict[str, Any]]]


@lru_cache(maxsize=64)
def _merke(fro: int, slag: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{fro}|{slag}".encode(), digest_size=8).digest())


def id_av(fro: int, slag: str, nr: int) -> UUID:
    """The id of the ``nr``-th thing of its kind: in order of ``nr``, the same for the same seed (UUID version 8)."""
    hode = _merke(fro, slag)
    return UUID(int=(hode >> 16) << 80 | 8 << 76 | (hode & 0xFFF) << 64 | 2 << 62 | nr)


def saker(b: Bit, m: Maned) -> Iterator[Sak]:
    """Every case of the chunk in the month, in the order of their ids."""
    ps = {navn: k.tolist() for navn, k in {**b.person, **m.person}.items()}
    ss = {navn: k.tolist() for navn, k in {**b.sak, **m.sak}.items()}
    ps["utbetalinger"] = utbetalinger(b, m).tolist()
    start = b.start.tolist()
    person_nr = b.forste * 16  # at most ten in a household
    for i in range(len(b)):
        fra, til = start[i], start[i + 1]
        nr = b.forste + i
        ider = [id_av(b.fro, "person", person_nr + 16 * i + p) for p in range(til - fra)]
        parter = [
            (ider[p - fra], f"{ps['fnr'][p]:011d}", "soker" if p == fra else "biperson")
            for p in range(fra, til)
        ]
        soknad = _soknad(m.termin, ss, ps, i, range(fra, til), ider)
        yield Sak(
            nr,
            id_av(b.fro, "sak", nr),
            soknad["kommunenummer"],
            ss["gruppe"][i],
            parter,
            soknad,
            list(_svar(soknad, ss, ps, i, fra, ider)),
        )


def fakta(b: Bit, m: Maned) -> list[dict[str, Any]]:
    """The facts documents that the answers give, one a case. Only for a quiet month: nothing that happens is in them,
    and nobody protected is looked at."""
    kol = kolonner(b, m)
    p = {navn: k.tolist() for navn, k in kol.person.items()}
    s = {navn: k.tolist() for navn, k in kol.sak.items()}
    husstand = [
        {
            "rolle": "soker" if p["er_soker"][j] else "biperson",
            "fodselsdato": dato_tekst(p["fodselsdato"][j]),
            "manedsinntekt": p["manedsinntekt"][j] // 100,
            "skattefri_leieinntekt": 0.0,
            "ytelse_14_dager": {
                "belop": p["ytelse_14_belop"][j] // 100,
                "utbetalinger": p["ytelse_14_utbetalinger"][j] if m.termin >= TO_TREDJEDELER_FRA else 0,
            },
            "meldepliktig": {"kapital": p["kapital"][j] // 100, "naering": 0, "utland": 0},
            "formue": {"bolig": p["formue_bolig"][j] // 100, "annen": p["formue_annen"][j] // 100},
            **{flagg: p[flagg][j] for flagg in PERSONFLAGG},
        }
        for j in range(len(p["er_soker"]))
    ]
    start = kol.start.tolist()
    return [
        {
            "termin": m.termin,
            "kommunenummer": f"{s['kommunenummer'][i]:04d}",
            "husstand": husstand[start[i] : start[i + 1]],
            "bolig": {
                "disposisjonsform": DISPOSISJONSFORMER[s["disposisjonsform"][i]],
                "boutgift_per_maned": s["boutgift_per_maned"][i],
                "kommunale_avgifter_per_maned": s["kommunale_avgifter_per_maned"][i],
                **{flagg: s[flagg][i] for flagg in BOLIGFLAGG},
            },
        }
        for i in range(len(b))
    ]


def _soknad(
    termin: str,
    ss: Mapping[str, list[Any]],
    ps: Mapping[str, list[Any]],
    i: int,
    plasser: range,
    ider: list[UUID],
) -> dict[str, Any]:
    til_kommunen = ss["til_kommunen"][i]
    return {
        "termin": termin,
        "kommunenummer": f"{ss['kommunenummer'][i]:04d}",
        "sprak": "nb",
        "soker": _soker(ps["ung_ufor"][plasser[0]], ider[0]),
        "husstand": [_soker(False, person_id) for person_id in ider[1:]],
        "bolig": {
            "disposisjonsform": DISPOSISJONSFORMER[ss["disposisjonsform"][i]],
            "boutgift_per_maned": ss["boutgift_per_maned"][i],
            "oppvarming_inkludert": ss["oppvarming_inkludert"][i],
            "spesialtilpasset": ss["spesialtilpasset"][i],
            "kommunale_avgifter_per_maned": float(ss["kommunale_avgifter_per_maned"][i]),
            "matrikkel": {
                "gardsnummer": ss["gardsnummer"][i],
                "bruksnummer": ss["bruksnummer"][i],
                "bruksenhetsnummer": BRUKSENHET,
            },
        },
        "transport": {"til_kommunen": True, "samtykke_dato": "2023-12-01"}
        if til_kommunen
        else {"til_kommunen": False},
        "mottatt": f"{neste_termin(termin, -1)}-10T10:00:00+00:00",
    }


def _soker(ung_ufor: bool, person_id: UUID) -> dict[str, Any]:
    return {
        "ung_ufor": ung_ufor,
        "skattefri_leieinntekt": 0.0,
        "student_unntak_arbeidskvalifisering": False,
        "student_unntak_bor_hos_foreldre": False,
        "institusjon": False,
        "verneplikt": False,
        "person_id": str(person_id),
    }


def _svar(
    soknad: Mapping[str, Any],
    ss: Mapping[str, list[Any]],
    ps: Mapping[str, list[Any]],
    i: int,
    fra: int,
    ider: list[UUID],
) -> Iterator[tuple[Kontrollkrav, dict[str, Any]]]:
    termin = soknad["termin"]
    alle = [soknad["soker"], *soknad["husstand"]]
    voksne = [str(ider[p]) for p in range(len(alle)) if ps["rolle"][fra + p] < BARN]
    personer = {}
    for p, person in enumerate(alle):
        j = fra + p
        dod = ps["dod"][j]
        gradert = p == 0 and ss["gradert"][i]
        personer[person["person_id"]] = {
            "funnet": True,
            "fodselsdato": dato_tekst(ps["fodselsdato"][j]),
            "bosatt": not (dod or ps["ikke_bosatt"][j]),
            "dodsdato": dodsdato(termin) if dod else None,
            "gradering": "fortrolig" if gradert else "ugradert",
            "pa_adressen": not (gradert or ps["ikke_pa_adressen"][j]),
            "delt_bosted": False,
            "foreldre": sorted(voksne) if ps["rolle"][j] >= BARN else [],
        }
    andre = [{"fodselsdato": UKJENT_BEBOER}] if ss["ukjent_pa_adressen"][i] else []
    yield folkeregisterkrav(soknad), {"personer": personer, "andre_pa_adressen": andre}
    yield matrikkelkrav(soknad), _MATRIKKELSVAR
    for p, person in enumerate(alle):
        fr = personer[person["person_id"]]
        if not sporres_det_om(soknad, person, fr):  # type: ignore[arg-type]
            continue
        for register in registre_om_voksen(soknad, person, fr):  # type: ignore[arg-type]
            yield personkrav(register, person["person_id"], termin), _om_person(register, termin, ps, fra + p)
        fjorten = ps["kode"][fra + p] in {AAP, DAGPENGER} and ps["inntekt"][fra + p] > 0
        if fjorten and termin >= TO_TREDJEDELER_FRA and "inntekt" in registre_om_voksen(soknad, person, fr):  # type: ignore[arg-type]
            yield (
                personkrav("nav", person["person_id"], termin),
                {"utbetalinger": ps["utbetalinger"][fra + p], "arbeidsrettet_utdanning": False},
            )


def _om_person(register: str, termin: str, ps: Mapping[str, list[Any]], j: int) -> dict[str, Any]:
    if register == "lanekassen":
        return {"rett_til_stotte": ps["student"][j]}
    if register == "inntekt":
        kode = ps["kode"][j]
        post = {
            "type": TYPE.get(kode, "ytelseFraOffentlige"),
            "beskrivelse": KODER[kode],
            "fordel": "kontantytelse",
            "trekkpliktig": True,
            "belop_ore": ps["inntekt"][j] * 100,
        }
        return {"maned": termin, "poster": [post] if ps["inntekt"][j] else []}
    return {
        "inntektsar": int(termin[:4]) - 1,
        "skjermet": ps["skjermet"][j],
        "kapital": int(ps["kapital"][j]),
        "naering": 0,
        "utland": 0,
        "formue_bolig": int(ps["formue_bolig"][j]),
        "formue_annen": int(ps["innskudd"][j] - ps["gjeld"][j]),
    }


UKJENT_BEBOER = "1990-01-01"


def dato_tekst(dato: int) -> str:
    return f"{dato // 10_000:04d}-{dato // 100 % 100:02d}-{dato % 100:02d}"


def dodsdato(termin: str) -> str:
    """Those who are dead in a month died on the 20th of the month before."""
    return f"{neste_termin(termin, -1)}-20"
