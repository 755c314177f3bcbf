"""The relay, the sweeper, and messages that come twice and in any order."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from celery import Celery
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.feier import fei
from tests.chaos.ettersjekk import ettersjekk
from tests.chaos.kaos import Kaos
from workers.rele import meldinger

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("punkt", ["rele.etter_merking", "rele.etter_sending", "feier.for_commit"])
def test_kill_of_the_relay_between_two_of_its_steps(kaos: Kaos, punkt: str) -> None:
    """Marked and never sent; sent and never looked at again; in the middle of a sweep."""
    kaos.drep("rele")
    kaos.send(40)
    if punkt == "feier.for_commit":  # something to sweep: sent to nobody
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            assert len(utboks.hent(forbindelse, 40)) == 40
    kaos.start("rele", krasjpunkt=punkt)
    kaos.vent_krasj("rele")
    kaos.start("rele")
    ettersjekk(kaos)


def test_kill_of_the_relay_again_and_again(kaos: Kaos) -> None:
    kaos.drep("rele")
    kaos.send(150)
    for ferdige in (10, 40, 80):
        kaos.start("rele")
        kaos.vent_ferdige(ferdige)
        kaos.drep("rele")
    kaos.start("rele")
    ettersjekk(kaos)


def test_two_relays_share_the_work(kaos: Kaos) -> None:
    kaos.drep("rele")
    kaos.send(100)
    kaos.start("rele", "rele-2", feier_etter_s="600")
    ettersjekk(kaos)
    kaos.drep("rele")


def test_no_row_is_claimed_by_two(uten_arbeidere: Kaos) -> None:
    kaos = uten_arbeidere
    kaos.drep("rele")
    kaos.send(60)

    def hent(_nr: int) -> list[int]:
        mine: list[int] = []
        while True:
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                rader = utboks.hent(forbindelse, 5)
            if not rader:
                return mine
            mine += [r.id for r in rader]

    with ThreadPoolExecutor(4) as trader:
        alle = [id_ for mine in trader.map(hent, range(4)) for id_ in mine]
    assert len(alle) == len(set(alle)) == 60
    kaos.start("rele", *kaos.arbeidere)
    ettersjekk(kaos)


def test_two_sweepers_at_once_give_up_and_send_again_once(uten_arbeidere: Kaos) -> None:
    """Four sweepers on the same rows: half have used up their tries, half go out again."""
    kaos = uten_arbeidere
    kaos.drep("rele")
    saker = kaos.send(20)
    oppbrukt = sorted(saker)[:10]
    kaos.sql(
        """UPDATE utboks SET status = 'publisert', publisert = now() - interval '1 hour',
               forsok = CASE WHEN sak_id = ANY(%s::uuid[]) THEN 3 ELSE 0 END WHERE sak_id = ANY(%s::uuid[])""",
        oppbrukt,
        saker,
    )
    klar = threading.Barrier(4)

    def samtidig(_nr: int) -> int:
        klar.wait()
        return fei()

    with ThreadPoolExecutor(4) as trader:
        list(trader.map(samtidig, range(4)))
    tilstand = dict(
        kaos.sql("SELECT status, count(*) FROM utboks WHERE sak_id = ANY(%s::uuid[]) GROUP BY 1", saker)
    )
    assert tilstand == {"parkert": 10, "venter": 10}
    kaos.start("rele", *kaos.arbeidere)
    ettersjekk(kaos, tekniske=10)


def test_work_that_is_done_after_all_is_not_given_up(kaos: Kaos) -> None:
    """A worker holds the case while the sweeper means to give it up: the sweeper waits, and finds it done."""
    kaos.drep("rele")
    [sak] = kaos.send(1)
    kaos.sql(
        "UPDATE utboks SET status = 'publisert', publisert = now() - interval '1 hour', forsok = 3 WHERE sak_id = %s",
        sak,
    )
    with ThreadPoolExecutor(1) as trad, transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        forbindelse.exec_driver_sql(f"SELECT 1 FROM sak WHERE id = '{sak}' FOR NO KEY UPDATE")
        feier = trad.submit(_fei_som_releet)
        kaos.vent(
            lambda: kaos.sql("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(0,)],
            hva="the sweeper waits",
        )
        utboks.ferdig_dren(forbindelse, [UUID(sak)], datetime.now(UTC))
    feier.result()
    assert kaos.sql("SELECT status FROM utboks WHERE sak_id = %s", sak) == [("ferdig",)]
    assert kaos.sql("SELECT count(*) FROM oppfolging WHERE sak_id = %s", sak) == [(0,)]
    kaos.sql("UPDATE utboks SET status = 'venter', forsok = 0 WHERE sak_id = %s", sak)
    kaos.start("rele")
    ettersjekk(kaos)


def _fei_som_releet() -> None:
    """The database lets nobody wait long for a lock; the relay then sweeps once more."""
    while True:
        try:
            fei()
        except OperationalError as feil:
            if not isinstance(feil.orig, LockNotAvailable):
                raise
        else:
            return


def test_every_message_twice_and_out_of_order(kaos: Kaos) -> None:
    """Three applications of each household for the same month, checks that fail and go on alone: each message twice,
    once with many cases in it and once alone, shuffled, straight to the broker."""
    kaos.drep("rele")
    forst = kaos.hendelser(40)
    soknader = [_igjen(h, nr) for nr in range(3) for h in forst]
    kaos.sendt = len(soknader)
    for register in ("lanekassen", "matrikkel", "inntekt"):
        kaos.feil(register, "nede", antall=15)
    kaos.post(soknader)
    app = Celery("kaos", broker=kaos.adresser.broker_url, set_as_current=False)
    app.conf.task_ignore_result = True
    stokk = random.Random(2)
    with app.connection_for_write() as kobling:
        produsent = app.amqp.Producer(kobling.default_channel, auto_declare=False)

        def send_to_ganger() -> bool:
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                rader = list(utboks.hent(forbindelse, 500))
            alle = [*meldinger(rader, plass=4), *meldinger(rader, plass=len(rader) or 1)]
            for oppgave, ko, args in stokk.sample(alle, k=len(alle)):
                app.send_task(oppgave, args=args, queue=ko, producer=produsent, retry=False)
            return kaos.ferdige() == kaos.sendt

        kaos.vent(send_to_ganger, hva="all finished")
    kaos.start("rele")  # for what the last commits asked for
    ettersjekk(kaos)
    [(flere,)] = kaos.sql(
        "SELECT count(*) FROM vedtak v WHERE erstatter IS NOT NULL AND sak_id IN"
        " (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s)",
        kaos.merke + "-%",
    )
    assert flere > 0


def _igjen(hendelse: dict[str, Any], nr: int) -> dict[str, Any]:
    """The same household again, with another rent."""
    bolig = {**hendelse["data"]["bolig"], "boutgift_per_maned": 5000 + 2500 * nr}
    return {**hendelse, "id": f"{hendelse['id']}-{nr}", "data": {**hendelse["data"], "bolig": bolig}}
