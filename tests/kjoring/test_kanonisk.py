"""The quick way to canonical facts gives the bytes of the slow one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.sak.kjede import kanonisk
from services.kjoring.skriv import kanonisk_fakta

BELOP = st.one_of(
    st.integers(-(10**9), 10**9),
    st.integers(-(10**11), 10**11).map(lambda ore: ore / 100),
    st.floats(-1e8, 1e8, allow_nan=False),
    st.sampled_from([0.0, -0.0, 1.0, 0.001, 0.0001, 1e-9, 100000.0, 1e15, 123456789012345.0]),
)
TEKST = st.sampled_from(["soker", "1990-05-01", "0301", "leid", "æøå", 'a"b', "a\\b", "1.0"])
FAKTA = st.recursive(
    st.one_of(BELOP, st.booleans(), TEKST, st.none()),
    lambda del_: st.one_of(
        st.lists(del_, max_size=4), st.dictionaries(st.sampled_from(["b", "a", "husstand", "bolig"]), del_)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["termin", "husstand", "bolig"]), FAKTA, min_size=1))
@settings(max_examples=300)
def test_samme_byte_som_den_langsomme(fakta: dict[str, object]):
    assert kanonisk_fakta(fakta) == kanonisk(fakta)
