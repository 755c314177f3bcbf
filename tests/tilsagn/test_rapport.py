"""The reports from our own books: the tables of annex 2 made from cases, and sums that two sources agree on."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from services.cli.samspill_rapport import app
from services.mottak.mottak import ta_imot_flere
from services.rapport.tilsagn import Tilsagnsrapport, avvik, lag
from services.rapport.tilsagn_former import tabeller
from services.rapport.tilsagn_tabeller import markdown, skriv
from services.tilgang.aktor import systemaktor
from tests.tilsagn.mengde import attester_mange
from tests.tilsagn.test_studentboliger import TABELLER, fakta
from tests.tilsagn.verden import Problem, Verden, hendelse, virksomhet

pytestmark = pytest.mark.usefixtures("rydd")


def _hvem(ref: str) -> dict[str, str]:
    return virksomhet(int(ref[1:]) + (100 if ref[0] == "T" else 0))


def _gi(verden: Verden, rader: list[tuple[int, float, bool, str]]) -> dict[str, Any]:
    """Commitments of table 2 or 3, each in its own year: reference → case."""
    ut: dict[str, Any] = {}
    for ar in sorted({r[0] for r in rader}):
        verden.na = datetime(ar, 6, 1, 9, tzinfo=UTC)
        verden.gi_ramme("studentboliger", 400_000_000)
        valgte = [r for r in rader if r[0] == ar]
        kropper = []
        for _, he, press, ref in valgte:
            felt = fakta(ar, he, press)["prosjekt"]
            kropper.append(
                hendelse("studentboliger", "soknad", f"{ar}-06", ref, tid=verden.na, part=_hvem(ref), **felt)
            )
        for svar, (_, _, _, ref) in zip(
            ta_imot_flere(kropper, systemaktor("m"), verden.na, None), valgte, strict=True
        ):
            assert not isinstance(svar, Problem), svar.dokument()
            ut[ref] = svar.sak
        verden.drener()
        attester_mange([ut[r[3]] for r in valgte], verden.na, tilradd=True)
        verden.drener()
    return ut


def test_vedlegg_2_tabell_2_og_3_laget_av_egne_saker(tmp_path: Path):
    verden = Verden()
    tabell_2 = [(r[2], r[4], r[6], f"U{nr}") for nr, r in enumerate(TABELLER["tabell_2"])]
    tabell_3 = [(r[1], r[3], r[6], f"T{nr}") for nr, r in enumerate(TABELLER["tabell_3"])]
    saker = _gi(verden, tabell_2 + tabell_3)
    verden.na = datetime(2024, 11, 1, 9, tzinfo=UTC)
    for _, _, _, ref in tabell_3:
        assert verden.skje(saker[ref], "studentboliger", "tilbaketrekking", ref, part=_hvem(ref)) == "A30"

    r = lag(2024)
    udisponerte = [p for p in r.prosjekter if p.tilstand == "tilsagn"]
    assert [sum(p.enheter for p in udisponerte), sum(p.belop for p in udisponerte)] == TABELLER[
        "tabell_2_sum"
    ]
    assert [sum(p.enheter for p in r.trukket), round(sum(p.gitt for p in r.trukket) / 1000)] == (
        TABELLER["tabell_3_sum"]
    )
    assert r.tall["studentboliger"][2024].annullert == sum(p.gitt for p in r.trukket)
    assert r.tall["studentboliger"][2024].enheter == 416.5
    assert r.fordelt["studentboliger"][2024] == {"rehabilitering": (416.5, 174_293_200)}
    assert avvik(r) == []
    # What is carried into the next year is what table 2 says is not realised.
    assert sum(b["overfort_ut"] for b in r.bok) == TABELLER["tabell_2_sum"][1]
    [i_ar] = [b for b in r.bok if b["rammear"] == 2024]
    assert (i_ar["post"], i_ar["departement"], i_ar["gitt"]) == (
        "270.75",
        "Kunnskapsdepartementet",
        174_293_200,
    )

    tekst = markdown(r)
    assert "| tilskudd til studentboliger | – | 117 | 84 | 541 | 416,5 |" in tekst
    assert "| Sum |  |  | 910,5 | 368\u00a0223\u00a0000 | 368\u00a0223\u00a0000 |" in tekst
    assert "| rehabilitering | – | 117 | 84 | 541 | 416,5 |" in tekst
    md, js = skriv(r, tmp_path)
    assert md.read_text("utf-8") == tekst
    assert orjson.loads(js.read_bytes())["avvik"] == []
    svar = CliRunner().invoke(app, ["tilsagn", "--ar", "2024", "--ut", str(tmp_path / "cli")])
    assert (svar.exit_code, svar.stderr) == (0, "")
    assert (tmp_path / "cli" / "tilsagn-2024.md").read_text("utf-8") == tekst


def test_utbetalt_nedskrevet_lan_og_lantakere():
    verden = Verden("2024-02-15")
    for navn in ("utleieboliger", "lanutleieboliger", "lanstudentboliger", "laeringsarenaer"):
        verden.gi_ramme(navn, 20_000_000)
    utleie = verden.gi_tilsagn("utleieboliger", "U")
    verden.skje(utleie, "utleieboliger", "vilkar", "U")
    assert verden.skje(utleie, "utleieboliger", "utbetaling", "U", ferdigdato="2024-02-01") == "U20"
    for navn, soker in (("lanutleieboliger", {}), ("lanstudentboliger", {"lantaker": "ideell"})):
        sak = verden.gi_tilsagn(navn, "L", **soker)
        verden.skje(sak, navn, "vilkar", "L")
        belop = 5_000_000
        assert verden.skje(sak, navn, "utbetaling", "L", belop=belop, rente=400, terminer_per_ar=1) == "U20"
    verden.la_tiden_ga("2025-03-01")
    verden.na = datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert verden.skje(utleie, "utleieboliger", "salg", "U", salgsdato="2025-02-20") == "S10"

    i_fjor, i_ar = lag(2024), lag(2025, date(2025, 3, 1))
    assert avvik(i_fjor) == avvik(i_ar) == []
    assert i_fjor.tall["utleieboliger"][2024].utbetalt == 2_756_000
    t = i_ar.tall["utleieboliger"][2025]
    assert (t.nedskrevet, t.tilbakekrevd) == (91_867, 2_664_133)
    lan = i_fjor.tall["lanutleieboliger"][2024]
    assert (lan.tilsagn, lan.utbetalt, lan.mindreutbetalt, lan.enheter) == (
        8_500_000,
        5_000_000,
        3_500_000,
        22,
    )
    assert i_fjor.lantakere == {"aksjeselskap": 500_000_000, "ideell": 500_000_000}
    assert (i_fjor.lan.utlan_inn, i_fjor.lan.nye_lan, i_fjor.lan.utlan_ut) == (0, 10**9, 10**9)
    assert i_ar.lan.utlan_inn == i_fjor.lan.utlan_ut
    # 4 % of five million, twice: 315 days of 2024; a term on 15 February 2025, and 16 days more.
    assert (i_fjor.lan.renteinntekter, i_fjor.lan.opptjent_ikke_betalt) == (35_000_000, 35_000_000)
    assert i_ar.lan.opptjent_ikke_betalt == 2 * (20_000_000 + 888_889)
    assert i_ar.lan.renteinntekter == i_ar.lan.opptjent_ikke_betalt - 35_000_000
    assert "| – private aksjeselskap (%) | 50,0 |" in markdown(i_fjor)


def _tabell(r: Tilsagnsrapport, tittel: str) -> list[list[Any]]:
    [tabell] = [t for t in tabeller(r) if t.tittel.startswith(tittel)]
    return [list(rad) for rad in tabell.rader]


def test_investeringstilskudd_energi_og_boligkvalitet_i_arsrapportens_former():
    verden, hvem = Verden("2023-03-01"), iter(virksomhet(n) for n in range(20))
    soker_a, soker_b = next(hvem), next(hvem)
    for ar in (2023, 2024):
        for navn in ("omsorgsplasser", "energitiltak", "lanboligkvalitet"):
            verden.gi_ramme(navn, 200_000_000, ar)
    verden.gi_ramme("omsorgsplasser", 20_000_000, 2024, "761.69")
    a = verden.gi_tilsagn(
        "omsorgsplasser", "A", part=soker_a, anleggskostnad=52_000_000
    )  # 13 places at 55 % of at most 4 million
    verden.skje(a, "omsorgsplasser", "vilkar", "A", part=soker_a)
    verden.skje(
        a,
        "omsorgsplasser",
        "utbetaling",
        "A",
        part=soker_a,
        faktisk_kostnad=58_500_000,
        ferdigdato="2023-03-01",
    )
    verden.la_tiden_ga("2024-04-01")
    blandet = {
        "omsorgsboliger": 6,
        "sykehjemsplasser": 4,
        "anleggskostnad": 30_000_000,
        "netto_tilvekst": True,
    }
    b = verden.gi_tilsagn("omsorgsplasser", "B", part=soker_b, **blandet)
    verden.skje(b, "omsorgsplasser", "vilkar", "B", part=soker_b)
    verden.skje(
        b,
        "omsorgsplasser",
        "utbetaling",
        "B",
        part=soker_b,
        faktisk_kostnad=45_000_000,
        ferdigdato="2024-04-01",
    )
    avslatt = verden.send("omsorgsplasser", "soknad", "C", part=next(hvem), heldogns=False)
    verden.beslutt(avslatt)
    verden.send(
        "omsorgsplasser",
        "soknad",
        "D",
        part=next(hvem),
        sykehjemsplasser=0,
        omsorgsboliger=5,
        anleggskostnad=10_000_000,
    )
    for ref, type_, boliger in (
        ("Leie", "utleiebolig", 12),
        ("Hjem", "sykehjem", 20),
        ("Omsorg", "omsorgsbolig", 7),
    ):
        verden.gi_tilsagn("energitiltak", ref, part=next(hvem), boligtype=type_, boliger=boliger)
    verden.gi_tilsagn("lanboligkvalitet", "Livsløp", part=next(hvem))
    verden.gi_tilsagn(
        "lanboligkvalitet",
        "Begge",
        part=next(hvem),
        formal="miljovennlig",
        kriterier=3,
        boliger=2,
        soknadsbelop=1_500_000,
    )
    verden.gi_tilsagn(
        "lanboligkvalitet",
        "Opp",
        part=next(hvem),
        formal="oppgradering",
        bedre_energi=True,
        ett_krav_godtatt=True,
    )

    r = lag(2024)
    assert avvik(r) == []
    # Applied, decided or not: 28.6 in 2023; 24.2 (refused), 14.7 and 4.5 (nobody has looked yet) in 2024.
    assert _tabell(r, "Søkt investeringstilskudd") == [[2023, "0", "13", "29"], [2024, "11", "17", "43"]]
    # 6 × 0.45 × 3 million + 4 × 0.55 × 3 million
    assert _tabell(r, "Tilsagn om investeringstilskudd") == [
        [2023, "0", "13", "13", "29"], [2024, "6", "4", "10", "15"],
    ]  # fmt: skip
    # 58.5 million for 13 places; 45 for ten: dearer by nothing
    assert _tabell(r, "Gjennomsnittlige byggekostnader") == [
        [2023, "–", "–", "4\u00a0500", "–"], [2024, "4\u00a0500", "–", "4\u00a0500", "0"],
    ]  # fmt: skip
    vinduer, tak = "Utskifting av vinduer", "Etterisolering av yttertak/loft"
    assert _tabell(r, "Energitiltak i utleieboliger") == [
        [tak, "1", "12", "4\u00a0000"], [vinduer, "1", "12", "9\u00a0000"], ["Totalt", "1", "12", "13\u00a0000"],
    ]  # fmt: skip
    assert _tabell(r, "Energitiltak i omsorgsboliger")[-1] == ["Totalt", "2", "7", "20", "26\u00a0000"]
    assert _tabell(r, "Nye boliger etter kvalitetskrav") == [
        ["Miljø", "0", "0", "0", "0"], ["Livsløp", "8", "80", "9", "85"], ["Miljø og livsløp", "2", "20", "2", "15"],
        ["Totalt", "10", "100", "10", "100"],
    ]  # fmt: skip
    assert _tabell(r, "Oppgradering etter kvalitetskrav")[1] == ["Energi", "8", "100", "9", "100"]
    # Tabell 3.39: 28.6 million less a thirtieth of it, and 14.7 million
    assert _tabell(r, "Løpende tilskudd")[-1] == ["Totalsum", "2", "42"]
    # Note B: item 63 covers what item 69 used too much: nothing, for a frame is never used over.
    note = {rad[0]: rad[1:] for rad in _tabell(r, "Mer- og mindreforbruk")}
    mellom = "\u00a0"
    assert note["omsorgsplasser 761.69"] == [
        "kan overføres", "0", *(t.replace(" ", mellom) for t in ("20 000 000", "14 700 000", "5 300 000", "5 300 000",
                                                                 "5 300 000")),
    ]  # fmt: skip
    assert note["laneramme 2412.90"][-2:] == ["0", "0"]  # an estimate appropriation lapses
