"""Writes what the engine decided: the journal first, then the rows that lists and queues read."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Update, bindparam, insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.models.berkas import Berkas, StatusBerkas
from app.models.kunjungan import Kunjungan, StatusKunjungan, sebutan_kunjungan
from app.models.kunjungan import Sebab as SebabKunjungan
from app.models.pelaku import Jabatan, Pelaku
from app.models.penugasan import Sifat, sebutan_of
from app.models.peran import Peran
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.models.validation import validate
from app.models.wilayah import Wilayah
from app.routing import JenisAksi, Keadaan, Peristiwa, Sebab, tambah
from app.routing import Kunjungan as Visit
from app.services.dunia import VersiTerbaca, read_versi
from app.services.kalender import load_kalender
from app.services.sidik import seal
from app.services.waktu import wind_hukum
from app.teks import N_

D = TypeVar("D", date, datetime)


@dataclass(frozen=True)
class Penulis:
    """Who stands in the journal behind an event; ids are None for the system."""

    nama: str
    jabatan: str
    pengguna_id: int | None = None
    penugasan_id: int | None = None


SISTEM_PENULIS = Penulis(nama=N_("Sistem"), jabatan=N_("Sistem"))


def as_penulis(pelaku: Pelaku, jabatan: Jabatan) -> Penulis:
    """Return a person in the appointment used, as it reads now: riwayat freezes both."""
    return Penulis(pelaku.nama, jabatan.sebutan, pelaku.pengguna_id, jabatan.penugasan_id)


def append(
    session: Session,
    berkas: Berkas,
    keadaan: Keadaan,
    event: Peristiwa,
    penulis: Penulis,
    kunci: str,
    sidik_lalu: str | None,
) -> Riwayat:
    """Add the journal row of an event; ``keadaan`` is from before.

    ``sidik_lalu`` is the hash of the berkas's newest row, None for its first (ROUTING §3 case 52).
    """
    row = Riwayat(
        berkas_id=berkas.id,
        kecamatan_id=berkas.kecamatan_id,
        nomor=event.nomor,
        kunjungan_ke=event.ke,
        jenis=event.jenis.value,
        oleh_id=penulis.pengguna_id,
        penugasan_id=penulis.penugasan_id,
        nama=penulis.nama,
        jabatan=_jabatan(session, berkas, keadaan, event, penulis)[:300],
        waktu=event.pada,
        alasan_kode=event.alasan_kode or None,
        catatan=event.catatan or None,
        isi=event.to_isi(),
        kunci=kunci,
    )
    seal(row, sidik_lalu)
    validate(row)
    facts = {name: value for name, value in vars(row).items() if name in _RIWAYAT.c}
    row.id = session.connection().execute(_JOURNAL, {**facts, "revisi": 1}).scalar_one()
    # From here on the session knows the row as one that it has read.
    make_transient_to_detached(row)
    session.add(row)
    return row


def _jabatan(
    session: Session, berkas: Berkas, keadaan: Keadaan, event: Peristiwa, penulis: Penulis
) -> str:
    """Return the jabatan to freeze; a superior who acts for a vacant desk signs "a.n." (case 6)."""
    visit = keadaan.kunjungan[event.ke - 1] if event.ke is not None else None
    if visit is None or visit.meja is None or penulis.penugasan_id is None:
        return penulis.jabatan
    desk, actor = visit.meja, event.pelaku
    # A berkas rose to the actor's desk, or the ladder opened this one to the superior as well.
    stands_in = desk.sebab is Sebab.NAIK or (actor.peran, actor.wilayah_id) != (
        desk.peran,
        desk.wilayah_id,
    )
    if not stands_in or event.jenis is JenisAksi.BATALKAN:
        return penulis.jabatan
    peran = session.scalars(
        select(Peran)
        .join(Tahapan, Tahapan.peran_id == Peran.id)
        .where(Tahapan.versi_layanan_id == berkas.versi_layanan_id, Tahapan.kode == visit.tahapan)
    ).first()
    unit = session.get(Wilayah, visit.meja.seharusnya_id)
    if peran is None or unit is None:
        return penulis.jabatan
    return f"a.n. {sebutan_of(peran, unit, None, Sifat.DEFINITIF)}, {penulis.jabatan}"


def project(
    session: Session, berkas: Berkas, versi: VersiTerbaca, keadaan: Keadaan, event: Peristiwa
) -> None:
    """Bring the rows that lists and queues read in line with the projection after the event.

    ``versi`` is the version of the berkas before the event.
    """
    facts: dict[str, Any] = {}
    if event.jenis is JenisAksi.MIGRASI:
        facts["versi_layanan_id"] = int(str(event.rincian["versi_id"]))
        versi = read_versi(session, facts["versi_layanan_id"])
    deadlines = _change_rows(session, berkas, versi, keadaan, event)
    rows = [_visit_row(session, berkas, versi, k, event.pada) for k in event.kunjungan_baru]
    if rows:
        session.connection().execute(_OPEN, rows)
        deadlines |= {row["ke"]: row["batas_waktu"] for row in rows}
    facts |= {
        "status": StatusBerkas(keadaan.status.value),
        "jumlah_kembali": keadaan.kembali,
        "balik_ke": keadaan.balik_ke,
        "jalur": dict(keadaan.jalur),
        "waktu_dikembalikan": keadaan.dikembalikan_pada,
    }
    if keadaan.terbuka is None:
        facts["batas_waktu"] = None
    elif keadaan.ke in deadlines:
        facts["batas_waktu"] = deadlines[keadaan.ke]
    if keadaan.penutup is not None:
        facts["waktu_selesai"] = event.pada
    if event.jenis is JenisAksi.AJUKAN:
        facts["waktu_lengkap"] = event.pada
    _write_berkas(session, berkas, facts)
    if event.jenis is JenisAksi.HITUNG_ULANG and "tenggat_hukum" in event.rincian:
        tenggat = _moment(event.rincian["tenggat_hukum"], date)
    else:
        is_filed = event.jenis is JenisAksi.AJUKAN
        tenggat = wind_hukum(session, berkas, is_filed=is_filed)
    _write_berkas(session, berkas, {"tenggat_hukum": tenggat})


def _write_berkas(session: Session, berkas: Berkas, facts: dict[str, Any]) -> None:
    """Write those of the facts that differ, and let the session know them as read."""
    changed = {name: value for name, value in facts.items() if getattr(berkas, name) != value}
    if not changed:
        return
    changed["revisi"] = berkas.revisi + 1
    session.connection().execute(_update_berkas(tuple(changed)), {"berkas": berkas.id} | changed)
    for name, value in changed.items():
        set_committed_value(berkas, name, value)


@cache
def _update_berkas(names: tuple[str, ...]) -> Update:
    table: Any = Berkas.__table__
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("berkas")).values(values)


def _moment(value: object, kind: type[D]) -> D | None:
    """Read a date or moment of a rincian; None stays None (a desk that never opens)."""
    return None if value is None else kind.fromisoformat(str(value))


_KUNJUNGAN: Any = Kunjungan.__table__
_RIWAYAT: Any = Riwayat.__table__
_JOURNAL = insert(_RIWAYAT).returning(_RIWAYAT.c.id)
_OPEN = insert(Kunjungan)
_CLOSE = (
    update(_KUNJUNGAN)
    .where(_KUNJUNGAN.c.berkas_id == bindparam("berkas"), _KUNJUNGAN.c.ke == bindparam("nomor"))
    .values(
        status=bindparam("menjadi"),
        waktu_ditutup=bindparam("pada"),
        oleh_id=bindparam("oleh"),
        revisi=_KUNJUNGAN.c.revisi + 1,
    )
)
"""What every act writes goes past the ORM, for speed: the engine is nobody's area (DESIGN §3)."""

_VISITS = select(Kunjungan).where(
    Kunjungan.berkas_id == bindparam("berkas"),
    Kunjungan.ke.in_(bindparam("numbers", expanding=True)),
)


def _change_rows(
    session: Session, berkas: Berkas, versi: VersiTerbaca, keadaan: Keadaan, event: Peristiwa
) -> dict[int, datetime | None]:
    """Write the visits that the event closed or changed; return the deadlines that changed.

    Before the next visit opens: only one may be open (uq_kunjungan_satu_terbuka).
    """
    numbers = {visit.ke for visit in event.kunjungan_ubah}
    if event.ke is not None:
        _close(session, berkas, keadaan.kunjungan[event.ke - 1], event.pada)
    if event.jenis is JenisAksi.HITUNG_ULANG:
        numbers.add(keadaan.ke)
    if not numbers:
        return {}
    rows = session.scalars(_VISITS, {"berkas": berkas.id, "numbers": sorted(numbers)}).all()
    for row in rows:
        _write_visit(versi, row, keadaan.kunjungan[row.ke - 1], event)
    session.flush()
    return {row.ke: row.batas_waktu for row in rows}


def _close(session: Session, berkas: Berkas, visit: Visit, pada: datetime) -> None:
    session.connection().execute(
        _CLOSE,
        {
            "berkas": berkas.id,
            "nomor": visit.ke,
            "menjadi": visit.status.value,
            "pada": pada,
            "oleh": visit.penugasan_id or None,
        },
    )
    for row in session.identity_map.values():
        if isinstance(row, Kunjungan) and (row.berkas_id, row.ke) == (berkas.id, visit.ke):
            session.expire(row)


def _write_visit(versi: VersiTerbaca, row: Kunjungan, visit: Visit, event: Peristiwa) -> None:
    row.status = StatusKunjungan(visit.status.value)
    row.buka_atasan = visit.buka_atasan
    row.sebab = SebabKunjungan(visit.sebab.value) if visit.sebab else None
    if visit.meja is not None:
        row.wilayah_id, row.seharusnya_id = visit.meja.wilayah_id, visit.meja.seharusnya_id
        row.peran_kode, row.seksi_kode = visit.meja.peran, visit.meja.seksi_kode
    klaim = visit.klaim
    row.diambil_oleh_id = klaim.penugasan_id if klaim else None
    row.diambil_sampai = klaim.sampai if klaim else None
    if not visit.is_terbuka:
        row.waktu_ditutup = row.waktu_ditutup or event.pada
        row.oleh_id = visit.penugasan_id or None
    elif event.jenis is JenisAksi.MIGRASI:
        row.tahapan_id = versi.tahapan_id[visit.tahapan]
    elif event.jenis is JenisAksi.HITUNG_ULANG:
        row.batas_waktu = _moment(event.rincian["batas_waktu"], datetime)


def _visit_row(
    session: Session, berkas: Berkas, versi: VersiTerbaca, visit: Visit, now: datetime
) -> dict[str, Any]:
    meja = visit.meja
    row: dict[str, Any] = {
        "berkas_id": berkas.id,
        "ke": visit.ke,
        "sebutan": sebutan_kunjungan(berkas.nomor, visit.ke),
        "tahapan_id": versi.tahapan_id[visit.tahapan],
        "status": visit.status.value,
        "sebab": visit.sebab.value if visit.sebab else None,
        "waktu_dibuka": now,
        "waktu_ditutup": now if meja is None else None,
        "buka_atasan": visit.buka_atasan,
        "revisi": 1,
        "wilayah_id": meja.wilayah_id if meja else None,
        "seharusnya_id": meja.seharusnya_id if meja else None,
        "peran_kode": meja.peran if meja else None,
        "seksi_kode": meja.seksi_kode if meja else None,
        "batas_waktu": None,
    }
    if meja is not None:
        kalender = load_kalender(session, meja.wilayah_id)
        row["batas_waktu"] = tambah(now, versi.sla_menit[visit.tahapan], kalender)
    return row
