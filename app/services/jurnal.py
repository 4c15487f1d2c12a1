"""Writes what the engine decided: the journal first, then the rows that lists and queues read."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.kunjungan import Kunjungan, StatusKunjungan
from app.models.pelaku import Jabatan, Pelaku
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.routing import Keadaan, Peristiwa, tambah
from app.services.kalender import load_kalender


def append(
    session: Session,
    berkas: Berkas,
    event: Peristiwa,
    jabatan: Jabatan,
    pelaku: Pelaku,
    now: datetime,
    kunci: str,
) -> Riwayat:
    row = Riwayat(
        berkas_id=berkas.id,
        kecamatan_id=berkas.kecamatan_id,
        nomor=event.nomor,
        kunjungan_ke=event.ke,
        jenis=event.jenis.value,
        oleh_id=pelaku.pengguna_id,
        penugasan_id=jabatan.penugasan_id,
        nama=pelaku.nama,
        jabatan=jabatan.sebutan,
        waktu=now,
        alasan_kode=event.alasan_kode or None,
        catatan=event.catatan or None,
        isi=event.to_isi(),
        kunci=kunci,
    )
    session.add(row)
    session.flush()
    return row


def project(
    session: Session, berkas: Berkas, keadaan: Keadaan, event: Peristiwa, now: datetime
) -> None:
    """Bring the rows that lists and queues read in line with the projection."""
    if event.ke is not None:
        closed = keadaan.kunjungan[event.ke - 1]
        row = session.scalars(
            select(Kunjungan).where(Kunjungan.berkas_id == berkas.id, Kunjungan.ke == event.ke)
        ).one()
        row.status = StatusKunjungan(closed.status.value)
        row.waktu_ditutup, row.oleh_id = now, closed.penugasan_id
        session.flush()
    steps = {
        t.kode: t
        for t in session.scalars(
            select(Tahapan).where(Tahapan.versi_layanan_id == berkas.versi_layanan_id)
        )
    }
    for visit in event.kunjungan_baru:
        session.add(_visit_row(session, berkas, visit, steps[visit.tahapan], now))
    berkas.status = StatusBerkas(keadaan.status.value)
    berkas.jumlah_kembali = keadaan.kembali
    berkas.balik_ke = keadaan.balik_ke
    berkas.jalur = dict(keadaan.jalur)
    if keadaan.penutup is not None:
        berkas.waktu_selesai = now


def _visit_row(
    session: Session, berkas: Berkas, visit: Any, step: Tahapan, now: datetime
) -> Kunjungan:
    meja = visit.meja
    row = Kunjungan(
        berkas_id=berkas.id,
        ke=visit.ke,
        tahapan_id=step.id,
        status=visit.status.value,
        sebab=visit.sebab.value if visit.sebab else None,
        waktu_dibuka=now,
    )
    if meja is None:
        row.waktu_ditutup = now
        return row
    row.wilayah_id, row.seharusnya_id = meja.wilayah_id, meja.seharusnya_id
    row.peran_kode, row.seksi_kode = meja.peran, meja.seksi_kode
    kalender = load_kalender(session, meja.wilayah_id, now.date())
    row.batas_waktu = tambah(now, step.sla_menit, kalender)
    return row
