"""A household that applies for startlån: what it says, and what the registers know of it."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from tests.scenarios.bygg import Person, person

KILDE = "https://scenario.example.no/startlan"
TYPE = "no.boligsak.startlan."
KOMMUNE = "3403"
"""Where everybody applies now; a test may set its own."""
_nr = count(1)
_gard = count(5000)
_barn = count()
TRENGER = {
    "vurdering.langvarige_problemer": True,
    "vurdering.sparemulighet_brukt": True,
}
"""What a caseworker concludes of a household that the scheme is for."""
GODT_KJOP = {
    "vurdering.bolig_egnet_og_noktern": True,
    "vurdering.vilkar_oppfylt": True,
    "vurdering.sikkerhet_i_orden": True,
}
SARLIGE = {
    f"vurdering.{n}": True
    for n in (
        "varig_lav_inntekt",
        "dekker_langvarig_behov",
        "leie_uegnet_eller_dyrere",
        "kortere_tid_uforsvarlig",
    )
}
"""What a term of more than 30 years rests on."""
GRUNN = "Vurdert etter forskriften og boligplanen."


@dataclass
class Lanesak:
    """A purchase in Hamar for 2.4 million in September 2026, one borrower with a child, unless told otherwise."""

    soker: Person
    husstand: list[Person] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    kommune: str = field(default_factory=lambda: KOMMUNE)
    termin: str = "2026-09"
    tid: str = "2026-09-10T08:30:00Z"
    gard: int = field(default_factory=lambda: next(_gard))
    id: str = field(default_factory=lambda: f"startlan-{next(_nr)}")
    feil: list[dict[str, Any]] = field(default_factory=list)
    slag: str = "soknad.mottatt.v1"

    def hendelse(self, **data: Any) -> dict[str, Any]:
        innhold: dict[str, Any] = {
            "termin": self.termin,
            "kommunenummer": self.kommune,
            "soker": {"fnr": self.soker.fnr, **self.soker.sier},
        }
        if self.slag == "soknad.mottatt.v1":
            innhold |= {
                "formal": "kjop",
                "husstand": [{"fnr": p.fnr, **p.sier} for p in self.husstand],
                "bosted": {"matrikkel": self.matrikkel()},
                "finansiering": {"kostnad": 2_400_000, "egenkapital": 100_000},
                "bankavslag": True,
            }
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": KILDE,
            "type": TYPE + self.slag,
            "time": self.tid,
            "datacontenttype": "application/json",
            "data": {**innhold, **self.data, **data},
        }

    def matrikkel(self) -> dict[str, Any]:
        return {"gardsnummer": self.gard, "bruksnummer": 1, "bruksenhetsnummer": "H0101"}

    def registrering(self) -> dict[str, Any]:
        hjem = {"kommunenummer": self.kommune, **self.matrikkel()}
        return {
            "boliger": [hjem],
            "personer": [
                {"fnr": p.fnr, "bolig": hjem, "foreldre": [self.soker.fnr] if p.barn else [], **p.er}
                for p in (self.soker, *self.husstand)
            ],
        }

    def senere(self, slag: str, termin: str = "2026-10", **data: Any) -> "Lanesak":
        """An event about the same loan."""
        lan = {"lan": self.data["lan"]} if "lan" in self.data else {}
        tid = f"{termin}-05T08:30:00Z"
        return replace(self, slag=slag, termin=termin, tid=tid, id=f"startlan-{next(_nr)}", data=lan | data)


def lanesak(inntekt: float = 46_000, *, barn: int = 1, **data: Any) -> Lanesak:
    """``inntekt``: kroner a month of the applicant. 46 000 carries the loan; 30 000 does not."""
    felt = {n: data.pop(n) for n in ("kommune", "termin", "tid", "feil") if n in data}
    er = {n: data.pop(n) for n in ("skattegrunnlag", "engasjement", "gradering") if n in data}
    # A birth date has only so many numbers: the children of the run share a month.
    barna = [person(f"2017-03-{1 + next(_barn) % 28:02d}", barn=True) for _ in range(barn)]
    return Lanesak(person(inntekt=inntekt, **er), barna, data, **felt)


def kjop(lan: Lanesak, kjopesum: int = 2_300_000, *, termin: str = "2026-10", **felt: Any) -> Lanesak:
    """Bought in October, settled in November, unless told otherwise."""
    tall = {"egenkapital": 100_000, "dato": "2026-10-02", "oppgjor": "2026-11-02"}
    return lan.senere("kjop.meldt.v1", termin, kjop={"kjopesum": kjopesum, **tall, **felt})


_BOLIG = {"matrikkel": {"gardsnummer": 4999, "bruksnummer": 1, "bruksenhetsnummer": "H0101"}}
_SPORSMAL = {"sporsmal": "forhandssvar"}
UTFALL: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {"vurdering.kan_lane_andre_steder": True}, "L01", "avslag"),
    ({}, {"formal": "annet"}, "L02", "avslag"),
    ({}, {"formal": "refinansiering"}, "L02", "avslag"),
    ({"bolig": _BOLIG}, {}, "L03", "avslag"),
    ({}, {"vurdering.langvarige_problemer": False}, "L04", "avslag"),
    ({}, {"vurdering.sparemulighet_brukt": False}, "L05", "avslag"),
    ({}, {"vurdering.blir_hos_annen_langiver": True}, "L20", "henvist"),
    ({}, {"vurdering.avslag_for_manglende_midler": True}, "L10", "avslag"),
    ({}, {"forstegang": True}, "L07", "avslag"),
    (_SPORSMAL, {}, "F00", "forhandssvar"),
    (_SPORSMAL, {"vurdering.kan_lane_andre_steder": True}, "F01", "forhandssvar"),
    # a dwelling that is suitable, and the four exceptions
    ({"bolig": _BOLIG}, {"vurdering.bolig_egnet_og_noktern": True}, "L00", "innvilget"),
    (
        {},
        {"vurdering.langvarige_problemer": False, "vurdering.unntak_barn_eller_sosialt": True},
        "L00",
        "innvilget",
    ),
    ({}, {"vurdering.sparemulighet_brukt": False, "vurdering.unntak_jobb": True}, "L00", "innvilget"),
    (
        {},
        {"vurdering.sparemulighet_brukt": False, "vurdering.unntak_kommunal_bolig": True},
        "L00",
        "innvilget",
    ),
    ({}, {"formal": "refinansiering", "vurdering.unntak_refinansiering": True}, "L00", "innvilget"),
    ({}, {"finansiering.tilskudd": 200_000}, "L30", "innvilget"),
    ({}, {"finansiering.egenkapital": 2_300_000, "finansiering.tilskudd": 100_000}, "L31", "innvilget"),
]
"""What the household applies for besides, what the caseworker concludes beside ``TRENGER`` or instead of it, the code,
and the outcome."""
