"""The registers: what is asked, at which pace, and what is done when one of them is away."""

from services.innstillinger import innstillinger as felles_innstillinger
from services.registre.innstillinger import registerinnstillinger
from services.registre.protokoll import Oppslag, RegisterFeil, Registre, SvarDict

__all__ = ["Oppslag", "RegisterFeil", "Registre", "SvarDict", "lag_registre"]

INPROSESS = "inprosess:"


def lag_registre(redis_url: str | None = None) -> Registre:
    """The registers by the settings.  Once per process, after any fork; ``lukk`` when done.

    ``redis_url``: where the pace is held across workers; None: each process keeps the whole pace by itself.
    ``register_url`` ``inprosess:`` or ``inprosess:SEED`` answers from the synthetic population without HTTP.
    """
    valg = felles_innstillinger()
    if valg.register_url.startswith(INPROSESS):
        from services.registersim.befolkning import Befolkning
        from services.registre.inprosess import RegistreIProsess

        return RegistreIProsess(Befolkning(int(valg.register_url.removeprefix(INPROSESS) or 1)))
    from services.registre.klient import RegistreHttp
    from services.registre.token import tokenkilde

    egne = registerinnstillinger()
    return RegistreHttp(valg.register_url, valg.register_tidsavbrudd_s, egne, tokenkilde(egne), redis_url)
