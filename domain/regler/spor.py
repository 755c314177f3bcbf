"""The trace: for one case the line of every rule, with inputs and rates by name.

``verdi`` is what is shown: amounts to the nearest øre, one value a person as a list. Where the number carried on is
another, it stands beside it as ``eksakt``; ``inn`` holds what was carried on. So every amount can be reckoned again
by ``formel`` from ``inn`` and ``satser``, and every input is a fact or an earlier line.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.regler.avrunding import vis_ore
from domain.regler.plan import Plan
from domain.regler.regel import Regel
from domain.regler.satser import Verdi

Vis = Callable[[Any], Any]
Linje = dict[str, Any]


def fra_ore(ore: int) -> float:
    return ore / 100


def som_antall(tall: float) -> int:
    return int(tall)


_VIS_INN: Mapping[str, Vis] = {"antall": som_antall, "gruppe": som_antall, "år": som_antall}
"""How a column is read before it is shown; what is not here is shown as it is."""


def _vis_sats(verdi: Verdi) -> float | list[float]:
    return list(verdi) if isinstance(verdi, tuple) else verdi


class Sporbygger:
    """The fixed part of every line of a plan, made once; :meth:`linjer` fills in one case.

    ``fakta``: name → ("sak" | "person" | "felles", how its value is shown). ``vis_enhet``: the scheme's own ways of
    showing a rule's value by unit, e.g. outcome codes.
    """

    def __init__(
        self, plan: Plan, fakta: Mapping[str, tuple[str, Vis | None]], vis_enhet: Mapping[str, Vis]
    ) -> None:
        self.satser: list[dict[str, Any]] = [
            {
                "navn": navn,
                "etikett": dict(sats.etikett),
                "verdi": _vis_sats(verdi.verdi),
                "enhet": sats.enhet,
                "fra": verdi.fra.isoformat(),
                "kilde": verdi.kilde,
                "sikkerhet": verdi.sikkerhet,
                "hjemmel": sats.hjemmel,
                **({"indeks": sats.indeks} if sats.indeks else {}),
                **({"merknad": verdi.merknad} if verdi.merknad else {}),
            }
            for navn, (sats, verdi) in plan.satser.items()
        ]
        person: dict[str, bool] = {navn: kilde == "person" for navn, (kilde, _) in fakta.items()}
        vis: dict[str, Vis | None] = {navn: v for navn, (_, v) in fakta.items()}
        felles = {navn for navn, (kilde, _) in fakta.items() if kilde == "felles"}
        self._maler: list[
            tuple[str, Linje, bool, bool, list[tuple[str, bool, bool, Vis | None]], Vis | None]
        ] = []
        for regel in plan.regler:
            er_person = regel.niva == "person"
            inn = [(n, person[n], n in felles, vis[n]) for n in regel.inn if n in vis]
            maal = self._mal(regel, plan)
            egen = vis_enhet.get(regel.enhet, _VIS_INN.get(regel.enhet))
            if er_person and regel.enhet.startswith("kr"):
                egen = fra_ore
            person[regel.navn], vis[regel.navn] = er_person, egen
            self._maler.append((regel.navn, maal, er_person, regel.enhet.startswith("kr"), inn, egen))

    @staticmethod
    def _mal(regel: Regel, plan: Plan) -> Linje:
        samlet = {"sum": "sum({})", "noen": "any({})", "soker": "soker({})"}
        satser = {n: plan.satser[n][1] for n in regel.inn if n in plan.satser}
        return {
            "navn": regel.navn,
            "verdi": None,
            "enhet": regel.enhet,
            "hjemmel": regel.hjemmel,
            "tekst": dict(regel.tekst),
            "formel": samlet[regel.samle].format(regel.formel) if regel.samle else regel.formel,
            "inn": None,
            "satser": {n: {"verdi": _vis_sats(v.verdi), "sikkerhet": v.sikkerhet} for n, v in satser.items()},
        }

    def linjer(self, verdier: Mapping[str, Any], i: int, fra: int, til: int) -> list[Linje]:
        """The lines of case ``i``, whose persons stand at ``fra:til`` of the person columns."""
        lest: dict[str, Any] = {}

        def les(navn: str, er_person: bool, er_felles: bool, vis: Vis | None) -> Any:
            if navn in lest:
                return lest[navn]
            kolonne = verdier[navn]
            verdi: Any
            if er_person:
                verdi = kolonne[fra:til].tolist()
                if vis is not None:
                    verdi = [vis(v) for v in verdi]
            else:
                verdi = kolonne if er_felles else kolonne[i].item()
                if vis is not None:
                    verdi = vis(verdi)
            lest[navn] = verdi
            return verdi

        ut = []
        for navn, mal, er_person, er_kroner, inn, vis in self._maler:
            linje = mal.copy()
            verdi = les(navn, er_person, False, vis)
            linje["verdi"] = verdi
            if er_kroner and type(verdi) is float:
                vist = vis_ore(verdi)
                if vist != verdi:
                    linje["verdi"] = vist
                    linje["eksakt"] = verdi
            linje["inn"] = {n: les(n, p, f, v) for n, p, f, v in inn}
            ut.append(linje)
        return ut
