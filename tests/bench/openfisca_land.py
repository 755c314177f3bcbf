"""A small country package for openfisca-core: bostøtte as it stands from June 2026, the same law as domain/bostotte.

Written in OpenFisca's manner (entities, parameters, one variable a quantity), with two courtesies: floats are 64 bits,
so that the amounts can be compared to the krone, and persons are handed over by household, so that nothing is sorted.
"""

from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from openfisca_core.variables.config import VALUE_TYPES

PERIODE = "2026-09"
Person = build_entity(key="person", plural="personer", label="Person", is_person=True)
Husstand = build_entity(
    key="husstand",
    plural="husstander",
    label="Husstand",
    roles=[{"key": "soker", "plural": "sokere", "max": 1}, {"key": "biperson", "plural": "bipersoner"}],
)
LEID, KOMMUNAL, BORETTSLAG, EID, BOFELLESSKAP = range(5)


def _verdi(tall: float) -> dict[str, Any]:
    return {"values": {"2026-06-01": {"value": tall}}}


PARAMETERE: dict[str, Any] = {
    "vekt_voksen": _verdi(0.13),
    "vekt_barn": _verdi(0.15),
    "kapital_fribelop": _verdi(6_886),
    "formue_andel": _verdi(0.65),
    "formue_fribelop": _verdi(344_231),
    "formue_bolig_fribelop": _verdi(722_883),
    "drift": _verdi(15_262),
    "oppvarming": _verdi(7_631),
    "minste": _verdi(26_576),
    "andel_1": _verdi(0.1644),
    "andel_2": _verdi(0.6356),
    "terskel_1": _verdi(137_462),
    "terskel_1_pensjonist": _verdi(148_275),
    "terskel_2": _verdi(245_278),
    "terskel_2_pensjonist": _verdi(256_613),
    "terskel_2_ung_ufor": _verdi(295_795),
    "dekningsgrad": _verdi(0.737),
    "minsteutbetaling": _verdi(63),
    "tak": {str(n): _verdi(t) for n, t in enumerate((92_234, 113_774, 125_977, 138_182, 150_385), 1)},
    "gruppe": {str(n): _verdi(t) for n, t in enumerate((27_982, 19_079, 12_720, 0), 1)},
    "tilpasset": _verdi(5_724),
}

FLAGG_PERSON = (
    "er_soker", "dod", "ung_ufor", "alderspensjonist", "uforepensjonist", "ikke_bosatt", "student",
    "student_unntak_arbeidskvalifisering", "student_unntak_bor_hos_foreldre", "bor_med_egne_barn", "verneplikt",
    "institusjon", "ikke_pa_adressen", "mangler_opplysninger",
)  # fmt: skip
KRONER_PERSON = (
    "manedsinntekt", "ytelse_14_belop", "skattefri_leieinntekt", "kapital", "naering", "utland", "formue_bolig",
    "formue_annen",
)  # fmt: skip
FLAGG_HUSSTAND = ("oppvarming_inkludert", "spesialtilpasset", "godkjent", "fritidsbolig")
INN: dict[str, tuple[type, Any]] = {
    **dict.fromkeys(FLAGG_PERSON, (bool, Person)),
    **dict.fromkeys(KRONER_PERSON, (float, Person)),
    **dict.fromkeys(("fodselsdato", "ytelse_14_utbetalinger"), (int, Person)),
    **dict.fromkeys(FLAGG_HUSSTAND, (bool, Husstand)),
    **dict.fromkeys(("boutgift_per_maned", "kommunale_avgifter_per_maned"), (float, Husstand)),
    **dict.fromkeys(("disposisjonsform", "kommunegruppe"), (int, Husstand)),
}
"""Input variable → (type, entity)"""


def alder(person: Any, periode: Any) -> Any:
    return (
        periode.start.year * 10000 + periode.start.month * 100 + 1 - person("fodselsdato", periode)
    ) // 10000


def medlem(person: Any, periode: Any) -> Any:
    return person("er_soker", periode) | (~person("dod", periode) & (person("alder", periode) >= 0))


def medregnes(person: Any, periode: Any) -> Any:
    gammel_nok = person("alder", periode) >= 20
    return person("er_soker", periode) | (person("medlem", periode) & gammel_nok)


def inntekt_per_ar(person: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    ytelse = person("ytelse_14_belop", periode)
    to_tredjedeler = np.floor(ytelse * 100 * 2 / 3 + 0.5) / 100
    ikke_med = np.where(person("ytelse_14_utbetalinger", periode) >= 3, ytelse - to_tredjedeler, 0)
    maned = person("manedsinntekt", periode) - ikke_med + person("skattefri_leieinntekt", periode)
    kapital = np.maximum(0, person("kapital", periode) - p.kapital_fribelop)
    ar = kapital + np.maximum(0, person("naering", periode)) + person("utland", periode)
    return (12 * maned + ar) * person("medregnes", periode)


def antall(husstand: Any, periode: Any) -> Any:
    return husstand.sum(husstand.members("medlem", periode))


def andre_barn(husstand: Any, periode: Any) -> Any:
    m = husstand.members
    return husstand.sum(m("medlem", periode) & ~m("er_soker", periode) & (m("alder", periode) < 18))


def inntektsvekt(husstand: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    barn = husstand("andre_barn", periode)
    voksne = husstand("antall", periode) - 1 - barn
    return 1 + p.vekt_voksen * voksne + p.vekt_barn * barn


def formuestillegg(husstand: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    m = husstand.members
    med = m("medregnes", periode)
    bolig = husstand.sum(m("formue_bolig", periode) * med)
    annen = husstand.sum(m("formue_annen", periode) * med)
    form = husstand("disposisjonsform", periode)
    eier = (form == EID) | (form == BORETTSLAG)
    fradrag = np.minimum(bolig, p.formue_bolig_fribelop) * eier
    return p.formue_andel * np.maximum(0, bolig - fradrag + annen - p.formue_fribelop)


def vektet_inntekt(husstand: Any, periode: Any) -> Any:
    inntekt = husstand.sum(husstand.members("inntekt_per_ar", periode)) + husstand("formuestillegg", periode)
    return np.maximum(0, inntekt) / husstand("inntektsvekt", periode)


def godkjente_boutgifter(husstand: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    eid = husstand("disposisjonsform", periode) == EID
    utgift = 12 * husstand("boutgift_per_maned", periode)
    utgift = utgift + eid * (12 * husstand("kommunale_avgifter_per_maned", periode) + p.drift)
    utgift = utgift + ~husstand("oppvarming_inkludert", periode) * p.oppvarming
    storrelse = np.minimum(husstand("antall", periode), 5).astype(np.int64)
    tak = np.choose(storrelse - 1, [p.tak[str(n)] for n in range(1, 6)])
    tak = tak + np.choose(husstand("kommunegruppe", periode) - 1, [p.gruppe[str(n)] for n in range(1, 5)])
    return np.minimum(utgift, tak + husstand("spesialtilpasset", periode) * p.tilpasset)


def egenandel(husstand: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    m = husstand.members
    pensjonist = m("er_soker", periode) & (m("alderspensjonist", periode) | m("uforepensjonist", periode))
    enslig = husstand.any(pensjonist) & (husstand("antall", periode) == 1)
    ung = husstand.any(m("medlem", periode) & m("ung_ufor", periode))
    terskel_1 = np.where(enslig, p.terskel_1_pensjonist, p.terskel_1)
    terskel_2 = np.where(enslig, p.terskel_2_pensjonist, p.terskel_2)
    terskel_2 = np.where(ung, np.maximum(terskel_2, p.terskel_2_ung_ufor), terskel_2)
    y = husstand("vektet_inntekt", periode)
    return p.minste + p.andel_1 * np.maximum(0, y - terskel_1) + p.andel_2 * np.maximum(0, y - terskel_2)


def beregnet_belop(husstand: Any, periode: Any, parametere: Any) -> Any:
    p = parametere(periode)
    over = husstand("godkjente_boutgifter", periode) - husstand("egenandel", periode)
    return np.floor(p.dekningsgrad * np.maximum(0, over) / 12 + 0.5)


def ingen_rett(husstand: Any, periode: Any) -> Any:
    m = husstand.members
    medlem, soker, gammel = m("medlem", periode), m("er_soker", periode), m("alder", periode) >= 18
    rett = husstand.any(soker & (gammel | m("bor_med_egne_barn", periode)) & ~m("ikke_pa_adressen", periode))
    unntak = m("student_unntak_arbeidskvalifisering", periode) | m("student_unntak_bor_hos_foreldre", periode)
    student = husstand.any(
        m("student", periode) & medlem & (soker | gammel) & ~(unntak | m("bor_med_egne_barn", periode))
    )
    utelukket = husstand.any(medlem & (m("verneplikt", periode) | m("institusjon", periode)))
    return ~rett | utelukket | (student & (husstand("andre_barn", periode) == 0))


def kode(husstand: Any, periode: Any, parametere: Any) -> Any:
    m = husstand.members
    medlem, soker = m("medlem", periode), m("er_soker", periode)
    grunner = [
        husstand.any(medlem & ~soker & m("ikke_pa_adressen", periode)),
        husstand.any(medlem & m("mangler_opplysninger", periode)),
        husstand.any(soker & m("ikke_bosatt", periode)),
        husstand.any(soker & m("dod", periode)),
        husstand("fritidsbolig", periode) | ~husstand("godkjent", periode),
        husstand("ingen_rett", periode),
        husstand("beregnet_belop", periode) < parametere(periode).minsteutbetaling,
    ]
    return np.select(grunner, list(range(1, 8)), 0)


def bostotte(husstand: Any, periode: Any) -> Any:
    return husstand("beregnet_belop", periode) * (husstand("kode", periode) == 0)


REGNET: dict[str, tuple[type, Any, Any]] = {
    "alder": (int, Person, alder),
    "medlem": (bool, Person, medlem),
    "medregnes": (bool, Person, medregnes),
    "inntekt_per_ar": (float, Person, inntekt_per_ar),
    "antall": (int, Husstand, antall),
    "andre_barn": (int, Husstand, andre_barn),
    "inntektsvekt": (float, Husstand, inntektsvekt),
    "formuestillegg": (float, Husstand, formuestillegg),
    "vektet_inntekt": (float, Husstand, vektet_inntekt),
    "godkjente_boutgifter": (float, Husstand, godkjente_boutgifter),
    "egenandel": (float, Husstand, egenandel),
    "beregnet_belop": (float, Husstand, beregnet_belop),
    "ingen_rett": (bool, Husstand, ingen_rett),
    "kode": (int, Husstand, kode),
    "bostotte": (float, Husstand, bostotte),
}
"""Reckoned variable → (type, entity, formula)"""


def _variabel(navn: str, slag: type, enhet: Any, formel: Any = None) -> type:
    felt: dict[str, Any] = {"value_type": slag, "entity": enhet, "definition_period": DateUnit.MONTH}
    return type(navn, (Variable,), {**felt, "formula": formel} if formel else felt)


def system() -> TaxBenefitSystem:
    VALUE_TYPES[float]["dtype"] = np.float64
    land = TaxBenefitSystem([Person, Husstand])
    land.parameters = ParameterNode("", data=PARAMETERE)
    for navn, (slag, enhet) in INN.items():
        land.add_variable(_variabel(navn, slag, enhet))
    for navn, (slag, enhet, formel) in REGNET.items():
        land.add_variable(_variabel(navn, slag, enhet, formel))
    return land


def simulering(land: TaxBenefitSystem, husstand_av_person: Any, inn: dict[str, Any]) -> Simulation:
    """A simulation with the inputs set; what is left out is zero or false.

    ``husstand_av_person`` int[persons], rising from 0; the first of each household is the applicant.
    """
    bygger = SimulationBuilder()
    bygger.create_entities(land)
    forste = np.r_[True, husstand_av_person[1:] != husstand_av_person[:-1]]
    bygger.declare_person_entity("person", np.arange(len(husstand_av_person)))
    husstander = bygger.declare_entity("husstand", np.arange(int(husstand_av_person[-1]) + 1))
    husstander.members_entity_id = husstand_av_person
    husstander.members_role = np.array(Husstand.flattened_roles)[(~forste).astype(int)]
    sim = bygger.build(land)
    for navn, kolonne in {**inn, "er_soker": forste}.items():
        sim.set_input(navn, PERIODE, kolonne)
    return sim


def regn(sim: Simulation) -> tuple[Any, Any]:
    """Codes and amounts, reckoned afresh: what an earlier call left is thrown away first."""
    for navn in REGNET:
        sim.delete_arrays(navn, PERIODE)
    belop = sim.calculate("bostotte", PERIODE)
    return sim.calculate("kode", PERIODE), belop
