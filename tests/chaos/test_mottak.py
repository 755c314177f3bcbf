"""The API is killed in the middle of an intake: the client does not know, and sends again with the same id."""

import threading

import httpx
import pytest

from services.innebygd.oppsett import API
from tests.chaos.ettersjekk import ettersjekk
from tests.chaos.kaos import Kaos

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize(("punkt", "inne"), [("mottak.for_commit", 0), ("mottak.etter_commit", 1)])
def test_the_same_event_again_after_a_kill_makes_one_case(kaos: Kaos, punkt: str, inne: int) -> None:
    [hendelse] = kaos.hendelser(1)
    kaos.drep(API)
    kaos.start(API, krasjpunkt=punkt)
    with pytest.raises(httpx.TransportError):
        kaos.post([hendelse])
    kaos.vent_krasj(API)
    finn = "SELECT sak_id::text FROM innboks WHERE ekstern_id = %s AND status = 'godtatt'"
    for_ = kaos.sql(finn, hendelse["id"])
    assert len(for_) == inne
    kaos.start(API)
    [sak] = kaos.post([hendelse])
    assert kaos.post([hendelse]) == [sak]
    assert kaos.sql(finn, hendelse["id"]) == [(sak,)]
    assert for_ in ([], [(sak,)])
    ettersjekk(kaos)


def test_a_batch_cut_off_in_the_middle_is_sent_again(kaos: Kaos) -> None:
    """Some of it was in before, and one event stands in it twice."""
    hendelser = kaos.hendelser(60)
    forst = kaos.post(hendelser[:20])
    kaos.drep(API)
    kaos.start(API, krasjpunkt="mottak.for_commit")
    with pytest.raises(httpx.TransportError):
        kaos.post(hendelser)
    kaos.vent_krasj(API)
    kaos.start(API)
    saker = kaos.post([*hendelser, hendelser[30]])
    assert saker[:20] == forst
    assert saker[60] == saker[30]
    assert len(set(saker)) == 60
    ettersjekk(kaos)


def test_the_same_event_from_twenty_clients_at_the_same_instant(kaos: Kaos) -> None:
    [hendelse] = kaos.hendelser(1)
    klar = threading.Barrier(20)
    svar: list[str] = []

    def send() -> None:
        klar.wait()
        svar.extend(kaos.post([hendelse]))

    trader = [threading.Thread(target=send) for _ in range(20)]
    for trad in trader:
        trad.start()
    for trad in trader:
        trad.join()
    assert len(svar) == 20
    assert len(set(svar)) == 1
    ettersjekk(kaos)
