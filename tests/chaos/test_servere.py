"""The broker, the database and the registers go away with cases under way."""

import time
from uuid import UUID

import pytest

from services.innebygd.oppsett import SIM
from services.lager.roller import DbRolle
from services.lager.saker import las_flere
from services.lager.sesjon import SYSTEM, transaksjon
from tests.chaos.ettersjekk import ettersjekk
from tests.chaos.kaos import Kaos

pytestmark = pytest.mark.chaos

# In one step: the queue is short, and may be empty at any moment.
_TOM_KO_MED_NOE_I = "if redis.call('LLEN', KEYS[1]) == 0 then return 0 end redis.call('FLUSHALL') return 1"


def test_broker_emptied_and_then_killed(kaos: Kaos) -> None:
    """FLUSHALL takes queues, unacknowledged messages and bindings; kill -9 takes connections too."""
    assert kaos.servere.valkey is not None
    kaos.drep("rele")
    kaos.send(500)
    kaos.start("rele")
    kaos.vent_ferdige(50)
    with kaos.redis() as klient:
        kaos.vent(lambda: klient.eval(_TOM_KO_MED_NOE_I, 1, "saker") == 1, hva="messages to lose")
    kaos.vent_ferdige(200)
    kaos.servere.valkey.drep()
    kaos.servere.valkey.start()
    ettersjekk(kaos)


def test_broker_killed_while_every_thread_works(uten_arbeidere: Kaos) -> None:
    """The worker reads nothing just then, and does not see the broker go: only its acknowledgements fail. Its cases
    are locked, so that no thread is done before that."""
    kaos = uten_arbeidere
    assert kaos.servere.valkey is not None
    eneste = kaos.arbeidere[0]
    kaos.drep("rele")
    saker = kaos.send(40)
    venter = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    try:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            las_flere(forbindelse, list(map(UUID, saker)))
            kaos.start(eneste)
            lest = kaos.logg(eneste).stat().st_size
            kaos.start("rele")
            kaos.vent(lambda: kaos.sql(venter) == [(kaos.oppsett.trader,)], hva="every thread at work")
            kaos.servere.valkey.drep()
        kaos.vent(lambda: b"Couldn't ack" in kaos.logg(eneste).read_bytes()[lest:], hva="not acknowledged")
        time.sleep(2)  # the other threads are done too
    finally:
        kaos.servere.valkey.start()
    ettersjekk(kaos)
    kaos.send(10)
    ettersjekk(kaos)


def test_database_killed_and_restarted(kaos: Kaos) -> None:
    """kill -9 of the postmaster in the middle of transactions, then an immediate stop; every process reconnects."""
    assert kaos.servere.postgres is not None
    kaos.drep("rele")
    kaos.send(120)
    kaos.start("rele")
    for ferdige in (20, 70):
        kaos.vent_ferdige(ferdige)
        kaos.servere.postgres.drep()
        kaos.servere.postgres.start()
    ettersjekk(kaos)
    assert all(kaos.lever(navn) for navn in kaos.alle), "nobody died of it"


def test_connections_cut_in_the_middle_of_transactions(kaos: Kaos) -> None:
    """The administrator ends every session, again and again."""
    kaos.drep("rele")
    kaos.send(100)
    kaos.start("rele")
    for ferdige in range(5, 60, 5):
        kaos.vent_ferdige(ferdige)
        kaos.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    ettersjekk(kaos)


def test_registers_away_for_a_while(kaos: Kaos) -> None:
    """The simulator is dead while the cases come in; when it is back they go on by themselves."""
    kaos.drep(SIM)
    saker = kaos.send(60)
    kaos.vent(
        lambda: (
            kaos.sql("SELECT count(DISTINCT sak_id) FROM kontroll WHERE sak_id = ANY(%s::uuid[])", saker)
            == [(60,)]
        ),
        hva="every case waits for a register",
    )
    assert kaos.ferdige() == 0
    kaos.start(SIM)
    ettersjekk(kaos)


def test_a_register_that_is_down_delays_only_those_who_need_it(kaos: Kaos) -> None:
    """Lånekassen is asked for one person alone; everybody else is through while it is still away."""
    hendelser = kaos.hendelser(20)
    syk = hendelser[0]["data"]["soker"]["fnr"]
    kaos.feil("lanekassen", "nede", fnr=syk)
    kaos.post(hendelser)
    kaos.vent_ferdige(19)
    assert kaos.ferdige() == 19
    kaos.styr("DELETE", "feil")
    ettersjekk(kaos)
