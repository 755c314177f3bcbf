"""A version 2 of the rules, simulated: a form mended and a rate corrected. What was decided by version 1 stays."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest

from domain.bostotte import beregning
from domain.ordninger import ORDNINGER
from domain.regler.regel import RegelFeil, Regelsett
from domain.regler.satser import SatsFeil, Satssamling, satser_av_tekst
from domain.sak.etterprov import UkjentRegelversjon, kodeversjon
from services.forsegling import forsegler
from services.motor.avgjorelse import apne_vedtak
from services.replay import gull
from services.replay.spill import spill_av
from tests.bench.tillit_land import lag_land
from tests.domain.bostotte.husstander import sak

ETTERPROV = ORDNINGER["bostotte"].etterprov
TERMIN = "2026-09"


def _glem() -> None:
    for husket in (beregning.plan_for, beregning.sporbygger, beregning.regelversjon):
        husket.cache_clear()


def _med_egenandel(endre: Any) -> Regelsett:
    """The rules with the linear egenandel given to ``endre``, which returns what stands in its place."""
    ny = Regelsett("bostotte")
    for regel in beregning.REGLER.alle(1):
        former = endre(regel) if regel.navn == "egenandel" else [regel]
        ny._versjoner.setdefault(regel.navn, []).extend(former)
    return ny


def _dyrere(funksjon: Any) -> Any:
    """The same rule, a thousand kroner more a year; its parameters are those of the mended form."""
    return lambda *a: funksjon(*a) + 1000.0


@pytest.fixture
def versjon_2(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Call it, and the code is of version 2."""

    def bump() -> None:
        regler = _med_egenandel(
            lambda r: [replace(r, til_versjon=1), replace(r, fra_versjon=2, funksjon=_dyrere(r.funksjon))]
        )
        tak = beregning.SATSER["minsteutbetaling"]
        siste = tak.verdier[-1]
        rettet = (
            *tak.verdier[:-1],
            replace(siste, til_versjon=1),
            replace(siste, verdi=65.0, fra_versjon=2),
        )
        satser = {**beregning.SATSER, "minsteutbetaling": replace(tak, verdier=rettet)}
        monkeypatch.setattr(beregning, "REGLER", regler)
        monkeypatch.setattr(beregning, "SATSER", Satssamling(satser.values()))
        monkeypatch.setattr(beregning, "KODEVERSJON", 2)
        _glem()

    yield bump
    monkeypatch.undo()
    _glem()


def test_decisions_of_version_1_are_computed_by_version_1_when_the_code_is_version_2(
    rydd: str, versjon_2: Any
) -> None:
    forsegler.cache_clear()
    lag_land(rydd, 40, TERMIN)
    versjon_2()
    lag_land(rydd, 40, TERMIN)  # the same households, decided by the new code
    with psycopg.connect(rydd) as db:
        rader = db.execute(
            "SELECT v.id, v.belop, v.regelversjon, v.fakta, v.spor, p.nokkel FROM vedtak v"
            " JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson ORDER BY v.id"
        ).fetchall()
    gamle, nye = rader[:40], rader[40:]
    assert {kodeversjon(r[2]) for r in gamle} == {1}
    assert {kodeversjon(r[2]) for r in nye} == {2}
    assert [r[1] for r in gamle] != [r[1] for r in nye]
    assert all(a[1] >= b[1] for a, b in zip(gamle, nye, strict=True))

    resultat = spill_av(rydd, [r[0] for r in rader])
    assert (resultat.avvik, resultat.like) == ([], 80)
    for id_, _, regelversjon, fakta, spor, nokkel in (gamle[0], nye[0]):
        apen_fakta, helt = apne_vedtak(forsegler().pakk_ut(nokkel), id_, fakta, spor)
        assert orjson.loads(apen_fakta)["termin"] == TERMIN
        assert ETTERPROV.begrunnelse(orjson.loads(helt), regelversjon)["nb"]


def test_a_rule_edited_in_place_is_found_and_named(rydd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forsegler.cache_clear()
    lag_land(rydd, 40, TERMIN)
    monkeypatch.setattr(
        beregning, "REGLER", _med_egenandel(lambda r: [replace(r, funksjon=_dyrere(r.funksjon))])
    )
    _glem()
    with psycopg.connect(rydd) as db:
        ider: list[UUID] = [r[0] for r in db.execute("SELECT id FROM vedtak")]
    try:
        resultat = spill_av(rydd, ider)
    finally:
        monkeypatch.undo()
        _glem()
    assert resultat.andel < 0.5
    assert all("egenandel" in f"{a.felt} {a.forklaring}" for a in resultat.avvik)


def test_golden_decisions_of_version_1_hold_under_version_2_and_new_ones_are_asked_for(
    versjon_2: Any, tmp_path: Path
) -> None:
    versjon_2()
    feil = gull.feil(Path("tests/golden"))
    assert feil
    assert all(f.endswith(": mangler") and "-v2/" in f for f in feil)


def test_a_rate_corrected_in_version_2_is_read_as_it_stood(versjon_2: Any) -> None:
    def minste(versjon: int | None) -> Any:
        return beregning.plan(TERMIN, versjon).konstanter["minsteutbetaling"]

    assert minste(None) == minste(1) == 63
    for_ = beregning.regelversjon(TERMIN)
    versjon_2()
    assert (minste(None), minste(2), minste(1)) == (65, 65, 63)
    assert beregning.regelversjon(TERMIN, 1) == for_
    assert kodeversjon(beregning.regelversjon(TERMIN)) == 2
    assert beregning.regelversjon(TERMIN)[-8:] != for_[-8:]


def test_a_version_that_is_not_kept_is_refused() -> None:
    for versjon in ("bostotte-2025-01-v2-b4345c96", "bostotte-2025-01-v0-b4345c96", "tull"):
        with pytest.raises(UkjentRegelversjon):
            ETTERPROV.gjenta([dict(sak(TERMIN))], versjon)


def test_the_declared_versions_are_those_of_the_code() -> None:
    """Nothing is declared for a version that the code does not say it has."""
    former = [r for v in beregning.REGLER._versjoner.values() for r in v]
    verdier = [v for s in beregning.SATSER.values() for v in s.verdier]
    for f in (*former, *verdier):
        assert f.fra_versjon <= beregning.KODEVERSJON
        assert f.til_versjon is None or f.til_versjon < beregning.KODEVERSJON


def test_two_forms_may_share_a_period_only_when_their_versions_differ() -> None:
    def regel(regler: Regelsett, **valg: Any) -> None:
        regler.regel(
            "a", hjemmel="§ 1", gyldig_fra="2024-01", enhet="kr", tekst={"nb": "A.", "nn": "A."}, formel="x",
            eksempel={"x": 1}, **valg,
        )(lambda x: x)  # fmt: skip

    regler = Regelsett("prove")
    regel(regler, til_versjon=1)
    regel(regler, fra_versjon=2, til_versjon=3)
    regel(regler, fra_versjon=4)
    assert [[r.fra_versjon for r in regler.gjeldende("2024-01", v)] for v in (1, 2, 3, 4, None)] == [
        [1], [2], [2], [4], [4],
    ]  # fmt: skip
    with pytest.raises(RegelFeil, match="samtidig"):
        regel(regler, fra_versjon=3, til_versjon=3)
    with pytest.raises(RegelFeil, match="til_versjon"):
        regel(Regelsett("b"), fra_versjon=3, til_versjon=2)


def test_rates_of_two_versions_in_a_file() -> None:
    hode = "a:\n  etikett: {nb: A, nn: A}\n  enhet: kr\n  hjemmel: § 1\n  verdier:\n"

    def fil(*rader: str) -> Any:
        return satser_av_tekst(
            hode + "".join(f"    - {{{r}, kilde: k, sikkerhet: V}}\n" for r in rader), "s.yaml"
        )[0]

    sats = fil("fra: 2024-01-01, verdi: 1, til_versjon: 1", "fra: 2024-01-01, verdi: 2, fra_versjon: 2")
    assert [sats.gjelder("2024-05", v).verdi for v in (1, 2, None)] == [1, 2, 2]
    with pytest.raises(SatsFeil, match="eldste"):
        fil("fra: 2024-01-01, verdi: 1", "fra: 2024-01-01, verdi: 2, fra_versjon: 2")
    with pytest.raises(SatsFeil, match="nyeste"):
        fil("fra: 2024-01-01, verdi: 1, til_versjon: 1")
    with pytest.raises(SatsFeil, match="hele tall"):
        fil("fra: 2024-01-01, verdi: 1, fra_versjon: 0")
