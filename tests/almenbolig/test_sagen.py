"""A commitment through the door, the engine and people, and forty years on: every step a decision, each replayable."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.almenbolig.kommuner import KOMMUNER
from domain.almenbolig.ordning import ALMENBOLIG
from domain.kommuner import kommuner
from services.lager import saker
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.verifisering import verifiser_alt
from services.motor.avgjorelse import apne_vedtak
from services.mottak.mottak import ta_imot_flere
from services.problem import Problem
from services.rapport.almenbolig_regnskab import lag as lag_regnskab
from services.rapport.almenbolig_regnskab import skriv as skriv_regnskab
from services.replay.spill import spill_av
from services.tilgang.aktor import systemaktor
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, gjor, kjor, sporr

CVR = "25313763"
PROJEKT = {"anskaffelsessum": 100_000_000, "boligtype": "familie", "antal_boliger": 50, "areal": 4750}


def middag(dag: str) -> datetime:
    return datetime.combine(date.fromisoformat(dag), time(12), UTC)


def haendelse(navn: str, dato: str, projekt_id: str = "P-1", **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{navn}-{dato}-{projekt_id}",
        "source": "https://bossinf.example.dk",
        "type": f"no.boligsak.almenbolig.{navn}.v1",
        "time": f"{dato}T10:00:00Z",
        "data": {
            "termin": dato[:7],
            "kommunenummer": "0751",
            "organisation": {"cvr": CVR},
            "projekt_id": projekt_id,
            "dato": dato,
            **data,
        },
    }


def send(*haendelser: dict[str, Any]) -> list[Any]:
    tid = max(datetime.fromisoformat(h["time"]) for h in haendelser)
    return list(ta_imot_flere(haendelser, systemaktor("innsender"), tid, None))


def meld(navn: str, dato: str, **data: Any) -> tuple[UUID, UUID]:
    [svar] = send(haendelse(navn, dato, **data))
    assert not isinstance(svar, Problem), svar.dokument()
    kjor(svar.sak, None, middag(dato))
    return svar.sak, svar.behandling


def godkend(sak: UUID, behandling: UUID, dato: str) -> None:
    gjor(
        sak, "foresla", SAKSBEHANDLER, middag(dato), behandling=behandling, begrunnelse="Skemaet er i orden."
    )
    gjor(sak, "attester", ATTESTANT, middag(dato), behandling=behandling)
    kjor(sak, None, middag(dato))


def skema(navn: str, dato: str, **data: Any) -> UUID:
    sak, behandling = meld(navn, dato, **data)
    assert tilstand(behandling) == "manuell"
    godkend(sak, behandling, dato)
    assert tilstand(behandling) == "vedtatt"
    return sak


def tilstand(behandling: UUID) -> str:
    return str(sporr("SELECT tilstand FROM behandling WHERE id = :b", b=behandling)[0].tilstand)


def lev(sak: UUID, til: str) -> None:
    """The clock goes on to that day: the wake-ups that are in the outbox by then, in order of time."""
    for _ in range(400):
        venter = sporr(
            "SELECT min(kjor_etter) AS naar FROM utboks WHERE sak_id = :sak AND status = 'venter'", sak=sak
        )[0].naar
        if venter is None or venter > middag(til):
            return
        kjor(sak, None, venter)
    raise AssertionError("sagen tog ingen ende")


def vedtak(sak: UUID) -> Iterator[tuple[Any, dict[str, Any], list[dict[str, Any]]]]:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        nokkel = saker.las(forbindelse, sak).nokkel
    for v in sporr("SELECT * FROM vedtak WHERE sak_id = :sak ORDER BY fattet, id", sak=sak):
        fakta, spor = apne_vedtak(nokkel, v.id, v.fakta, v.spor)
        yield v, orjson.loads(fakta), orjson.loads(spor)


def saldo(spor: list[dict[str, Any]]) -> float:
    return float(next(li["verdi"] for li in spor if li["navn"] == "saldo"))


def test_et_tilsagn_lever_fyrre_aar_og_ender_paa_nul(rydd: str) -> None:
    sak, behandling = meld("finanslov.budgetteret", "2018-06-01", tilsagnstermin="2020-10", projekt=PROJEKT)
    assert tilstand(behandling) == "vedtatt"
    assert skema("tilsagn.meldt", "2020-10-15", projekt=PROJEKT) == sak
    lev(sak, "2021-11-01")
    skema("skema-b.meldt", "2021-11-01", anskaffelsessum=104_000_000, antal_boliger=50, areal=4750)
    lev(sak, "2022-11-15")
    meld("lan.optaget", "2022-11-15", hovedstol=91_500_000, lantype="rtl10", rente=-0.0036)
    lev(sak, "2023-02-01")
    skema("skema-c.meldt", "2023-02-01", anskaffelsessum=103_700_000, antal_boliger=50, areal=4750)
    lev(sak, "2032-12-01")
    meld("lan.refinansieret", "2032-12-01", lanear=10, rente=0.055)
    lev(sak, "2042-12-01")
    meld("lan.refinansieret", "2042-12-01", lanear=20, rente=0.01)
    lev(sak, "2070-01-01")

    alle = list(vedtak(sak))
    antal = {k: sum(v.kode == k for v, _, _ in alle) for k in {v.kode for v, _, _ in alle}}
    assert antal == {
        "D00": 1, "D01": 1, "D02": 1, "D03": 1, "D04": 1, "D05": 2, "D10": 42, "D11": 160, "D12": 1, "D13": 11,
        "D14": 1,
    }  # fmt: skip
    # The balance of each decision is the one before plus what it booked; it ends at nothing.
    for (_, _, for_), (_, fakta, efter) in pairwise(alle):
        assert fakta["stilling"]["saldo_ore"] == round(100 * saldo(for_))
        bogfort = sum(round(100 * li["verdi"]) for li in efter if li["formel"] == "postering")
        assert round(100 * saldo(efter)) == round(100 * saldo(for_)) + bogfort
    assert saldo(alle[-1][2]) == 0
    assert alle[-1][1]["dato"] == "2062-12-29"  # the last working day of 2062
    assert all(f["valuta"] == "DKK" for _, f, _ in alle)
    # Events, decisions and reckonings can all be made again.
    [rad] = sporr("SELECT status FROM sak WHERE id = :sak", sak=sak)
    assert rad.status == "avsluttet"
    assert sporr("SELECT 1 FROM behandling WHERE sak_id = :sak AND avsluttet IS NULL", sak=sak) == []
    typer = [r.type for r in sporr("SELECT type FROM hendelse WHERE sak_id = :sak ORDER BY seq", sak=sak)]
    assert typer.count("vedtak_fattet") == len(alle) == 222
    spilt = spill_av(rydd, [v.id for v, _, _ in alle])
    assert (spilt.like, spilt.avvik) == (len(alle), [])
    assert verifiser_alt(rydd).funn == []


def test_uden_lan_eller_rente_ser_et_menneske_paa_det(rydd: str) -> None:
    sak = skema("tilsagn.meldt", "2020-10-15", projekt=PROJEKT)
    lev(sak, "2025-06-01")
    [opgave] = sporr("SELECT arsak, eier FROM oppfolging WHERE sak_id = :sak AND lukket IS NULL", sak=sak)
    assert opgave == ("finansiering_mangler", "kommune:0751")
    # The loan comes; its rate is known for one year, and the next is not reported in time.
    meld("lan.optaget", "2025-06-02", hovedstol=88_000_000, lantype="rtl1", rente=0.01)
    lev(sak, "2027-06-01")
    arsager = {
        r.arsak for r in sporr("SELECT arsak FROM oppfolging WHERE sak_id = :sak AND lukket IS NULL", sak=sak)
    }
    assert arsager == {"finansiering_mangler", "rente_mangler"}
    [venter] = sporr(
        "SELECT id FROM behandling WHERE sak_id = :sak AND arsak = 'termin' AND tilstand = 'manuell'", sak=sak
    )
    _, refin = meld("lan.refinansieret", "2027-06-02", lanear=1, rente=0.02)
    assert tilstand(refin) == "vedtatt"
    gjor(sak, "kontroller_pa_nytt", SAKSBEHANDLER, middag("2027-06-02"), behandling=venter.id)
    # What only waits for its day is not something to choose among: the revaluation is what a person has left.
    kjor(sak, None, middag("2027-06-02"))
    assert tilstand(venter.id) == "vedtatt"
    gjor(sak, "foresla", SAKSBEHANDLER, middag("2027-06-03"), begrunnelse="Lånet er meldt.")
    gjor(sak, "attester", ATTESTANT, middag("2027-06-03"))
    assert [v.kode for v, _, _ in vedtak(sak)][-1] == "D13"


def test_statens_regnskab_er_summen_af_sagerne(rydd: str, tmp_path: Path) -> None:
    """Three commitments, one lapsed, and one budgeted alone: the account of a year is what the decisions say."""

    def givet(projekt_id: str, dato: str) -> UUID:
        [svar] = send(haendelse("tilsagn.meldt", dato, projekt_id, projekt=PROJEKT))
        kjor(svar.sak, None, middag(dato))
        godkend(svar.sak, svar.behandling, dato)
        return UUID(str(svar.sak))

    en, to, tre = givet("P-1", "2020-10-15"), givet("P-2", "2020-11-01"), givet("P-3", "2021-02-01")
    [budget] = send(
        haendelse("finanslov.budgetteret", "2021-03-01", "P-4", tilsagnstermin="2023-01", projekt=PROJEKT)
    )
    kjor(budget.sak, None, middag("2021-03-01"))
    for sak in (en, to, tre):
        lev(sak, "2022-03-01")
    [tabt] = send(haendelse("tilsagn.bortfaldet", "2022-03-02", "P-2"))
    kjor(tabt.sak, None, middag("2022-03-02"))

    r = lag_regnskab(2022, date(2022, 3, 2))
    assert (r.avvik, r.slettet, list(r.argange)) == ([], 0, [2020, 2021, 2023])
    assert [(a.givet, a.afsluttet, a.uden_lan, a.udestaende) for a in r.argange.values()] == [
        (2, 1, 1, 0), (1, 0, 1, 0), (0, 0, 0, 0),
    ]  # fmt: skip
    assert (r.argange[2023].budgetteret, r.argange[2023].saldo, r.argange[2023].budget != 0) == (1, 0, True)
    for ar, sager in ((2020, (en, to)), (2021, (tre,))):
        bogfort = [
            (li["navn"], round(100 * li["verdi"]))
            for sag in sager for _, _, spor in vedtak(sag) for li in spor if li["formel"] == "postering"
        ]  # fmt: skip
        a = r.argange[ar]
        assert sum(a.posteret.values()) == a.saldo == sum(ore for _, ore in bogfort)
        assert {n: a.posteret[n] for n, _ in bogfort} == {
            n: sum(ore for art, ore in bogfort if art == n) for n, _ in bogfort
        }
    assert len(r.argange[2021].forventet) == 40
    # By the end of the year the refusion is due and has not been fixed.
    assert lag_regnskab(2022).argange[2020].udestaende == 1
    assert lag_regnskab(2019).argange == {}
    tekst = skriv_regnskab(r, tmp_path)[0].read_text()
    assert "| 2020 | 2 | 100 | 200 |" in tekst


def test_en_vaekning_for_meget_eller_for_tidlig_gor_intet(rydd: str) -> None:
    sak = skema("tilsagn.meldt", "2020-10-15", projekt=PROJEKT)
    planlagt = sporr(
        "SELECT arsak, termin FROM behandling WHERE sak_id = :sak AND avsluttet IS NULL ORDER BY frist",
        sak=sak,
    )
    assert planlagt == [("revurdering", "2020-12"), ("rente", "2021-01"), ("refusion", "2022-09")]
    for dag in ("2020-12-30", "2020-12-30"):
        kjor(sak, None, middag(dag))
    assert [v.kode for v, _, _ in vedtak(sak)] == ["D01"]
    for _ in range(3):
        kjor(sak, None, middag("2021-01-01"))
    assert [v.kode for v, _, _ in vedtak(sak)] == ["D01", "D13", "D10"]
    assert len(sporr("SELECT 1 FROM behandling WHERE sak_id = :sak AND tilstand = 'planlagt'", sak=sak)) == 3


def test_bortfald_tager_hensaettelsen_tilbage_og_lukker_sagen(rydd: str) -> None:
    sak = skema("tilsagn.meldt", "2020-10-15", projekt=PROJEKT)
    lev(sak, "2021-03-01")
    assert meld("tilsagn.bortfaldet", "2021-03-02")[0] == sak
    sidste = list(vedtak(sak))[-1]
    assert (sidste[0].kode, saldo(sidste[2])) == ("D15", 0)
    assert sporr(
        "SELECT tilstand FROM behandling WHERE sak_id = :sak AND arsak = 'rente' ORDER BY nr DESC LIMIT 1",
        sak=sak,
    ) == [("henlagt",)]
    # The next commitment of the same project is a case of its own; what does not fit it waits for people.
    ny = skema("tilsagn.meldt", "2022-10-15", projekt=PROJEKT)
    assert ny != sak
    _, lan = meld("lan.optaget", "2022-11-15", hovedstol=88_000_000.01, lantype="rtl10", rente=0.01)
    _, bortfald = meld("tilsagn.bortfaldet", "2022-11-16")
    assert (tilstand(lan), tilstand(bortfald)) == ("manuell", "vedtatt")
    arsager = sporr("SELECT arsak FROM oppfolging WHERE sak_id = :sak AND lukket IS NULL", sak=ny)
    assert [a.arsak for a in arsager] == ["lan_over_graensen"]
    # People take the loan in after all: on an account that is closed it books nothing, and the case stays closed.
    gjor(ny, "foresla", SAKSBEHANDLER, middag("2022-11-17"), begrunnelse="Lånet findes.")
    gjor(ny, "attester", ATTESTANT, middag("2022-11-17"))
    sidste = list(vedtak(ny))[-1]
    assert (sidste[0].kode, saldo(sidste[2])) == ("D04", 0)
    assert not [li for li in sidste[2] if li["formel"] == "postering"]
    assert sporr("SELECT status FROM sak WHERE id = :sak", sak=ny)[0].status == "avsluttet"
    assert verifiser_alt(rydd).funn == []


def test_kommunen_kan_rette_projektet_inden_for_det_et_projekt_kan_vaere(rydd: str) -> None:
    sak, behandling = meld("tilsagn.meldt", "2020-10-15", projekt=PROJEKT)

    def foresla(**overstyring: Any) -> None:
        gjor(sak, "foresla", SAKSBEHANDLER, middag("2020-10-15"), behandling=behandling, begrunnelse="Rettet.",
             overstyring={f"projekt.{n}": v for n, v in overstyring.items()})  # fmt: skip

    for felt, verdi in (
        ("areal", 0.001),
        ("anskaffelsessum", -1),
        ("boligtype", "slot"),
        ("termin", "2019-01"),
    ):
        with pytest.raises(Problem) as nekt:
            foresla(**{felt: verdi})
        assert nekt.value.dokument()["feil"][0]["felt"] == f"overstyring.projekt.{felt}"
    foresla(anskaffelsessum=240_000_000, areal=5500)
    gjor(sak, "attester", ATTESTANT, middag("2020-10-15"), behandling=behandling)
    [(_, fakta, spor)] = vedtak(sak)
    assert (fakta["projekt"]["anskaffelsessum"], fakta["projekt"]["areal"]) == (240_000_000, 5500)
    assert (
        next(li["verdi"] for li in spor if li["navn"] == "lan") == 206_400_000
    )  # 110 m² a dwelling: 86 per cent


def test_hvert_projekt_er_sin_sag(rydd: str) -> None:
    en, to = send(
        haendelse("tilsagn.meldt", "2020-10-15", projekt=PROJEKT),
        haendelse("tilsagn.meldt", "2020-10-15", "P-2", projekt=PROJEKT),
    )
    assert en.sak != to.sak
    assert sporr("SELECT gjelder FROM sak ORDER BY gjelder") == [("P-1",), ("P-2",)]
    [igen] = send(haendelse("finanslov.budgetteret", "2020-10-16", tilsagnstermin="2020-11", projekt=PROJEKT))
    assert igen.sak == en.sak


@pytest.mark.parametrize(
    ("navn", "data", "felt"),
    [
        ("lan.optaget", {"hovedstol": 1, "lantype": "rtl10", "rente": 0.01}, "data"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "kommunenummer": "0301"}, "data.kommunenummer"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "organisation": {"cvr": "25313764"}}, "data.organisation.cvr"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "termin": "2020-09"}, "data"),
        ("tilsagn.meldt", {"projekt": {**PROJEKT, "boligtype": "slot"}}, "data.projekt.boligtype"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "projekt_id": "for langt" * 9}, "data.projekt_id"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "projekt_id": "P-251248-4916"}, "data.projekt_id"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "projekt_id": "X2512484916"}, "data.projekt_id"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "projekt_id": "01859001064"}, "data"),
        ("tilsagn.meldt", {"projekt": {**PROJEKT, "bidrag_per_m2": 180}}, "data.projekt.bidrag_per_m2"),
        ("tilsagn.meldt", {"projekt": {**PROJEKT, "areal": True}}, "data.projekt.areal"),
        ("tilsagn.meldt", {"projekt": {**PROJEKT, "anskaffelsessum": 0.005}}, "data.projekt.anskaffelsessum"),
        ("tilsagn.meldt", {"projekt": PROJEKT, "dato": "2020-10-16", "termin": "2020-10"}, "data.dato"),
        ("finanslov.budgetteret", {"projekt": PROJEKT, "tilsagnstermin": "2020-09"}, "data.tilsagnstermin"),
    ],
)
def test_doren_navngiver_feltet(rydd: str, navn: str, data: dict[str, Any], felt: str) -> None:
    h = haendelse(navn, "2020-10-15")
    h["data"] |= data
    [svar] = send(h)
    assert isinstance(svar, Problem)
    assert felt in [f["felt"] for f in svar.dokument()["feil"]]
    assert sporr("SELECT 1 FROM sak") == []


def test_danske_og_norske_kommuner_modes_ikke() -> None:
    assert len(KOMMUNER) == 98
    for ar in range(2022, 2027):
        assert KOMMUNER.isdisjoint(k.kommunenummer for k in kommuner(date(ar, 1, 1)))


def test_ordningen_er_dansk() -> None:
    assert (ALMENBOLIG.valuta, ALMENBOLIG.sprak) == ("DKK", ("da",))
