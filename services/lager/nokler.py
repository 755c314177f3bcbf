"""The process's sealer, and the data keys of people."""

from functools import lru_cache

from services.forsegling import Datanokkel, Forsegler


@lru_cache
def forsegler() -> Forsegler:
    """Made once a process, from the key-encryption keys that the settings point to."""
    return Forsegler.fra_innstillinger()


def pakk_ut(nokkel: bytes | None, kek: str | None) -> Datanokkel:
    """A person's data key. Errors: NokkelDestruert when the person is erased."""
    return forsegler().pakk_ut(nokkel, kek)
