"""Plays berkas through app/services inside one transaction that is rolled back at the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.berkas import Berkas
from app.models.kotak_keluar import KotakKeluar
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi, Keadaan
from app.services.antrean import list_antrean
from app.services.berkas import load_keadaan, require_readable, tindak, tindak_sistem
from app.services.pengajuan import Pengajuan, ajukan, load_terbit
from tests.walk import ISIAN, PENGAJU, SENIN, act_as, resident_of

REASON = "uji melihat seluruh berkas"
RT = "RT 001/RW 002 Pilang"


@dataclass
class Lakon:
    """The session, the clock, and the berkas by the names a case gives them."""

    session: Session
    now: datetime = SENIN
    berkas: dict[str, int] = field(default_factory=dict)

    def attempt(self, work: Callable[[], Any]) -> Any:
        """Do one piece of work in a savepoint; return what it gave, or the error it met."""
        try:
            with self.session.begin_nested():
                return work()
        except (BangkitError, DatabaseError) as error:
            return error

    def file(self, nama: str = "a", siapa: str = PENGAJU, kunci: str | None = None) -> Any:
        """File an SKTM with every persyaratan ticked."""

        def work() -> int:
            penduduk_id, nik = resident_of(self.session, RT)
            pelaku = act_as(self.session, siapa, self.now)
            versi = load_terbit(self.session, "SKTM")
            ticks = frozenset(row.id for row in versi.persyaratan)
            pengajuan = Pengajuan(versi.id, penduduk_id, {**ISIAN, "untuk_nik": nik}, ticks)
            return ajukan(self.session, pelaku, self.now, pengajuan, kunci or uuid4().hex)

        outcome = self.attempt(work)
        if isinstance(outcome, int):
            self.berkas[nama] = outcome
        return outcome

    def act(self, siapa: str, jenis: str, nama: str = "a", **facts: Any) -> Any:
        """Let an officer, or the system, take one act on the visit that the page shows."""
        facts.setdefault("kunci", uuid4().hex)
        target = {"berkas_id": self.berkas[nama], "jenis": JenisAksi(jenis)}
        if siapa == "sistem":
            facts.pop("ke", None)
            return self.attempt(lambda: tindak_sistem(self.session, self.now, **target, **facts))
        pelaku = act_as(self.session, siapa, self.now)
        facts.setdefault("ke", self.keadaan(nama).ke)
        return self.attempt(lambda: tindak(self.session, pelaku, self.now, **target, **facts))

    def open_page(self, siapa: str, nama: str = "a") -> Any:
        """Look a berkas up by its address."""
        act_as(self.session, siapa, self.now)
        return self.attempt(
            lambda: require_readable(self.session, self.berkas.get(nama, 9_999_999))
        )

    def row(self, nama: str = "a") -> Berkas:
        """Return the stored berkas as the database has it now."""
        with unscoped(self.session, REASON):
            query = select(Berkas).where(Berkas.id == self.berkas[nama])
            return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def keadaan(self, nama: str = "a") -> Keadaan:
        """Return the replay of the journal."""
        with unscoped(self.session, REASON):
            return load_keadaan(self.session, self.row(nama))[0]

    def visits(self, nama: str = "a") -> list[Kunjungan]:
        """Return the stored visits in order."""
        with unscoped(self.session, REASON):
            query = select(Kunjungan).where(Kunjungan.berkas_id == self.berkas[nama])
            query = query.order_by(Kunjungan.ke).execution_options(populate_existing=True)
            return list(self.session.scalars(query))

    def count(self, model: type[Riwayat] | type[KotakKeluar], nama: str = "a") -> int:
        """Count the journal rows or the notices of a berkas."""
        with unscoped(self.session, REASON):
            query = select(func.count()).select_from(model)
            return self.session.scalar(query.where(model.berkas_id == self.berkas[nama])) or 0

    def queue_of(self, siapa: str) -> list[str]:
        """Return which of the named berkas lie in somebody's queue."""
        pelaku = act_as(self.session, siapa, self.now)
        found = {row.berkas_id for row in list_antrean(self.session, pelaku, self.now)}
        return [nama for nama, id_ in self.berkas.items() if id_ in found]

    def pass_time(self, lewat: timedelta) -> None:
        """Move the clock on."""
        self.now += lewat

    def stored(self, nama: str = "a") -> tuple[dict[str, Any], list[dict[str, Any]], int, int]:
        """Return all that an act could change, to be compared before and after."""
        row = self.row(nama)
        columns = {c.key: getattr(row, c.key) for c in Berkas.__table__.columns}
        visits = [
            {c.key: getattr(visit, c.key) for c in Kunjungan.__table__.columns}
            for visit in self.visits(nama)
        ]
        return columns, visits, self.count(Riwayat, nama), self.count(KotakKeluar, nama)

    def check(self, nama: str = "a") -> None:
        """The stored rows are what the journal replays to, with one open visit while it runs."""
        keadaan, row, visits = self.keadaan(nama), self.row(nama), self.visits(nama)
        assert str(row.status) == keadaan.status.value
        assert (row.jumlah_kembali, row.balik_ke) == (keadaan.kembali, keadaan.balik_ke)
        assert (row.waktu_selesai is None) is (keadaan.penutup is None)
        seen = [(v.ke, str(v.status), v.wilayah_id, v.peran_kode, v.buka_atasan) for v in visits]
        assert seen == [
            (
                k.ke,
                k.status.value,
                k.meja.wilayah_id if k.meja else None,
                k.meja.peran if k.meja else None,
                k.buka_atasan,
            )
            for k in keadaan.kunjungan
        ]
        for visit, k in zip(visits, keadaan.kunjungan, strict=True):
            claimed = k.klaim.penugasan_id if k.klaim else None
            assert visit.diambil_oleh_id == claimed
            assert visit.sebab == (k.sebab.value if k.sebab else None)
            assert (visit.waktu_ditutup is None) is k.is_terbuka
        open_rows = [v for v in visits if v.status in TERBUKA]
        assert len(open_rows) == (keadaan.terbuka is not None)
        if open_rows:
            assert row.batas_waktu == open_rows[0].batas_waktu
