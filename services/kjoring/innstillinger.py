"""Settings of the monthly run: ``BOLIGSAK_KJORING_<FIELD>``."""

from datetime import time
from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class KjoringInnstillinger(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_KJORING_", extra="ignore")

    bit_saker: int = Field(default=4000, ge=1, le=65_536)
    """Cases a chunk: big enough for columns and COPY to pay, small enough for memory and for what a kill costs.
    A place in a chunk is 16 bits (``Bit.plasser``)."""
    arbeidere: int = Field(default=2, ge=1)
    """Worker processes that the command starts where none runs."""
    bit_maks_forsok: int = 5
    """Failures of a chunk before a person is told; it is still tried, with longer and longer pauses."""
    giftige_andel: float = 0.05
    """More cases of a chunk than this that cannot be reckoned: it is the run that is wrong, not the cases."""

    samle_forsok: int = 3
    """Rounds a register that fails for the moment is asked again before its cases become open tasks."""
    samle_maks_vent_s: float = 600.0
    """How long one question may wait for its turn in a register's pace."""

    natt: time = time(4, 15)
    """When beat looks whether the month shall be run, Oslo. Not between two and three: that hour is missing one
    night in March and comes twice one night in October."""
    natt_fra_dag: int = 12
    """The day of the month from which a-ordningen is taken to be complete for the month before."""

    band_avslag: float = 0.05
    """The share of refusals may leave last month's by so much either way."""
    band_snitt: float = 0.10
    """The mean amount of a grant, relative to last month's."""
    band_kommune: float = 0.25
    """One municipality's total, relative to last month's …"""
    band_kommune_saker: int = 50
    """… where so many cases were granted."""


@lru_cache
def kjoringsinnstillinger() -> KjoringInnstillinger:
    return KjoringInnstillinger()
