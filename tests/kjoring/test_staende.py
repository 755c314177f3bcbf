"""What two people have judged of a dwelling carries the grant on; what they judged of a person is looked at again."""

from datetime import date
from typing import Any

import pytest

from domain.bostotte.staende import husk, staende
from domain.kontroll.vurdering import grunn
from services.kjoring import kjoring as kjoringer
from services.registre.inprosess import RegistreIProsess
from tests.kjoring import hjelp
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, Registre, gjor, kjor, send
from tests.scenarios.bygg import person, soknad

BOLIG, ADRESSE = grunn("bolig_ikke_godkjent", "…"), grunn("person_pa_adressen_mangler", "…")


@pytest.mark.parametrize(
    ("satt", "utfall"),
    [
        ({"bolig.godkjent": True}, ("vedtatt", "V00", None)),
        ({"bolig.godkjent": True, "husstand.0.ung_ufor": True}, ("oppgave", None, "vurdert_om_person")),
    ],
)
def test_godkjent_bolig_ruller_videre(
    rydd: str, monkeypatch: pytest.MonkeyPatch, satt: dict[str, Any], utfall: tuple[str, str, str]
):
    monkeypatch.setattr(kjoringer, "i_dag", lambda _: date(2026, 12, 12))
    s = soknad(person(inntekt=16000), leie=10800, bolig_er={"bruksenhetstype": "A"})
    registre = Registre(s)
    [(sak, _)] = send(s)
    kjor(sak, registre)
    gjor(sak, "foresla", SAKSBEHANDLER, begrunnelse="Boligen er godkjent.", overstyring=satt)
    gjor(sak, "attester", ATTESTANT)
    for termin, prove in (("2026-10", False), ("2026-11", True)):
        kjoring = hjelp.kjor(termin, RegistreIProsess(registre.befolkning), prove=prove)
        fikk = "SELECT utfall, kode, grunn FROM kjoring_sak WHERE kjoring_id = %s"
        assert hjelp.sporr(rydd, fikk, kjoring.id) == [utfall], termin
        assert hjelp.rapport(kjoring)["hopper_over"] == []
        if utfall[0] == "oppgave":
            return
    hopper = hjelp.kjor("2026-12", RegistreIProsess(registre.befolkning), prove=True)
    assert hjelp.rapport(hopper)["hopper_over"] == [str(sak)], "november er ikke vedtatt"


def test_andre_grunner_star_igjen():
    vurdert = husk({"termin": "2026-09"}, ["bolig_ikke_godkjent", "person_pa_adressen_mangler"], {})
    assert staende(vurdert, [BOLIG, ADRESSE]) == ([ADRESSE], {})
    assert staende({"termin": "2026-09"}, [BOLIG]) == ([BOLIG], {})
    assert husk(vurdert, [], {}) == {"termin": "2026-09"}
