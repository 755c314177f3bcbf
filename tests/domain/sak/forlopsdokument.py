"""``docs/forlop.md``, made from the transition tables: ``python -m tests.domain.sak.forlopsdokument``."""

from pathlib import Path

from domain.ordninger import ORDNINGER
from domain.sak.forlop import Forlop, diagram

DOKUMENT = Path(__file__).parents[3] / "docs" / "forlop.md"
_INGRESS = """\
# Forløp

Hver behandling følger en tabell over tilstander og overganger. Motoren, handlingene i API-et, tilgangskontrollen og \
testen som går gjennom alt, er laget av den samme tabellen (`domain/sak/forlop.py`). Dette dokumentet også: \
`python -m tests.domain.sak.forlopsdokument` skriver det på nytt.
"""


def _tabell(forlop: Forlop) -> str:
    linjer = ["| Fra | Handling | Til | Hvem | Vilkår | Begrunnelse |", "|---|---|---|---|---|---|"]
    for o in forlop.overganger:
        hvem = ", ".join(sorted(o.roller))
        vilkar = ", ".join(v.navn for v in o.vakter)
        begrunnes = "ja" if o.begrunnelse else ""
        linjer.append(f"| {o.fra} | `{o.handling}` | {o.til} | {hvem} | {vilkar} | {begrunnes} |")
    return "\n".join(linjer) + "\n"


def _vakter(forlop: Forlop) -> str:
    vakter = {v.navn: v for o in forlop.overganger for v in o.vakter}
    return "".join(f"- `{v.navn}`: {v.tekst} ({v.hjemmel})\n" for v in vakter.values())


def _ett(navn: str, brukes: list[str], forlop: Forlop) -> str:
    selv = ", ".join(sorted(forlop.automatisk)) or "ingen tilstand"
    return (
        f"## {navn}\n\nBrukes av: {', '.join(sorted(brukes))}. Motoren gjør noe av seg selv i: {selv}.\n\n"
        f"```mermaid\n{diagram(forlop)}```\n\n{_tabell(forlop)}\nVilkårene:\n\n{_vakter(forlop)}"
    )


def dokument() -> str:
    """Every table in use, once each, with the schemes and causes that use it."""
    brukt: dict[str, tuple[Forlop, list[str]]] = {}
    for ordning in ORDNINGER.values():
        for arsak, forlop in ordning.forlop.items():
            brukt.setdefault(forlop.navn, (forlop, []))[1].append(f"{ordning.navn} ({arsak})")
    return "\n".join([_INGRESS, *(_ett(navn, hvem, f) for navn, (f, hvem) in sorted(brukt.items()))])


if __name__ == "__main__":
    DOKUMENT.write_text(dokument(), encoding="utf-8")
