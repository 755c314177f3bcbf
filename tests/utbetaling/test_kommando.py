"""`boligsak utbetaling` from file to reconciliation."""

import psycopg
import pytest
from typer.testing import CliRunner

from domain.kalender import virkedag_etter
from services.cli.utbetaling import app
from services.klokke import i_dag, na
from tests.utbetaling.hjelp import pain002, sak, vedtak


@pytest.fixture
def kjor(rydd):
    with psycopg.connect(rydd, autocommit=True) as kobling:
        for nr in (1, 2):
            sak(kobling, nr)
            vedtak(kobling, nr, 1500)
        kobling.execute("UPDATE sak SET kommunenummer = '4601'")

    def kall(*ledd: str):
        return CliRunner().invoke(app, list(ledd))

    return kall


def test_fra_fil_til_avstemming(kjor, tmp_path):
    for_ = virkedag_etter(i_dag(na()))
    svar = kjor("fil", "--termin", "2024-03", "--ut", str(tmp_path))
    assert svar.exit_code == 0, svar.output
    # The payment day is long past: the bank is asked to pay as soon as it can.
    dager = {for_, virkedag_etter(i_dag(na()))}  # midnight may have passed meanwhile
    assert any(f"2 betalinger, 3000 kr, forfall {dag}, laget" in svar.output for dag in dager)
    fil = tmp_path / "BOSTOTTE-2024-03-001.xml"
    assert fil.read_bytes().count(b"<InstdAmt") == 2
    assert kjor("sendt", "BOSTOTTE-2024-03-001").output == "BOSTOTTE-2024-03-001: sendt\n"
    banken = tmp_path / "svar.xml"
    banken.write_bytes(pain002("BOSTOTTE-2024-03-001", [], hele="ACSC"))
    assert "2 utført, 0 avvist" in kjor("svar", str(banken)).output
    assert "(lest før)" in kjor("svar", str(banken)).output
    avstemt = kjor("avstem", "--termin", "2024-03")
    assert (avstemt.exit_code, "Alt går opp." in avstemt.output) == (0, True)


def test_feil_sier_hva_som_er_galt(kjor, tmp_path):
    assert kjor("fil", "--termin", "2024-13", "--ut", str(tmp_path)).exit_code == 2
    assert (
        "ingenting å betale for 2019-01" in kjor("fil", "--termin", "2019-01", "--ut", str(tmp_path)).output
    )
    assert "ingen fil heter X" in kjor("sendt", "X").output
    svar = kjor("fil", "--termin", "2024-03", "--ordning", "almenbolig", "--ut", str(tmp_path / "dkk"))
    assert (svar.exit_code, "--ordning: almenbolig er i DKK, og filene i NOK" in svar.output) == (2, True)
    assert not (tmp_path / "dkk").exists()
    galt = tmp_path / "galt.xml"
    galt.write_text("nei")
    svar = kjor("svar", str(galt))
    assert (svar.exit_code, "XML: er ikke gyldig" in svar.output) == (2, True)
