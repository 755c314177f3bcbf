"""The frame under pressure: two hundred at once, and random annulments and rises, never over-committed."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from services.motor.dren import dren_flere
from services.motor.feil import er_forbigaende
from tests.tilsagn.mengde import attester_mange, send_mange
from tests.tilsagn.verden import Husbankregisteret, Verden, virksomhet

pytestmark = pytest.mark.usefixtures("rydd")
ETT = 2_099_000  # five units at 419 800
LITE = {"voksenplasser": 5, "tilpassede": 1, "anleggskostnad": 1}


def _sammen(verden: Verden, saker: list[UUID], trader: int = 8) -> None:
    """Each thread takes its share of the cases, in an order of its own, a few at a time; some are taken twice."""

    def arbeid(nr: int) -> None:
        egne = saker[nr::trader] + saker[(nr + 1) % trader :: trader][:3]
        random.Random(nr).shuffle(egne)
        for fra in range(0, len(egne), 5):
            igjen = egne[fra : fra + 5]
            for _ in range(20):  # as a worker does, when a lock was too long in coming
                feil = dren_flere(dict.fromkeys(igjen), Husbankregisteret(), lambda: verden.na)  # type: ignore[arg-type]
                for f in feil.values():
                    if not er_forbigaende(f):
                        raise f
                if not (igjen := list(feil)):
                    break
            assert igjen == []

    with ThreadPoolExecutor(trader) as pool:
        list(pool.map(arbeid, range(trader)))


def _tilstander(saker: list[UUID]) -> dict[str, int]:
    rader = Verden.sql(
        "SELECT tilstand, count(*) FROM behandling WHERE sak_id = ANY(:s) AND arsak = 'soknad' GROUP BY 1",
        s=saker,
    )
    return {r[0]: r[1] for r in rader}


def test_to_hundre_pa_en_gang_gir_aldri_mer_enn_rammen():
    verden = Verden()
    verden.gi_ramme("studentboliger", 60 * ETT + ETT // 2)
    saker = send_mange("studentboliger", 200, verden.na, **LITE)
    dren_flere(dict.fromkeys(saker), Husbankregisteret(), lambda: verden.na)  # type: ignore[arg-type]
    attester_mange(saker, verden.na)
    _sammen(verden, saker)
    assert _tilstander(saker) == {"vedtatt": 60, "venter_pa_ramme": 140}
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert (ramme.bundet, ramme.ledig) == (60 * ETT, ETT // 2)
    assert len(verden.sql("SELECT id FROM vedtak")) == 60

    # Released by rising the frame: those who came first, in order.
    verden.na += timedelta(days=1)
    verden.gi_ramme("studentboliger", 40 * ETT)
    _sammen(verden, saker)
    assert _tilstander(saker) == {"vedtatt": 100, "venter_pa_ramme": 100}
    rekke = verden.sql("""
        SELECT row_number() OVER (ORDER BY k.mottatt) AS plass, k.status FROM rammekrav k
        WHERE k.id IN (SELECT id FROM rammekrav) ORDER BY k.mottatt
    """)
    ventende = [r.plass for r in rekke if r.status == "venter"]
    fra_ko = verden.sql("SELECT krav_id FROM rammepost WHERE grunn = 'fra_ko' AND tid = :t", t=verden.na)
    assert len(ventende) == 100
    assert len(fra_ko) == 40

    # An annulment frees exactly its own sum, for exactly the first in line.
    gitt = verden.sql("SELECT sak_id FROM vedtak ORDER BY id LIMIT 1")[0][0]
    forst = verden.sql("SELECT sak_id FROM rammekrav WHERE status = 'venter' ORDER BY mottatt LIMIT 1")[0][0]
    referanse = verden.sql("SELECT gjelder FROM sak WHERE id = :s", s=gitt)[0][0]
    assert (
        verden.skje(gitt, "studentboliger", "annullering", referanse, part=virksomhet(int(referanse[1:])))
        == "A10"
    )
    verden.drener()
    assert verden.vedtak(forst)[0].kode == "T00"
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert ramme.bundet == 100 * ETT


def test_tilfeldig_annullert_hevet_og_utbetalt_bevarer_hver_krone():
    """Whatever is annulled, reduced, paid and given, the sums of the decisions are the frame's, and it is kept."""
    tilfeldig, verden = random.Random(1), Verden()
    verden.gi_ramme("studentboliger", 7 * ETT)
    saker = send_mange("studentboliger", 14, verden.na, merke="F", **LITE)
    dren_flere(dict.fromkeys(saker), Husbankregisteret(), lambda: verden.na)  # type: ignore[arg-type]
    attester_mange(saker, verden.na)
    verden.drener()
    for _ in range(14):
        verden.na += timedelta(minutes=1)
        valg = tilfeldig.choice(["annullering", "redusert", "utbetaling", "ramme"])
        if valg == "ramme":
            verden.gi_ramme("studentboliger", tilfeldig.randint(1, 2 * ETT))
        else:
            gitte = verden.sql("SELECT DISTINCT sak_id FROM vedtak WHERE kode = 'T00' ORDER BY 1")
            sak = tilfeldig.choice(gitte)[0]
            if verden.sql("SELECT status FROM sak WHERE id = :s", s=sak)[0][0] == "avsluttet":
                continue
            ref = verden.sql("SELECT gjelder FROM sak WHERE id = :s", s=sak)[0][0]
            hvem = virksomhet(int(ref[1:]))
            if valg == "utbetaling":
                verden.skje(sak, "studentboliger", "vilkar", ref, part=hvem)
                verden.skje(sak, "studentboliger", "utbetaling", ref, part=hvem)
            else:
                belop = tilfeldig.randint(1, ETT) if valg == "redusert" else 0
                verden.skje(sak, "studentboliger", "annullering", ref, belop=belop, part=hvem)
        ramme = verden.ramme("studentboliger")
        assert ramme is not None
        assert ramme.bundet + ramme.utbetalt <= ramme.tildelt
        [sum_] = verden.sql("""
            SELECT coalesce(sum(belop) FILTER (WHERE kode = 'T00'), 0) AS gitt,
                   coalesce(sum(belop) FILTER (WHERE kode IN ('A10', 'A20')), 0) AS annullert,
                   coalesce(sum(belop) FILTER (WHERE kode IN ('U10', 'U20')), 0) AS utbetalt FROM vedtak
        """)
        assert ramme.bundet == sum_.gitt - sum_.annullert - sum_.utbetalt
        assert ramme.utbetalt == sum_.utbetalt
        forst = verden.sql(
            "SELECT belop FROM rammekrav WHERE status = 'venter' ORDER BY prioritet, mottatt, id LIMIT 1"
        )
        assert not forst or forst[0][0] > ramme.ledig  # nobody waits for money that is there
