"""Ports: what has been given to one server is given to no other, whether that server is up or down."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from services.innebygd import port as porter


def test_a_port_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nothing listens on it yet."""
    gitt = porter.finn_ledig()
    trekker = SimpleNamespace(sample=lambda *_: [gitt])
    monkeypatch.setattr(porter, "random", SimpleNamespace(SystemRandom=lambda: trekker))
    with pytest.raises(OSError, match="no free port"):
        porter.finn_ledig()
    assert porter.ta(gitt), "its own server comes back to it"


def test_another_process_is_not_given_it() -> None:
    kode = f"from services.innebygd import port; print(port.ta({porter.finn_ledig()}))"
    assert subprocess.check_output([sys.executable, "-c", kode], text=True) == "False\n"
