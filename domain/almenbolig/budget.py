"""What the state sets aside for the commitments of a year (the report, chapters 3 and 4, appendix B).

Present values are of whole years: a provision is raised once a year by the commitment year's discount rate, on what
stands at the start of the year, and payouts within the year bear no interest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.almenbolig.finansiering import sats
from domain.almenbolig.forudsaetninger import Forudsaetninger
from domain.almenbolig.terminer import BETALINGSAR, Projekter, Regulering, terminer
from domain.regler.kolonne import Tall


def nutidsvaerdi(
    ydelsesstotte: Tall, finansieret: Tall, vaerdi_ar: int, diskontering: Sequence[float]
) -> Tall:
    """(paths, projects, 45) by payment year → (paths, projects) at the end of calendar year ``vaerdi_ar``."""
    ar = finansieret[:, np.newaxis] + 1 + np.arange(BETALINGSAR) - vaerdi_ar
    faktor = (1.0 + np.asarray(diskontering))[:, np.newaxis, np.newaxis] ** -ar
    ut: Tall = (ydelsesstotte * faktor).sum(axis=-1)
    return ut


@dataclass(frozen=True, slots=True)
class Stilleskruer:
    """What of the model a question may turn (the report, section 3.4). None: as the law has it."""

    beboerbetaling_andel: float | None = None
    fuld_regulering_ar: int | None = None
    senere_regulering_andel: float | None = None
    sidste_regulering_ar: int | None = None
    maksimal_lobetid_ar: int | None = None
    bidrag_per_m2: float | None = None

    def regulering(self, termin: str, versjon: int | None = None) -> Regulering:
        lov = Regulering.efter_loven(termin, versjon)
        return Regulering(
            lov.fuld_ar if self.fuld_regulering_ar is None else self.fuld_regulering_ar,
            lov.senere_andel if self.senere_regulering_andel is None else self.senere_regulering_andel,
            lov.sidste_ar if self.sidste_regulering_ar is None else self.sidste_regulering_ar,
            lov.maksimal_lobetid if self.maksimal_lobetid_ar is None else self.maksimal_lobetid_ar,
        )

    def projekter(self, p: Projekter, termin: str, versjon: int | None = None) -> Projekter:
        """With another beboerbetaling per cent, where one is set."""
        if self.beboerbetaling_andel is None:
            return p
        andel = self.beboerbetaling_andel / sats("beboerbetaling_andel", termin, versjon)
        return replace(p, beboerbetaling=p.beboerbetaling * andel)


@dataclass(frozen=True, slots=True)
class Budget:
    """Kroner of present value, (paths, projects). The net is what the state bears."""

    ydelsesstotte: Tall
    ydelsesstotte_gammel_metode: Tall
    refusion: Tall
    ungdomsboligbidrag: Tall

    @property
    def netto(self) -> Tall:
        """What the state bears of ydelsesstøtte; the bidrag, which it shares with the municipality, apart."""
        return self.ydelsesstotte - self.refusion


def budgetter(
    projekter: Projekter,
    baner: Sequence[Forudsaetninger],
    termin: str,
    skruer: Stilleskruer | None = None,
    *,
    refusion_kan_vaere_negativ: bool = True,
    bidrag: Tall | None = None,
    versjon: int | None = None,
) -> Budget:
    """The commitments of the year of ``termin``, along every path.

    The refusion is a share of the support that a loan without guarantee would need: the same, with the spread on
    every rate. That its present value may be negative is an assumption of the report's own (section 3.2).
    ``bidrag``: (n,), ungdomsboligbidrag of the first year, which is regulated as the beboerbetaling is (note 5).
    """
    skruer = skruer or Stilleskruer()
    projekter = skruer.projekter(projekter, termin, versjon)
    regulering = skruer.regulering(termin, versjon)
    ar, rente = int(termin[:4]), [b.diskonteringsrente for b in baner]

    def vaerdi(tillaeg: float = 0.0, gennemsnit: bool = False) -> Tall:
        t = terminer(projekter, baner, regulering, rentetillaeg=tillaeg, gennemsnit=gennemsnit)
        return nutidsvaerdi(t.ydelsesstotte, projekter.finansieret, ar, rente)

    refusion = sats("refusion_andel", termin, versjon) * vaerdi(sats("skyggerente_tillaeg", termin, versjon))
    if not refusion_kan_vaere_negativ:
        refusion = np.maximum(refusion, 0.0)
    t = terminer(projekter, baner, regulering)
    af_bidrag = np.zeros(t.beboerbetaling.shape) if bidrag is None else bidrag[:, np.newaxis] * t.indeks
    af_bidrag[..., regulering.maksimal_lobetid :] = 0.0
    return Budget(
        vaerdi(), vaerdi(gennemsnit=True), refusion, nutidsvaerdi(af_bidrag, projekter.finansieret, ar, rente)
    )


@dataclass(frozen=True, slots=True)
class Finansieringsbehov:
    """The cost of another beboerbetaling, and what flows back (the shape of Tabel 3.1). Present value, any unit."""

    brutto: float
    refusion: float
    boligstotte: float

    @property
    def tilbagelob(self) -> float:
        return self.refusion + self.boligstotte

    @property
    def rest(self) -> float:
        return self.brutto - self.tilbagelob

    def procentpoint(self, nedsaettelse: float) -> float:
        """How much of a reduction (in points of the acquisition cost) the flows back pay for."""
        return nedsaettelse * self.tilbagelob / self.brutto


def finansieringsbehov(
    projekter: Projekter,
    bane: Forudsaetninger,
    termin: str,
    ny_andel: float,
    boligstotte_andel: Tall,
) -> Finansieringsbehov:
    """Beboerbetaling at ``ny_andel`` of the acquisition cost instead of the law's, for all projects together.

    The higher support is borne a quarter by Landsbyggefonden, whatever the rate of its shadow loan: the rate is in the
    loan payment alone (the report, note 4). ``boligstotte_andel``: (n,), the share of a lower rent that lower
    individual support takes back (domain/boligstotte_dk/tilbagelob.py).
    """
    for_ = budgetter(projekter, [bane], termin)
    efter = budgetter(projekter, [bane], termin, Stilleskruer(beboerbetaling_andel=ny_andel))
    merudgift = (efter.ydelsesstotte - for_.ydelsesstotte)[0]
    return Finansieringsbehov(
        float(merudgift.sum()),
        float((efter.refusion - for_.refusion)[0].sum()),
        float((merudgift * boligstotte_andel).sum()),
    )
