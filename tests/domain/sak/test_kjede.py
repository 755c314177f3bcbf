from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.sak.kjede import (
    START,
    UgyldigDokument,
    hendelseshode,
    innhold_hash,
    kanonisk,
    neste_hash,
    pakk_innhold,
    pakk_opp_innhold,
    tid_tekst,
)

tall = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_verdier = st.recursive(
    st.none() | st.booleans() | tall | st.text(),
    lambda under: st.lists(under, max_size=5) | st.dictionaries(st.text(), under, max_size=5),
    max_leaves=25,
)


@settings(max_examples=120)
@given(st.dictionaries(st.text(), json_verdier, max_size=6) | st.lists(json_verdier, max_size=6))
def test_fast_and_reference_agree_on_every_document(dokument: dict[str, object] | list[object]) -> None:
    assert kanonisk(dokument) == rfc8785.dumps(dokument)  # type: ignore[arg-type]


@settings(max_examples=120)
@given(
    tall | st.floats(1e-4, 1e22) | st.sampled_from([0.0, -0.0, 1e-7, 1e21, 5e-324, 0.001, 333333333.3333333])
)
def test_fast_and_reference_agree_on_every_number(verdi: float) -> None:
    assert kanonisk([verdi]) == rfc8785.dumps([verdi])


@pytest.mark.parametrize(
    ("dokument", "ventet"),
    [
        # RFC 8785 appendix: sorting by UTF-16, literals, numbers
        (
            {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
            '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
        ),
        ([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27], "[333333333.3333333,1e+30,4.5,0.002,1e-27]"),
        ({"b": 6565.0, "a": -0.0}, '{"a":0,"b":6565}'),
        (['\u20ac$\u000f\nA\'B"\\\\"/'], '["€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"]'),
        (("ø", True, None), '["ø",true,null]'),
    ],
)
def test_canonical_bytes(dokument: dict[str, object], ventet: str) -> None:
    assert kanonisk(dokument) == ventet.encode()


def test_text_enum_is_its_text() -> None:
    class Type(StrEnum):
        VEDTAK = "vedtak"

    assert kanonisk({"type": Type.VEDTAK}) == b'{"type":"vedtak"}'


@pytest.mark.parametrize(
    "verdi",
    [float("nan"), float("inf"), 2**53, -(2**64), UUID(int=1), datetime.now(UTC), b"x", "\ud800", {1: 2}],
)
def test_what_has_no_canonical_form_is_refused(verdi: object) -> None:
    with pytest.raises(UgyldigDokument):
        kanonisk({"felt": verdi})


def test_chain_link_and_header() -> None:
    oslo = timezone(timedelta(hours=2))
    hode = hendelseshode(
        id=UUID(int=1),
        sak_id=UUID(int=2),
        behandling_id=None,
        seq=1,
        tid=datetime(2026, 9, 1, 14, 30, 0, 5, tzinfo=oslo),
        type="soknad_mottatt",
        aktor="org:958935420",
        data={"termin": "2026-09"},
        innhold=bytes(32),
        forseglet=b"",
    )
    assert kanonisk(hode) == (
        b'{"aktor":"org:958935420","behandling":null,"data":{"termin":"2026-09"},'
        b'"forseglet":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",'
        b'"id":"00000000-0000-0000-0000-000000000001",'
        b'"innhold":"0000000000000000000000000000000000000000000000000000000000000000",'
        b'"sak":"00000000-0000-0000-0000-000000000002","seq":1,"tid":"2026-09-01T12:30:00.000005Z",'
        b'"type":"soknad_mottatt","v":1}'
    )
    assert neste_hash(START, b"abc") == neste_hash(bytes(32), b"abc") != neste_hash(b"\x01" * 32, b"abc")
    assert len(neste_hash(START, b"")) == 32


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(UgyldigDokument, match="tidssone"):
        tid_tekst(datetime(2026, 9, 1))  # noqa: DTZ001


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_content_hash_is_salted_and_comes_back_from_what_was_sealed(innhold: bytes, salt: bytes) -> None:
    pakket, hash_ = pakk_innhold(innhold, salt)
    assert pakk_opp_innhold(pakket) == (innhold, hash_)
    assert pakk_innhold(innhold, bytes(15) + bytes([salt[15] ^ 1]))[1] != hash_
    with pytest.raises(ValueError, match="salt"):
        innhold_hash(b"kort", innhold)


def test_bottomless_document_is_refused() -> None:
    dokument: list[object] = []
    for _ in range(100_000):
        dokument = [dokument]
    with pytest.raises(UgyldigDokument):
        kanonisk(dokument)
