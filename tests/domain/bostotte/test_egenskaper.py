"""What must hold for every household in every termin."""

from copy import deepcopy
from datetime import date
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bostotte.beregning import BLOKK, beregn
from domain.bostotte.fakta import DISPOSISJONSFORMER, PERSONFLAGG, Fakta
from domain.bostotte.kolonner import bygg, kolonner
from tests.domain.bostotte.husstander import belop, husstander, tilfeldige

FA = settings(max_examples=60, deadline=None)


@FA
@given(husstander())
def test_belopet_er_aldri_negativt_og_aldri_over_dekningsgrad_ganger_tak(fakta: Fakta) -> None:
    svar = beregn([fakta], fakta["termin"])
    kroner = int(svar.belop_per_maned[0])
    assert 0 <= kroner * 12 <= 0.737 * svar.verdier["boutgiftstak"][0]
    assert (kroner > 0) == (svar.kode[0] == 0)


@FA
@given(husstander(), st.integers(0, 5), belop)
def test_hoyere_inntekt_gir_aldri_mer(fakta: Fakta, hvem: int, mer: float) -> None:
    rikere = deepcopy(fakta)
    person = rikere["husstand"][hvem % len(rikere["husstand"])]
    person["manedsinntekt"] = round(person["manedsinntekt"] + mer, 2)
    for_, etter = beregn([fakta, rikere], fakta["termin"]).belop_per_maned
    assert etter <= for_


@FA
@given(husstander(), belop)
def test_hoyere_boutgift_gir_aldri_mindre(fakta: Fakta, mer: float) -> None:
    dyrere = deepcopy(fakta)
    dyrere["bolig"]["boutgift_per_maned"] = round(dyrere["bolig"]["boutgift_per_maned"] + mer, 2)
    for_, etter = beregn([fakta, dyrere], fakta["termin"]).belop_per_maned
    assert etter >= for_


@FA
@given(husstander(), st.randoms(use_true_random=False))
def test_rekkefolgen_i_husstanden_betyr_ingenting(fakta: Fakta, tilfeldig: Random) -> None:
    stokket = deepcopy(fakta)
    tilfeldig.shuffle(stokket["husstand"])
    svar = beregn([fakta, stokket], fakta["termin"])
    for navn, kolonne in svar.sporverdier().items():
        assert kolonne[0] == kolonne[1], navn


def test_en_sak_alene_er_samme_sak_blant_10000() -> None:
    """Bit by bit, every column, in a rule set of each form; also across the edges of the blocks."""
    for termin in ("2023-12", "2026-09"):
        dokumenter = tilfeldige(10_000, termin)
        alle = beregn(dokumenter, termin)
        sammen = alle.sporverdier()
        assert len(set(alle.kode.tolist())) == 8
        for i in [*range(0, 10_000, 97), BLOKK - 1, BLOKK, 9_999]:
            alene = beregn([dokumenter[i]], termin)
            for navn, kolonne in alene.sporverdier().items():
                assert kolonne.tobytes() == sammen[navn][i : i + 1].tobytes(), (i, navn)
            if i % 970 == 0:
                assert alene.dokument() == alle.dokument(i)


def test_kolonner_fra_tabeller_er_de_samme_som_fra_dokumenter() -> None:
    dokumenter = tilfeldige(300, "2025-03")
    for dokument in dokumenter:
        dokument["husstand"].sort(key=lambda p: p["rolle"] != "soker")
    personer = [p for d in dokumenter for p in d["husstand"]]
    fra_tabeller = bygg(
        "2025-03",
        np.array([len(d["husstand"]) for d in dokumenter]),
        {
            "kommunenummer": np.array([int(d["kommunenummer"]) for d in dokumenter]),
            "disposisjonsform": np.array(
                [DISPOSISJONSFORMER.index(d["bolig"]["disposisjonsform"]) for d in dokumenter]
            ),
            "boutgift_per_maned": np.array([d["bolig"]["boutgift_per_maned"] for d in dokumenter]),
            "oppvarming_inkludert": np.array([d["bolig"]["oppvarming_inkludert"] for d in dokumenter]),
            "godkjent": np.array([d["bolig"]["godkjent"] for d in dokumenter]),
        },
        {
            "fodselsdato": np.array([int(p["fodselsdato"].replace("-", "")) for p in personer]),
            "manedsinntekt": np.array([p["manedsinntekt"] for p in personer]),
            "ytelse_14_belop": np.array([p["ytelse_14_dager"]["belop"] for p in personer]),
            "ytelse_14_utbetalinger": np.array([p["ytelse_14_dager"]["utbetalinger"] for p in personer]),
            "formue_annen": np.array([p["formue"]["annen"] for p in personer]),
            **{flagg: np.array([p[flagg] for p in personer]) for flagg in PERSONFLAGG},  # type: ignore[literal-required]
        },
    )
    a, b = beregn(fra_tabeller, "2025-03"), beregn(kolonner(dokumenter), "2025-03")
    for navn, kolonne in a.sporverdier().items():
        assert np.array_equal(kolonne, b.sporverdier()[navn]), navn


@FA
@given(st.dates(date(1900, 1, 1), date(2026, 12, 1)), st.integers(2022, 2026), st.integers(1, 12))
def test_alder_er_hele_ar_etter_kalenderen(fodt: date, ar: int, maned: int) -> None:
    from domain.bostotte.husstand import alder

    ventet = ar - fodt.year - ((maned, 1) < (fodt.month, fodt.day))
    fodselsdato = np.array([fodt.year * 10000 + fodt.month * 100 + fodt.day])
    assert alder(fodselsdato, ar * 10000 + maned * 100 + 1)[0] == ventet


def test_ingen_saker_gir_tomme_kolonner() -> None:
    svar = beregn([], "2026-09")
    assert len(svar) == len(svar.kode) == len(svar.belop_per_maned) == 0
