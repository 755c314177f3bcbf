"""How a scenario is told: the people as the registers know them, the application, and what the registers do wrong."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from services.registersim.fnr import Serie, lag_fnr

F = TypeVar("F", bound=Callable[..., Any])
KILDE = "https://scenario.example.no/bostotte"
TYPE = "no.boligsak.bostotte.soknad.mottatt.v1"
_numre: Counter[str] = Counter()
_gard = count(200)
_id = count(1)


@dataclass(frozen=True)
class Person:
    """``sier``: fields of the application. ``er``: fields of the simulator's person."""

    fnr: str
    sier: dict[str, Any]
    er: dict[str, Any]
    barn: bool = False
    andre_steder: bool = False
    delt_bosted: bool = False


def person(
    fodt: str = "",
    inntekt: float = 0,
    *,
    kode: str = "fastloenn",
    barn: bool = False,
    andre_steder: bool = False,
    delt_bosted: bool = False,
    serie: Serie = "syntetisk",
    sier: dict[str, Any] | None = None,
    **er: Any,
) -> Person:
    """Somebody nobody else in the run is, 36 years old in 2026 unless told.

    ``inntekt``: kroner a month with the code ``kode``.
    ``andre_steder``: registered in another dwelling; ``delt_bosted``: so too, with an agreement that names this one.
    """
    if not fodt:  # 36 years old; a birth date has only some four hundred numbers
        _numre["uten"] += 1
        fodt = f"1990-05-{1 + _numre['uten'] % 28:02d}"
    _numre[fodt] += 1
    if inntekt:
        er["inntekter"] = [{"beskrivelse": kode, "belop": inntekt}]
    return Person(lag_fnr(fodt, 300 + _numre[fodt], serie), sier or {}, er, barn, andre_steder, delt_bosted)


@dataclass
class Soknad:
    """One application with its people. ``feil``: bodies of ``POST /styring/feil``."""

    soker: Person
    husstand: list[Person]
    termin: str
    kommune: str
    bolig: dict[str, Any]
    bolig_er: dict[str, Any]
    data: dict[str, Any]
    tid: str
    feil: list[dict[str, Any]] = field(default_factory=list)
    gard: int = field(default_factory=lambda: next(_gard))
    id: str = field(default_factory=lambda: f"scenario-{next(_id)}")

    def matrikkel(self, bruk: int = 1) -> dict[str, Any]:
        return {"gardsnummer": self.gard, "bruksnummer": bruk, "bruksenhetsnummer": "H0101"}

    def hendelse(self, **data: Any) -> dict[str, Any]:
        """The CloudEvent; ``data`` replaces parts of its data."""
        innhold: dict[str, Any] = {
            "termin": self.termin,
            "kommunenummer": self.kommune,
            "soker": {"fnr": self.soker.fnr, **self.soker.sier},
            "husstand": [{"fnr": p.fnr, **p.sier} for p in self.husstand],
            "bolig": {**self.bolig, "matrikkel": self.matrikkel()},
            **self.data,
            **data,
        }
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": KILDE,
            "type": TYPE,
            "time": self.tid,
            "datacontenttype": "application/json",
            "data": innhold,
        }

    def igjen(self, **bolig: Any) -> "Soknad":
        """A new application of the same people for the same dwelling and month."""
        ny = deepcopy(self)
        ny.id, ny.bolig = f"scenario-{next(_id)}", {**self.bolig, **bolig}
        return ny

    def registrering(self) -> dict[str, Any]:
        hjem = {"kommunenummer": self.kommune, **self.matrikkel()}
        borte = {"kommunenummer": self.kommune, **self.matrikkel(2)}
        return {
            "boliger": [{**hjem, **self.bolig_er}],
            "personer": [
                {
                    "fnr": p.fnr,
                    "bolig": borte if p.andre_steder or p.delt_bosted else hjem,
                    "delt_bosted": hjem if p.delt_bosted else None,
                    "foreldre": [self.soker.fnr] if p.barn else [],
                    **p.er,
                }
                for p in (self.soker, *self.husstand)
            ],
        }


def soknad(
    soker: Person,
    *husstand: Person,
    leie: float = 12000,
    form: str = "leid",
    termin: str = "2026-09",
    kommune: str = "0301",
    oppvarming: bool = True,
    bolig: dict[str, Any] | None = None,
    bolig_er: dict[str, Any] | None = None,
    tid: str | None = None,
    feil: list[dict[str, Any]] | None = None,
    **data: Any,
) -> Soknad:
    """Rented in Oslo for September 2026 unless told otherwise. A fault without ``fnr`` concerns the applicant."""
    boligen = {
        "disposisjonsform": form,
        "boutgift_per_maned": leie,
        "oppvarming_inkludert": oppvarming,
        **(bolig or {}),
    }
    return Soknad(
        soker,
        list(husstand),
        termin,
        kommune,
        boligen,
        bolig_er or {},
        data,
        tid or f"{termin}-10T08:30:00Z",
        [{"fnr": soker.fnr, **f} for f in feil or []],
    )


def sendt(*soknader: Soknad) -> Callable[[F], F]:
    """The test needs these applications: all tests' are sent together before the first of them runs."""

    def merk(funksjon: F) -> F:
        funksjon.soknader = soknader  # type: ignore[attr-defined]
        return funksjon

    return merk
