"""Settings of the register clients: ``BOLIGSAK_REGISTER_<FIELD>``; lists of values per register are JSON objects."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.kontroll.krav import Register

Over0 = Annotated[float, Field(gt=0)]


class RegisterInnstillinger(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_REGISTER_", extra="ignore")

    adresser: dict[Register, str] = {}
    """Base address of single registers, where they differ from ``register_url``."""
    tempo: dict[Register, Over0] = {}
    """Agreed calls a second, all workers together, where it differs from ``tempo_ellers``."""
    tempo_ellers: float = Field(default=500.0, gt=0)
    reserve_andel: float = Field(default=0.25, gt=0, le=1)
    """Share of the agreed pace that one process allows itself while the shared count is out of reach."""
    maks_vent_s: float = 2.0
    """How long a call waits for its turn before it is given back to be tried later."""

    tidsavbrudd: dict[Register, Over0] = {}
    """Seconds for a whole call, where it differs from ``register_tidsavbrudd_s``."""
    maks_samtidige: int = Field(default=16, ge=1)
    """Calls under way at once per register and process."""

    brutt_etter: int = Field(default=5, ge=1)
    """Failures in a row that open the circuit."""
    brutt_i_s: float = Field(default=5.0, gt=0)
    """How long it stays open before one call is let through to look."""

    maskinporten_url: str | None = None
    """Token endpoint; absent: the simulator's own tokens."""
    maskinporten_audience: str | None = None
    maskinporten_klient: str = ""
    maskinporten_kid: str = ""
    maskinporten_nokkelfil: Path | None = None
    """PEM file with the private key that signs the assertion."""


@lru_cache
def registerinnstillinger() -> RegisterInnstillinger:
    return RegisterInnstillinger()
