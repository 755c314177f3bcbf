"""Examples of the OpenAPI document; a test sends each of them."""

from datetime import timedelta
from typing import Any

from services.klokke import i_dag, na

OM_EN_MANED = (i_dag(na()) + timedelta(days=30)).isoformat()

# A synthetic person whom the register simulator knows, living alone in Oslo: sent as it stands, it ends in a decision.
SOKNAD_BOSTOTTE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "soknad-0001",
    "source": "https://esoknad.example.no/bostotte",
    "type": "no.boligsak.bostotte.soknad.mottatt.v1",
    "time": "2026-09-10T08:30:00Z",
    "datacontenttype": "application/json",
    "data": {
        "termin": "2026-09",
        "kommunenummer": "0301",
        "sprak": "nb",
        "soker": {"fnr": "01859001064"},
        "husstand": [],
        "bolig": {
            "disposisjonsform": "leid",
            "boutgift_per_maned": 12000,
            "oppvarming_inkludert": True,
            "matrikkel": {"gardsnummer": 1859, "bruksnummer": 10, "bruksenhetsnummer": "H0101"},
        },
        "transport": {"til_kommunen": False},
    },
}

# The same person, who would buy: the case comes to a caseworker.
SOKNAD_STARTLAN: dict[str, Any] = {
    "specversion": "1.0",
    "id": "soknad-0002",
    "source": "https://esoknad.example.no/startlan",
    "type": "no.boligsak.startlan.soknad.mottatt.v1",
    "time": "2026-09-10T08:30:00Z",
    "datacontenttype": "application/json",
    "data": {
        "termin": "2026-09",
        "kommunenummer": "0301",
        "formal": "kjop",
        "soker": {"fnr": "01859001064"},
        "bosted": {"matrikkel": {"gardsnummer": 1859, "bruksnummer": 10, "bruksenhetsnummer": "H0101"}},
        "finansiering": {"kostnad": 2400000, "egenkapital": 100000},
        "gjeld": [{"slag": "studielan", "saldo": 180000, "arlig_kostnad": 14000}],
        "bankavslag": True,
        "boligplan": "Leier på korte kontrakter og vil bli boende i bydelen.",
        "onsket": {"nedbetalingstid": 30, "rentetype": "fast_5"},
    },
}

HANDLING: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/json": {
                "examples": {
                    "foresla": {
                        "summary": "Foreslå vedtak med fakta som saksbehandleren har avklart",
                        "value": {
                            "begrunnelse": "Plan- og bygningsetaten bekrefter at boligen er godkjent.",
                            "overstyring": {"bolig.godkjent": True},
                        },
                    },
                    "be_om_opplysninger": {
                        "summary": "Be om opplysninger med frist",
                        "value": {"begrunnelse": "Leiekontrakten mangler.", "frist": OM_EN_MANED},
                    },
                    "attester": {"summary": "Attester et forslag", "value": {}},
                }
            }
        }
    }
}
