"""A commitment lived through in the test: applications of every scheme, and events one after the other."""

from datetime import date
from typing import Any

from domain.tilsagn.liv import Virkning
from domain.tilsagn.ordning import Tilsagnsordning
from domain.tilsagn.ordninger import TILSAGNSORDNINGER

LAN = {"soknadsbelop": 8_500_000, "kostnad": 10_000_000, "verdi": 10_000_000, "lopetid": 20}
SOKNADER: dict[str, dict[str, Any]] = {
    "studentboliger": {
        "soker": "samskipnad", "voksenplasser": 10, "tilpassede": 2, "anleggskostnad": 9_000_000, "pressomrade": True,
    },
    "omsorgsplasser": {
        "soker_er_kommune": True, "sykehjemsplasser": 13, "anleggskostnad": 44_000_000,
        "maksimal_anleggskostnad": 4_000_000, "smittevern": True,
    },
    "energitiltak": {"soker_er_kommune": True, "boligtype": "sykehjem", "boliger": 20, "kostnad": 900_000},
    "utleieboliger": {"soker_er_kommune": True, "boliger": 2, "kommunegruppe": "oslo"},
    "boligtiltak": {
        "formal": "distrikt", "soknadsbelop": 900_000, "prioritert_belop": 600_000, "sentralitetsklasse": 6,
    },
    "omradeutvikling": {
        "soker_er_kommune": True, "levekarsutfordringer": True, "soknadsbelop": 4_000_000,
        "prioritert_belop": 3_000_001,
    },
    "etablering": {
        "kjopesum": 2_400_000, "annen_finansiering": 2_100_000, "soknadsbelop": 350_000, "prioritert_belop": 300_000,
        "vanskeligstilt": True,
    },
    "tilpasning": {
        "kostnad": 180_000, "andre_tilskudd": 30_000, "prioritert_belop": 150_000, "behov_dokumentert": True,
    },
    "heis": {"tiltak": "tilstandsvurdering", "boliger": 12, "kostnad": 99_999},
    "lanboligkvalitet": {"formal": "livslop", "boliger": 8, "livslopsstandard": True, **LAN},
    "lanutleieboliger": {"boliger": 22, "avtale": "tilvisning", "avtale_ar": 20, "avtale_boliger": 8, **LAN},
    "lanstudentboliger": {"soker": "stiftelse", "boenheter": 30, "tilskudd": 1_500_000, **LAN},
    **{
        navn: {"soker_omfattet": True, "formal_omfattet": True, "kostnad": 3_000_000}
        for navn in ("laeringsarenaer", "skoleanlegg", "kirkebygg", "omsorgskompensasjon")
    },
}  # fmt: skip
"""An application that is granted, of each scheme."""
ENHETER: dict[str, list[dict[str, Any]]] = {
    "energitiltak": [
        {"tiltak": "vinduer", "normert_verdi": 300_000, "spart_kwh": 9_000},
        {"tiltak": "tak", "normert_verdi": 200_000, "spart_kwh": 4_000},
    ],
    "utleieboliger": [{"like_boliger": 1, "prom": 100}, {"like_boliger": 1, "prom": 50}],
}
TERMIN = "2024-10"


def soknad(navn: str, termin: str = TERMIN, **endret: Any) -> dict[str, Any]:
    return {
        "termin": termin,
        "kommunenummer": "0301",
        "slag": "soknad",
        "prosjekt": {**SOKNADER[navn], **endret},
        "enheter": ENHETER.get(navn, []),
    }


class Liv:
    """One commitment; ``skje`` lets an event happen and remembers what it did."""

    def __init__(self, navn: str, termin: str = TERMIN, **endret: Any) -> None:
        self.ordning: Tilsagnsordning = TILSAGNSORDNINGER[navn]
        self.fakta: list[dict[str, Any]] = [soknad(navn, termin, **endret)]
        self.virkninger: list[Virkning] = [self.ordning.virkning(self.fakta[0])]
        self.dag = date.fromisoformat(f"{termin}-15")

    @property
    def stilling(self) -> dict[str, Any]:
        return self.virkninger[-1].stilling

    @property
    def tilstand(self) -> str:
        return str(self.stilling["tilstand"])

    def skje(self, slag: str, dag: str | None = None, **hendelse: Any) -> Virkning:
        if dag is not None:
            self.dag = date.fromisoformat(dag)
        fakta = {
            "termin": f"{self.dag:%Y-%m}",
            "kommunenummer": "0301",
            "slag": slag,
            "dag": self.dag.isoformat(),
            "hendelse": hendelse,
            "stilling": self.stilling,
        }
        self.fakta.append(fakta)
        self.virkninger.append(self.ordning.virkning(fakta))
        return self.virkninger[-1]

    def la_ga(self, til: str, maks: int = 2000) -> list[str]:
        """Let what comes by itself come, to that day; the codes, in order."""
        slutt, koder = date.fromisoformat(til), []
        for _ in range(maks):
            kommende = sorted(self.ordning.kommende(self.stilling, self.dag), key=lambda k: k.dag)
            if not kommende or kommende[0].dag > slutt:
                return koder
            koder.append(self.skje(kommende[0].slag, kommende[0].dag.isoformat()).kode)
        raise AssertionError("it never comes to an end")

    def sum(self, art: str) -> int:
        return sum(b.belop for v in self.virkninger for b in v.bevegelser if b.art == art)
