"""Settings, read once from the environment (prefix ``BOLIGSAK_``). Secrets come from files or the environment only."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Innstillinger(BaseSettings):
    """Every field is an environment variable: ``BOLIGSAK_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_", extra="forbid")

    miljo: Literal["lokal", "test", "prod"] = "lokal"
    rot: Path = Path(".boligsak")
    """Folder of the embedded servers, local keys and logs."""

    database_url: str | None = None
    """postgresql://… of the owner role; absent: the embedded PostgreSQL under ``rot``."""
    broker_url: str | None = None
    """redis://…; absent: the embedded Valkey under ``rot``."""

    register_url: str = "http://127.0.0.1:8099"
    """Base address of the registers (the simulator, outside production)."""
    register_tidsavbrudd_s: float = 2.0

    api_vert: str = "127.0.0.1"
    api_port: int = 8080
    syntetiske_fnr: bool = True
    """Accept synthetic identity numbers (month +80 and +40). Refused in production."""

    utboks_maks_forsok: int = 8
    feier_etter_s: float = 30.0
    """A published outbox row older than this is sent again."""
    kontroll_maks_ventetid_s: float = 600.0
    """The longest pause between two tries of a failed control check."""
    kontroll_maks_forsok: int = 60
    """Tries while the register is down (some nine hours at the longest pause) before a person is asked to look."""
    kontroll_maks_forsok_varig: int = 4
    """Tries when the register answers, but with something that cannot be used."""

    strom_maks_s: float = 300.0
    """A server-sent stream ends after this; the client comes back with Last-Event-ID."""

    krasjpunkt: str = ""
    """Names of crash points to trip, for the chaos tests only."""


@lru_cache
def innstillinger() -> Innstillinger:
    return Innstillinger()
