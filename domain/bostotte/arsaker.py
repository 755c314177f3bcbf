"""Why two decisions differ: causes whose kroner add up exactly to the difference.

One cause after another is swapped from *before* to *after*, always in the order of ARSAKER, and the whole case is
reckoned again; a cause's part is what the amount moved by when it was swapped. The parts add up because the last
swap leaves nothing of *before*. Another order would split what two causes do together in another way.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from domain.bostotte.beregning import plan_for, regn_ut
from domain.bostotte.fakta import Fakta, FaktaFeil
from domain.bostotte.kolonner import Kolonner, kolonner
from domain.regler.kolonne import Kolonne

ARSAKER: tuple[str, ...] = (
    "regelform",
    "satser",
    "tak",
    "husstand",
    "inntekt",
    "formue",
    "boutgift",
    "kontroll",
)
"""In the order they are swapped.

regelform: which version of the rules; satser: their rates; tak: the ceiling's rates, the municipality and special
adaptation; husstand: who lives there, ages, disability and pension (a new member brings income and wealth along);
inntekt, formue, boutgift: those facts; kontroll: what the registers say of eligibility and of the dwelling.
"""

_SAK = {
    "tak": ("kommunenummer", "spesialtilpasset"),
    "boutgift": (
        "disposisjonsform",
        "boutgift_per_maned",
        "kommunale_avgifter_per_maned",
        "oppvarming_inkludert",
    ),
    "kontroll": ("godkjent", "fritidsbolig"),
}
_PERSON = {
    "inntekt": (
        "manedsinntekt",
        "skattefri_leieinntekt",
        "ytelse_14_belop",
        "ytelse_14_utbetalinger",
        "kapital",
        "naering",
        "utland",
    ),
    "formue": ("formue_bolig", "formue_annen"),
    "kontroll": (
        "ikke_bosatt",
        "dod",
        "student",
        "student_unntak_arbeidskvalifisering",
        "student_unntak_bor_hos_foreldre",
        "bor_med_egne_barn",
        "verneplikt",
        "institusjon",
        "ikke_pa_adressen",
        "mangler_opplysninger",
    ),
}
_FORM, _SATSER, _TAK, _DATO = range(4)
_TERMINER = {"regelform": (_FORM,), "satser": (_SATSER,), "tak": (_TAK,), "husstand": (_DATO,)}
_PLASSER = 32
"""Persons of one household born on the same day are told apart by their order; a household holds fewer than this."""


def _nokler(kol: Kolonner) -> Kolonne:
    """int64, one a person: case, birth date (0 for the applicant), and number among those alike."""
    sak = np.repeat(np.arange(len(kol), dtype=np.int64), np.diff(kol.start))
    dato = np.where(kol.person["er_soker"], 0, kol.person["fodselsdato"])
    nokkel = (sak << 25 | dato) * _PLASSER
    orden = np.argsort(nokkel, kind="stable")
    sortert = nokkel[orden]
    plass = np.arange(len(sortert))
    forste = np.maximum.accumulate(np.where(np.r_[True, sortert[1:] != sortert[:-1]], plass, 0))
    nokkel[orden] += plass - forste
    return nokkel


def _par(for_: Kolonner, etter: Kolonner) -> tuple[Kolonne, Kolonne]:
    """For each person after: the same person's place before, and whether there is one."""
    likt = np.array_equal(for_.start, etter.start) and all(
        np.array_equal(for_.person[n], etter.person[n]) for n in ("er_soker", "fodselsdato")
    )
    if likt:
        antall = int(etter.start[-1])
        return np.arange(antall), np.ones(antall, dtype=np.bool_)
    gamle, nye = _nokler(for_), _nokler(etter)
    orden = np.argsort(gamle)
    plass = np.minimum(np.searchsorted(gamle, nye, sorter=orden), len(gamle) - 1)
    return orden[plass], gamle[orden[plass]] == nye


def _forklar_likt(for_: Kolonner, etter: Kolonner) -> dict[str, Kolonne]:
    tidligere, fins = _par(for_, etter)
    terminer = [for_.termin] * 4
    sak, person = dict(for_.sak), dict(for_.person)
    start, soker = for_.start, for_.soker

    def belop() -> Kolonne:
        plan = plan_for(*terminer)
        kol = Kolonner(etter.termin, start, soker, sak, person)
        return regn_ut(plan, kol, ("belop_per_maned",))["belop_per_maned"]

    naa = belop()
    deler = {}
    for arsak in ARSAKER:
        endret = False
        for plass in _TERMINER.get(arsak, ()):
            endret |= terminer[plass] != etter.termin
            terminer[plass] = etter.termin
        for navn in _SAK.get(arsak, ()):
            endret |= not np.array_equal(sak[navn], etter.sak[navn])
            sak[navn] = etter.sak[navn]
        if arsak == "husstand":
            senere = {n for gruppe in _PERSON.values() for n in gruppe}
            ny = {
                n: np.where(fins, person[n][tidligere], etter.person[n]) if n in senere else etter.person[n]
                for n in person
            }
            endret |= not np.array_equal(start, etter.start) or any(
                not np.array_equal(ny[n], person[n]) for n in ny
            )
            person, start, soker = ny, etter.start, etter.soker
        for navn in _PERSON.get(arsak, ()):
            endret |= not np.array_equal(person[navn], etter.person[navn])
            person[navn] = etter.person[navn]
        ny_belop = belop() if endret else naa
        deler[arsak] = ny_belop - naa
        naa = ny_belop
    return deler


def forklar(for_: Sequence[Fakta] | Kolonner, etter: Sequence[Fakta] | Kolonner) -> dict[str, Kolonne]:
    """Cause → int64[n] kroner a month, over pairs of cases; the parts of a pair add up to after minus before.

    Documents are reckoned for the termin they carry (pairs of several terminer may be mixed), columns for theirs.
    """
    if len(for_) != len(etter):
        raise FaktaFeil("etter", "må ha like mange saker som for_")
    if isinstance(for_, Kolonner) or isinstance(etter, Kolonner):
        return _forklar_likt(
            for_ if isinstance(for_, Kolonner) else kolonner(for_),
            etter if isinstance(etter, Kolonner) else kolonner(etter),
        )
    ut = {arsak: np.zeros(len(for_), dtype=np.int64) for arsak in ARSAKER}
    grupper: dict[tuple[str, str], list[int]] = {}
    for i, (a, b) in enumerate(zip(for_, etter, strict=True)):
        grupper.setdefault((a["termin"], b["termin"]), []).append(i)
    for plasser in grupper.values():
        deler = _forklar_likt(kolonner([for_[i] for i in plasser]), kolonner([etter[i] for i in plasser]))
        for arsak, kroner in deler.items():
            ut[arsak][plasser] = kroner
    return ut


def forklar_en(for_: Fakta, etter: Fakta) -> Mapping[str, int]:
    """The same for one pair, without the causes that moved nothing."""
    deler = forklar([for_], [etter])
    return {arsak: int(kroner[0]) for arsak, kroner in deler.items() if kroner[0]}
