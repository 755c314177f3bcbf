"""The ledger: set-off, files that are the same when made again, answers, and sums that add up."""

import hashlib
import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from services.utbetaling.avstem import avstem
from services.utbetaling.fil import FilFinnesIkke, IkkeSinTur, lag, merk_sendt, skriv
from services.utbetaling.pain002 import UgyldigSvar
from services.utbetaling.svar import les_inn, prov_igjen
from services.utbetaling.tilstand import OVERGANGER, kan_ga
from tests.utbetaling.hjelp import pain002, sak, sak_id, statuser, vedtak

NA = datetime(2024, 4, 22, 8, tzinfo=UTC)


@pytest.fixture
def bok(rydd):
    with psycopg.connect(rydd, autocommit=True) as kobling:
        yield kobling


def linje(bok, nr: int) -> tuple[UUID, int, str]:
    return bok.execute(
        "SELECT id, belop, mottaker FROM utbetalingslinje WHERE sak_id = %s ORDER BY fil_id DESC",
        (sak_id(nr),),
    ).fetchone()


def test_motregning_minstebelop_og_transport(bok):
    for nr in range(1, 7):
        sak(bok, nr)
    vedtak(bok, 1, 3000)
    vedtak(bok, 2, 3000)
    vedtak(bok, 2, 1000, termin="2024-02", differanse=-1200)  # owes 1 200 from February
    vedtak(bok, 3, 1000)
    vedtak(bok, 3, 0, termin="2024-02", differanse=-2500)  # owes more than it gets
    vedtak(bok, 4, 2000)
    vedtak(bok, 4, 0, termin="2024-02", differanse=-1960)  # forty kroner left
    vedtak(bok, 5, 4000, mottaker="kommune")
    vedtak(bok, 5, 3500, termin="2024-02", differanse=-500)
    vedtak(bok, 6, 2000, status="holdt")
    [fil] = lag("2024-03")
    assert (fil.msgid, fil.forfall, fil.antall, fil.sum) == (
        "BOSTOTTE-2024-03-001",
        date(2024, 4, 19),
        3,
        8300,
    )
    assert linje(bok, 1)[1:] == (3000, "husstand")
    assert linje(bok, 2)[1:] == (1800, "husstand")
    assert linje(bok, 5)[1:] == (3500, "kommune")
    assert {s for _, s in statuser(bok, 2)} == {"i_fil"}
    for nr in (3, 4):
        assert linje(bok, nr) is None
        assert {s for _, s in statuser(bok, nr)} == {"planlagt"}
    assert statuser(bok, 6) == [(2000, "holdt")]
    # The debt is carried to the month after, and is settled there.
    vedtak(bok, 3, 4000, termin="2024-04", forfall=date(2024, 5, 16))
    vedtak(bok, 4, 100, termin="2024-04", forfall=date(2024, 5, 16))
    [neste] = lag("2024-04")
    assert (neste.antall, neste.sum) == (2, 1000 - 2500 + 4000 + 40 + 100)


def test_etterbetaling_fra_for_samtykket_gar_ikke_til_kommunen(bok):
    """Bustøttelova § 9: the consent is prior. What the household had coming from before it is the household's."""
    for nr in (1, 2, 3):
        sak(bok, nr)
        vedtak(bok, nr, 3000, mottaker="kommune")
    vedtak(bok, 1, 1000, termin="2024-02", differanse=400)
    vedtak(bok, 2, 1000, termin="2024-02", differanse=40)  # too little to be paid by itself
    vedtak(bok, 3, 1000, termin="2024-02", differanse=400)
    vedtak(bok, 3, 500, termin="2024-01", differanse=-900)  # a debt comes first, whoever gets the rest
    filer = lag("2024-03")
    assert [(f.antall, f.sum) for f in filer] == [(3, 8500), (1, 400)]
    linjer = bok.execute(
        "SELECT f.nr, l.sak_id, l.mottaker, l.belop FROM utbetalingslinje l JOIN utbetalingsfil f ON f.id = l.fil_id"
    ).fetchall()
    assert set(linjer) == {
        (1, sak_id(1), "kommune", 3000),
        (1, sak_id(2), "kommune", 3000),
        (1, sak_id(3), "kommune", 2500),
        (2, sak_id(1), "husstand", 400),
    }
    assert {s for _, s in statuser(bok, 2)} == {"i_fil", "planlagt"}
    assert lag("2024-03") == filer
    assert avstem("2024-03").stemmer


def test_samme_kjoring_gir_samme_fil(bok, tmp_path):
    for nr in range(1, 30):
        sak(bok, nr)
        vedtak(bok, nr, 1000 + nr, mottaker="kommune" if nr % 3 == 0 else "husstand")
    [fil] = lag("2024-03")
    forste = skriv(fil, tmp_path)
    innhold = forste.read_bytes()
    assert innhold.count(b"<EndToEndId>") == 29
    forste.unlink()
    [igjen] = lag("2024-03")
    assert igjen.sha256 == hashlib.sha256(innhold).digest()
    assert skriv(igjen, tmp_path).read_bytes() == innhold
    assert avstem("2024-03").stemmer
    # What comes later goes into a file of its own; the first stays as it is.
    sak(bok, 30)
    vedtak(bok, 30, 777)
    filer = lag("2024-03")
    assert [(f.msgid[-3:], f.antall, f.sum) for f in filer] == [("001", 29, fil.sum), ("002", 1, 777)]
    assert skriv(filer[0], tmp_path).read_bytes() == innhold


@pytest.mark.parametrize(
    ("dag", "tidlig", "neste"),
    [
        (date(2024, 4, 10), "2024-04", "2024-03"),  # «the payment of April» is that of the termin of March
        (date(2024, 4, 19), "2025-03", "2024-03"),  # the payment day itself
        (date(2024, 4, 20), "2024-05", "2024-04"),
    ],
)
def test_en_termin_betales_ikke_for_den_som_kommer_for(bok, dag, tidlig, neste):
    """What is due on the 19th of April must not get into a file that the bank pays in May."""
    sak(bok, 1)
    vedtak(bok, 1, 3000)
    with pytest.raises(IkkeSinTur, match=f"termin: {tidlig} betales .* før den betales {neste}"):
        lag(tidlig, dag=dag)
    assert statuser(bok, 1) == [(3000, "planlagt")]
    [fil] = lag(neste, dag=dag)
    assert fil.sum == 3000


def test_svar_fra_banken_utfort_avvist_og_lest_to_ganger(bok):
    for nr in (1, 2, 3):
        sak(bok, nr)
        vedtak(bok, nr, 1000 * nr)
    [fil] = lag("2024-03")
    assert merk_sendt(fil.msgid).status == "sendt"
    assert merk_sendt(fil.msgid).status == "sendt"
    en, to, tre = (linje(bok, nr)[0].hex for nr in (1, 2, 3))
    svar = pain002(
        fil.msgid,
        [(en, "ACSC", None), (to, "RJCT", "AC01"), (tre, "PDNG", None), (uuid4().hex, "ACSC", None)],
    )
    k = les_inn(svar, NA)
    assert (k.utfort, k.avvist, k.under_veis, k.ukjent, k.ny) == (1, 1, 1, 1, True)
    assert [statuser(bok, nr)[0][1] for nr in (1, 2, 3)] == ["utfort", "avvist", "sendt"]
    igjen = les_inn(svar, NA)
    assert (igjen.utfort, igjen.avvist, igjen.ny) == (1, 1, False)
    oppgaver = bok.execute("SELECT sak_id, arsak, eier FROM oppfolging").fetchall()
    assert oppgaver == [(sak_id(2), "betaling_avvist:AC01", "kommune:0301")]
    # The same statuses in another message change nothing either.
    k = les_inn(pain002(fil.msgid, [(en, "ACSC", None), (to, "ACSC", None)]), NA)
    assert (k.utfort, k.ukjent) == (0, 2)
    # The account is put right: the rows go with the next file, and every sum still adds up.
    assert prov_igjen(sak_id(2)) == 1
    assert prov_igjen(sak_id(2)) == 0
    assert bok.execute("SELECT lukket_av FROM oppfolging").fetchall() == [("utbetaling:igjen",)]
    filer = lag("2024-03")
    assert [(f.antall, f.sum) for f in filer] == [(3, 6000), (1, 2000)]
    a = avstem("2024-03")
    assert a.feil == []
    assert (a.vedtatt, a.bokfort) == (6000, 6000)


def test_hele_filen_avvist(bok):
    for nr in (1, 2):
        sak(bok, nr)
        vedtak(bok, nr, 900)
    [fil] = lag("2024-03")
    k = les_inn(pain002(fil.msgid, [], hele="RJCT"), NA)
    assert (k.avvist, k.utfort) == (2, 0)
    assert {s for nr in (1, 2) for _, s in statuser(bok, nr)} == {"avvist"}


def test_en_kommune_som_har_byttet_nummer_far_pengene_som_den_nye(bok, tmp_path):
    for nr, kommune in ((1, "5401"), (2, "5501")):
        sak(bok, nr, kommune)
        vedtak(bok, nr, 900, mottaker="kommune")
    [fil] = lag("2024-03")
    innhold = skriv(fil, tmp_path).read_text()
    mottakere = re.findall(r"<Cdtr><Nm>(.*?)</Nm></Cdtr><CdtrAcct><Id><Othr><Id>(\d+)", innhold)
    assert len(mottakere) == 2
    assert len(set(mottakere)) == 1
    assert mottakere[0][0] == "Tromsø kommune"


@pytest.mark.parametrize(
    ("feil", "felt"),
    [
        ({"antall": "3", "sum_": "1800.00"}, "OrgnlNbOfTxs"),
        ({"antall": "2", "sum_": "18000.00"}, "OrgnlCtrlSum"),
        ({"antall": "2", "sum_": "1800", "belop": "9000.00"}, "InstdAmt"),
    ],
)
def test_et_svar_om_andre_belop_enn_vare_endrer_ingenting(bok, feil, felt):
    for nr in (1, 2):
        sak(bok, nr)
        vedtak(bok, nr, 900)
    [fil] = lag("2024-03")
    en = linje(bok, 1)[0].hex
    with pytest.raises(UgyldigSvar) as gal:
        les_inn(pain002(fil.msgid, [(en, "RJCT", "AM02")], hele="ACSC", **feil), NA)
    assert gal.value.felt == felt
    assert {s for nr in (1, 2) for _, s in statuser(bok, nr)} == {"i_fil"}
    # Right sums: what is said of one payment comes before what is said of them all.
    k = les_inn(pain002(fil.msgid, [(en, "RJCT", "AM02")], hele="ACSC", antall="2", sum_="1800.00"), NA)
    assert (k.utfort, k.avvist, k.ukjent) == (1, 1, 0)
    assert [statuser(bok, nr)[0][1] for nr in (1, 2)] == ["avvist", "utfort"]


def test_svar_pa_ukjent_fil_endrer_ingenting(bok):
    with pytest.raises(FilFinnesIkke, match="MsgId: ingen fil heter FEIL"):
        les_inn(pain002("FEIL", []), NA)
    assert bok.execute("SELECT count(*) FROM banksvar").fetchone() == (0,)


def test_avstemmingen_finner_det_som_ikke_gar_opp(bok):
    for nr in (1, 2, 3):
        sak(bok, nr)
    vedtak(bok, 1, 3000)
    vedtak(bok, 1, 3030, gang=1, differanse=0)  # thirty kroner are not paid out
    vedtak(bok, 2, 2000)
    lag("2024-03")
    a = avstem("2024-03")
    assert a.stemmer
    assert (a.vedtatt, a.bokfort, a.smabelop) == (5030, 5000, 30)
    vedtak(bok, 3, 1500, differanse=0)
    assert avstem("2024-03").feil == ["1 saker der vedtak og utbetaling ikke stemmer"]
    bok.execute("UPDATE utbetalingslinje SET belop = belop + 1 WHERE sak_id = %s", (sak_id(2),))
    assert "fil BOSTOTTE-2024-03-001: hode, linjer og rader har ulike summer" in avstem("2024-03").feil


def test_databasen_kjenner_de_samme_overgangene(bok):
    sak(bok, 1)
    vedtak(bok, 1, 500)
    for fra in OVERGANGER:
        for til in OVERGANGER:
            if fra == til:
                continue
            with bok.transaction() as tx:
                bok.execute("SET LOCAL session_replication_role = replica")
                bok.execute("UPDATE utbetaling SET status = %s", (fra,))
                bok.execute("SET LOCAL session_replication_role = origin")
                if kan_ga(fra, til):
                    bok.execute("UPDATE utbetaling SET status = %s", (til,))
                else:
                    with pytest.raises(psycopg.errors.CheckViolation), bok.transaction():
                        bok.execute("UPDATE utbetaling SET status = %s", (til,))
                raise psycopg.Rollback(tx)


def test_et_belop_kan_aldri_endres(bok):
    sak(bok, 1)
    vedtak(bok, 1, 500)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="kan ikke endres"):
        bok.execute("UPDATE utbetaling SET belop = 5000")
