"""Find what processes left behind."""

import os
from pathlib import Path


def overlevende(mappe: Path, merke: str = "", verdi: str = "") -> list[int]:
    """Process ids, our own left out, that carry `merke`=`verdi` in their environment or work inside `mappe` (Linux).

    By folder too, because PostgreSQL writes its title over its environment.
    """
    sokt = f"{merke}={verdi}".encode()
    funnet = []
    for proc in Path("/proc").iterdir():
        if not proc.name.isdigit() or int(proc.name) == os.getpid():
            continue
        try:
            if sokt in (proc / "environ").read_bytes().split(b"\0") or (
                proc / "cwd"
            ).readlink().is_relative_to(mappe):
                funnet.append(int(proc.name))
        except OSError:  # gone in the meantime, or a zombie
            continue
    return funnet
