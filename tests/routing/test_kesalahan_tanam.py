"""Faults taken from other systems are each caught by the worked cases, or else by random walks."""

import sys

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.routing.meja import lepas
from app.routing.putuskan import RULES
from tests.routing import test_kasus
from tests.routing.kasus import load_kasus, run_kasus
from tests.routing.kesalahan import SEMUA, Kesalahan
from tests.routing.test_sifat import BerkasBerjalan

PLACES = ("app.routing", "tests.routing.kasus", "tests.routing.mesin", "tests.routing.test_kasus")
WALKS = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def plant(kesalahan: Kesalahan, monkeypatch: pytest.MonkeyPatch) -> int:
    """Put the faulty part wherever the right one is known; return in how many places."""
    if kesalahan.kelas is not None:
        is_property = isinstance(vars(kesalahan.kelas)[kesalahan.asli], property)
        part = property(kesalahan.tiruan) if is_property else kesalahan.tiruan
        monkeypatch.setattr(kesalahan.kelas, kesalahan.asli, part)
        return 1
    planted = 0
    for name, module in list(sys.modules.items()):
        if name.startswith(PLACES):
            for attribute, value in list(vars(module).items()):
                if value is kesalahan.asli:
                    monkeypatch.setattr(module, attribute, kesalahan.tiruan)
                    planted += 1
    for jenis, rule in list(RULES.items()):
        if rule is kesalahan.asli:
            monkeypatch.setitem(RULES, jenis, kesalahan.tiruan)
            planted += 1
    return planted


def caught_by() -> list[str]:
    """Return the names of the worked cases that go otherwise than written."""
    found = []
    for kasus in load_kasus():
        check = {
            "mesin": run_kasus,
            "kalender": test_kasus.test_worked_deadline_falls_as_written,
        }.get(kasus.melalui)
        try:
            if check is not None:
                check(kasus)
        except Exception:  # noqa: BLE001 - whatever a fault breaks, it is noticed
            found.append(kasus.nama)
    return found


def walks_fail() -> bool:
    """Whether short random walks notice something."""
    try:
        run_state_machine_as_test(BerkasBerjalan, settings=WALKS)
    except Exception:  # noqa: BLE001 - likewise
        return True
    return False


@pytest.mark.parametrize("kesalahan", SEMUA, ids=lambda k: k.tiruan.__name__)
def test_a_fault_of_another_system_is_caught(
    kesalahan: Kesalahan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plant(kesalahan, monkeypatch) > 0, "the fault was planted nowhere"
    assert caught_by() or walks_fail(), kesalahan.asal


def test_at_least_twenty_faults_are_planted_and_each_names_where_it_comes_from() -> None:
    assert len(SEMUA) >= 20
    assert len({k.tiruan.__name__ for k in SEMUA}) == len(SEMUA)
    assert all(": " in k.asal for k in SEMUA)


def test_without_a_fault_nothing_is_caught() -> None:
    assert caught_by() == []
    assert lepas in RULES.values()
