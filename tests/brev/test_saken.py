"""Letters of cases on a real database: a decision, a notice before a claim, a statement to Klagenemnda; issued once,
provable to the byte, refused when a sum is wrong, and gone with the person."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from domain.brev.belop import finn, kroner
from domain.sak.forlop import Rolle
from schemas.brev import BrevInn
from services.api import brev as api
from services.brev import utstedt
from services.brev.gjengi import les as tekst_av
from services.brev.kilde import UkjentSprak
from services.brev.sak import FinnesIkke, KanIkkeLages, Slettet, les
from services.cli import brev as kommando
from services.etterkontroll.start import start
from services.lager.verifisering import verifiser_alt
from services.problem import Problem
from tests.klage.hjelp import KLAGEBEHANDLER, endre, inntekt, klag, om, oppgaver, send_inn, som_api, tilstand
from tests.klage.test_ordningene import avslatt_lan, egen_kommune
from tests.klage.test_ordningene import klag as klag_pa_lan
from tests.motor.hjelp import SAKSBEHANDLER, START, Registre, gjor, kjor, send, sporr
from tests.motor.hjelp import person as noen
from tests.scenarios.bygg import Soknad, person, soknad

__all__ = ["egen_kommune"]
"""A fixture of startlån's tests, used here too."""
APRIL = datetime(2026, 4, 10, 8, tzinfo=UTC)
UKE = timedelta(days=7)
RIK = [{"navn": "innskudd", "belop": 2_000_000, "kategori": "formue"}]


def vedtatt(*folk: Any, tid: datetime = START, **valg: Any) -> tuple[UUID, Soknad, Registre]:
    s = soknad(*(folk or (person(inntekt=18000),)), leie=12000, **valg)
    registre = Registre(s)
    [(sak, _)] = send(s, tid=tid)
    kjor(sak, registre, tid)
    return sak, s, registre


def vedtaket(sak: UUID) -> tuple[UUID, int]:
    [(id_, belop)] = sporr("SELECT id, belop FROM vedtak WHERE sak_id = :s ORDER BY fattet LIMIT 1", s=sak)
    return id_, belop


def utsted(sak: UUID, slag: Any, gjelder: UUID, sprak: str | None = None, **valg: Any) -> utstedt.Utstedt:
    with som_api() as forbindelse:
        return utstedt.utsted(
            forbindelse, sak, slag, gjelder, sprak, valg.get("uttalelse"), "vik", valg.get("tid", START)
        )


def med(sak: UUID, gjor_: Callable[[Any, Connection], Any]) -> Any:
    with som_api() as forbindelse:
        return gjor_(les(forbindelse, sak), forbindelse)


def hent(sak: UUID, slag: Any, gjelder: UUID, format_: Any = "html", sprak: Any = None) -> str:
    innhold, _, _ = med(sak, lambda s, _: utstedt.hent(s, slag, gjelder, sprak, format_, START))
    return " ".join(tekst_av(innhold, format_).split())


def test_vedtaksbrevet_utstedes_en_gang_og_lages_igjen_til_samme_byte(database: str) -> None:
    sak, _, _ = vedtatt(sprak="nn")
    id_, belop = vedtaket(sak)
    utkast = hent(sak, "vedtak", id_)
    assert "Vedtak om bustøtte for september 2026" in utkast, "språket er søknadens"
    assert f"{kroner(belop)} blir betalt til deg 20. oktober 2026.".replace("\u00a0", " ") in utkast
    assert "siste dag 1. oktober 2026" in utkast
    u = utsted(sak, "vedtak", id_)
    assert utsted(sak, "vedtak", id_, "nn").brev == u.brev, "det samme brevet sendes ikke to ganger"
    assert utsted(sak, "vedtak", id_, "nb").brev != u.brev
    [_, nb] = alle = med(sak, lambda s, _: utstedt.alle(s))
    assert [a.sprak for a in alle] == ["nn", "nb"]
    for format_ in ("html", "pdf"):
        innhold = utstedt.gjenskap(u, format_)  # type: ignore[arg-type]
        assert hashlib.sha256(innhold).hexdigest() == u.sha256[format_]  # type: ignore[index]
    assert hent(sak, "vedtak", id_, sprak="nn") == utkast
    assert "Vedtak om bostøtte" in hent(sak, "vedtak", id_), "det sist utstedte når ikke språk er valgt"
    galt = {**nb.dokument, "tittel": "Et annet brev"}
    with pytest.raises(utstedt.Brevavvik):
        utstedt.gjenskap(utstedt.Utstedt(**{**_felt(nb), "dokument": galt}), "html")
    [(lest,)] = sporr(
        "SELECT count(*) FROM hendelse WHERE sak_id = :s AND convert_from(kanonisk, 'UTF8') LIKE :beløp",
        s=sak,
        beløp=f"%{u.sha256['pdf']}%",
    )
    assert lest == 0, "avtrykket er forseglet: et kjent brev med få mulige beløp kunne gjettes av det"
    assert [
        t for (t,) in sporr("SELECT type FROM utgaende WHERE sak_id = :s AND type LIKE '%brev%'", s=sak)
    ] == ["no.boligsak.brev.utstedt.v1"] * 2
    assert verifiser_alt(database).funn == []
    with pytest.raises(FinnesIkke):
        utsted(sak, "vedtak", uuid4())
    with pytest.raises(UkjentSprak):
        utsted(sak, "vedtak", id_, "da")
    with pytest.raises(FinnesIkke):
        utsted(sak, "varsel", id_)


def _felt(u: utstedt.Utstedt) -> dict[str, Any]:
    return {f: getattr(u, f) for f in u.__slots__}


def test_et_brev_med_feil_belop_blir_en_oppgave_som_lukkes_nar_det_er_rettet(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sak, _, _ = vedtatt()
    id_, belop = vedtaket(sak)
    [(behandling,)] = sporr("SELECT behandling_id FROM vedtak WHERE id = :v", v=id_)
    with monkeypatch.context() as feil_i_malen:
        feil_i_malen.setattr("domain.brev.vedtak.kroner", lambda kr: kroner(kr + 1 if kr == belop else kr))
        with som_api() as forbindelse:
            with pytest.raises(utstedt.FeilBelop, match=kroner(belop + 1)) as feil:
                utstedt.utsted(forbindelse, sak, "vedtak", id_, None, None, "vik", START)
            utstedt.apne_oppgave(forbindelse, sak, feil.value, START)
            utstedt.apne_oppgave(forbindelse, sak, feil.value, START)
    assert oppgaver(behandling) == [("husbanken:klage", "brev:belop_uten_dekning")]
    assert med(sak, lambda s, _: utstedt.alle(s)) == []
    utsted(sak, "vedtak", id_)
    assert oppgaver(behandling) == []


def test_varselet_om_krav_har_ny_beregning_og_frist(database: str) -> None:
    s = soknad(
        person(inntekt=9000, skattear=2025, skattegrunnlag=RIK), leie=12000, termin="2025-09", kommune="4601"
    )
    registre = Registre(s)
    tid = datetime.fromisoformat(s.tid)
    [(sak, _)] = send(s, tid=tid)
    kjor(sak, registre, tid)
    _, for_ = vedtaket(sak)
    assert start("bostotte", "etterkontroll", "2025-12", APRIL, ["4601"]) == 1
    kjor(sak, registre, APRIL)
    [(b,)] = sporr("SELECT id FROM behandling WHERE sak_id = :s AND arsak = 'etterkontroll'", s=sak)
    assert tilstand(b) == "varsles"
    tekst = hent(sak, "varsel", b, "pdf")
    assert "Varsel om tilbakekreving av bostøtte" in tekst
    assert "januar 2025 til desember 2025" in tekst
    assert "Bergen (4601)" in tekst
    assert "siste dag 4. mai 2026" in tekst, "1. mai er en fridag"
    assert {for_, -for_} <= {int(x) for x in finn(tekst)}
    assert f"Formuen {kroner(-for_)}".replace("\u00a0", " ") in tekst
    u = utsted(sak, "varsel", b, tid=APRIL)
    send_inn("varsel.levert.v1", APRIL, **om(b, s, "2025-12"), levert=APRIL.isoformat())
    kjor(sak, registre, APRIL + 5 * UKE)
    assert tilstand(b) == "vedtatt"
    assert hent(sak, "varsel", b, "pdf") == tekst, "slik det ble utstedt, også når saken har gått videre"
    assert utstedt.gjenskap(u, "pdf")
    [(ny,)] = sporr("SELECT id FROM vedtak WHERE sak_id = :s AND behandling_id = :b", s=sak, b=b)
    brevet = hent(sak, "vedtak", ny)
    assert f"Det er betalt {kroner(for_)} for mye, og vi krever det tilbake.".replace("\u00a0", " ") in brevet
    assert "Vedtak om bostøtte for januar 2025 til desember 2025" in brevet
    assert "Du kan be om å betale i avdrag" in brevet
    assert "siste dag 5. juni 2026" in brevet, "tre uker fra vedtaket 15. mai"
    assert utsted(sak, "varsel", b, tid=APRIL + 5 * UKE).brev == u.brev
    with pytest.raises(KanIkkeLages, match="annet nå"):
        med(sak, lambda s_, _: utstedt.hent(s_, "varsel", b, "nn", "html", APRIL))
    sporr(
        "INSERT INTO varsel (id, sak_id, behandling_id, kommunenummer, belop, laget)"
        " VALUES (gen_random_uuid(), :s, :b, '4601', 1, now())",
        s=sak,
        b=b,
    )
    with pytest.raises(KanIkkeLages):  # a newer notice is another letter
        hent(sak, "varsel", b)


def test_et_varsel_som_er_besvart_for_det_er_meldt_levert_har_tre_uker(database: str) -> None:
    """The answer proves the delivery; the day of it is not the deadline that the letter tells."""
    sak, s, registre = vedtatt(
        person(inntekt=9000, skattear=2025, skattegrunnlag=RIK),
        tid=datetime(2025, 9, 10, 9, tzinfo=UTC),
        termin="2025-09",
        kommune="5001",
    )
    assert start("bostotte", "etterkontroll", "2025-12", APRIL, ["5001"]) == 1
    kjor(sak, registre, APRIL)
    [(b,)] = sporr("SELECT id FROM behandling WHERE sak_id = :s AND arsak = 'etterkontroll'", s=sak)
    send_inn("varsel.besvart.v1", APRIL + UKE, **om(b, s, "2025-12"), tekst="Formuen er ikke min.")
    tekst = hent(sak, "varsel", b)
    assert "Regnet fra dagen varselet ble laget, er siste dag 4. mai 2026" in tekst
    assert "Fristen for å svare er" not in tekst


def test_uttalelsen_til_klagenemnda_og_en_sum_som_ikke_stemmer(database: str) -> None:
    sak, s, registre = vedtatt()
    _, belop = vedtaket(sak)
    endre(registre, s, **inntekt(17000))
    tid = START + UKE
    klagen = klag(
        sak,
        s,
        tid,
        tekst="Jeg tjener 15 000 kr.\r\nHjelp! 😊 中 \x07",
        dokumentasjon=[{"slag": "inntekt", "referanse": "arkiv/2026/1"}],
    )
    gjor(
        sak,
        "innstill",
        SAKSBEHANDLER,
        tid,
        behandling=klagen,
        begrunnelse="Kommunen mener 18 000 kr er rett.",
    )
    kjor(sak, registre, tid)
    with pytest.raises(FinnesIkke):
        utsted(sak, "klageoversendelse", klagen)
    grunn = "Inntekten i måneden var 17 000 kr, og bostøtten skal etter klagerens syn være 9 999 kr."
    gjor(sak, "oppretthold", KLAGEBEHANDLER, tid, behandling=klagen, begrunnelse=grunn)
    with pytest.raises(utstedt.FeilBelop, match="9\u00a0999\u00a0kr") as feil:
        utsted(sak, "klageoversendelse", klagen, tid=tid)
    assert "15" not in str(feil.value), "klagerens egne ord er ikke våre å rette"
    andre_ord = f"Inntekten var 17 000 kr. Vedtaket ga {kroner(belop)}."
    utsted(sak, "klageoversendelse", klagen, "nn", uttalelse=andre_ord, tid=tid)
    tekst = hent(sak, "klageoversendelse", klagen, "pdf")
    for ord_ in (
        "Klagenemnda for Husbanken",
        "Jeg tjener 15 000 kr. Hjelp! [?] [?] [?]",
        "Kommunen mener 18 000 kr er rett.",
        "arkiv/2026/1",
        "Inntekta",
        "Inntekten var 17 000 kr.",
        "Ho kom i tide.",
        "Fråsegna er gitt av saksbehandlar vik.",
    ):
        assert ord_ in tekst, ord_
    egne = BrevInn(slag="klageoversendelse", gjelder=klagen, sprak="nb", uttalelse="Vedtaket er riktig.")
    for inn, status in ((egne, 403), (egne.model_copy(update={"slag": "vedtak"}), 422)):
        with pytest.raises(Problem) as nekt:
            api.utsted(sak, inn, SAKSBEHANDLER)
        assert nekt.value.status == status, "ingen legger ord i Husbankens munn"
    dahl = noen("dahl", Rolle.KLAGEBEHANDLER)
    assert api.utsted(sak, egne, dahl).sprak == "nb"
    assert "gitt av saksbehandler dahl" in hent(sak, "klageoversendelse", klagen, sprak="nb")
    assert verifiser_alt(database).funn == []


@pytest.mark.usefixtures("egen_kommune")
def test_kommunens_uttalelse_til_sitt_eget_klageorgan(database: str) -> None:
    lan = avslatt_lan()
    klagen = klag_pa_lan(lan.id, {"fnr": lan.soknad.soker.fnr}, START)
    gjor(lan.id, "oppretthold", SAKSBEHANDLER, behandling=klagen, begrunnelse="Inntekten bærer ikke lånet.")
    tekst = hent(lan.id, "klageoversendelse", klagen)
    assert "Til kommunens klageorgan" in tekst
    assert "Inntekten er for lav til å betjene lånet" in tekst
    assert "blir beløpet det samme: 0 kr" in tekst
    assert "Hilsen kommunen" in tekst


def test_kommandoen_skriver_brevet_og_leser_ikke_i_skjul(database: str, tmp_path: Path) -> None:
    sak, _, _ = vedtatt()
    id_, _ = vedtaket(sak)
    kjor_ = CliRunner()
    fil = tmp_path / "brev.pdf"
    svar = kjor_.invoke(kommando.app, [str(id_), "--format", "pdf", "--sprak", "nn", "--ut", str(fil)])
    assert svar.exit_code == 0, svar.output
    assert fil.stat().st_mode & 0o077 == 0
    assert "bustøtte" in tekst_av(fil.read_bytes(), "pdf")
    assert "<h1>Vedtak om bostøtte" in kjor_.invoke(kommando.app, [str(id_)]).stdout
    with psycopg.connect(database) as eier:
        lest = eier.execute("SELECT count(*) FROM lesing WHERE sak_id = %s AND hva = 'brev.vedtak'", (sak,))
        assert lest.fetchone() == (2,)
    for valg, melding in (([str(uuid4())], "finnes ikke"), ([str(id_), "--sprak", "da"], "nb, nn")):
        nei = kjor_.invoke(kommando.app, valg)
        assert nei.exit_code == 2
        assert melding in nei.stderr


def test_beskyttet_adresse_sier_ikke_kommunen_og_et_slettet_brev_er_borte(database: str) -> None:
    sak, _, _ = vedtatt()
    id_, _ = vedtaket(sak)
    assert "Oslo (0301)" in hent(sak, "vedtak", id_)
    sporr("UPDATE sak SET gradert = true WHERE id = :s", s=sak)
    assert "Oslo" not in hent(sak, "vedtak", id_)
    utsted(sak, "vedtak", id_)
    with psycopg.connect(database, autocommit=True) as eier:
        eier.execute("UPDATE sak SET status = 'avsluttet', slettet = now() WHERE id = %s", (sak,))
    with pytest.raises(Slettet):
        med(sak, lambda s, _: utstedt.alle(s))
    with pytest.raises(Slettet):
        utsted(sak, "vedtak", id_)
