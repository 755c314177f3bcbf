"""A scheme's legal content as a page: the parts that are the same for all schemes.

A page is ``{"ordning", "regler": […], "satser": […], "koder": […], "sikkerhet": {…}}``, and ``"sprak"`` (code → name)
when its texts are in other languages than both kinds of Norwegian; what makes its rules and codes is the scheme's.
"""

from collections.abc import Mapping
from typing import Any

from domain.regler.satser import Sats, Satsverdi

NORSK: Mapping[str, str] = {"nb": "Bokmål", "nn": "Nynorsk"}


def sats_verdi(verdi: Satsverdi) -> float | list[float]:
    return list(verdi.verdi) if isinstance(verdi.verdi, tuple) else verdi.verdi


def sats_rad(sats: Sats) -> dict[str, Any]:
    """A rate with every value, its source and how sure it is."""
    return {
        "navn": sats.navn,
        "etikett": dict(sats.etikett),
        "enhet": sats.enhet,
        "hjemmel": sats.hjemmel,
        "indeks": sats.indeks,
        "verdier": [
            {
                "fra": v.fra.isoformat(),
                "verdi": sats_verdi(v),
                "kilde": v.kilde,
                "sikkerhet": v.sikkerhet,
                "merknad": v.merknad,
            }
            for v in sats.i_versjon()
        ],
    }


def _vis_verdi(verdi: Any) -> str:
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, list):
        return "[" + ", ".join(_vis_verdi(v) for v in verdi) + "]"
    if isinstance(verdi, float):
        return f"{verdi:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(verdi)


def _regel_markdown(regel: dict[str, Any], sprak: Mapping[str, str]) -> list[str]:
    til = regel["gyldig_til"]
    eksempel = regel["eksempel"]
    inn = [f"`{n}` = {_vis_verdi(v)}" for n, v in eksempel["inn"].items()]
    inn += [f"`{n}` = {_vis_verdi(s['verdi'])} [{s['sikkerhet']}]" for n, s in eksempel["satser"].items()]
    linjer = [
        f"### `{regel['navn']}` ({regel['gyldig_fra']} – {til or 'i dag'})",
        "",
        f"- **Hjemmel:** {regel['hjemmel']}",
        f"- **Gjelder:** {regel['gjelder']}, enhet {regel['enhet']}",
        *[f"- **{navn}:** {regel['tekst'][kode]}" for kode, navn in sprak.items()],
        "- **Inn:** " + ", ".join(f"`{i['navn']}` ({i['slag']})" for i in regel["inn"]),
        f"- **Formel:** `{regel['formel']}`",
        f"- **Eksempel ({eksempel['termin']}):** {'; '.join(inn)} → **{_vis_verdi(eksempel['verdi'])}**",
    ]
    if regel["forbehold"]:
        linjer.append(f"- **Forbehold:** {regel['forbehold']}")
    return [*linjer, ""]


def side_markdown(side: Mapping[str, Any], tittel: str) -> str:
    """The page as Markdown, rules in the order they are reckoned."""
    sprak: Mapping[str, str] = side.get("sprak", NORSK)
    forste = next(iter(sprak))
    linjer = [
        f"# Rettslig innhold: {tittel}",
        "",
        "Siden er skrevet ut av reglene selv. Formlene gjelder én sak; eksemplene er regnet av regelen.",
        "",
        "Merker på tall: " + "; ".join(f"**[{m}]** {t[forste]}" for m, t in side["sikkerhet"].items()) + ".",
        "",
        "## Regler",
        "",
    ]
    for regel in side["regler"]:
        linjer += _regel_markdown(regel, sprak)
    linjer += [
        "## Vedtakskoder",
        "",
        f"| Kode | Utfall | Hjemmel | {' | '.join(sprak.values())} |",
        "|---|---|---|" + "---|" * len(sprak),
    ]
    for kode in side["koder"]:
        tekst = kode["tekst"]
        tekster = " | ".join(tekst[kode_] for kode_ in sprak)
        linjer.append(f"| {kode['kode']} | {kode['utfall']} | {kode['hjemmel']} | {tekster} |")
    linjer += ["", "## Satser", ""]
    for sats in side["satser"]:
        indeks = f", {sats['indeks']}" if sats["indeks"] else ""
        linjer += [
            f"### `{sats['navn']}`: {sats['etikett'][forste]}",
            "",
            f"{sats['hjemmel']}; {sats['enhet']}{indeks}",
            "",
            "| Fra | Verdi | Merke | Kilde | Merknad |",
            "|---|---|---|---|---|",
        ]
        for v in sats["verdier"]:
            linjer.append(
                f"| {v['fra']} | {_vis_verdi(v['verdi'])} | {v['sikkerhet']} | {v['kilde']} | {v['merknad'] or ''} |"
            )
        linjer.append("")
    return "\n".join(linjer)
