"""The example claims of the demo reach the outcome that their files state."""

from services.demo import eksempel
from services.demo.lop import Lop
from tests.felles.stakk import Stakk


def test_eksempelsoknadene_far_utfallet_som_filene_oppgir(stakk: Stakk):
    eksempler = eksempel.alle()
    assert len(eksempler) >= 24
    lop = Lop(stakk.api_url, stakk.register_url, eksempler, lambda: None)
    try:
        alle_rett = lop.kjor()
    finally:
        lop.lukk()
    assert alle_rett, [
        (g.eksempel.navn, g.kode, g.belop, g.oppgave, g.avvik) for g in lop.ganger if not g.som_oppgitt
    ]


def test_eksempelsoknadene_dekker_hver_vedtakskode():
    koder = {e.forventet.kode for e in eksempel.alle()}
    assert koder == {None, "V00", "V02", "V03", "V04", "V05", "V09", "V11", "V48"}
