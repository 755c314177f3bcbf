"""Logs: structlog JSON lines, static event names, all data as keywords, no personal data.

``bundet`` puts case, treatment and trace ids on every line of a piece of work.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from services import sporing as sporing_

_ELLEVE_SIFRE = re.compile(r"(?<![0-9a-zA-Z-])\d{11}(?![0-9a-zA-Z-])")


def _sladd(_logger: Any, _metode: str, linje: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A last guard: nothing that looks like an identity number leaves in a line, wherever it came from."""
    return {k: _ELLEVE_SIFRE.sub("<fnr>", v) if isinstance(v, str) else v for k, v in linje.items()}


def _bare_unntakets_slag(
    _logger: Any, _metode: str, linje: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Of an exception only its kind: its message may hold what a person wrote."""
    unntak = linje.pop("exc_info", None)
    if unntak:
        slag = (
            unntak[0]
            if isinstance(unntak, tuple)
            else type(unntak)
            if isinstance(unntak, BaseException)
            else None
        )
        slag = slag or sys.exc_info()[0]
        linje["unntak"] = getattr(slag, "__qualname__", "ukjent")
    return linje


def sett_opp(tjeneste: str) -> None:
    """Once a process. The standard library's lines (Celery, uvicorn) go the same way."""
    felles: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _bare_unntakets_slag,
        _sladd,
    ]
    structlog.configure(
        processors=[*felles, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handterer = logging.StreamHandler(sys.stderr)
    handterer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=felles,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
            ],
        )
    )
    rot = logging.getLogger()
    rot.handlers[:] = [handterer]
    rot.setLevel(logging.INFO)
    for stille in ("celery.worker.strategy", "celery.app.trace", "uvicorn.access", "kombu", "amqp"):
        logging.getLogger(stille).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(tjeneste=tjeneste)


@contextmanager
def bundet(traceparent: str | None, **felt: object) -> Iterator[None]:
    """Ids on every line within: the trace's and those given."""
    spor = {"spor": sporing_.spor_id(traceparent)} if traceparent else {}
    with structlog.contextvars.bound_contextvars(**spor, **felt):
        yield
