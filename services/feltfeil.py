"""Which fields of a body are to blame, in words that never repeat the caller's values."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import TypedDict


class Feltfeil(TypedDict):
    """``felt`` is a path such as ``data.husstand[1].fnr``; ``melding`` never repeats the value."""

    felt: str
    melding: str


_FELTNAVN = re.compile(r"[A-Za-z_][A-Za-z0-9_:.-]{0,63}")
_UKJENT_FELTNAVN = re.compile(r"[a-z_][a-z0-9_]{0,39}")
_LANGT_TALL = re.compile(r"(?<![\d-])(?!20\d\d-[01]\d(?![\d-]| \d))\d[\d \-]{4,}\d")
"""What may be an identity number, or part of one; a month, which rules name, is not."""

_MELDINGER = {
    "missing": "mangler",
    "extra_forbidden": "ukjent felt",
    "json_invalid": "er ikke gyldig JSON",
    "model_attributes_type": "må være et objekt",
    "model_type": "må være et objekt",
    "dict_type": "må være et objekt",
    "list_type": "må være en liste",
    "string_type": "må være tekst",
    "int_type": "må være et heltall",
    "int_parsing": "må være et heltall",
    "int_from_float": "må være et heltall",
    "float_type": "må være et tall",
    "float_parsing": "må være et tall",
    "finite_number": "må være et endelig tall",
    "decimal_parsing": "må være et tall",
    "bool_type": "må være true eller false",
    "bool_parsing": "må være true eller false",
    "date_type": "må være en dato (ÅÅÅÅ-MM-DD)",
    "date_parsing": "må være en dato (ÅÅÅÅ-MM-DD)",
    "date_from_datetime_parsing": "må være en dato (ÅÅÅÅ-MM-DD)",
    "date_from_datetime_inexact": "må være en dato uten klokkeslett",
    "datetime_type": "må være et tidspunkt (RFC 3339)",
    "datetime_parsing": "må være et tidspunkt (RFC 3339)",
    "datetime_from_date_parsing": "må være et tidspunkt (RFC 3339)",
    "timezone_aware": "må ha tidssone",
    "uuid_type": "må være en UUID",
    "uuid_parsing": "må være en UUID",
    "url_parsing": "må være en adresse",
    "union_tag_invalid": "har en ukjent verdi",
    "union_tag_not_found": "mangler",
}
_MED_GRENSE = {
    "greater_than": ("må være større enn {}", "gt"),
    "greater_than_equal": ("må være minst {}", "ge"),
    "less_than": ("må være mindre enn {}", "lt"),
    "less_than_equal": ("må være høyst {}", "le"),
    "multiple_of": ("må være et multiplum av {}", "multiple_of"),
    "string_too_short": ("må ha minst {} tegn", "min_length"),
    "string_too_long": ("må ha høyst {} tegn", "max_length"),
    "too_short": ("må ha minst {} elementer", "min_length"),
    "too_long": ("må ha høyst {} elementer", "max_length"),
    "string_pattern_mismatch": ("må følge mønsteret {}", "pattern"),
    "literal_error": ("må være en av {}", "expected"),
    "enum": ("må være en av {}", "expected"),
}


def felt_feil(errors: Sequence[Mapping[str, Any]], prefiks: str = "") -> list[Feltfeil]:
    """Pydantic's ``errors()`` as field errors, in the schema's and the validators' own words only."""
    return [{"felt": _sti(e, prefiks), "melding": _melding(e)} for e in errors]


def _sti(feil: Mapping[str, Any], prefiks: str) -> str:
    deler = list(feil["loc"])
    if deler and deler[0] in ("body", "query", "path", "header", "cookie"):
        deler.pop(0)
    if feil["type"] == "json_invalid":
        deler = []
    sti = prefiks
    for i, del_ in enumerate(deler):
        if isinstance(del_, int):
            sti += f"[{del_}]"
            continue
        # A key comes from the caller when the field is unknown, and may be a name or an identity number.
        monster = _UKJENT_FELTNAVN if feil["type"] == "extra_forbidden" and i == len(deler) - 1 else _FELTNAVN
        navn = del_ if monster.fullmatch(del_) and not re.search(r"\d{5}", del_) else "(ukjent)"
        sti += f".{navn}" if sti else navn
    return sti or "(kropp)"


def _melding(feil: Mapping[str, Any]) -> str:
    art, ctx = feil["type"], feil.get("ctx") or {}
    if art in _MELDINGER:
        return _MELDINGER[art]
    if art in _MED_GRENSE:
        mal, navn = _MED_GRENSE[art]
        return mal.format(ctx.get(navn, "")).rstrip().replace(" or ", " eller ")
    if art in ("value_error", "assertion_error"):
        return _LANGT_TALL.sub("…", str(ctx.get("error", "ugyldig verdi")))
    if "_" not in art or art.startswith("boligsak_"):
        return _LANGT_TALL.sub("…", str(feil["msg"]))
    return "ugyldig verdi"
