"""The register clients against the simulator over real HTTP: answers, faults, nonsense, breaker."""

import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from domain.bostotte import kontroller
from domain.kontroll.krav import REGISTRE, Kontrollkrav
from services.innebygd.port import finn_ledig
from services.registersim.app import Simulator, person_hash
from services.registersim.fnr import lag_fnr
from services.registersim.person import Bolig, Matrikkelnummer, Person
from services.registre import Oppslag, RegisterFeil
from services.registre.bryter import Bryter
from services.registre.foresporsel import SCOPE, samtale
from services.registre.innstillinger import RegisterInnstillinger
from services.registre.inprosess import RegistreIProsess
from services.registre.klient import RegistreHttp
from services.registre.tempo import _UTSLAG_S
from services.registre.token import Maskinporten, SimulatorToken
from tests.registre.hjelp import (
    BARN,
    BARN_FNR,
    BOLIG,
    FNR,
    SOKER,
    SOKER_FNR,
    TALMODIG_S,
    registre_mot,
    simulator,
    sok_alt,
    soknad,
)

STYRING = httpx.Client(timeout=TALMODIG_S)


@pytest.fixture(scope="module")
def sim() -> Iterator[tuple[str, Simulator]]:
    with simulator() as oppe, STYRING:
        yield oppe


@pytest.fixture(autouse=True)
def _kjente_folk(sim: tuple[str, Simulator]) -> Iterator[None]:
    url, _ = sim
    personer = [
        {"fnr": SOKER_FNR, "bolig": BOLIG.model_dump(), "inntekter": [{"belop": 18000}]},
        {"fnr": BARN_FNR, "bolig": BOLIG.model_dump(), "foreldre": [SOKER_FNR]},
    ]
    STYRING.post(f"{url}/styring/personer", json={"personer": personer}).raise_for_status()
    yield
    for sti in ("personer", "feil", "logg"):
        STYRING.delete(f"{url}/styring/{sti}").raise_for_status()


@pytest.fixture(scope="module")
def registre(sim: tuple[str, Simulator]) -> Iterator[RegistreHttp]:
    """Shared by the tests that leave no breaker open and no pace held back."""
    with registre_mot(sim[0]) as r:
        yield r


@pytest.fixture
def egne_registre(sim: tuple[str, Simulator]) -> Iterator[RegistreHttp]:
    with registre_mot(sim[0]) as r:
        yield r


def bytt(sim: tuple[str, Simulator], **felt: Any) -> None:
    """Describe the applicant anew."""
    person: dict[str, Any] = {"fnr": SOKER_FNR, "bolig": BOLIG.model_dump()} | felt
    STYRING.post(f"{sim[0]}/styring/personer", json={"personer": [person]}).raise_for_status()


def feil(sim: tuple[str, Simulator], register: str, slag: str, **mer: Any) -> None:
    STYRING.post(f"{sim[0]}/styring/feil", json={"register": register, "slag": slag} | mer).raise_for_status()


def oppslag(register: str) -> Oppslag:
    """The check of one register about the applicant."""
    sak = soknad(soker={"student_unntak_arbeidskvalifisering": True})
    alle = kontroller.krav(sak, {})
    parametre = {
        "lanekassen": ("dato", "2026-09-01"),
        "husbanken": ("dato", "2026-09-01"),
        "skattegrunnlag": ("inntektsar", "2025"),
    }
    k = next(
        (k for k in alle if k.register == register),
        Kontrollkrav(register, SOKER, (parametre.get(register, ("termin", "2026-09")),), "h", 1),  # type: ignore[arg-type]
    )
    return Oppslag(k, SOKER_FNR if k.gjelder else None, kontroller.ekstra(k, sak, FNR))


def hent(registre: RegistreHttp, register: str) -> dict[str, Any]:
    return registre.hent(*oppslag(register)[:3])


def test_hele_saken_i_to_bolger(registre: RegistreHttp) -> None:
    svar, bolger = sok_alt(registre, soknad())
    assert bolger == [["folkeregister", "matrikkel"], ["inntekt", "lanekassen", "skattegrunnlag"]]
    samlet = kontroller.sett_sammen(soknad(), svar)
    assert samlet.manuell == []
    assert samlet.fakta["husstand"][0]["manedsinntekt"] == 18_000
    assert samlet.fakta["husstand"][0]["bor_med_egne_barn"]
    assert not any(nummer in repr(svar) for nummer in FNR.values()), "no identity number in a stored answer"


def test_folkeregisteret(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    fremmed = lag_fnr("1980-01-01", 0)
    flyttet = BOLIG.model_dump() | {"bruksnummer": 16}
    personer = [
        {"fnr": fremmed, "bolig": BOLIG.model_dump()},
        {"fnr": lag_fnr("1981-01-01", 0), "bolig": BOLIG.model_dump(), "gradering": "fortrolig"},
        {
            "fnr": BARN_FNR,
            "bolig": flyttet,
            "tidligere_bolig": BOLIG.model_dump(),
            "flyttet_inn": "2026-09-02",
        },
    ]
    STYRING.post(f"{sim[0]}/styring/personer", json={"personer": personer}).raise_for_status()
    svar = hent(registre, "folkeregister")
    assert svar["andre_pa_adressen"] == [{"fodselsdato": "1980-01-01"}], (
        "the classified address is not found by search"
    )
    assert svar["personer"][str(BARN)]["pa_adressen"], "lived there on the 1st, moved on the 2nd"
    assert svar["personer"][str(SOKER)] == {
        "funnet": True, "fodselsdato": "1990-05-01", "bosatt": True, "dodsdato": None, "gradering": "ugradert",
        "pa_adressen": True, "delt_bosted": False, "foreldre": [],
    }  # fmt: skip


def test_folkeregisteret_delt_bosted_vegadresse_utflyttet_dod(
    sim: tuple[str, Simulator], registre: RegistreHttp
) -> None:
    annet = BOLIG.model_dump() | {"bruksnummer": 99}
    bytt(sim, vegadresse=True)
    delt = {"fnr": BARN_FNR, "bolig": annet, "delt_bosted": BOLIG.model_dump(), "dodsdato": "2026-09-10"}
    STYRING.post(f"{sim[0]}/styring/personer", json={"personer": [delt]}).raise_for_status()
    personer = hent(registre, "folkeregister")["personer"]
    assert personer[str(SOKER)]["pa_adressen"], "a road address counts when the search finds it"
    assert personer[str(BARN)]["delt_bosted"]
    assert not personer[str(BARN)]["pa_adressen"]
    assert personer[str(BARN)]["dodsdato"] == "2026-09-10"
    assert personer[str(BARN)]["bosatt"], "alive on the situation date"
    bytt(sim, status="utflyttet", status_fra="2026-09-01")
    assert not hent(registre, "folkeregister")["personer"][str(SOKER)]["bosatt"]
    bytt(sim, status="utflyttet", status_fra="2026-09-02")
    assert hent(registre, "folkeregister")["personer"][str(SOKER)]["bosatt"]


def test_inntekt(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    bytt(sim, inntekter=[
        {"beskrivelse": "ufoeretrygd", "belop": 21000.5},
        {"beskrivelse": "fastloenn", "belop": 900, "maned": "2026-08"},
    ])  # fmt: skip
    assert hent(registre, "inntekt") == {
        "maned": "2026-09",
        "poster": [
            {"type": "ytelseFraOffentlige", "beskrivelse": "ufoeretrygd", "fordel": "kontantytelse",
             "trekkpliktig": True, "belop_ore": 2_100_050}
        ],
    }  # fmt: skip
    bytt(sim, inntekter=[])
    assert hent(registre, "inntekt")["poster"] == []


def test_skattegrunnlag(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    linjer = [
        ("formuesverdiForPrimaerbolig", 500_000, "formue"),
        ("innskudd", 80_000, "formue"),
        ("gjeldIInnenlandskeBanker", 183_000, "formuesfradrag"),
        ("samletGjeld", 183_000, "-"),
        ("bruttoformue", 580_000, "-"),
        ("samledeOpptjenteRenterIInnenlandskeBanker", 1_600, "inntekt"),
        ("samledePaaloepteRenterPaaGjeldIInnenlandskeBanker", 9_000, "inntektsfradrag"),
        ("samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt", 213_151, "inntekt"),
        ("samletPersoninntektFraEnkeltpersonforetakInnenFiskeOgFangst", 51_432, "inntekt"),
        ("samletOverskuddAvEnkeltpersonforetakInnenFiskeOgFangst", 51_432, "inntekt"),
        ("samletOpptjenteRenterIUtlandskeBanker", 300, "inntekt"),
    ]
    grunnlag = [{"navn": n, "belop": b, "kategori": k} for n, b, k in linjer]
    bytt(sim, skattegrunnlag=grunnlag, skattear=2024)
    assert hent(registre, "skattegrunnlag") == {
        "inntektsar": 2024, "skjermet": False, "kapital": 1_600 - 9_000, "naering": 51_432, "utland": 300,
        "formue_bolig": 500_000, "formue_annen": 80_000 - 183_000,
    }  # fmt: skip
    bytt(sim, skattegrunnlag=grunnlag, skattear=2021)
    assert hent(registre, "skattegrunnlag")["inntektsar"] is None, "too old to say anything"


def test_lanekassen_nav_matrikkel(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    bytt(
        sim,
        utdanninger=[{"fra": "2026-08-15", "til": "2026-12-20"}],
        nav=[
            {"dato": "2026-09-01", "belop": 9000},
            {"dato": "2026-09-15", "belop": 9000},
            {"dato": "2026-09-29", "belop": 9000},
            {"dato": "2026-10-13", "belop": 9000},
        ],
        arbeidsrettet_utdanning=True,
    )
    bolig = BOLIG.model_dump() | {"bruksenhetstype": "F", "bygningsstatus": "FA"}
    STYRING.post(f"{sim[0]}/styring/personer", json={"boliger": [bolig]}).raise_for_status()
    assert hent(registre, "lanekassen") == {"rett_til_stotte": True}
    assert hent(registre, "nav") == {"utbetalinger": 3, "arbeidsrettet_utdanning": True}
    assert hent(registre, "matrikkel") == {"funnet": True, "bruksenhetstype": "F", "bygningsstatus": "FA"}


def test_ukjent_bolig_og_ukjent_person(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    sak = soknad(bolig={"matrikkel": {"gardsnummer": 1, "bruksnummer": 1, "bruksenhetsnummer": "H0101"}})
    folk, bolig = kontroller.krav(sak, {})
    ukjent = {str(SOKER): "12345678901", str(BARN): BARN_FNR}
    svar = registre.hent(folk, None, kontroller.ekstra(folk, sak, ukjent))
    assert not svar["personer"][str(SOKER)]["funnet"]
    assert not registre.hent(bolig, None, kontroller.ekstra(bolig, sak, ukjent))["funnet"]


@pytest.mark.parametrize("register", REGISTRE)
@pytest.mark.parametrize(
    ("form", "arsak", "midlertidig"),
    [
        ("html", "ikke_json", True),
        ("avkuttet", "ikke_json", True),
        ("tomt", "ikke_json", True),
        ("annen_form", "feil_form", False),
        ("mangler_felt", "feil_form", False),
        ("feil_typer", "feil_form", False),
    ],
)
def test_vrovl(
    sim: tuple[str, Simulator],
    registre: RegistreHttp,
    register: str,
    form: str,
    arsak: str,
    midlertidig: bool,
) -> None:
    bytt(sim, inntekter=[{"belop": 1}], skattegrunnlag=[{"navn": "innskudd", "belop": 1, "kategori": "formue"}],
         utdanninger=[{"fra": "2020-01-01"}], nav_utbetalinger_per_maned=1)  # fmt: skip
    feil(sim, register, "vrovl", form=form)
    with pytest.raises(RegisterFeil) as funnet:
        hent(registre, register)
    assert funnet.value.register == register
    assert (funnet.value.arsak, funnet.value.midlertidig) == (arsak, midlertidig)
    assert SOKER_FNR not in repr(funnet.value)
    assert funnet.value.__cause__ is None


@pytest.mark.parametrize(("register", "form"), [("inntekt", "negativ"), ("nav", "negativ"), ("inntekt", "feil_person"),
                                                ("skattegrunnlag", "feil_person")])  # fmt: skip
def test_umulige_svar_lagres_aldri(
    sim: tuple[str, Simulator], registre: RegistreHttp, register: str, form: str
) -> None:
    bytt(sim, inntekter=[{"belop": 100}], skattegrunnlag=[{"navn": "innskudd", "belop": 1, "kategori": "formue"}],
         nav_utbetalinger_per_maned=2)  # fmt: skip
    feil(sim, register, "vrovl", form=form)
    with pytest.raises(RegisterFeil) as funnet:
        hent(registre, register)
    assert not funnet.value.midlertidig


def test_et_register_nede_stopper_ikke_de_andre(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    feil(sim, "inntekt", "nede")
    utfall = {
        k.register: s
        for k, s in registre.hent_alle([oppslag("inntekt"), oppslag("lanekassen"), oppslag("nav")])
    }
    assert isinstance(utfall["inntekt"], RegisterFeil)
    assert (utfall["inntekt"].arsak, utfall["inntekt"].midlertidig) == ("nede", True)
    assert utfall["lanekassen"] == {"rett_til_stotte": False}
    assert utfall["nav"] == {"utbetalinger": 0, "arbeidsrettet_utdanning": False}


def test_svarene_kommer_etter_hvert_som_de_er_inne(
    sim: tuple[str, Simulator], registre: RegistreHttp
) -> None:
    feil(sim, "inntekt", "treg", ms=5000)
    alle = registre.hent_alle([oppslag("inntekt"), oppslag("lanekassen"), oppslag("matrikkel")])
    svar = [(k.register, s) for k, s in alle]
    assert {register for register, _ in svar[:2]} == {"lanekassen", "matrikkel"}
    assert svar[2][0] == "inntekt"
    assert not any(isinstance(s, RegisterFeil) for _, s in svar)


def test_den_som_slutter_a_lese_slipper_resten(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    feil(sim, "inntekt", "treg", ms=5000)
    start = time.monotonic()
    for k, _ in registre.hent_alle([oppslag("inntekt"), oppslag("lanekassen")]):
        assert k.register == "lanekassen"
        break
    assert time.monotonic() - start < 5
    assert hent(registre, "nav")["utbetalinger"] == 0


def test_tidsavbrudd_og_heng(sim: tuple[str, Simulator]) -> None:
    feil(sim, "nav", "heng", ms=3000)
    feil(sim, "lanekassen", "treg", ms=3000)
    with registre_mot(sim[0], tidsavbrudd_s=0.15) as r:
        for register in ("nav", "lanekassen"):
            with pytest.raises(RegisterFeil) as funnet:
                hent(r, register)
            assert (funnet.value.arsak, funnet.value.midlertidig) == ("tidsavbrudd", True)


def test_den_som_henger_bryter_til_slutt_forbindelsen(
    sim: tuple[str, Simulator], registre: RegistreHttp
) -> None:
    feil(sim, "nav", "heng", ms=100)
    with pytest.raises(RegisterFeil, match="nede"):
        hent(registre, "nav")
    [sporring] = next(samtale(*oppslag("nav")[:3]))
    hode = {"authorization": f"Bearer {SimulatorToken()(SCOPE['nav'])}"}
    with pytest.raises(httpx.RemoteProtocolError):
        STYRING.get(sim[0] + sporring.sti, headers=hode)


def test_ingen_hjemme() -> None:
    with registre_mot(f"http://127.0.0.1:{finn_ledig()}") as r, pytest.raises(RegisterFeil) as funnet:
        hent(r, "inntekt")
    assert (funnet.value.arsak, funnet.value.midlertidig) == ("nede", True)


def test_bryteren_apner_prover_og_lukker(sim: tuple[str, Simulator]) -> None:
    klokke = [0.0]
    with registre_mot(sim[0]) as r:
        r._registre["inntekt"].bryter = Bryter("inntekt", 3, 30, lambda: klokke[0])
        feil(sim, "inntekt", "nede")
        for _ in range(3):
            with pytest.raises(RegisterFeil, match="nede"):
                hent(r, "inntekt")
        kall = sim[1].kall["inntekt"]
        with pytest.raises(RegisterFeil, match="brutt") as brutt:
            hent(r, "inntekt")
        assert brutt.value.midlertidig
        assert brutt.value.vent_s == 30
        assert sim[1].kall["inntekt"] == kall, "an open circuit makes no call"
        assert hent(r, "nav")["utbetalinger"] == 0, "each register has its own"
        klokke[0] += 30
        utfall = [s for _, s in r.hent_alle([oppslag("inntekt")] * 4)]
        assert sim[1].kall["inntekt"] == kall + 1, "one call looks, the others wait"
        assert sorted(s.arsak for s in utfall if isinstance(s, RegisterFeil)) == [
            "brutt",
            "brutt",
            "brutt",
            "nede",
        ]
        klokke[0] += 30
        STYRING.delete(f"{sim[0]}/styring/feil?register=inntekt").raise_for_status()
        assert hent(r, "inntekt")["maned"] == "2026-09"
        assert all(not isinstance(s, RegisterFeil) for _, s in r.hent_alle([oppslag("inntekt")] * 4))


def test_vrovl_og_429_apner_ikke_bryteren(sim: tuple[str, Simulator]) -> None:
    with registre_mot(sim[0], brutt_etter=2) as r:
        feil(sim, "nav", "vrovl", form="mangler_felt", antall=4)
        for _ in range(4):
            with pytest.raises(RegisterFeil, match="feil_form"):
                hent(r, "nav")
        assert hent(r, "nav")["utbetalinger"] == 0


def test_429_holder_alle_igjen_sa_lenge_registeret_ber_om(
    sim: tuple[str, Simulator], egne_registre: RegistreHttp
) -> None:
    feil(sim, "matrikkel", "begrenset", per_s=0.05)
    hent(egne_registre, "matrikkel")
    with pytest.raises(RegisterFeil, match="for_mange") as funnet:
        hent(egne_registre, "matrikkel")
    assert funnet.value.midlertidig
    assert 0 < funnet.value.vent_s <= 20
    kall = sim[1].kall["matrikkel"]
    with pytest.raises(RegisterFeil, match="tempo") as holdt:
        hent(egne_registre, "matrikkel")
    assert 0 < holdt.value.vent_s <= funnet.value.vent_s
    assert sim[1].kall["matrikkel"] == kall, "who would wait too long makes no call"
    STYRING.delete(f"{sim[0]}/styring/feil?register=matrikkel").raise_for_status()
    start = time.monotonic()
    # As if all but a second of what it asked for had gone: the burst counts as in ``hold_igjen``.
    egne_registre._registre["matrikkel"].tempo._lokal_tat = start + 1 + _UTSLAG_S
    assert hent(egne_registre, "matrikkel")["funnet"]
    assert time.monotonic() - start > 0.99, "the call waited by itself"
    feil(sim, "folkeregister", "begrenset", per_s=0.05)
    hent_to = [s for _, s in egne_registre.hent_alle([oppslag("folkeregister")])]
    assert isinstance(hent_to[0], RegisterFeil)
    assert 0 < hent_to[0].vent_s <= 20, "Folkeregisteret counts in milliseconds"


def test_en_annen_enn_for_fra_et_bestemt_kall(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    bestilling = {
        "fnr": SOKER_FNR,
        "register": "inntekt",
        "fra_kall": 3,
        "felt": {"inntekter": [{"belop": 50}]},
    }
    STYRING.post(f"{sim[0]}/styring/endringer", json=bestilling).raise_for_status()
    sett = [hent(registre, "inntekt")["poster"][0]["belop_ore"] for _ in range(4)]
    assert sett == [1_800_000, 1_800_000, 5_000, 5_000]
    fremtid = {"fnr": SOKER_FNR, "fra": "2099-01-01T00:00:00Z", "felt": {"inntekter": []}}
    STYRING.post(f"{sim[0]}/styring/endringer", json=fremtid).raise_for_status()
    assert hent(registre, "inntekt")["poster"]


def test_loggen_teller_uten_a_navngi(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    sok_alt(registre, soknad())
    logg = STYRING.get(f"{sim[0]}/styring/logg").json()
    assert logg["kall"] == {
        "folkeregister": 2,
        "matrikkel": 1,
        "lanekassen": 1,
        "inntekt": 1,
        "skattegrunnlag": 2,
    }
    assert logg["personer"]["inntekt"] == {person_hash(SOKER_FNR): 1}
    assert person_hash(BARN_FNR) in logg["personer"]["folkeregister"]
    assert SOKER_FNR not in str(logg)


def test_uten_riktig_token_slipper_ingen_inn(sim: tuple[str, Simulator]) -> None:
    def nav_token(_scope: str) -> str:
        return httpx_token(sim[0], SCOPE["nav"])

    for kilde, arsak, midlertidig in (
        (lambda _s: "tull", "avvist_401", True),
        (nav_token, "avvist_403", False),
    ):
        r = RegistreHttp(sim[0], TALMODIG_S, RegisterInnstillinger(), kilde, None)
        try:
            with pytest.raises(RegisterFeil) as funnet:
                hent(r, "inntekt")
        finally:
            r.lukk()
        assert (funnet.value.arsak, funnet.value.midlertidig) == (arsak, midlertidig)


def httpx_token(url: str, scope: str) -> str:
    return maskinporten(url)(scope)


def maskinporten(url: str) -> Maskinporten:
    nokkel = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = nokkel.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Maskinporten(f"{url}/maskinporten/token", f"{url}/", "klient", "nokkel-1", pem)


def test_maskinporten_gir_token_som_gjenbrukes(sim: tuple[str, Simulator]) -> None:
    kilde = maskinporten(sim[0])
    assert kilde(SCOPE["inntekt"]) == kilde(SCOPE["inntekt"])
    r = RegistreHttp(sim[0], TALMODIG_S, RegisterInnstillinger(), kilde, None)
    try:
        assert hent(r, "inntekt")["poster"]
    finally:
        r.lukk()
    borte = maskinporten(f"http://127.0.0.1:{finn_ledig()}")
    r = RegistreHttp(sim[0], TALMODIG_S, RegisterInnstillinger(), borte, None)
    try:
        with pytest.raises(RegisterFeil) as funnet:
            hent(r, "inntekt")
    finally:
        r.lukk()
    assert (funnet.value.register, funnet.value.arsak, funnet.value.midlertidig) == (
        "inntekt",
        "token_nede",
        True,
    )


def test_i_prosess_svarer_det_samme_som_over_http(sim: tuple[str, Simulator], registre: RegistreHttp) -> None:
    hode = lag_fnr(date(1985, 6, 7), 11)
    hushold = sim[1].befolkning.husstand(hode)
    assert hushold is not None
    fnr_av = {str(UUID(int=100 + i)): p.fnr for i, p in enumerate(hushold.personer)}
    hvem, *andre = fnr_av
    bolig: Matrikkelnummer = hushold.bolig
    sak = soknad(soker={"person_id": hvem}, husstand=[{"person_id": p} for p in andre])
    sak["kommunenummer"] = bolig.kommunenummer
    sak["bolig"]["matrikkel"] = bolig.model_dump(exclude={"kommunenummer"})
    over_http, _ = sok_alt(registre, sak, fnr_av)
    i_prosess, _ = sok_alt(RegistreIProsess(sim[1].befolkning), sak, fnr_av)
    assert i_prosess == over_http
    assert kontroller.sett_sammen(sak, i_prosess).manuell == []


def test_simulatoren_sier_hva_som_er_galt_i_en_bestilling(sim: tuple[str, Simulator]) -> None:
    svar = STYRING.post(f"{sim[0]}/styring/personer", json={"personer": [{"fnr": "1", "alder": 3}]})
    assert svar.status_code == 422
    assert {tuple(f["loc"]) for f in svar.json()["feil"]} == {
        ("personer", 0, "fnr"),
        ("personer", 0, "alder"),
    }
    assert STYRING.get(f"{sim[0]}/helse/live").json() == {"status": "oppe"}
    assert STYRING.get(f"{sim[0]}/finnes/ikke").status_code == 404


def test_registrering_flytter_folk(sim: tuple[str, Simulator]) -> None:
    ny = Matrikkelnummer(kommunenummer="4601", gardsnummer=1, bruksnummer=2)
    befolkning = sim[1].befolkning
    befolkning.registrer([Person(fnr=SOKER_FNR, bolig=ny)], [Bolig(**ny.model_dump(), bruksenhetstype="I")])
    sporring = {
        "kommunenummer": ["0301"], "gaardsnummer": ["207"], "bruksnummer": ["15"], "bruksenhetsnummer": ["H0101"],
    }  # fmt: skip
    assert [fnr for fnr, _ in befolkning._bosatte(sporring)] == [BARN_FNR]
