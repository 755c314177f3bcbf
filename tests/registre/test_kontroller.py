"""Bostøtte's checks: who is asked about, and what every kind of answer becomes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bostotte import kontroller
from domain.bostotte.beregning import beregn
from domain.kontroll.krav import Svar
from tests.registre.hjelp import BARN, SOKER, soknad

UNG = UUID(int=3)


def fr(fodselsdato: str | None = "1990-05-01", **felt: Any) -> dict[str, Any]:
    return {
        "funnet": True,
        "fodselsdato": fodselsdato,
        "bosatt": True,
        "dodsdato": None,
        "gradering": "ugradert",
        "pa_adressen": True,
        "delt_bosted": False,
        "foreldre": [],
    } | felt


STANDARD: dict[str, dict[str, Any]] = {
    "folkeregister": {
        "personer": {str(SOKER): fr(), str(BARN): fr("2016-02-01", foreldre=[str(SOKER)])},
        "andre_pa_adressen": [],
    },
    "matrikkel": {"funnet": True, "bruksenhetstype": "B", "bygningsstatus": "TB"},
    "lanekassen": {"rett_til_stotte": False},
    "inntekt": {"maned": "2026-09", "poster": []},
    "skattegrunnlag": {
        "inntektsar": 2025, "skjermet": False, "kapital": 900, "naering": 0, "utland": 0,
        "formue_bolig": 0, "formue_annen": 40_000,
    },
    "nav": {"utbetalinger": 3, "arbeidsrettet_utdanning": False},
}  # fmt: skip


def svar_pa(sak: dict[str, Any], **byttet: Any) -> dict[str, Svar]:
    """All answers of the case, wave by wave, some of them others than the quiet default."""
    svar: dict[str, Svar] = {}
    while krav := kontroller.krav(sak, svar):
        svar |= {k.nokkel: byttet.get(k.register, STANDARD[k.register]) for k in krav}
    return svar


def post(
    beskrivelse: str, kroner: float, type_: str = "loennsinntekt", *, trekk: bool = True
) -> dict[str, Any]:
    return {
        "type": type_,
        "beskrivelse": beskrivelse,
        "fordel": "kontantytelse",
        "trekkpliktig": trekk,
        "belop_ore": round(kroner * 100),
    }


def inntekt(*poster: dict[str, Any]) -> dict[str, Any]:
    return {"maned": "2026-09", "poster": list(poster)}


def folk(
    soker: dict[str, Any] | None = None, barn: dict[str, Any] | None = None, andre: int = 0
) -> dict[str, Any]:
    return {
        "personer": {
            str(SOKER): soker or fr(),
            str(BARN): barn or fr("2016-02-01", foreldre=[str(SOKER)]),
        },
        "andre_pa_adressen": [{"fodselsdato": "1970-01-01"}] * andre,
    }


def koder(samlet: Any) -> set[str]:
    return {g["kode"] for g in samlet.manuell}


def test_bolgene_spor_bare_om_dem_loven_trenger() -> None:
    sak = soknad()
    forste = kontroller.krav(sak, {})
    assert [k.register for k in forste] == ["folkeregister", "matrikkel"]
    assert {k.gjelder for k in forste} == {None}
    andre = kontroller.krav(sak, {k.nokkel: STANDARD[k.register] for k in forste})
    assert [(k.register, k.gjelder) for k in andre] == [
        ("lanekassen", SOKER),
        ("inntekt", SOKER),
        ("skattegrunnlag", SOKER),
    ], "nothing about the child"
    assert kontroller.krav(sak, svar_pa(sak)) == []


@pytest.mark.parametrize(("termin", "spurt"), [("2024-12", False), ("2025-01", True)])
def test_nav_sporres_bare_nar_to_tredjedeler_kan_gjelde(termin: str, spurt: bool) -> None:
    sak = soknad(termin)
    aap = inntekt(post("arbeidsavklaringspenger", 12_000, "ytelseFraOffentlige"))
    svar = svar_pa(sak, inntekt=aap)
    assert any(n.startswith("nav/") for n in svar) is spurt
    person = kontroller.sett_sammen(sak, svar).fakta["husstand"][0]
    assert person["ytelse_14_dager"] == {"belop": 12_000, "utbetalinger": 3 if spurt else 0}
    assert person["manedsinntekt"] == 12_000


@pytest.mark.parametrize(
    ("fodselsdato", "termin", "registre"),
    [
        ("2008-09-01", "2026-09", {"lanekassen"}),  # 18 on the situation date
        ("2008-09-02", "2026-09", set()),  # 17 on it
        ("2006-09-01", "2026-09", {"lanekassen", "inntekt", "skattegrunnlag"}),  # 20
        ("2005-09-01", "2024-09", {"lanekassen", "inntekt", "skattegrunnlag"}),  # 19, before the change
        ("2005-10-01", "2024-10", {"lanekassen"}),  # 19, after it
    ],
)
def test_unge_hjemmeboende(fodselsdato: str, termin: str, registre: set[str]) -> None:
    sak = soknad(termin, husstand=[{"person_id": str(UNG)}])
    folkeregister = {"personer": {str(SOKER): fr(), str(UNG): fr(fodselsdato)}, "andre_pa_adressen": []}
    svar = svar_pa(sak, folkeregister=folkeregister)
    assert {n.split("/")[0] for n in svar if str(UNG) in n} == registre
    assert kontroller.sett_sammen(sak, svar).fakta["husstand"][1]["fodselsdato"] == fodselsdato


def test_soker_under_18_behandles_som_voksen() -> None:
    sak = soknad(husstand=[])
    folkeregister = {"personer": {str(SOKER): fr("2009-01-01")}, "andre_pa_adressen": []}
    svar = svar_pa(sak, folkeregister=folkeregister)
    assert {n.split("/")[0] for n in svar} == {
        "folkeregister",
        "matrikkel",
        "lanekassen",
        "inntekt",
        "skattegrunnlag",
    }


DOMMER: list[tuple[str, dict[str, Any], str | None, set[str]]] = [
    # (what, answers, outcome code of the rules or None, reasons for a caseworker)
    ("alt i orden", {}, "V00", set()),
    ("ikke bosatt", {"folkeregister": folk(fr(bosatt=False, pa_adressen=False))}, "V05", set()),
    ("død søker før den 1.", {"folkeregister": folk(fr(dodsdato="2026-08-14", bosatt=False))}, "V11", set()),
    ("død søker", {"folkeregister": folk(fr(dodsdato="2026-09-14"))}, "V11", set()),
    ("biperson borte", {"folkeregister": folk(barn=fr("2016-02-01", pa_adressen=False))}, "V48", set()),
    (
        "delt bosted",
        {"folkeregister": folk(barn=fr("2016-02-01", pa_adressen=False, delt_bosted=True))},
        "V00",
        set(),
    ),
    ("flere på adressen", {"folkeregister": folk(andre=1)}, None, {"person_pa_adressen_mangler"}),
    ("søker borte", {"folkeregister": folk(fr(pa_adressen=False))}, None, {"soker_ikke_pa_adressen"}),
    (
        "kode 6",
        {"folkeregister": folk(fr(gradering="strengtFortrolig", pa_adressen=False))},
        None,
        {"adressesperre"},
    ),
    (
        "kode 7, barn",
        {"folkeregister": folk(barn=fr("2016-02-01", gradering="fortrolig"))},
        None,
        {"adressesperre"},
    ),
    ("klientadresse", {"folkeregister": folk(fr(gradering="klientadresse"))}, "V00", set()),
    (
        "ukjent søker",
        {"folkeregister": folk(fr(None, funnet=False, bosatt=False, pa_adressen=False))},
        None,
        {"ukjent_i_folkeregisteret"},
    ),
    ("fødselsdato mangler", {"folkeregister": folk(fr(None))}, None, {"fodselsdato_ukjent"}),
    (
        "fritidsbolig",
        {"matrikkel": {"funnet": True, "bruksenhetstype": "F", "bygningsstatus": "FA"}},
        "V04",
        set(),
    ),
    (
        "ikke godkjent",
        {"matrikkel": {"funnet": True, "bruksenhetstype": "I", "bygningsstatus": "TB"}},
        None,
        {"bolig_ikke_godkjent"},
    ),
    (
        "ikke ferdig",
        {"matrikkel": {"funnet": True, "bruksenhetstype": "B", "bygningsstatus": "IG"}},
        None,
        {"bolig_ikke_godkjent"},
    ),
    (
        "ukjent bolig",
        {"matrikkel": {"funnet": False, "bruksenhetstype": "U", "bygningsstatus": ""}},
        None,
        {"bolig_ukjent_i_matrikkelen"},
    ),
    ("student med barn", {"lanekassen": {"rett_til_stotte": True}}, "V00", set()),
    (
        "skjermet",
        {"skattegrunnlag": STANDARD["skattegrunnlag"] | {"skjermet": True}},
        None,
        {"skattegrunnlag_skjermet"},
    ),
    ("høy inntekt", {"inntekt": inntekt(post("fastloenn", 90_000))}, "V03", set()),
]


@pytest.mark.parametrize(("hva", "byttet", "kode", "grunner"), DOMMER, ids=[d[0] for d in DOMMER])
def test_hver_dom(hva: str, byttet: dict[str, Any], kode: str | None, grunner: set[str]) -> None:
    sak = soknad()
    samlet = kontroller.sett_sammen(sak, svar_pa(sak, **byttet))
    assert koder(samlet) == grunner
    resultat = beregn([samlet.fakta], "2026-09").dokument(0)  # type: ignore[list-item]
    if kode is not None:
        assert resultat["kode"] == kode


def test_dod_biperson_er_ute_av_husstanden_og_sporres_det_ikke_om() -> None:
    sak = soknad(husstand=[{"person_id": str(UNG)}])
    dod = fr("1950-01-01", dodsdato="2026-08-31", bosatt=False, pa_adressen=False)
    folkeregister = {"personer": {str(SOKER): fr(), str(UNG): dod}, "andre_pa_adressen": []}
    svar = svar_pa(sak, folkeregister=folkeregister)
    assert not any(str(UNG) in n for n in svar)
    assert [p["rolle"] for p in kontroller.sett_sammen(sak, svar).fakta["husstand"]] == ["soker"]


@pytest.mark.parametrize(
    ("soker", "nav", "foreldre_bor_her", "kode", "grunner"),
    [
        ({}, False, False, "V02", set()),
        ({"student_unntak_arbeidskvalifisering": True}, True, False, "V00", set()),
        ({"student_unntak_arbeidskvalifisering": True}, False, False, "V02", {"program_ikke_bekreftet"}),
        ({}, False, True, "V02", set()),
        ({"student_unntak_bor_hos_foreldre": True}, False, True, "V02", set()),
    ],
)
def test_student_og_unntakene(
    soker: dict[str, Any], nav: bool, foreldre_bor_her: bool, kode: str, grunner: set[str]
) -> None:
    sak = soknad(soker=soker, husstand=[{"person_id": str(UNG)}] if foreldre_bor_her else [])
    personer = {str(SOKER): fr("2003-01-01", foreldre=[str(UNG)] if foreldre_bor_her else [])}
    if foreldre_bor_her:
        personer[str(UNG)] = fr("1970-01-01")
    svar: dict[str, Svar] = {}
    while krav := kontroller.krav(sak, svar):
        for k in krav:
            egne: dict[str, dict[str, Any]] = {
                "folkeregister": {"personer": personer, "andre_pa_adressen": []},
                "lanekassen": {"rett_til_stotte": k.gjelder == SOKER},
                "nav": {"utbetalinger": 0, "arbeidsrettet_utdanning": nav},
            }
            svar[k.nokkel] = egne.get(k.register, STANDARD[k.register])
    samlet = kontroller.sett_sammen(sak, svar)
    assert koder(samlet) == grunner
    assert beregn([samlet.fakta], "2026-09").dokument(0)["kode"] == kode  # type: ignore[list-item]
    assert any(n.startswith("nav/") for n in svar) == ("student_unntak_arbeidskvalifisering" in soker)


@pytest.mark.parametrize(
    ("er_barnet", "kode", "grunner"), [(True, "V00", set()), (False, "V02", {"foreldre_ikke_bekreftet"})]
)
def test_student_hos_foreldre_som_soker(er_barnet: bool, kode: str, grunner: set[str]) -> None:
    sak = soknad(husstand=[{"person_id": str(UNG), "student_unntak_bor_hos_foreldre": True}])
    student = fr("2004-01-01", foreldre=[str(SOKER)] if er_barnet else [])
    folkeregister = {"personer": {str(SOKER): fr(), str(UNG): student}, "andre_pa_adressen": []}
    svar: dict[str, Svar] = {}
    while krav := kontroller.krav(sak, svar):
        for k in krav:
            egne: dict[str, dict[str, Any]] = {
                "folkeregister": folkeregister,
                "lanekassen": {"rett_til_stotte": k.gjelder == UNG},
            }
            svar[k.nokkel] = egne.get(k.register, STANDARD[k.register])
    samlet = kontroller.sett_sammen(sak, svar)
    assert koder(samlet) == grunner
    assert beregn([samlet.fakta], "2026-09").dokument(0)["kode"] == kode  # type: ignore[list-item]


def test_bofellesskap_taler_andre_beboere_men_krever_kommunens_ord() -> None:
    sak = soknad(bolig={"disposisjonsform": "bofellesskap"})
    assert koder(kontroller.sett_sammen(sak, svar_pa(sak, folkeregister=folk(andre=4)))) == {"bofellesskap"}


def test_hva_som_er_inntekt() -> None:
    svar = inntekt(
        post("fastloenn", 10_000.50),
        post("trekkILoennForFerie", -1_000),
        post("reiseKostMedOvernattingPaaHotell", 2_000, trekk=False),
        post("ufoeretrygd", 5_000, "ytelseFraOffentlige"),
        post("skattefriStoenadTilBarnetilsyn", 4_000, "ytelseFraOffentlige"),
        post("alderspensjon", 1_000, "pensjonEllerTrygd"),
        post("sykepengerTilFisker", 9_000, "naeringsinntekt"),
    )
    sak = soknad()
    person = kontroller.sett_sammen(sak, svar_pa(sak, inntekt=svar)).fakta["husstand"][0]
    assert person["manedsinntekt"] == 15_001  # 15 000.50, half away from zero
    assert person["uforepensjonist"]
    assert person["alderspensjonist"]
    assert not person["etterlattepensjonist"]


def test_sokerens_eget_tall_vinner_over_skatteoppgjoret() -> None:
    uten = kontroller.sett_sammen(soknad(), svar_pa(soknad())).fakta["husstand"][0]
    assert uten["meldepliktig"]["kapital"] == 900
    assert uten["formue"] == {"bolig": 0, "annen": 40_000}
    meldt = {"meldepliktig": {"kapital": 100, "naering": 0, "utland": 7}, "formue": {"bolig": 1, "annen": 2}}
    sak = soknad(soker=meldt)
    med = kontroller.sett_sammen(sak, svar_pa(sak)).fakta["husstand"][0]
    assert med["meldepliktig"] == meldt["meldepliktig"]
    assert med["formue"] == meldt["formue"]


def test_nokkelen_rober_ingen_og_skiller_sakene() -> None:
    en, annen = (
        soknad(),
        soknad(bolig={"matrikkel": {"gardsnummer": 1, "bruksnummer": 2, "bruksenhetsnummer": "H0101"}}),
    )
    nokler = {k.nokkel for sak in (en, annen, soknad("2026-10")) for k in kontroller.krav(sak, {})}
    assert len(nokler) == 5  # the dwelling's answer serves both months
    assert not any("207" in n.split("bolig=")[0] for n in nokler)
    assert all(k.hjemmel and k.gyldig_dager > 0 for k in kontroller.krav(en, {}))


def test_manglende_svar_navngis() -> None:
    sak = soknad()
    svar = svar_pa(sak)
    borte = next(n for n in svar if n.startswith("inntekt/"))
    del svar[borte]
    with pytest.raises(KeyError, match=borte):
        kontroller.sett_sammen(sak, svar)


BOOL = st.booleans()
PERSON = st.fixed_dictionaries(
    {
        "funnet": st.just(True),
        "fodselsdato": st.dates(date(1930, 1, 1), date(2026, 8, 31)).map(date.isoformat),
        "bosatt": BOOL,
        "dodsdato": st.sampled_from([None, "2026-08-01", "2026-09-20"]),
        "gradering": st.sampled_from(["ugradert", "klientadresse", "fortrolig", "strengtFortrolig"]),
        "pa_adressen": BOOL,
        "delt_bosted": BOOL,
        "foreldre": st.just([]),
    }
)


@settings(max_examples=40, deadline=None)
@given(soker=PERSON, barn=PERSON, student=BOOL, program=BOOL)
def test_hver_husstand_gir_regelbare_fakta(soker: Any, barn: Any, student: bool, program: bool) -> None:
    """Whatever the registers say, the waves end, and the rules can read the facts."""
    sak = soknad(soker={"student_unntak_arbeidskvalifisering": program})
    svar = svar_pa(
        sak,
        folkeregister={"personer": {str(SOKER): soker, str(BARN): barn}, "andre_pa_adressen": []},
        lanekassen={"rett_til_stotte": student},
    )
    samlet = kontroller.sett_sammen(sak, svar)
    assert beregn([samlet.fakta], "2026-09").dokument(0)["kode"]  # type: ignore[list-item]
    assert ("adressesperre" in koder(samlet)) == any(
        p["gradering"] in {"fortrolig", "strengtFortrolig"}
        for p in (soker, barn)
        if p is soker or p["dodsdato"] != "2026-08-01"
    )
