"""Settings of the anchors: ``BOLIGSAK_ANKER_<FIELD>``."""

from datetime import time
from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.anker.feil import AnkerFeil
from services.innstillinger import innstillinger


class AnkerInnstillinger(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_ANKER_", extra="ignore")

    mappe: Path | None = None
    """Where anchors are written: a place that whoever runs the database cannot write to."""
    nokkel_fil: Path | None = None
    """The Ed25519 private key that signs, PEM."""
    offentlig_fil: Path | None = None
    """The public keys that are believed, PEM after PEM: the one in use and those before it."""
    natt: time = time(3, 40)
    """When beat makes the anchor, Oslo; after the hour that is missing or doubled when the clock changes."""


@lru_cache
def ankerinnstillinger() -> AnkerInnstillinger:
    return AnkerInnstillinger()


def ankermappe() -> Path:
    """The folder of the anchors. Errors: ``AnkerFeil`` in production when none is given."""
    oppgitt = ankerinnstillinger().mappe
    if oppgitt is None and innstillinger().miljo == "prod":
        raise AnkerFeil("BOLIGSAK_ANKER_MAPPE må være satt når BOLIGSAK_MILJO=prod")
    return oppgitt or innstillinger().rot / "anker"
