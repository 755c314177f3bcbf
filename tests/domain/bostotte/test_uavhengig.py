"""The rules against a second reading of the law, for every month since June 2022."""

from collections import Counter

from domain.bostotte.beregning import beregn
from domain.regler.termin import neste
from tests.domain.bostotte.husstander import tilfeldige
from tests.domain.bostotte.uavhengig import bostotte


def test_samme_kode_og_belop_som_en_annen_lesning_av_loven() -> None:
    sett: Counter[str] = Counter()
    termin, fro = "2022-06", 0
    while termin <= "2026-12":
        saker = tilfeldige(60, termin, fro)
        svar = beregn(saker, termin)
        for nr, fakta in enumerate(saker):
            vart = svar.dokument(nr)["kode"], int(svar.belop_per_maned[nr])
            assert vart == bostotte(dict(fakta)), fakta
            sett[vart[0]] += 1
        termin, fro = neste(termin), fro + 1
    assert all(sett[kode] > 5 for kode in ("V00", "V02", "V03", "V04", "V05", "V09", "V11", "V48")), sett
    assert sett["V00"] > 200
