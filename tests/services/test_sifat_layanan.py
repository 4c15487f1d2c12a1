"""The services keep what the engine promises: random officers, keys and pages on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from tests.conftest import Portal
from tests.services.lakon import Lakon
from tests.walk import PENGAJU, RANTAI

RUNS = 200
OFFICERS = [username for username, _ in RANTAI]
STRANGERS = ["rt002rw002.pilang", "lurah.ketapang", "admin"]
SYSTEM = ("lepas", "alihkan", "eskalasi", "kedaluwarsa", "impor")
PERSONAL = [j.value for j in JenisAksi if j not in ("ajukan", "migrasi", "hitung_ulang")]


@pytest.fixture(scope="module")
def engine(postgres_app: Flask, postgres_portal: Portal) -> Iterator[Engine]:
    """PostgreSQL, on a fresh database for this module."""
    return postgres_portal.engine


class BerkasDiLayanan(RuleBasedStateMachine):
    """One SKTM of the seeded portal; each run is one transaction, undone at the end."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine)
        self.lakon = Lakon(self.session)
        self.keys: dict[str, tuple[str, str, int, dict[str, Any]]] = {}
        assert isinstance(self.lakon.file(kunci="ajuan"), int)
        self.stored = self.lakon.stored()

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def attempt(self, siapa: str, jenis: str, **facts: Any) -> None:
        """One act: a refusal leaves every stored value as it was, an act adds one row."""
        before = self.stored
        outcome = self.lakon.act(siapa, jenis, **facts)
        after = self.stored = self.lakon.stored()
        if not isinstance(outcome, Riwayat):
            assert after == before, (siapa, jenis, outcome)
            return
        assert after[2] == before[2] + 1
        assert (outcome.nomor, str(outcome.jenis)) == (after[2], jenis)
        assert (outcome.oleh_id is None) is (siapa == "sistem")
        said = {k: facts[k] for k in ("catatan", "alasan") if k in facts}
        self.keys[outcome.kunci] = (siapa, jenis, outcome.id, said)

    @precondition(lambda self: self.lakon.keadaan().terbuka)
    @rule()
    def the_desk_acts(self) -> None:
        step = self.lakon.keadaan().terbuka.urutan
        username, jenis = RANTAI[step - 1]
        self.attempt(username, jenis.value)

    @precondition(lambda self: self.lakon.keadaan().terbuka)
    @rule(jenis=st.sampled_from(["ambil", "kembalikan", "lepas", "tolak"]))
    def the_desk_does_something_else(self, jenis: str) -> None:
        username, _ = RANTAI[self.lakon.keadaan().terbuka.urutan - 1]
        self.attempt(username, jenis, catatan="kurang", alasan="tidak_lengkap")

    @rule(
        siapa=st.sampled_from([*OFFICERS, *STRANGERS]),
        jenis=st.sampled_from(PERSONAL),
        geser=st.sampled_from([0, 0, 0, -1, 1]),
        catatan=st.sampled_from(["", "kurang"]),
    )
    def anyone_tries_anything(self, siapa: str, jenis: str, geser: int, catatan: str) -> None:
        ke = self.lakon.keadaan().ke + geser
        self.attempt(siapa, jenis, ke=ke, catatan=catatan, alasan="tidak_lengkap")

    @rule(jenis=st.sampled_from(SYSTEM), buka=st.booleans())
    def the_sweep_comes(self, jenis: str, buka: bool) -> None:
        self.attempt("sistem", jenis, rincian={"buka_atasan": buka})

    @precondition(lambda self: len(self.keys) > 0)
    @rule(data=st.data())
    def a_key_comes_again(self, data: st.DataObject) -> None:
        kunci = data.draw(st.sampled_from(sorted(self.keys)))
        siapa, jenis, row_id, said = self.keys[kunci]
        again = self.lakon.act(siapa, jenis, kunci=kunci, **said)
        assert (again is None) if siapa == "sistem" else again.id == row_id, "I9"
        if siapa != "sistem":
            other = self.lakon.act(siapa, jenis, kunci=kunci, **{**said, "catatan": "isi lain"})
            assert isinstance(other, DataTidakValidError), "I9"
        assert self.lakon.stored() == self.stored, "I9"

    @rule(detik=st.sampled_from([1, 59, 61, 601, 86_400, 1_300_000]))
    def time_passes(self, detik: int) -> None:
        self.lakon.pass_time(timedelta(seconds=detik))

    @precondition(lambda self: self.lakon.keadaan().status == "dikembalikan")
    @rule()
    def the_filing_key_comes_again(self) -> None:
        assert self.lakon.file("b", PENGAJU, "ajuan") == self.lakon.berkas["a"]
        assert self.lakon.stored() == self.stored, "I9"

    @invariant()
    def the_rows_are_the_replay(self) -> None:
        self.lakon.check()


@pytest.mark.lambat
def test_random_acts_through_the_services_keep_the_promises(engine: Engine) -> None:
    run_state_machine_as_test(
        type("BerkasDiPostgres", (BerkasDiLayanan,), {"engine": engine}),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=10,
            deadline=None,
            # A run replays from its seed; to shrink it through a database takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    with Session(engine) as session:
        assert session.query(Riwayat).count() == 0, "a run left something behind"
