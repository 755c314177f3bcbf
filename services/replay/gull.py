"""Golden decisions: a few of every kind of household from every rule period, which must come out the same for ever.

``<scheme>/husstander.yaml`` holds the kinds: facts without a termin, by name. ``<scheme>/2024-07-v1.json`` holds those
of the rule period that begins in that termin, as version 1 of the code decided them: facts, code, outcome, amount, rule
version, and the sha256 of the trace as stored and in full. ``SUMMER.txt`` has the sha256 of each. They are added to,
never changed: when the rules' version is raised, those of the version before stay, and are still reckoned.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from domain.ordninger import ORDNINGER
from domain.sak.etterprov import Etterprov, Gjentatt, kodeversjon
from domain.sak.kjede import kanonisk
from services.motor.avgjorelse import fold_ut

SUMMER = "SUMMER.txt"


class GullFeil(Exception):
    """The golden decisions cannot be added to; the message names the file."""


@dataclass(frozen=True, slots=True)
class Gull:
    """One golden decision. ``sted``: ``bostotte/2024-07-v1/enslig``."""

    sted: str
    regelversjon: str
    dokument: dict[str, Any]

    @property
    def sum(self) -> str:
        return hashlib.sha256(kanonisk({**self.dokument, "regelversjon": self.regelversjon})).hexdigest()


def les(mappe: Path) -> Iterator[Gull]:
    """Every golden decision below the folder. Errors: ``GullFeil``."""
    for fil in sorted(mappe.glob("*/*.json")):
        try:
            innhold = orjson.loads(fil.read_bytes())
            for navn, dokument in innhold["vedtak"].items():
                yield Gull(f"{fil.parent.name}/{fil.stem}/{navn}", innhold["regelversjon"], dokument)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            raise GullFeil(f"{fil.name}: er ikke en fil med gullvedtak") from None


def avvik(gull: Gull) -> list[str]:
    """The fields that come out otherwise today."""
    etterprov = ORDNINGER[gull.sted.partition("/")[0]].etterprov
    try:
        [gjentatt] = etterprov.gjenta([gull.dokument["fakta"]], gull.regelversjon)
        na = _dokument(gull.dokument["fakta"], gjentatt)
    except (ValueError, KeyError, TypeError) as feil:
        return [f"kan ikke regnes: {feil}"]
    ut = [felt for felt in na if na[felt] != gull.dokument.get(felt)]
    return ut if gjentatt.regelversjon == gull.regelversjon else ["regelversjon", *ut]


def feil(mappe: Path) -> list[str]:
    """What is wrong with the golden decisions: changed, removed, not the same any more, or missing in a rule period."""
    summer = _summer(mappe)
    ut = []
    funnet = set()
    for gull in les(mappe):
        funnet.add(gull.sted)
        if gull.sted not in summer:
            ut.append(f"{gull.sted}: står ikke i {SUMMER}")
        elif summer[gull.sted] != gull.sum:
            ut.append(f"{gull.sted}: er endret")
        ut += [f"{gull.sted}: {felt} blir en annen nå" for felt in avvik(gull)]
    ut += [f"{sted}: er borte" for sted in sorted(summer.keys() - funnet)]
    ut += [f"{sted}: mangler" for sted, *_ in mangler(mappe)]
    return ut


def mangler(mappe: Path) -> Iterator[tuple[str, Etterprov, str, dict[str, Any]]]:
    """Kinds of households without a golden decision in a rule period of the newest rules: place, scheme, termin and
    facts."""
    finnes = {gull.sted for gull in les(mappe)}
    for fil in sorted(mappe.glob("*/husstander.yaml")):
        etterprov = ORDNINGER[fil.parent.name].etterprov
        husstander = yaml.safe_load(fil.read_text("utf-8"))
        for termin in etterprov.perioder():
            stamme = f"{termin}-v{kodeversjon(etterprov.regelversjon(termin))}"
            for navn, fakta in husstander.items():
                sted = f"{fil.parent.name}/{stamme}/{navn}"
                if sted not in finnes:
                    yield sted, etterprov, termin, {**fakta, "termin": termin}


def legg_til(mappe: Path) -> list[str]:
    """Add what is missing; what is there is not touched. Gives the places added. Errors: ``GullFeil`` when what is
    there does not hold."""
    galt = [f for f in feil(mappe) if not f.endswith(": mangler")]
    if galt:
        raise GullFeil(f"det som er der fra før, holder ikke: {galt[0]}")
    nye: list[Gull] = []
    for sted, etterprov, termin, fakta in list(mangler(mappe)):
        regelversjon = etterprov.regelversjon(termin)
        hele = etterprov.fullfor(fakta)
        [gjentatt] = etterprov.gjenta([hele], regelversjon)
        nye.append(Gull(sted, regelversjon, {"fakta": hele, **_dokument(hele, gjentatt)}))
    filer: dict[Path, list[Gull]] = {}
    for gull in nye:
        filer.setdefault(mappe / f"{gull.sted.rpartition('/')[0]}.json", []).append(gull)
    for fil, nye_i_fil in filer.items():
        innhold = orjson.loads(fil.read_bytes()) if fil.exists() else {"vedtak": {}}
        if innhold.setdefault("regelversjon", nye_i_fil[0].regelversjon) != nye_i_fil[0].regelversjon:
            raise GullFeil(f"{fil.name}: er av en annen regelversjon")
        innhold["vedtak"] |= {g.sted.rpartition("/")[2]: g.dokument for g in nye_i_fil}
        fil.write_bytes(orjson.dumps(innhold, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    with (mappe / SUMMER).open("a", encoding="utf-8") as ut:
        ut.writelines(f"{g.sum}  {g.sted}\n" for g in nye)
    return [g.sted for g in nye]


def _dokument(fakta: Mapping[str, Any], g: Gjentatt) -> dict[str, Any]:
    return {
        "kode": g.kode,
        "utfall": g.utfall,
        "belop": g.belop,
        "spor": hashlib.sha256(g.spor).hexdigest(),
        "spor_i_sin_helhet": hashlib.sha256(fold_ut(kanonisk(dict(fakta)), g.spor)).hexdigest(),
    }


def _summer(mappe: Path) -> dict[str, str]:
    fil = mappe / SUMMER
    linjer = fil.read_text("utf-8").splitlines() if fil.exists() else []
    ut: dict[str, str] = {}
    for linje in linjer:
        sum_, _, sted = linje.partition("  ")
        if sted in ut:
            raise GullFeil(f"{SUMMER}: {sted} står to ganger")
        ut[sted] = sum_
    return ut
