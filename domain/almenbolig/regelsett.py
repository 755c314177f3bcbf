"""The rules and rates of the financing model, to which ``finansiering`` adds."""

from domain.almenbolig import SPROG
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser

FORSTE_TERMIN = "2012-07"
"""Rates are complete for commitments from this month on (almenboligloven § 118 a)."""

REGLER = Regelsett("almenbolig", (SPROG,))
SATSER = les_satser("domain.almenbolig", (SPROG,))
LOV = "almenboligloven"
