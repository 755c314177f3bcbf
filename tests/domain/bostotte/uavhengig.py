"""The law read a second time: one household, exact fractions, tables typed from the sources by another hand.

Shares nothing with the rules but the facts document, so that a wrong figure or a wrong turn in either shows.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

Satser = list[tuple[str, Any]]
DRIFT = [("2022-06", 13251), ("2023-06", 13582), ("2024-06", 14152), ("2025-06", 14732), ("2026-06", 15262)]
OPPVARMING = [("2022-06", 6625), ("2023-06", 6791), ("2024-06", 7076), ("2025-06", 7366), ("2026-06", 7631)]
TAK = [
    ("2022-06", [76329, 95028, 105622, 116219, 126813]),
    ("2023-06", [78237, 97404, 108263, 119124, 129983]),
    ("2024-06", [81523, 101495, 112810, 124127, 135442]),
    ("2024-07", [85523, 105495, 116810, 128127, 139442]),
    ("2025-06", [89029, 109820, 121599, 133380, 145159]),
    ("2026-06", [92234, 113774, 125977, 138182, 150385]),
]
"""Ceiling by persons, kroner a year, before the addition of the municipality's group."""
GRUPPETILLEGG = [
    ("2022-06", [24293, 16564, 11043, 0]),
    ("2023-06", [24900, 16978, 11319, 0]),
    ("2024-06", [25946, 17691, 11794, 0]),
    ("2025-06", [27010, 18416, 12278, 0]),
    ("2026-06", [27982, 19079, 12720, 0]),
]
SPESIALTILPASSET = [
    ("2022-06", 4969),
    ("2023-06", 5093),
    ("2024-06", 5307),
    ("2025-06", 5524),
    ("2026-06", 5724),
]
MINSTE_EGENANDEL = [
    ("2022-06", 22487), ("2023-06", 23949), ("2024-06", 25075), ("2025-06", 25752), ("2026-06", 26576),
]  # fmt: skip
GRENSE_1 = [
    ("2022-06", 110866), ("2023-06", 118072), ("2024-06", 123621), ("2024-07", 129698), ("2025-06", 133200),
    ("2026-06", 137462),
]  # fmt: skip
GRENSE_2 = [
    ("2022-06", 195220), ("2023-06", 207909), ("2024-06", 217681), ("2024-07", 231424), ("2025-06", 237672),
    ("2026-06", 245278),
]  # fmt: skip
GRENSE_2_UNG_UFOR = [
    ("2022-06", 243423), ("2023-06", 259245), ("2024-06", 271430), ("2024-07", 279088), ("2025-06", 286623),
    ("2026-06", 295795),
]  # fmt: skip
GRENSE_1_PENSJONIST = [
    ("2022-06", 115165), ("2023-03", 120015), ("2023-06", 127816), ("2024-06", 133823), ("2024-07", 139900),
    ("2025-06", 143677), ("2026-06", 148275),
]  # fmt: skip
GRENSE_2_PENSJONIST = [
    ("2022-06", 201243), ("2023-03", 206448), ("2023-06", 219867), ("2024-06", 230201), ("2024-07", 242119),
    ("2025-06", 248656), ("2026-06", 256613),
]  # fmt: skip
TRINN = [("2022-06", 1205), ("2023-06", 1283), ("2024-06", 1343)]
KAPITALFRADRAG = [
    ("2022-06", 5826),
    ("2023-06", 6205),
    ("2024-06", 6496),
    ("2025-06", 6672),
    ("2026-06", 6886),
]
FORMUEGRENSE = [
    ("2022-06", 291275),
    ("2023-06", 310208),
    ("2024-06", 324788),
    ("2025-06", 333557),
    ("2026-06", 344231),
]
BOLIGFRADRAG = [
    ("2022-06", 611677),
    ("2023-06", 651436),
    ("2024-06", 682053),
    ("2025-06", 700468),
    ("2026-06", 722883),
]
MINSTE_UTBETALING = [("2022-06", 53), ("2023-06", 56), ("2024-06", 59), ("2025-06", 61), ("2026-06", 63)]
_FRA_2024 = {
    "0301": 1, "4601": 2, "5001": 2, "5501": 2, "1103": 2, "3201": 2, "4204": 3, "3205": 3, "3214": 3, "3222": 3,
    "3207": 3, "3203": 3, "3212": 3, "1124": 3, "1108": 3,
}  # fmt: skip
_TIL_2023 = {
    "0301": 1, "4601": 2, "5001": 2, "5401": 2, "1103": 2, "3024": 2, "4204": 3, "3030": 3, "3022": 3, "3029": 3,
    "3020": 3, "3025": 3, "3023": 3, "1124": 3, "1108": 3,
}  # fmt: skip


def kommunegruppe(kommunenummer: str, termin: str) -> int:
    return (_FRA_2024 if termin >= "2024-01" else _TIL_2023).get(kommunenummer, 4)


def _sats(satser: Satser, termin: str) -> Any:
    assert all(a[0] < b[0] for a, b in pairwise(satser))
    return [verdi for fra, verdi in satser if fra <= termin][-1]


def _tall(verdi: float) -> Fraction:
    return Fraction(Decimal(repr(verdi)))


def bostotte(fakta: dict[str, Any]) -> tuple[str, int]:
    """(code, kroner a month) of one facts document."""
    termin = fakta["termin"]

    def sats(satser: Satser) -> Any:
        return _sats(satser, termin)

    def alder(person: dict[str, Any]) -> int:
        ar, maned, dag = map(int, person["fodselsdato"].split("-"))
        na, denne = map(int, termin.split("-"))
        return na - ar - ((denne, 1) < (maned, dag))

    soker = next(p for p in fakta["husstand"] if p["rolle"] == "soker")
    andre = [p for p in fakta["husstand"] if p is not soker and not p["dod"] and alder(p) >= 0]
    alle = [soker, *andre]
    barn = [p for p in andre if alder(p) < 18]

    # Egenandel
    vekt_barn = Fraction(13, 100) if termin < "2023-02" else Fraction(15, 100)
    vekt = 1 + Fraction(13, 100) * (len(andre) - len(barn)) + vekt_barn * len(barn)
    inntekt = bolig = annen = Fraction(0)
    for p in alle:
        if p is not soker and alder(p) < (20 if termin >= "2024-10" else 18):
            continue
        manedlig, ytelse = _tall(p["manedsinntekt"]), p["ytelse_14_dager"]
        if termin >= "2025-01" and ytelse["utbetalinger"] >= 3:
            belop = _tall(ytelse["belop"])
            manedlig += Fraction(floor(belop * 200 / 3 + Fraction(1, 2)), 100) - belop
        inntekt += 12 * (manedlig + _tall(p["skattefri_leieinntekt"]))
        meldepliktig = p["meldepliktig"]
        inntekt += max(Fraction(0), _tall(meldepliktig["kapital"]) - sats(KAPITALFRADRAG))
        inntekt += max(Fraction(0), _tall(meldepliktig["naering"])) + _tall(meldepliktig["utland"])
        bolig += _tall(p["formue"]["bolig"])
        annen += _tall(p["formue"]["annen"])
    form = fakta["bolig"]["disposisjonsform"]
    if form in ("eid", "borettslag"):
        bolig -= min(bolig, sats(BOLIGFRADRAG))
    inntekt += Fraction(65, 100) * max(Fraction(0), bolig + annen - sats(FORMUEGRENSE))
    vektet = max(Fraction(0), inntekt) / vekt

    ufor_fra_juli = termin >= "2024-07" and soker["uforepensjonist"]
    pensjonist = not andre and (soker["alderspensjonist"] or ufor_fra_juli)
    grense_1 = sats(GRENSE_1_PENSJONIST if pensjonist else GRENSE_1)
    grense_2 = sats(GRENSE_2_PENSJONIST if pensjonist else GRENSE_2)
    if any(p["ung_ufor"] for p in alle):
        grense_2 = max(grense_2, sats(GRENSE_2_UNG_UFOR))
    egenandel = sats(MINSTE_EGENANDEL) + Fraction(1644, 10000) * max(Fraction(0), vektet - grense_1)
    if termin >= "2024-07":
        egenandel += Fraction(6356, 10000) * max(Fraction(0), vektet - grense_2)
    elif vektet > grense_2:
        trinn = max(0, 1 + floor((vektet - (grense_2 + 1)) / sats(TRINN)))
        egenandel += Fraction(12 if termin <= "2024-03" else 27, 10000) * trinn * vektet

    # Godkjente boutgifter
    b = fakta["bolig"]
    boutgift = 12 * _tall(b["boutgift_per_maned"])
    if form == "eid":
        boutgift += sats(DRIFT) + 12 * _tall(b["kommunale_avgifter_per_maned"])
    ytelser = ("alderspensjonist", "uforepensjonist", "etterlattepensjonist", "ung_ufor")
    trygdet = any(p[y] for p in alle for y in ytelser)
    if not b["oppvarming_inkludert"] and (termin >= "2024-09" or trygdet):
        boutgift += sats(OPPVARMING)
    tak = sats(TAK)[min(len(alle), 5) - 1]
    tak += sats(GRUPPETILLEGG)[kommunegruppe(fakta["kommunenummer"], termin) - 1]
    tak += sats(SPESIALTILPASSET) if b["spesialtilpasset"] else 0

    stotte = Fraction(737, 1000) * max(Fraction(0), min(boutgift, Fraction(tak)) - egenandel) / 12
    kroner = floor(stotte + Fraction(1, 2))
    kode = _avslag(fakta, soker, andre, barn, alder) or ("V03" if kroner < sats(MINSTE_UTBETALING) else "V00")
    return kode, kroner if kode == "V00" else 0


def _avslag(
    fakta: dict[str, Any], soker: dict[str, Any], andre: list[Any], barn: list[Any], alder: Any
) -> str | None:
    alle, b = [soker, *andre], fakta["bolig"]
    if any(p["ikke_pa_adressen"] for p in andre):
        return "V48"
    if any(p["mangler_opplysninger"] for p in alle):
        return "V09"
    if soker["ikke_bosatt"]:
        return "V05"
    if soker["dod"]:
        return "V11"
    if b["fritidsbolig"] or not b["godkjent"]:
        return "V04"
    for_ung = alder(soker) < 18 and not soker["bor_med_egne_barn"]
    stengt = any(p["verneplikt"] or p["institusjon"] for p in alle)
    student = not barn and any(
        p["student"]
        and (p is soker or alder(p) >= 18)
        and not p["student_unntak_arbeidskvalifisering"]
        and not p["student_unntak_bor_hos_foreldre"]  # never set for one who applies
        and not p["bor_med_egne_barn"]
        for p in alle
    )
    return "V02" if for_ung or soker["ikke_pa_adressen"] or stengt or student else None
