"""Ids made by one process sort in the order they were made."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from services.lager.ider import ny_id


def test_ids_sort_as_they_were_made_also_within_a_millisecond() -> None:
    ider = [ny_id() for _ in range(20_000)]
    assert ider == sorted(set(ider))
    assert {(i.version, i.variant) for i in ider} == {(7, uuid.RFC_4122)}


def test_threads_never_make_the_same() -> None:
    with ThreadPoolExecutor(4) as trader:
        lister = list(trader.map(lambda _: [ny_id() for _ in range(5_000)], range(4)))
    assert all(liste == sorted(liste) for liste in lister)
    assert len({i for liste in lister for i in liste}) == 20_000
