"""Bodies that nobody would write, at the door: never a 500, never half a case.

``BOLIGSAK_KROPPER=100000`` sends that many (default 2 500).
"""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.lager.roller import DbRolle
from services.lager.sesjon import motor
from services.registersim.fnr import lag_fnr
from tests.tillit.conftest import A, Land, hode, superbruker

KROPPER = int(os.environ.get("BOLIGSAK_KROPPER", "2500"))
BUNKE = 40
pytestmark = [pytest.mark.timeout(max(900, KROPPER // 40))]

FNR = [lag_fnr(f"19{ar}-06-15", i) for ar in range(50, 99, 6) for i in range(6)]
_enkel = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "0301", "2026-09", "nb", "leid", "\x00", "\ud83d\ude00", *FNR[:3], "1e400", "9" * 400]
    ),
)
_hva_som_helst = st.recursive(
    _enkel,
    lambda b: st.lists(b, max_size=3) | st.dictionaries(st.text(max_size=6), b, max_size=3),
    max_leaves=5,
)


def _gyldig(nr: int, fnr: str, andre: list[str], belop: float) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"kropp-{nr}",
        "source": "https://prove.example.no",
        "type": "no.boligsak.bostotte.soknad.mottatt.v1",
        "time": "2026-09-10T08:30:00Z",
        "data": {
            "termin": "2026-09",
            "kommunenummer": A,
            "soker": {"fnr": fnr},
            "husstand": [{"fnr": f} for f in andre if f != fnr],
            "bolig": {
                "disposisjonsform": "leid",
                "boutgift_per_maned": belop,
                "matrikkel": {"gardsnummer": 1, "bruksnummer": 1},
            },
        },
    }


def _stier(verdi: Any, sti: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield sti
    for nokkel, under in (
        verdi.items() if isinstance(verdi, dict) else enumerate(verdi) if isinstance(verdi, list) else ()
    ):
        yield from _stier(under, (*sti, nokkel))


@st.composite
def en_kropp(trekk: Any) -> Any:
    """Valid, valid but for one thing, or anything at all."""
    slag = trekk(st.integers(0, 9))
    if slag == 0:
        return trekk(_hva_som_helst)
    kropp = _gyldig(
        trekk(st.integers(0, 10) | st.integers(0, 10**12)),  # now and then the same id with another content
        trekk(st.sampled_from(FNR)),
        trekk(st.lists(st.sampled_from(FNR), max_size=2, unique=True)),
        trekk(st.sampled_from([0, 1, 9000.5, 1e7])),
    )
    for _ in range(0 if slag < 3 else trekk(st.integers(1, 2))):
        *vei, siste = trekk(st.sampled_from([s for s in _stier(kropp) if s]))
        sted = kropp
        for ledd in vei:
            sted = sted[ledd]
        match trekk(st.integers(0, 2)):
            case 0:
                sted[siste] = trekk(_hva_som_helst)
            case 1:
                del sted[siste]
            case _ if isinstance(sted, dict):
                sted[trekk(st.text(min_size=1, max_size=8))] = trekk(_hva_som_helst)
    return kropp


HALVE = """
    SELECT 'sak uten behandling', s.id FROM sak s WHERE NOT EXISTS (SELECT 1 FROM behandling b WHERE b.sak_id = s.id)
    UNION ALL SELECT 'sak uten hovedperson blant partene', s.id FROM sak s
        WHERE NOT EXISTS (SELECT 1 FROM sak_person p WHERE p.sak_id = s.id AND p.person_id = s.hovedperson)
    UNION ALL SELECT 'behandling uten søknad, hendelse eller innboks', b.id FROM behandling b
        WHERE (SELECT count(*) FROM opplysning o WHERE o.behandling_id = b.id AND o.nokkel = 'soknad') <> 1
           OR (SELECT count(*) FROM hendelse h WHERE h.behandling_id = b.id AND h.type = 'soknad_mottatt') <> 1
           OR (SELECT count(*) FROM innboks i WHERE i.behandling_id = b.id AND i.status = 'godtatt') <> 1
    UNION ALL SELECT 'godtatt uten sak', i.id FROM innboks i
        WHERE i.status = 'godtatt' AND NOT EXISTS (SELECT 1 FROM behandling b WHERE b.id = i.behandling_id)
    UNION ALL SELECT 'behandling uten arbeid', b.id FROM behandling b
        WHERE NOT EXISTS (SELECT 1 FROM utboks u WHERE u.sak_id = b.sak_id)
    UNION ALL SELECT 'avvist med sak', i.id FROM innboks i WHERE i.status = 'avvist' AND i.sak_id IS NOT NULL
    UNION ALL SELECT 'person uten sak', p.id FROM person p
        WHERE NOT EXISTS (SELECT 1 FROM sak_person sp WHERE sp.person_id = p.id)
    UNION ALL SELECT 'hodet følger ikke kjeden', s.id FROM sak s
        WHERE s.siste_seq <> (SELECT count(*) FROM hendelse h WHERE h.sak_id = s.id)
"""


def test_ingen_kropp_gir_500_eller_en_halv_sak(tomt_land: Land, database: str) -> None:
    innsender = hode("innsender", [A])
    lokke = asyncio.new_event_loop()
    transport = httpx.ASGITransport(tomt_land.klient._app, raise_app_exceptions=False)
    klient = httpx.AsyncClient(transport=transport, base_url="http://test", headers=innsender)
    statuser: dict[int, int] = {}
    start = time.monotonic()
    with superbruker(database) as forbindelse:  # what is tested is not the disk
        forbindelse.execute("ALTER ROLE boligsak_api SET synchronous_commit = off")
    motor(DbRolle.API).dispose()

    def post(innhold: str, slag: str) -> httpx.Response:
        svar = lokke.run_until_complete(
            klient.post(
                "/api/v1/hendelser",
                content=innhold.encode("utf-8", "surrogatepass"),
                headers={"Content-Type": slag},
            )
        )
        assert svar.status_code < 500, (svar.text, innhold[:2000])
        return svar

    @given(st.lists(en_kropp(), min_size=BUNKE, max_size=BUNKE))
    @settings(
        max_examples=KROPPER // BUNKE + 1,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def flom(kropper: list[Any]) -> None:
        svar = post(json.dumps(kropper), "application/cloudevents-batch+json")
        rader = svar.json() if svar.status_code == 207 else [{"status": svar.status_code}] * len(kropper)
        assert len(rader) == len(kropper)
        for rad, kropp in zip(rader, kropper, strict=True):
            statuser[rad["status"]] = statuser.get(rad["status"], 0) + 1
            assert rad["status"] in {202, 400, 403, 409, 422}, (rad, kropp)
        tekst = json.dumps(kropper[0])
        post(tekst, "application/cloudevents+json")
        post(tekst[: len(tekst) // 2], "application/json")

    try:
        flom()
        antall = sum(statuser.values())
        while antall < KROPPER:  # hypothesis may stop a little early
            flom()
            antall = sum(statuser.values())
    finally:
        with superbruker(database) as forbindelse:
            forbindelse.execute("ALTER ROLE boligsak_api RESET synchronous_commit")
        motor(DbRolle.API).dispose()
        lokke.run_until_complete(klient.aclose())
        lokke.close()
    with superbruker(database) as forbindelse:
        assert forbindelse.execute(HALVE).fetchall() == []
        (godtatt,) = forbindelse.execute(
            "SELECT count(*) FROM innboks WHERE status = 'godtatt'"
        ).fetchone() or (0,)
    brukt = time.monotonic() - start
    print(f"{antall} kropper på {brukt:.0f} s: {dict(sorted(statuser.items()))}, {godtatt} ulike godtatt")
    assert statuser.get(202, 0) > antall / 20
    assert statuser.get(422, 0) > antall / 20
