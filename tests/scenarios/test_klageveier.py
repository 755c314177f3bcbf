"""Every way through the tables of appeals and controls, by API, queue and workers: the moves that were made are those
of the tables, and none is left out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from domain.etterkontroll.forlop import ETTERKONTROLL
from domain.klage.forlop import KLAGE
from domain.klage.omgjoring import KLAGE_HUSBANKEN, KLAGE_KOMMUNE
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.etterkontroll.start import start
from services.klokke import OSLO, i_dag, na
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.ramme.bok import Rammenokkel, tildel
from tests.scenarios.bygg import Soknad, person, sendt, soknad
from tests.scenarios.conftest import Sak, klient, send
from tests.scenarios.historier import (
    ATTESTANT,
    GRUNN,
    HUSBANKEN,
    VIK,
    Historie,
    Steg,
    be_om,
    driv,
    for_sen_klage,
    gatt,
    gjor,
    hele,
    klag,
    melding,
    nemnda,
)
from tests.scenarios.test_klage import endre_inntekt, vri_klokken
from tests.scenarios.test_startlan import tildel as tildel_kommunen
from tests.startlan.bygg import TRENGER, lanesak
from tests.tilsagn.verden import hendelse as tilskuddshendelse
from tests.tilsagn.verden import virksomhet

# --- the ordinary appeal


def til_husbanken(sak: Sak) -> Iterator[Steg]:
    klagen = klag(sak)
    gjor(sak, "innstill", VIK, klagen, **GRUNN)
    yield klagen, "vurderes"


def medhold_etter_en_underkjenning(sak: Sak) -> Historie:
    [(klagen, tilstand)] = list(til_husbanken(sak))
    yield klagen, tilstand
    gjor(sak, "foresla", HUSBANKEN, klagen, **GRUNN)
    gjor(sak, "underkjenn", ATTESTANT, klagen, **GRUNN)
    endre_inntekt(sak, 11_000)
    gjor(sak, "kontroller_pa_nytt", HUSBANKEN, klagen)
    yield klagen, "vurderes"
    gjor(sak, "foresla", HUSBANKEN, klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, klagen)
    en, to = (v["belop"] for v in sak.hent()["vedtak"])
    assert to > en


def opplysninger_kommer_kommer_ikke_og_klagen_trekkes(sak: Sak) -> Historie:
    [(klagen, tilstand)] = list(til_husbanken(sak))
    yield klagen, tilstand
    be_om(sak, HUSBANKEN, klagen)
    gjor(sak, "motta_opplysninger", HUSBANKEN, klagen)
    yield klagen, "vurderes"
    be_om(sak, HUSBANKEN, klagen)
    vri_klokken(sak, klagen)
    yield klagen, "vurderes"
    be_om(sak, HUSBANKEN, klagen)
    melding(sak, "klage.trukket.v1", klagen)
    yield klagen, "trukket"


def nemnda_opphever_og_endrer(sak: Sak) -> Historie:
    [(klagen, tilstand)] = list(til_husbanken(sak))
    yield klagen, tilstand
    gjor(sak, "oppretthold", HUSBANKEN, klagen, **GRUNN)
    nemnda(sak, klagen, "opphevet")
    gjor(sak, "oppretthold", HUSBANKEN, klagen, **GRUNN)
    nemnda(sak, klagen, "endret")
    verdier = {"bolig.spesialtilpasset": True}
    gjor(sak, "foresla", HUSBANKEN, klagen, **GRUNN, overstyring=verdier)
    gjor(sak, "underkjenn", ATTESTANT, klagen, **GRUNN)
    gjor(sak, "foresla", HUSBANKEN, klagen, **GRUNN, overstyring=verdier)
    gjor(sak, "attester", ATTESTANT, klagen)
    yield klagen, "vedtatt"


def nemnda_avviser_og_stadfester_og_da_er_det_slutt(sak: Sak) -> Historie:
    for resultat, slutt in (("avvist", "avvist"), ("stadfestet", "stadfestet")):
        [(klagen, tilstand)] = list(til_husbanken(sak))
        yield klagen, tilstand
        gjor(sak, "oppretthold", HUSBANKEN, klagen, **GRUNN)
        nemnda(sak, klagen, resultat)
        yield klagen, slutt
    yield klag(sak), "avvist"


def for_sent(sak: Sak) -> Historie:
    sen = for_sen_klage(sak, 40)
    gjor(sak, "innstill", VIK, sen, **GRUNN)
    yield sen, "vurderes"
    gjor(sak, "avvis", HUSBANKEN, sen, **GRUNN)
    yield for_sen_klage(sak, 400), "avvist"


def trukket_hvor_som_helst(sak: Sak) -> Historie:
    melding(sak, "klage.trukket.v1", klag(sak))
    # Asked again after 1, 2, 4 and 8 seconds, and withdrawn before it is answered. Five would open the breaker.
    nede = {"register": "inntekt", "slag": "nede", "antall": 4, "fnr": sak.soknad.soker.fnr}
    httpx.post(f"{sak.stakk.register_url}/styring/feil", json=nede, timeout=20).raise_for_status()
    klagen = klag(sak)
    gjor(sak, "innstill", VIK, klagen, **GRUNN)
    gjor(sak, "trekk", VIK, klagen, **GRUNN)
    for videre in ((), ("foresla",), ("oppretthold",)):
        [(klagen, tilstand)] = list(til_husbanken(sak))
        yield klagen, tilstand
        for handling in videre:
            gjor(sak, handling, HUSBANKEN, klagen, **GRUNN)
        melding(sak, "klage.trukket.v1", klagen)
    yield klagen, "trukket"


KLAGEHISTORIER: tuple[Callable[[Sak], Historie], ...] = (
    medhold_etter_en_underkjenning,
    opplysninger_kommer_kommer_ikke_og_klagen_trekkes,
    nemnda_opphever_og_endrer,
    nemnda_avviser_og_stadfester_og_da_er_det_slutt,
    for_sent,
    trukket_hvor_som_helst,
)

# --- the yearly control

RIK = [{"navn": "innskudd", "belop": 2_000_000, "kategori": "formue"}]
AR = i_dag(na()).year - 1
"""The assessments of an older year are not waited for: a person gets the case."""
KONTROLLKOMMUNE, KONTROLLEN = "5501", f"{AR}-12"


def husstand(*flere: Any, **er: Any) -> Soknad:
    soker = person(inntekt=9000, **{"skattear": AR, "skattegrunnlag": RIK, **er})
    return soknad(soker, *flere, leie=12000, termin=f"{AR}-09", kommune=KONTROLLKOMMUNE)


def levert(sak: Sak, b: str) -> None:
    """Delivered, and three weeks have gone."""
    melding(sak, "varsel.levert.v1", b, termin=KONTROLLEN, levert=na().isoformat())


def svart(sak: Sak, b: str) -> None:
    melding(sak, "varsel.besvart.v1", b, termin=KONTROLLEN, tekst="Pengene er barnas.")


def sist_oppgjort_og_krav(sak: Sak) -> Historie:
    yield "", "venter_pa_oppgjor"
    folk = sak.soknad.registrering()
    folk["personer"][1]["skattear"] = AR
    httpx.post(f"{sak.stakk.register_url}/styring/personer", json=folk, timeout=20).raise_for_status()
    b = kontrollen(sak)
    vri_klokken(sak, b)
    yield b, "varsles"
    levert(sak, b)
    vri_klokken(sak, b)
    yield b, "vedtatt"
    [krav] = klient(sak.stakk).get(f"/api/v1/saker/{sak.id}/tilbakekrav").json()
    avdrag = {"antall": 3, "forste_forfall": f"{na().year + 1}-02-01", "begrunnelse": "Avtalt på telefon."}
    adresse = f"/api/v1/saker/{sak.id}/tilbakekrav/{krav['id']}/avdragsordning"
    assert klient(sak.stakk, *VIK[::-1]).post(adresse, json=avdrag).status_code == 403
    [krav] = klient(sak.stakk, *HUSBANKEN[::-1]).post(adresse, json=avdrag).json()
    plan = krav["avdragsordning"]["avdrag"]
    assert [len(plan), sum(a["belop"] for a in plan)] == [3, krav["rest"]]
    melding(
        sak,
        "tilbakekrav.innbetalt.v1",
        b,
        termin=KONTROLLEN,
        tilbakekrav=krav["id"],
        belop=plan[0]["belop"],
    )
    [krav] = klient(sak.stakk).get(f"/api/v1/saker/{sak.id}/tilbakekrav").json()
    assert [a["igjen"] for a in krav["avdragsordning"]["avdrag"]] == [0, plan[1]["belop"], plan[2]["belop"]]


def etterbetalt(_: Sak) -> Historie:
    yield "", "vedtatt"


def uendret(_: Sak) -> Historie:
    yield "", "uendret"


def kan_ikke_skilles(sak: Sak) -> Historie:
    yield "", "manuell"
    b = kontrollen(sak)
    gjor(sak, "kontroller_pa_nytt", HUSBANKEN, b)
    yield b, "manuell"
    gjor(sak, "avslutt", HUSBANKEN, b, **GRUNN)


def svart_for_levert_og_nedsatt(sak: Sak) -> Historie:
    yield "", "varsles"
    b = kontrollen(sak)
    svart(sak, b)
    verdier = {"husstand.0.formue": {"bolig": 0, "annen": 900_000}}
    gjor(sak, "foresla", HUSBANKEN, b, **GRUNN, overstyring=verdier)
    gjor(sak, "underkjenn", ATTESTANT, b, **GRUNN)
    gjor(sak, "foresla", HUSBANKEN, b, **GRUNN, overstyring=verdier)
    gjor(sak, "attester", ATTESTANT, b)
    yield b, "vedtatt"


def mer_enn_varslet(sak: Sak) -> Historie:
    yield "", "varsles"
    b = kontrollen(sak)
    levert(sak, b)
    svart(sak, b)
    verdier = {"husstand.0.formue": {"bolig": 0, "annen": 2_000_000}}
    gjor(sak, "foresla", HUSBANKEN, b, **GRUNN, overstyring=verdier)
    gjor(sak, "varsle", HUSBANKEN, b, **GRUNN)
    levert(sak, b)
    vri_klokken(sak, b)
    yield b, "foreslatt"
    gjor(sak, "attester", ATTESTANT, b)
    assert sak.hent()["vedtak"][-1]["belop"] == 0


def maneden_avgjores_pa_nytt_mens_varselet_loper(*flere: Any, **bolig: Any) -> Callable[[Sak], Historie]:
    """A new application of the month, decided while the notice runs: with another member of the household, whom nobody
    has asked about, or so that nothing is left to claim."""

    def historie(sak: Sak) -> Historie:
        yield "", "varsles"
        b = kontrollen(sak)
        levert(sak, b)
        ny = sak.soknad.igjen(**bolig)
        ny.husstand = [*ny.husstand, *flere]
        [pa_nytt] = send(sak.stakk, ny)
        yield pa_nytt.behandling, "vedtatt"
        vri_klokken(sak, b)
        if not flere:
            yield b, "uendret"
            return
        yield b, "manuell"
        gjor(sak, "avslutt", HUSBANKEN, b, **GRUNN)

    return historie


def kontrollen(sak: Sak) -> str:
    return next(str(b["id"]) for b in sak.hent()["behandlinger"] if b["arsak"] == "etterkontroll")


LITT = [{"navn": "innskudd", "belop": 600_000, "kategori": "formue"}]
FATTIG: dict[str, Any] = {"skattegrunnlag": [{"navn": "innskudd", "belop": 1000, "kategori": "formue"}]}
KONTROLLHISTORIER: tuple[tuple[Soknad, Callable[[Sak], Historie]], ...] = (
    (husstand(person("1991-03-03", 1000, skattear=AR - 1)), sist_oppgjort_og_krav),
    (husstand(**FATTIG, sier={"meldepliktig": {"kapital": 60_000}}), etterbetalt),
    (husstand(**FATTIG), uendret),
    (husstand(*(person("1991-04-04", 1, skattear=AR) for _ in range(2))), kan_ikke_skilles),
    (husstand(), svart_for_levert_og_nedsatt),
    (husstand(skattegrunnlag=LITT), mer_enn_varslet),
    (husstand(), maneden_avgjores_pa_nytt_mens_varselet_loper(boutgift_per_maned=500)),
    (husstand(), maneden_avgjores_pa_nytt_mens_varselet_loper(person("1985-06-06", skattear=AR))),
)

# --- appeals where the decision is of money from a frame


@dataclass
class Tilskudd:
    """An application for a grant, as ``send`` takes it."""

    nr: int
    feil: tuple[()] = ()
    kommune: str = "0301"
    termin: str = field(default_factory=lambda: f"{na().astimezone(OSLO):%Y-%m}")

    @property
    def id(self) -> str:
        return f"klagevei-{self.nr}"

    def registrering(self) -> dict[str, Any]:
        return {"personer": [], "boliger": []}

    def hendelse(self) -> dict[str, Any]:
        return tilskuddshendelse(
            "heis", "soknad", self.termin, f"Klagevei {self.nr}", part=virksomhet(self.nr)
        )


def besluttet(sak: Sak, **verdier: Any) -> None:
    b = str(sak.hent()["behandlinger"][-1]["id"])
    gjor(sak, "foresla", VIK, b, **GRUNN, overstyring=verdier)
    gjor(sak, "attester", ATTESTANT, b)


def ramme_loype(
    sak: Sak, som: tuple[str, str], organ: str, klager: dict[str, str], avslag: Any, ja: Any
) -> Historie:
    """One case through the whole table of an appeal that leads to a new treatment."""
    yield sak.behandling, "manuell"
    besluttet(sak, **avslag)
    yield sak.behandling, "vedtatt"
    klagen = klag(sak, klager)
    be_om(sak, som, klagen)
    gjor(sak, "motta_opplysninger", som, klagen)
    be_om(sak, som, klagen)
    vri_klokken(sak, klagen)
    yield klagen, "vurderes"
    be_om(sak, som, klagen)
    gjor(sak, "trekk", som, klagen, **GRUNN)
    melding(sak, "klage.trukket.v1", klag(sak, klager))
    gjor(sak, "avvis", som, for_sen_klage(sak, 40, klager=klager), **GRUNN)
    for til in (None, "avvist", "stadfestet"):
        klagen = klag(sak, klager)
        gjor(sak, "oppretthold", som, klagen, **GRUNN)
        if til is None:
            melding(sak, "klage.trukket.v1", klagen)
            continue
        nemnda(sak, klagen, "opphevet", organ)
        gjor(sak, "oppretthold", som, klagen, **GRUNN)
        nemnda(sak, klagen, til, organ)
    yield klag(sak, klager), "avvist"


def ramme_medhold(
    sak: Sak, som: tuple[str, str], organ: str, klager: dict[str, str], avslag: Any, ja: Any
) -> Historie:
    """Allowed by the last instance, and then in part of what was given."""
    yield sak.behandling, "manuell"
    besluttet(sak, **avslag)
    yield sak.behandling, "vedtatt"
    klagen = klag(sak, klager)
    gjor(sak, "oppretthold", som, klagen, **GRUNN)
    nemnda(sak, klagen, "endret", organ)
    yield klagen, "omgjort"
    yield "", "manuell"
    ny = str(sak.hent()["behandlinger"][-1]["id"])
    besluttet(sak, **ja)
    yield ny, "vedtatt"
    assert [v["utfall"] for v in sak.hent()["vedtak"]] == ["avslag", "innvilget"]
    klagen = klag(sak, klager)
    gjor(sak, "omgjor", som, klagen, **GRUNN, medhold="delvis")
    yield klagen, "gjennomfores"
    gjor(sak, "meld_gjennomfort", som, klagen, **GRUNN)


LAN = [lanesak(kommune="3437"), lanesak(kommune="3437")]
LAN_AVSLAG = {**TRENGER, "vurdering.langvarige_problemer": False}


@sendt(
    *(soknad(person(inntekt=18000), leie=12000) for _ in KLAGEHISTORIER),
    *(s for s, _ in KONTROLLHISTORIER),
    *LAN,
)
def test_hver_overgang_i_klage_og_kontroll_er_gatt(saker: list[Sak]):
    n, stakk = len(KLAGEHISTORIER), saker[0].stakk
    klager, kontroller, lan = saker[:n], saker[n:-2], saker[-2:]
    for sak in (*klager, *kontroller):
        sak.vent_pa("vedtatt")
    tilskudd = send(stakk, *(Tilskudd(8800 + i) for i in range(2)))  # type: ignore[arg-type]
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        nokkel = Rammenokkel("heis", na().astimezone(OSLO).year, TILSAGNSORDNINGER["heis"].post)
        tildel(forbindelse, nokkel, 1_000_000, aktor="prop-1-s", grunn="bevilgning", tid=na())
    tildel_kommunen(lan[0], 5_000_000)
    assert start("bostotte", "etterkontroll", KONTROLLEN, na(), [KONTROLLKOMMUNE]) == len(kontroller)

    historier: dict[str, tuple[Sak, Historie]] = {}
    for sak, klagehistorie in zip(klager, KLAGEHISTORIER, strict=True):
        historier[klagehistorie.__name__] = sak, klagehistorie(sak)
    for nr, (sak, (_, historie)) in enumerate(zip(kontroller, KONTROLLHISTORIER, strict=True)):
        historier[f"kontroll {nr}"] = sak, historie(sak)
    for nr, loype in enumerate((ramme_loype, ramme_medhold)):
        hvem = {"fnr": lan[nr].soknad.soker.fnr}
        om_lan = (VIK, "klageorgan", hvem, LAN_AVSLAG, TRENGER)
        om_tilskudd = (HUSBANKEN, "klagenemnd", virksomhet(8800 + nr), {"prosjekt.boliger": 5}, {})
        historier[f"lån {nr}"] = lan[nr], loype(lan[nr], *om_lan)
        historier[f"tilskudd {nr}"] = tilskudd[nr], loype(tilskudd[nr], *om_tilskudd)
    driv(historier)
    assert gatt(klager, "klage") == hele(KLAGE)
    assert gatt(kontroller, "etterkontroll") == hele(ETTERKONTROLL)
    assert gatt(lan, "klage") == hele(KLAGE_KOMMUNE)
    assert gatt(tilskudd, "klage") == hele(KLAGE_HUSBANKEN)
