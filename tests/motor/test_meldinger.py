"""Which rows of the outbox travel together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.lager.skriving import Skrivebord

SAK = UUID(int=1)


@dataclass
class Rad:
    id: int
    emne: str = "dren"
    igjen: bool = False
    ko: str = "saker"
    ref: UUID | None = None
    sporing: str | None = None
    sak_id: UUID = SAK


@pytest.fixture
def meldinger(grunn: object) -> Any:
    from workers.rele import meldinger

    return meldinger


def _saker(args: tuple[Any, ...]) -> list[int]:
    return [utboks_id for utboks_id, _, _ in args[0]]


def test_en_sak_alene_reiser_alene(meldinger: Any) -> None:
    [(oppgave, ko, args)] = meldinger([Rad(1)], 4)
    assert (oppgave, ko, _saker(args)) == ("sak.dren.v1", "saker", [1])


def test_mange_saker_deler_plassene_som_er(meldinger: Any) -> None:
    sendt = [_saker(args) for _, _, args in meldinger([Rad(i) for i in range(30)], 4)]
    assert [len(s) for s in sendt] == [8, 8, 8, 6]
    assert [i for s in sendt for i in s] == list(range(30))


def test_aldri_flere_enn_grensen_i_en_melding(meldinger: Any) -> None:
    assert {len(_saker(a)) for _, _, a in meldinger([Rad(i) for i in range(200)], 1)} == {20}


def test_den_som_er_sendt_for_reiser_alene_og_sier_det(meldinger: Any) -> None:
    sendt = list(meldinger([Rad(1), Rad(2, igjen=True), Rad(3), Rad(4, igjen=True)], 1))
    assert [(_saker(a), a[1:]) for _, _, a in sendt] == [([1, 3], ()), ([2], (True,)), ([4], (True,))]


def test_en_kontroll_gar_pa_registerets_ko(meldinger: Any) -> None:
    ref = uuid4()
    [(oppgave, ko, args)] = meldinger(
        [Rad(9, "kontroll", ko="register.nav", ref=ref, sporing="00-a-b-01")], 4
    )
    assert (oppgave, ko) == ("kontroll.prov.v1", "register.nav")
    assert args == (9, str(UUID(int=1)), str(ref), "00-a-b-01", False)


class _Forbindelse:
    def __init__(self) -> None:
        self.sendt: list[tuple[Any, Any]] = []

    def execute(self, setning: Any, rader: Any) -> None:
        self.sendt.append((setning, list(rader)))


def test_skrivebordet_samler_etter_setning_i_den_rekkefolgen_de_kom() -> None:
    forbindelse = _Forbindelse()
    bord = Skrivebord(forbindelse)  # type: ignore[arg-type]
    for sak in (1, 2):
        with bord.en_sak():
            bord.execute("vedtak", {"sak": sak})  # type: ignore[arg-type]
            bord.execute("utbetaling", [{"sak": sak}])  # type: ignore[arg-type]
    bord.tom()
    assert forbindelse.sendt == [
        ("vedtak", [{"sak": 1}, {"sak": 2}]),
        ("utbetaling", [{"sak": 1}, {"sak": 2}]),
    ]
    bord.tom()
    assert len(forbindelse.sendt) == 2


def test_en_sak_som_feiler_etterlater_ingenting_pa_skrivebordet() -> None:
    forbindelse = _Forbindelse()
    bord = Skrivebord(forbindelse)  # type: ignore[arg-type]
    with bord.en_sak():
        bord.execute("vedtak", {"sak": 1})  # type: ignore[arg-type]

    def feiler() -> None:
        with bord.en_sak():
            bord.execute("vedtak", {"sak": 2})  # type: ignore[arg-type]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        feiler()
    bord.execute("sak", {"sak": 3})  # type: ignore[arg-type]
    bord.tom()
    assert forbindelse.sendt == [("vedtak", [{"sak": 1}]), ("sak", [{"sak": 3}])]
