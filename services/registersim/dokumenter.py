"""The registers' documents about a synthetic person, in the shapes their documentation gives."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from domain.kontroll.krav import Register
from services.registersim.fnr import fodselsdato
from services.registersim.person import Bolig, Matrikkelnummer, Person

Dokument = Callable[[Person], Any]

_STIER: tuple[tuple[str, Register], ...] = (
    ("/folkeregisteret/", "folkeregister"),
    ("/api/innrapportert/", "inntekt"),
    ("/api/formueinntekt/summertskattegrunnlag/", "skattegrunnlag"),
    ("/lanekassen/", "lanekassen"),
    ("/nav/", "nav"),
    ("/matrikkel/", "matrikkel"),
    ("/husbanken/", "husbanken"),
)
_PENSJON = frozenset(
    {"alderspensjon", "alderspensjonSkjermingstillegg", "introduksjonsstoenad", "kvalifiseringstoenad", "ufoerepensjon",
     "etterlattepensjon", "avtalefestetPensjon", "supplerendeStoenadTilPersonKortBotidNorge"}
)  # fmt: skip
_YTELSE = frozenset(
    {"arbeidsavklaringspenger", "dagpengerVedArbeidsloeshet", "dagpengerTilFiskerSomBareHarHyre", "ufoeretrygd",
     "foreldrepenger", "sykepenger", "omstillingsstoenad", "pleiepenger", "skattefriStoenadTilBarnetilsyn"}
)  # fmt: skip


def register_av(sti: str) -> Register | None:
    return next((register for start, register in _STIER if sti.startswith(start)), None)


def personoppslag(personer: Iterable[tuple[str, Person | None]]) -> dict[str, Any]:
    return {
        "oppslag": [
            {"foedselsEllerDNummer": fnr} | ({"folkeregisterperson": _person(p)} if p is not None else {})
            for fnr, p in personer
        ]
    }


def _person(p: Person) -> dict[str, Any]:
    fodt = p.fodselsdato or fodselsdato(p.fnr)
    dokument: dict[str, Any] = {
        "identifikasjonsnummer": [{"erGjeldende": True, "status": "iBruk", "foedselsEllerDNummer": p.fnr}],
        "status": _status(p),
        "foedsel": [{"erGjeldende": True, "foedselsdato": fodt.isoformat() if fodt else None}],
        "adressebeskyttelse": [{"erGjeldende": True, "graderingsnivaa": p.gradering}],
        "familierelasjon": [
            {
                "erGjeldende": True,
                "relatertPerson": f,
                "relatertPersonsRolle": "mor",
                "minRolleForPerson": "barn",
            }
            for f in p.foreldre
        ],
    }
    if p.dodsdato:
        dokument["doedsfall"] = [{"erGjeldende": True, "doedsdato": p.dodsdato.isoformat()}]
    if p.bolig is not None and p.gradering not in {"fortrolig", "strengtFortrolig"}:
        dokument["bostedsadresse"] = [
            {
                "erGjeldende": True,
                "gyldighetstidspunkt": _kl(p.flyttet_inn),
                **_adresse(p.bolig, vei=p.vegadresse),
            }
        ]
        if p.tidligere_bolig is not None:
            tidligere = {
                "erGjeldende": False,
                "gyldighetstidspunkt": _kl(date(2000, 1, 1)),
                "opphoerstidspunkt": _kl(p.flyttet_inn),
            }
            dokument["bostedsadresse"].append(tidligere | _adresse(p.tidligere_bolig, vei=False))
    if p.delt_bosted is not None:
        avtale = {"erGjeldende": True, "startdatoForKontrakt": p.flyttet_inn.isoformat()}
        dokument["deltBosted"] = [avtale | _adresse(p.delt_bosted, vei=False)]
    return dokument


def _status(p: Person) -> list[dict[str, Any]]:
    status = "doed" if p.dodsdato else p.status
    fra = p.dodsdato or p.status_fra
    na = {"erGjeldende": True, "gyldighetstidspunkt": _kl(fra), "status": status}
    if status == "bosatt":
        return [na]
    for_ = {
        "erGjeldende": False,
        "gyldighetstidspunkt": _kl(date(2000, 1, 1)),
        "opphoerstidspunkt": _kl(fra),
        "status": "bosatt",
    }
    return [na, for_]


def _adresse(b: Matrikkelnummer, *, vei: bool) -> dict[str, Any]:
    if vei:
        return {
            "vegadresse": {
                "kommunenummer": b.kommunenummer,
                "bruksenhetsnummer": b.bruksenhetsnummer,
                "adressenavn": "Prøveveien",
                "adressenummer": {"husnummer": "1"},
            }
        }
    return {
        "matrikkeladresse": {
            "bruksenhetsnummer": b.bruksenhetsnummer,
            "matrikkelnummer": {
                "kommunenummer": b.kommunenummer,
                "gaardsnummer": b.gardsnummer,
                "bruksnummer": b.bruksnummer,
                "festenummer": 0,
            },
        },
        "adressegradering": "ugradert",
    }


def _kl(dag: date) -> str:
    return f"{dag.isoformat()}T00:00:00+01:00"


def inntekt(p: Person, maned: str) -> dict[str, Any] | None:
    """One report a month; IM-008 (None) when there is nothing."""
    linjer = [
        {
            "fordel": linje.fordel,
            "utloeserArbeidsgiveravgift": False,
            "inngaarIGrunnlagForTrekk": linje.trekk,
            "beloep": linje.belop,
            linje.type or _type(linje.beskrivelse): {"beskrivelse": linje.beskrivelse},
        }
        for linje in p.inntekter
        if linje.maned in (None, maned)
    ]
    if not linjer:
        return None
    oppgave = {
        "opplysningspliktigId": "810000000",
        "virksomhetId": "810000001",
        "kalendermaaned": maned,
        "inntektsmottaker": {"personidentifikator": p.fnr},
        "inntekt": linjer,
    }
    return {"oppgaveInntektsmottaker": [oppgave]}


def _type(kode: str) -> str:
    if kode in _YTELSE:
        return "ytelseFraOffentlige"
    return "pensjonEllerTrygd" if kode in _PENSJON else "loennsinntekt"


def skattegrunnlag(p: Person, ar: int) -> dict[str, Any] | None:
    """None until the year is settled. A year said to be settled is so, also for somebody who has nothing."""
    oppgjort = p.skattear == ar if p.skattear is not None else bool(p.skattegrunnlag or p.skjermet)
    if not oppgjort:
        return None
    return {
        "personidentifikator": p.fnr,
        "inntektsaar": str(ar),
        "skjermet": p.skjermet,
        "grunnlag": [
            {"tekniskNavn": linje.navn, "beloep": linje.belop, "kategori": linje.kategori}
            for linje in p.skattegrunnlag
        ],
        "skatteoppgjoersdato": f"{ar + 1}-05-15",
        "stadie": "oppgjoer",
    }


def lanekassen(p: Person) -> dict[str, Any]:
    return {
        "utdanninger": [
            {
                "fra": u.fra.isoformat(),
                "til": u.til.isoformat() if u.til else None,
                "rettTilStotte": u.rett_til_stotte,
            }
            for u in p.utdanninger
        ]
    }


def nav(p: Person, maned: str) -> dict[str, Any]:
    faste = [
        {"ytelse": "AAP", "dato": f"{maned}-{1 + 13 * nr:02d}", "beloep": 8_000}
        for nr in range(min(3, p.nav_utbetalinger_per_maned))
    ]
    egne = [
        {"ytelse": u.ytelse, "dato": u.dato.isoformat(), "beloep": u.belop}
        for u in p.nav
        if u.dato.isoformat().startswith(maned)
    ]
    return {"utbetalinger": faste + egne, "arbeidsrettetUtdanning": p.arbeidsrettet_utdanning}


def husbanken(p: Person) -> dict[str, Any]:
    return {
        "engasjement": [
            {"saldo": e.saldo, "aarligKostnad": e.arlig_kostnad, "misligholdt": e.misligholdt}
            for e in p.engasjement
        ]
    }


def bruksenhet(bolig: Bolig | None) -> dict[str, Any]:
    """A dwelling that was only named as an address is an ordinary one."""
    return {
        "bruksenhetstype": bolig.bruksenhetstype if bolig else "B",
        "bygningsstatus": bolig.bygningsstatus if bolig else "TB",
    }
