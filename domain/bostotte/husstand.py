"""The household: who belongs to it, whose income counts, and how its income is weighted."""

from domain.bostotte.regelsett import FORSKRIFT, LOV, REGLER
from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall


@REGLER.regel(
    "alder",
    hjemmel=f"{LOV} § 3",
    gyldig_fra="2022-06",
    enhet="år",
    niva="person",
    tekst={
        "nb": "Alderen i hele år på situasjonsdatoen, den første i måneden.",
        "nn": "Alderen i heile år på situasjonsdatoen, den første i månaden.",
    },
    formel="hele_ar(fodselsdato, situasjonsdato)",
    eksempel={"fodselsdato": ["1990-05-01", "2008-09-01"], "situasjonsdato": "2026-09-01"},
)
def alder(fodselsdato: Heltall, situasjonsdato: int) -> Heltall:
    """Dates are integers YYYYMMDD, so whole years are one integer division."""
    return (situasjonsdato - fodselsdato) // 10000


@REGLER.regel(
    "medlem",
    hjemmel=f"{LOV} § 3",
    gyldig_fra="2022-06",
    enhet="flagg",
    niva="person",
    tekst={
        "nb": "Alle som bor på adressen den første i måneden, regnes med i husstanden. Den som er død, regnes ikke "
        "med.",
        "nn": "Alle som bur på adressa den første i månaden, blir rekna med i husstanden. Den som er død, blir ikkje "
        "rekna med.",
    },
    formel="er_soker or (not dod and alder >= 0)",
    eksempel={"er_soker": [True, False, False], "dod": [False, False, True], "alder": [36, 10, 80]},
    forbehold="Søkeren står i husstanden også som død, fordi saken da avslås med en egen kode (V11). Et barn som "
    "er født etter situasjonsdatoen, er ikke med ennå.",
)
def medlem(er_soker: Flagg, dod: Flagg, alder: Heltall) -> Flagg:
    return er_soker | (~dod & (alder >= 0))


@REGLER.regel(
    "antall_personer",
    hjemmel=f"{FORSKRIFT} § 3",
    gyldig_fra="2022-06",
    enhet="antall",
    samle="sum",
    tekst={"nb": "Antall personer i husstanden.", "nn": "Talet på personar i husstanden."},
    formel="medlem",
    eksempel={"medlem": [True, True]},
)
def antall_personer(medlem: Flagg) -> Flagg:
    return medlem


@REGLER.regel(
    "andre_voksne",
    hjemmel=f"{FORSKRIFT} § 7",
    gyldig_fra="2022-06",
    enhet="antall",
    samle="sum",
    tekst={
        "nb": "Antall voksne (18 år eller eldre) i husstanden utenom søkeren.",
        "nn": "Talet på vaksne (18 år eller eldre) i husstanden utanom søkjaren.",
    },
    formel="medlem and not er_soker and alder >= 18",
    eksempel={"medlem": [True, True], "er_soker": [True, False], "alder": [36, 10]},
)
def andre_voksne(medlem: Flagg, er_soker: Flagg, alder: Heltall) -> Flagg:
    return medlem & ~er_soker & (alder >= 18)


@REGLER.regel(
    "andre_barn",
    hjemmel=f"{FORSKRIFT} § 7",
    gyldig_fra="2022-06",
    enhet="antall",
    samle="sum",
    tekst={
        "nb": "Antall under 18 år i husstanden utenom søkeren.",
        "nn": "Talet på dei under 18 år i husstanden utanom søkjaren.",
    },
    formel="medlem and not er_soker and alder < 18",
    eksempel={"medlem": [True, True], "er_soker": [True, False], "alder": [36, 10]},
)
def andre_barn(medlem: Flagg, er_soker: Flagg, alder: Heltall) -> Flagg:
    return medlem & ~er_soker & (alder < 18)


@REGLER.regel(
    "inntektsvekt",
    hjemmel=f"{FORSKRIFT} § 7",
    gyldig_fra="2022-01",
    gyldig_til="2023-01",
    enhet="vekt",
    tekst={
        "nb": "Søkeren teller 1, og hver av de andre i husstanden teller likt.",
        "nn": "Søkjaren tel 1, og kvar av dei andre i husstanden tel likt.",
    },
    formel="1 + vekt_annen_person * (andre_voksne + andre_barn)",
    eksempel={"andre_voksne": 0, "andre_barn": 1},
)
def inntektsvekt_lik(andre_voksne: Heltall, andre_barn: Heltall, vekt_annen_person: float) -> Tall:
    return 1 + vekt_annen_person * (andre_voksne + andre_barn)


@REGLER.regel(
    "inntektsvekt",
    hjemmel=f"{FORSKRIFT} § 7",
    gyldig_fra="2023-02",
    enhet="vekt",
    tekst={
        "nb": "Søkeren teller 1, hver annen voksen teller mindre, og hver under 18 år litt mer enn en annen voksen.",
        "nn": "Søkjaren tel 1, kvar annan vaksen tel mindre, og kvar under 18 år litt meir enn ein annan vaksen.",
    },
    formel="1 + vekt_voksen * andre_voksne + vekt_barn * andre_barn",
    eksempel={"andre_voksne": 0, "andre_barn": 2},
)
def inntektsvekt(andre_voksne: Heltall, andre_barn: Heltall, vekt_voksen: float, vekt_barn: float) -> Tall:
    return 1 + vekt_voksen * andre_voksne + vekt_barn * andre_barn


_UNNTATT_FORMUE = (
    "Kildene nevner inntekten. Formuestillegget er en av de fire delene av inntekten og følger derfor samme "
    "person."
)
_PENSJONISTER = (
    "Eldre ordlyd nevner alderspensjonister, satsene fra den lineære egenandelen alders- og uførepensjonister. "
    "Skillet er lagt til 1. juli 2024, da formen ble endret."
)


@REGLER.regel(
    "inntekt_medregnes",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    gyldig_til="2024-09",
    enhet="flagg",
    niva="person",
    tekst={
        "nb": "Inntekten og formuen til barn under 18 år regnes ikke med, med mindre barnet selv er søker.",
        "nn": "Inntekta og formuen til barn under 18 år blir ikkje rekna med, med mindre barnet sjølv er søkjar.",
    },
    formel="er_soker or (medlem and alder >= 18)",
    eksempel={"medlem": [True, True], "er_soker": [True, False], "alder": [45, 18]},
)
def inntekt_medregnes_fra_18(medlem: Flagg, er_soker: Flagg, alder: Heltall) -> Flagg:
    return er_soker | (medlem & (alder >= 18))


@REGLER.regel(
    "inntekt_medregnes",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2024-10",
    enhet="flagg",
    niva="person",
    tekst={
        "nb": "Inntekten og formuen til den som er under 20 år, regnes ikke med, med mindre vedkommende selv er søker.",
        "nn": "Inntekta og formuen til den som er under 20 år, blir ikkje rekna med, med mindre vedkomande sjølv er "
        "søkjar.",
    },
    formel="er_soker or (medlem and alder >= 20)",
    eksempel={"medlem": [True, True], "er_soker": [True, False], "alder": [45, 19]},
    forbehold=_UNNTATT_FORMUE,
)
def inntekt_medregnes_fra_20(medlem: Flagg, er_soker: Flagg, alder: Heltall) -> Flagg:
    return er_soker | (medlem & (alder >= 20))


@REGLER.regel(
    "har_ung_ufor",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    enhet="flagg",
    samle="noen",
    tekst={"nb": "Det er en ung ufør i husstanden.", "nn": "Det er ein ung ufør i husstanden."},
    formel="medlem and ung_ufor",
    eksempel={"medlem": [True, True], "ung_ufor": [False, True]},
)
def har_ung_ufor(medlem: Flagg, ung_ufor: Flagg) -> Flagg:
    return medlem & ung_ufor


@REGLER.regel(
    "soker_er_pensjonist",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    gyldig_til="2024-06",
    enhet="flagg",
    samle="soker",
    tekst={"nb": "Søkeren er alderspensjonist.", "nn": "Søkjaren er alderspensjonist."},
    formel="alderspensjonist",
    eksempel={"alderspensjonist": [True]},
    forbehold=_PENSJONISTER,
)
def soker_er_alderspensjonist(alderspensjonist: Flagg) -> Flagg:
    return alderspensjonist


@REGLER.regel(
    "soker_er_pensjonist",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2024-07",
    enhet="flagg",
    samle="soker",
    tekst={
        "nb": "Søkeren er alders- eller uførepensjonist.",
        "nn": "Søkjaren er alders- eller uførepensjonist.",
    },
    formel="alderspensjonist or uforepensjonist",
    eksempel={"alderspensjonist": [False], "uforepensjonist": [True]},
    forbehold=_PENSJONISTER,
)
def soker_er_alders_eller_uforepensjonist(alderspensjonist: Flagg, uforepensjonist: Flagg) -> Flagg:
    return alderspensjonist | uforepensjonist


@REGLER.regel(
    "enslig_pensjonist",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    enhet="flagg",
    tekst={
        "nb": "Søkeren er pensjonist og bor alene.",
        "nn": "Søkjaren er pensjonist og bur åleine.",
    },
    formel="soker_er_pensjonist and antall_personer == 1",
    eksempel={"soker_er_pensjonist": True, "antall_personer": 1},
)
def enslig_pensjonist(soker_er_pensjonist: Flagg, antall_personer: Heltall) -> Flagg:
    ut: Kolonne = soker_er_pensjonist & (antall_personer == 1)
    return ut
