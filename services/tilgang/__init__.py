"""Who asks, and what they may: tokens read into an ``Aktor``."""

from services.tilgang.aktor import ALLE, Aktor, systemaktor

__all__ = ["ALLE", "Aktor", "systemaktor"]
