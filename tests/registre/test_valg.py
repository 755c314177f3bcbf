"""Which registers a process gets, by the settings."""

from collections.abc import Iterator

import pytest

from services.innstillinger import innstillinger
from services.registre import lag_registre
from services.registre.innstillinger import RegisterInnstillinger, registerinnstillinger
from services.registre.inprosess import RegistreIProsess
from services.registre.klient import RegistreHttp
from services.registre.token import SimulatorToken, tokenkilde
from tests.registre.hjelp import FNR, sok_alt, soknad


@pytest.fixture(autouse=True)
def _ferske_innstillinger() -> Iterator[None]:
    for lest in (innstillinger, registerinnstillinger):
        lest.cache_clear()
    yield
    for lest in (innstillinger, registerinnstillinger):
        lest.cache_clear()


def test_inprosess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOLIGSAK_REGISTER_URL", "inprosess:7")
    registre = lag_registre()
    assert isinstance(registre, RegistreIProsess)
    svar, _ = sok_alt(registre, soknad())
    assert {n.split("/")[0] for n in svar} >= {"folkeregister", "matrikkel"}
    assert set(next(s for n, s in svar.items() if n.startswith("folke"))["personer"]) == set(FNR)


def test_http_med_tempo_og_tidsavbrudd_per_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOLIGSAK_REGISTER_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("BOLIGSAK_REGISTER_TEMPO", '{"inntekt": 3.5}')
    monkeypatch.setenv("BOLIGSAK_REGISTER_TIDSAVBRUDD", '{"nav": 9}')
    registre = lag_registre()
    assert isinstance(registre, RegistreHttp)
    try:
        assert registre._registre["nav"].sesjon.timeout.total == 9
        assert registre._registre["inntekt"].sesjon.timeout.total == innstillinger().register_tidsavbrudd_s
        assert registerinnstillinger().tempo == {"inntekt": 3.5}
    finally:
        registre.lukk()
        registre.lukk()  # closing twice does nothing


def test_maskinporten_krever_en_nokkelfil() -> None:
    assert isinstance(tokenkilde(RegisterInnstillinger()), SimulatorToken)
    with pytest.raises(ValueError, match="NOKKELFIL"):
        tokenkilde(RegisterInnstillinger(maskinporten_url="https://test.maskinporten.no/token"))
