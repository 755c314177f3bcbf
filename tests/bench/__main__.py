"""``make bench``: every part in one run, a table on the screen and JSON under ``bench/``.

python -m tests.bench [PART …]      parts: see DELER
"""

import importlib
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

DELER = {
    "regler": "rule evaluations, beside openfisca-core",
    "sti": "events to decisions, beside a Celery task that does nothing; the API under load",
    "maned": "the national month, beside a bare COPY and one task a case",
    "samle": "the month's questions to the registers, over HTTP at an agreed pace",
    "skala": "half and double the country: what grows with the work, and what does not",
    "tillit": "verification, replay, and what protection costs on reads",
    "samspill": "the NIBR model: the whole grid in one call, and one answer",
    "almenbolig": "ten thousand Danish projects, 180 quarters each, three paths of rates, in one call",
    "tilsagn": "a frame with ten thousand applications queued, released and decided, beside the spine",
}


def _flat(verdi: Any, sti: str = "") -> list[tuple[str, Any]]:
    """Nested figures as (path, figure), in order."""
    if isinstance(verdi, dict):
        return [
            linje for navn, v in verdi.items() for linje in _flat(v, f"{sti}.{navn}" if sti else str(navn))
        ]
    if isinstance(verdi, list) and any(isinstance(v, dict | list) for v in verdi):
        return [linje for nr, v in enumerate(verdi) for linje in _flat(v, f"{sti}[{nr}]")]
    return [(sti, verdi)]


def main(onsket: list[str]) -> int:
    ut = Console()
    if ukjent := set(onsket) - DELER.keys():
        ut.print(f"unknown part: {', '.join(sorted(ukjent))}; there are {', '.join(DELER)}")
        return 2
    maskin = {
        "kjerner": psutil.cpu_count(),
        "minne_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "last_ved_start": round(psutil.getloadavg()[0], 2),
    }
    mappe = Path("bench")
    mappe.mkdir(exist_ok=True)
    fil = mappe / "resultat.json"
    # A part that is not run again keeps its figures of before.
    resultat: dict[str, Any] = json.loads(fil.read_text()) if fil.exists() and onsket else {}
    ut.print(maskin)
    for navn in onsket or DELER:
        ut.print(f"[bold]{navn}[/bold]: {DELER[navn]} …")
        start = time.perf_counter()
        resultat[navn] = {"maskin": maskin, **importlib.import_module(f"tests.bench.{navn}").mal()}
        tabell = Table("figure", "value", title=f"{navn} ({time.perf_counter() - start:.0f} s)")
        for sti, verdi in _flat(resultat[navn]):
            tabell.add_row(sti, f"{verdi:,.3f}" if isinstance(verdi, float) else str(verdi))
        ut.print(tabell)
    fil.write_text(json.dumps(resultat, indent=2, ensure_ascii=False, default=str) + "\n")
    ut.print(f"written: {fil}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
