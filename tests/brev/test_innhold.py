"""What letters say: of every golden decision, in every language of its scheme, held against the trace."""

import string
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.bostotte.koder import KODER
from domain.brev import klage, kontroll, varsel
from domain.brev.belop import UdekketBelop, finn, krev_dekning, kroner, tall_i
from domain.brev.maneder import Maned
from domain.brev.myndighet import KOMMUNEN
from domain.brev.ord import SLAG, ManglerSprak, Ord, sprak_for
from domain.brev.vedtak import Bokfort, dekning, vedtaksbrev
from domain.ordninger import ORDNINGER
from services.brev.gjengi import Skrivefeil, gjengi, les, sett
from tests.brev.hjelp import Ett, ett, gull

KLAGEFRIST = "1.\u00a0oktober\u00a02026"
"""Three weeks after 10 September."""
VEDTAK, ORDNING = ett("bostotte", "V00")[2], ORDNINGER["bostotte"]


@pytest.mark.parametrize(
    ("tekst", "belop"),
    [
        ("6\u00a0565\u00a0kr", ["6565"]),
        ("\u221212,50 kr", ["-12.5"]),
        ("kr 500 og kr. 5 000", ["500", "5000"]),
        ("1.000 kroner, 10000kr, 12 000,- i leie", ["1000", "10000", "12000"]),
        ("§ 4\n6 565 kr", ["6565"]),
        ("fra 100-200 kr", ["200"]),
        ("12\u2009000 kr, 12\u2007000 kr og 12'000 kr", ["12000"] * 3),
        ("kroner 12 345, NOK 500, 600 NOK og kr: 700", ["12345", "500", "600", "700"]),
        ("12,345 kr, 12345.50 kr, 12,345.50 norske kroner", ["12345", "12345.50", "12345.50"]),
        ("1234.567 kr", ["567"]),
        ("i 2026 fikk 3 personer brev etter § 14-2", []),
    ],
)
def test_belop_finnes_igjen_i_tekst(tekst: str, belop: list[str]) -> None:
    assert finn(tekst) == [Decimal(b) for b in belop]


@pytest.mark.parametrize("kr", [0, 0.004, -0.001, 6565, 32373.03, -1_337_620.74, 85342.6, 10**11])
def test_det_som_skrives_leses_som_det_samme(kr: float) -> None:
    assert set(finn(f"Det er {kroner(kr)} i året.")) == tall_i(kr)


def test_ordene_finnes_pa_hvert_sprak_og_spor_om_det_samme() -> None:
    alle: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
        Path("domain/brev/ord.yaml").read_text("utf-8")
    )
    tiltale = {"du", "Du", "deg", "deres"}
    for slag, ordene in alle.items():
        for navn, sprak in ordene.items():
            assert sprak.keys() in ({"nb", "nn"}, {"nb", "nn", "da"}), (slag, navn)
            felt = {
                s: {f for _, f, _, _ in string.Formatter().parse(t) if f} - tiltale
                for s, t in sprak.items()
                if t
            }
            assert len({frozenset(f) for f in felt.values()}) == 1, (slag, navn)
    assert {s: sorted(sprak_for(s)) for s in SLAG} == {
        "vedtak": ["da", "nb", "nn"],
        "varsel": ["nb", "nn"],
        "klageoversendelse": ["nb", "nn"],
    }
    with pytest.raises(ManglerSprak):
        Ord("varsel", "da")


@pytest.mark.parametrize("navn", ORDNINGER)
def test_hver_kode_i_hver_ordning_har_ord_pa_ordningens_sprak(navn: str) -> None:
    ordning = ORDNINGER[navn]
    ord_, sprak = ordning.brev, set(ordning.sprak)
    assert {k["kode"] for k in ordning.etterprov.lovinnhold()["koder"]} <= ord_.koder.keys()
    for kode in ord_.koder.values():
        assert set(kode.tekst) == sprak == set(kode.fra.navn) == set(kode.fra.sporsmal)
        assert kode.hjemmel
        assert all(kode.tekst.values())
        assert kode.fra.klage is None or set(kode.fra.klage) == sprak
    assert set(ord_.ytelse) == sprak
    if ordning.manedlig:
        from domain.sak.manedlig import ARSAKER

        assert set(ord_.arsaker) == set(ARSAKER)


def _hele_brevet(e: Ett) -> None:
    sted, ordning, v = e
    dekket, belop = dekning(ordning, v), []
    for sprak in ordning.sprak:
        brev = vedtaksbrev(ordning, v, sprak)
        tekst = les(gjengi(brev, "html", dekket), "html")
        kode = ordning.brev.koder[v.kode]
        assert kode.tekst[sprak] in tekst, sted
        assert kode.hjemmel in tekst, sted
        assert v.sak in tekst
        assert v.regelversjon in tekst
        assert not set("{}") & set(tekst), sted
        assert "None" not in tekst
        paklages = ordning.paklages is None or v.arsak in ordning.paklages
        assert (KLAGEFRIST in tekst) == (kode.fra.klage is not None and not kode.melding and paklages), sted
        if KLAGEFRIST in tekst:  # the letter names the instance that the appeal goes to
            hos = "hos_klageorganet" if kode.fra is KOMMUNEN else "hos_klagenemnda"
            assert any(o.fra == hos for o in ordning.forlop["klage"].overganger), sted
        if v.belop:
            assert kroner(v.belop) in brev.innledning[0], sted
        for del_ in brev.deler:
            assert del_.overskrift
            assert all(a.strip() and a[-1] in ".:)" for a in (*del_.avsnitt, *del_.punkter)), (
                sted,
                del_.avsnitt,
            )
        belop.append(Counter(finn(tekst)))
    assert all(b == belop[0] for b in belop), f"{sted}: språkene sier forskjellige beløp"


def test_hvert_gullvedtak_gir_et_brev_der_hvert_belop_star_i_sporet() -> None:
    assert len(gull()) > 300
    for e in gull():
        _hele_brevet(e)
    assert {(o.navn, k.kode) for o in [ORDNING] for k in KODER} - {
        (o.navn, v.kode) for _, o, v in gull()
    } == {("bostotte", kode) for kode in ("V48", "V05", "V11")}


def test_et_belop_som_ikke_star_i_sporet_gir_ikke_noe_brev(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheme reckons a sum of its own in a sentence: the letter is refused, and the sum is named."""
    egen = replace(
        ORDNING,
        etterprov=replace(
            ORDNING.etterprov,
            begrunnelse=lambda spor, r: {
                s: [
                    *ORDNING.etterprov.begrunnelse(spor, r)[s],
                    f"I året er det {kroner(12 * VEDTAK.belop + 1)}.",
                ]
                for s in ("nb", "nn")
            },
        ),
    )
    brev = vedtaksbrev(egen, VEDTAK, "nb")
    for format_ in ("html", "pdf"):
        with pytest.raises(UdekketBelop) as feil:
            gjengi(brev, format_, dekning(egen, VEDTAK))  # type: ignore[arg-type]
        assert feil.value.belop == [kroner(12 * VEDTAK.belop + 1)]


def test_en_mal_som_mister_eller_endrer_et_belop_gir_ikke_noe_brev(monkeypatch: pytest.MonkeyPatch) -> None:
    brev, dekket = vedtaksbrev(ORDNING, VEDTAK, "nb"), dekning(ORDNING, VEDTAK)
    riktig = sett(brev.dokument(), "html", "1")
    belopet = kroner(VEDTAK.belop)
    for galt, feil in (("", Skrivefeil), (kroner(VEDTAK.belop + 1), UdekketBelop)):
        bytt = riktig.replace(belopet.encode(), galt.encode(), 1)
        monkeypatch.setattr("services.brev.gjengi.sett", lambda *_, bytt=bytt: bytt)
        with pytest.raises(feil):
            gjengi(brev, "html", dekket)


def test_utbetaling_fradrag_krav_og_hva_som_erstattes() -> None:
    dag = date(2026, 10, 20)
    bokfort = [
        Bokfort(500, dag, "kommune"),
        Bokfort(-300, dag, "husstand"),
        Bokfort(-200, dag, "husstand", True),
    ]
    v = replace(
        VEDTAK, bokfort=bokfort, erstatter=(date(2026, 9, 1), 4_000), attestert_av="berg", fattet_av="vik"
    )
    brev = vedtaksbrev(ORDNING, v, "nn")
    assert brev.deler[0].avsnitt == [
        "500\u00a0kr blir betalt til kommunen 20.\u00a0oktober\u00a02026.",
        "300\u00a0kr blir trekt frå i utbetalinga 20.\u00a0oktober\u00a02026.",
        "200\u00a0kr blir kravd tilbake.",
    ]
    assert brev.innledning[1] == (
        "Vedtaket kjem i staden for vedtaket av 1.\u00a0september\u00a02026, som gav 4\u00a0000\u00a0kr."
    )
    assert brev.slutt[0] == "Vedtaket er gjort av to: føreslått av saksbehandlar vik og godkjent av berg."
    krev_dekning(brev.tekst(), dekning(ORDNING, v))


def test_varselet_sier_hvorfor_hva_og_nar_svaret_ma_komme() -> None:
    spor, versjon = VEDTAK.spor, VEDTAK.regelversjon
    maneder = [
        Maned(t, VEDTAK.belop + 100, VEDTAK.belop, "V00", versjon, spor) for t in ("2025-09", "2025-10")
    ]
    felt: dict[str, Any] = {
        "sak": "s", "behandling": "b", "fra": "2025-01", "til": "2025-12", "belop": 200, "laget": date(2026, 4, 10),
        "levert": None, "frist": None, "maneder": maneder, "arsaker": {"formue": -200}, "kommune": None,
    }  # fmt: skip
    v = varsel.Varsel(**felt)
    for sprak, formuen in (("nb", "Formuen"), ("nn", "Formuen")):
        brev = varsel.varselbrev(ORDNING, v, sprak)
        tekst = les(gjengi(brev, "pdf", varsel.dekning(ORDNING, v)), "pdf").replace("\u00a0", " ")
        assert f"{formuen} −200 kr" in tekst
        assert "4. mai 2026" in tekst, "tre uker fra 10. april er 1. mai, som er en fridag"
        assert "januar 2025 til desember 2025" in tekst
        assert {-100, -200} <= set(finn(tekst))
    levert = replace(v, levert=date(2026, 4, 13), frist=date(2026, 5, 4), fra=None, til="2025-10")
    tekst = varsel.varselbrev(ORDNING, levert, "nb").tekst()
    assert "Brevet kom fram 13.\u00a0april\u00a02026. Fristen for å svare er 4.\u00a0mai\u00a02026" in tekst
    assert "for oktober\u00a02025. Etter det vi vet nå, skulle beløpet vært 200\u00a0kr lavere" in tekst


def klagen(**endret: Any) -> klage.Klage:
    felt: dict[str, Any] = {
        "sak": "s", "behandling": "b", "vedtak": VEDTAK, "kom": date(2026, 9, 20), "fremsatt": date(2026, 9, 18),
        "rettidighet": "rettidig", "tekst": ["Jeg betaler 99 999 kr. <script>#panic()</script>\nIkke mer."],
        "forsinkelse": [], "dokumenter": [("inntekt", "arkiv/1")], "innstilling": "Kommunen er uenig.",
        "uttalelse": f"Bostøtten er riktig: {kroner(VEDTAK.belop)}.", "avgitt": date(2026, 10, 1),
        "avgitt_av": "lund", "provd": True, "pa_nytt": VEDTAK.belop + 7, "arsaker": {"inntekt": 7}, "kjente_tall": None,
    }  # fmt: skip
    return klage.Klage(**{**felt, **endret})


def test_uttalelsen_til_nemnda_har_klagerens_egne_ord_som_sitat() -> None:
    k = klagen()
    brev = klage.oversendelse(ORDNING, k, "nb")
    html = gjengi(brev, "html", klage.dekning(ORDNING, k)).decode()
    assert "&lt;script&gt;#panic()&lt;/script&gt;" in html
    assert "<script" not in html
    pdf = les(gjengi(brev, "pdf", klage.dekning(ORDNING, k)), "pdf")
    assert "<script>#panic()</script>" in pdf, "klagerens ord er tekst, ikke kode"
    for ord_ in ("Klagenemnda", "arkiv/1", "Kommunen er uenig.", "Inntekten"):
        assert ord_ in pdf
    for endret in ({"uttalelse": "Husleia er 12 345 kr."}, {"uttalelse": "Det er 12.345,- for mye."}):
        med = klagen(**endret)
        with pytest.raises(UdekketBelop, match="12\u00a0345\u00a0kr"):
            gjengi(klage.oversendelse(ORDNING, med, "nn"), "html", klage.dekning(ORDNING, med))
    assert "kunne ikke regnes" in klage.oversendelse(ORDNING, klagen(pa_nytt=None), "nb").tekst()
    uten = klage.oversendelse(ORDNING, klagen(provd=False), "nb")
    assert "Regnet på nytt" not in [d.overskrift for d in uten.deler]
    assert "det same" in klage.oversendelse(ORDNING, klagen(pa_nytt=VEDTAK.belop), "nn").tekst()


def test_et_belop_i_noens_egne_ord_blir_ikke_delt_av_linjen() -> None:
    """Wherever the lines of the page are broken, what was quoted is read back as it was."""
    ord_ = " ".join(f"{'a' * (nr % 9)} 15 {nr:03d} kr og kr 2 {nr:03d} igjen" for nr in range(60))
    k = klagen(tekst=[ord_], forsinkelse=[ord_], innstilling=ord_)
    brev = klage.oversendelse(ORDNING, k, "nb")
    pdf = les(gjengi(brev, "pdf", klage.dekning(ORDNING, k)), "pdf")
    assert finn(pdf).count(Decimal(15_059)) == 3


def test_kommunens_egen_klage_gar_til_dens_klageorgan_og_det_endelige_kan_ikke_paklages() -> None:
    _, ordning, v = ett("etablering", "T03")
    assert "avgjør kommunens klageorgan klagen" in vedtaksbrev(ordning, v, "nb").tekst()
    k = klagen(
        vedtak=v,
        pa_nytt=v.belop + 5,
        uttalelse="Vedtaket er riktig.",
        arsaker={"regelform": 5},
        innstilling=None,
    )
    brev = klage.oversendelse(ordning, k, "nn")
    assert brev.hode[0] == ("Til", "klageorganet i kommunen")
    assert "tilskot til etablering. Vedtaket er ikkje endra" in brev.innledning[0], "ingen måned"
    gjengi(brev, "html", klage.dekning(ordning, k))
    endelig = vedtaksbrev(ORDNING, replace(VEDTAK, endelig=True), "nb").tekst()
    assert "kan ikke påklages videre" in endelig
    assert KLAGEFRIST not in endelig


def test_ett_brev_om_alle_manedene_en_kontroll_har_avgjort() -> None:
    def kontrollen(*belop: int, krav: bool) -> kontroll.Kontroll:
        dag = date(2026, 10, 20)
        alle = [
            replace(VEDTAK, termin=f"2025-{9 + nr:02d}", bokfort=[Bokfort(b, dag, "husstand", krav)])
            for nr, b in enumerate(belop)
        ]
        return kontroll.Kontroll("b", "2025-01", "2025-12", alle)

    for belop, krav, sagt in (
        ((-300, -200, 50), True, "Det er betalt 450\u00a0kr for mye, og vi krever det tilbake."),
        (
            (300, 200),
            False,
            "Det er betalt 500\u00a0kr for lite. Vi betaler det til deg 20.\u00a0oktober\u00a02026.",
        ),
        ((300, 200), True, "500\u00a0kr går til fradrag i det som kreves tilbake."),
    ):
        k = kontrollen(*belop, krav=krav)
        for sprak in ("nb", "nn"):
            brev = kontroll.kontrollbrev(ORDNING, k, sprak)
            gjengi(brev, "html", kontroll.dekning(ORDNING, k))
            tabell = brev.deler[0].tabell
            assert tabell is not None
            assert len(tabell.rader) == len(belop) + 1
            assert sprak == "nn" or sagt in brev.innledning
            assert ("Om kravet" in [d.overskrift for d in brev.deler]) == (sum(belop) < 0)
            assert KLAGEFRIST in brev.tekst()
