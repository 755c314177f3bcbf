"""Workers that die, are stopped, or meet a case that cannot be done."""

import time

import orjson
import pytest

from services.forsegling import forsegler
from services.lager import opplysninger
from services.motor.feier import fei
from tests.chaos.ettersjekk import ettersjekk
from tests.chaos.kaos import Kaos

pytestmark = pytest.mark.chaos

MOTOR = [
    "motor.for_registre",
    "motor.etter_svar",
    "motor.etter_svar:4",
    "motor.for_svar_lagret",
    "motor.for_commit",
    "motor.for_commit:2",
    "motor.midt_i_vedtak",
    "motor.etter_commit",
]
KONTROLL = [
    "kontroll.for_register",
    "kontroll.etter_feil",
    "kontroll.etter_svar",
    "kontroll.for_commit",
    "kontroll.for_drenering",
]


@pytest.mark.parametrize("punkt", MOTOR + KONTROLL)
def test_kill_in_the_middle_of_a_step(uten_arbeidere: Kaos, punkt: str) -> None:
    """One worker reads the queue and dies at the point; another one takes over what it left."""
    kaos = uten_arbeidere
    if punkt in KONTROLL:
        kaos.feil("matrikkel", "nede")
    kaos.start("arbeider-x", krasjpunkt=punkt)
    [sak] = kaos.send(1)
    if punkt in KONTROLL and punkt != "kontroll.etter_feil":
        kaos.vent(
            lambda: bool(kaos.sql("SELECT 1 FROM kontroll WHERE sak_id = %s", sak)), hva="a check alone"
        )
        kaos.styr("DELETE", "feil")
    kaos.vent_krasj("arbeider-x")
    kaos.styr("DELETE", "feil")
    kaos.start(kaos.arbeidere[0])
    ettersjekk(kaos)


def test_only_what_is_missing_is_asked_again(uten_arbeidere: Kaos) -> None:
    """The income is slow in coming; the answers of the others are facts by then, and outlive the worker."""
    kaos = uten_arbeidere
    kaos.feil("inntekt", "treg", ms=60_000)
    # Nobody waits so long: the worker dies of the first answers, and only that may end its wait for the income.
    kaos.start("arbeider-x", krasjpunkt="motor.etter_noen_svar", register_tidsavbrudd_s="90")
    alene = next(h for h in iter(lambda: kaos.hendelser(1)[0], None) if not h["data"]["husstand"])
    kaos.sendt = 1
    [sak] = kaos.post([alene])  # one person: one check a register
    kaos.vent_krasj("arbeider-x")
    spurt = kaos.sporsmal()
    inne = "SELECT kilde, id, hentet FROM opplysning WHERE sak_id = %s AND kilde <> 'soknad' ORDER BY id"
    lagret = kaos.sql(inne, sak)
    lagret_fra = {kilde for kilde, _, _ in lagret}
    assert lagret_fra
    assert "inntekt" not in lagret_fra
    kaos.styr("DELETE", "feil")
    kaos.start(kaos.arbeidere[0])
    ettersjekk(kaos)
    na = kaos.sporsmal()
    assert {r: na[r] for r in lagret_fra} == {r: spurt[r] for r in lagret_fra}
    assert na["inntekt"] > spurt.get("inntekt", 0)
    assert kaos.sql(inne, sak)[: len(lagret)] == lagret


def test_kill_of_the_whole_busy_group(kaos: Kaos) -> None:
    kaos.stopp("rele")
    kaos.send(500)
    kaos.start("rele")
    for ferdige in (50, 200):
        kaos.vent_ferdige(ferdige)
        kaos.drep(*kaos.arbeidere)
        kaos.start(*kaos.arbeidere)
    ettersjekk(kaos)


def test_workers_away_for_long_use_up_no_tries(uten_arbeidere: Kaos) -> None:
    """What nobody reads is sent again and again, and never given up."""
    kaos = uten_arbeidere
    kaos.drep("rele")
    kaos.start("rele", feier_etter_s="0.2")
    kaos.send(5)
    with kaos.redis() as klient:
        kaos.vent(lambda: klient.llen("saker") >= 4, hva="sent more than once")
    time.sleep(3)
    kaos.start(*kaos.arbeidere)
    ettersjekk(kaos)
    kaos.drep("rele")


def test_copies_of_a_check_that_waits_use_up_no_tries(uten_arbeidere: Kaos) -> None:
    """Its register is down; while nobody reads, the relay sends the check again and again. The copies are read when it
    is to wait longer, and must not be what gives it up."""
    kaos = uten_arbeidere
    kaos.drep("rele")
    kaos.start("rele", feier_etter_s="0.2")
    kaos.feil("matrikkel", "nede")
    kaos.start("arbeider-x")
    [sak] = kaos.send(1)
    kontroll = "SELECT status, forsok FROM utboks WHERE sak_id = %s AND emne = 'kontroll'"
    annet = "SELECT 1 FROM utboks WHERE sak_id = %s AND emne <> 'kontroll' AND status <> 'ferdig'"
    kaos.vent(lambda: bool(kaos.sql(kontroll, sak)) and not kaos.sql(annet, sak), hva="a check alone")
    kaos.drep("arbeider-x")
    with kaos.redis() as klient:
        kaos.vent(lambda: klient.llen("register.matrikkel") > 11, hva="copies of it")
        kaos.start(kaos.arbeidere[0])
        kaos.vent(lambda: not klient.llen("register.matrikkel"), hva="the copies read")
    time.sleep(1)
    assert kaos.sql(kontroll, sak)[0][0] in ("venter", "publisert")
    kaos.styr("DELETE", "feil")
    ettersjekk(kaos)
    kaos.drep("rele")


def test_term_under_load_loses_nothing_and_ends_in_time(kaos: Kaos) -> None:
    """With a sweeper that would come too late to help: nothing is left for it."""
    kaos.drep("rele")
    kaos.start("rele", feier_etter_s="600")
    kaos.send(120)
    kaos.vent_ferdige(10)
    brukt = kaos.stopp(kaos.arbeidere[0], 120)
    assert kaos.kode(kaos.arbeidere[0]) == 0
    assert brukt < 60, "what its owner gives it before it is killed"
    ettersjekk(kaos)
    kaos.drep("rele")


@pytest.mark.parametrize("gift", ["regel", "nokkel"])
def test_a_case_that_cannot_be_done_gets_an_owner_and_holds_up_no_other(
    uten_arbeidere: Kaos, gift: str
) -> None:
    """An application that no rule knows, or a key that does not open. The worker that makes the last try dies just
    before it hands the case over; the next one does so."""
    kaos = uten_arbeidere
    kaos.stopp("rele")
    syk, *andre = kaos.send(20)
    if gift == "regel":
        _forgift(kaos, syk)
    else:
        kaos.sql(_ODELAGT_NOKKEL, syk)
    kaos.start("arbeider-x", krasjpunkt=f"feil.for_commit@{syk}:3")
    kaos.start("rele", feier_etter_s="60")  # a try may take its time: else the sweeper is the one to give up
    kaos.vent_krasj("arbeider-x")
    kaos.drep("rele")
    kaos.vent(lambda: not fei() and kaos.sql(_SENDT, kaos.merke + "-%") == [(0,)], hva="swept what it left")
    kaos.start("rele", kaos.arbeidere[0], feier_etter_s="60")
    kaos.vent_ferdige(len(andre))
    ettersjekk(kaos, tekniske=1, uten_nokkel=frozenset({syk} if gift == "nokkel" else ()))
    [(slag, avtrykk, eier, antall)] = kaos.sql(
        """SELECT slag, fingeravtrykk, eier, count(*) FROM oppfolging WHERE sak_id = %s AND lukket IS NULL
           GROUP BY slag, fingeravtrykk, eier""",
        syk,
    )
    assert (slag, eier, antall) == ("teknisk", "husbanken:drift", 1)
    assert avtrykk.startswith("feil:")
    assert ("domain/" if gift == "regel" else "services/forsegling/") in avtrykk
    assert kaos.sql("SELECT status FROM utboks WHERE sak_id = %s", syk) == [("parkert",)]
    kaos.drep("rele", kaos.arbeidere[0])


_SENDT = """
    SELECT count(*) FROM utboks WHERE status = 'publisert'
       AND sak_id IN (SELECT sak_id FROM innboks WHERE ekstern_id LIKE %s)
"""
_ODELAGT_NOKKEL = """
    UPDATE person p SET nokkel = set_byte(p.nokkel, n.siste, 255 - get_byte(p.nokkel, n.siste))
    FROM sak s JOIN (SELECT id, length(nokkel) - 1 AS siste FROM person) n ON n.id = s.hovedperson
    WHERE s.id = %s AND p.id = s.hovedperson
"""


def test_a_message_that_kills_its_worker_gets_an_owner_and_holds_up_no_other(uten_arbeidere: Kaos) -> None:
    kaos = uten_arbeidere
    kaos.stopp("rele")
    gift, *andre = kaos.send(40)
    krasj = {"krasjpunkt": f"motor.for_registre@{gift}"}
    kaos.start(*kaos.arbeidere, **krasj)
    kaos.start(
        "rele", feier_etter_s="4"
    )  # a try in each process: none lies unread so long that it is sent again
    drept = 0

    def tell_og_start_igjen() -> None:
        nonlocal drept
        for navn in kaos.arbeidere:
            if not kaos.lever(navn):
                drept += 1
                kaos.start(navn, **krasj)

    slutt = time.monotonic() + 180
    while kaos.ferdige() < kaos.sendt and time.monotonic() < slutt:
        tell_og_start_igjen()
        time.sleep(0.05)
    tell_og_start_igjen()  # the last one may have died after it was looked for, and its case been given up since
    ettersjekk(kaos, tekniske=1)
    assert drept == 1 + 3, "the first try, and those that count"
    [(avtrykk,)] = kaos.sql("SELECT fingeravtrykk FROM oppfolging WHERE sak_id = %s AND lukket IS NULL", gift)
    assert avtrykk == "melding:dren:kommer-ikke-i-mal"
    assert len(andre) == kaos.sendt - 1
    assert kaos.gi_tilbake() >= drept
    with kaos.redis() as klient:
        kaos.vent(lambda: not klient.exists("saker", "unacked"), hva="what came back from the broker done")
    assert all(map(kaos.lever, kaos.arbeidere)), "and it kills nobody now"
    kaos.drep("rele", *kaos.arbeidere)


def _forgift(kaos: Kaos, sak: str) -> None:
    """An application that says what no rule knows, well sealed."""
    [(id_, innhold, nokkel)] = kaos.sql(
        """SELECT o.id, o.innhold, p.nokkel FROM opplysning o JOIN sak s ON s.id = o.sak_id
           JOIN person p ON p.id = s.hovedperson WHERE s.id = %s AND o.kilde = 'soknad'""",
        sak,
    )
    apnet = forsegler().pakk_ut(nokkel)
    [(sak_id,)] = kaos.sql("SELECT id FROM sak WHERE id = %s", sak)
    aad = opplysninger.aad(sak_id, id_)
    soknad = orjson.loads(apnet.apne(innhold, aad))
    soknad["bolig"]["disposisjonsform"] = "telt"
    kaos.sql(
        "UPDATE opplysning SET innhold = %s WHERE id = %s", apnet.forsegle(orjson.dumps(soknad), aad), id_
    )
