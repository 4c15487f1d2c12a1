"""The notices of an event: who hears of it, written in its transaction (ROUTING §3 case 48)."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models.kotak_keluar import KotakKeluar
from app.models.riwayat import Riwayat
from app.routing import JenisAksi, Keadaan, Peristiwa

_NOTICE = insert(KotakKeluar)


def notify(session: Session, row: Riwayat, recipients: Iterable[str]) -> None:
    """Write the notices of a journal row, in its transaction (ROUTING §3 case 48)."""
    rows = [
        {
            "berkas_id": row.berkas_id,
            "riwayat_id": row.id,
            "penerima": penerima,
            "kanal": "portal",
            "revisi": 1,
        }
        for penerima in recipients
    ]
    if rows:
        session.connection().execute(_NOTICE, rows)


def recipients_of(keadaan: Keadaan, event: Peristiwa) -> list[str]:
    """Return who hears of an event: the desk where the berkas lies next, and the pemohon.

    A desk is a post; who sits there is looked up when the notice is sent (ROUTING §3 case 48).
    """
    found = []
    for visit in (*event.kunjungan_ubah, *event.kunjungan_baru):
        if visit.is_terbuka and visit.meja is not None and event.jenis is not JenisAksi.AMBIL:
            found.append(f"meja:{visit.meja.peran}:{visit.meja.wilayah_id}")
    if event.jenis is JenisAksi.KEMBALIKAN and keadaan.pengaju is not None:
        found.append(f"meja:{keadaan.pengaju.peran}:{keadaan.pengaju.wilayah_id}")
    if event.jenis is JenisAksi.ESKALASI:
        found += _reminded(keadaan, event)
    if event.jenis in KABAR_PEMOHON or (event.ke is not None and not event.kunjungan_baru):
        found.append("pemohon")
    return list(dict.fromkeys(found))


def _reminded(keadaan: Keadaan, event: Peristiwa) -> list[str]:
    """Return who a rung reminds: the desk and the superiors it names, or who is to correct."""
    visit, pengaju = keadaan.terbuka, keadaan.pengaju
    if visit is None or visit.meja is None:
        desk = [f"meja:{pengaju.peran}:{pengaju.wilayah_id}"] if pengaju is not None else []
        return [*desk, "pemohon"]
    named = event.rincian.get("atasan", ())
    above = [f"meja:{name}" for name in named] if isinstance(named, list) else []
    return [f"meja:{visit.meja.peran}:{visit.meja.wilayah_id}", *above]


KABAR_PEMOHON = frozenset({JenisAksi.AJUKAN, JenisAksi.KEDALUWARSA})
"""Events the pemohon hears of besides those that return or end the berkas."""
