"""The fold: one event turns one projection into the next; replay is this over the whole riwayat."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from app.routing.aksi import AKSI_TAHAPAN, JenisAksi
from app.routing.keadaan import Keadaan, Kunjungan, Status, StatusKunjungan
from app.routing.peristiwa import Peristiwa

STATUS_PENUTUP = {JenisAksi.TOLAK: Status.DITOLAK, JenisAksi.BATALKAN: Status.DIBATALKAN}

STATUS_KUNJUNGAN_TERTUTUP = {
    **dict.fromkeys(AKSI_TAHAPAN, StatusKunjungan.DISETUJUI),
    JenisAksi.KEMBALIKAN: StatusKunjungan.DIKEMBALIKAN,
    JenisAksi.TOLAK: StatusKunjungan.DITOLAK,
    JenisAksi.BATALKAN: StatusKunjungan.DIBATALKAN,
}


def terapkan(keadaan: Keadaan, peristiwa: Peristiwa) -> Keadaan:
    """Return the projection after the event.

    Raises:
        ValueError: the event is not the next one of this berkas, so the riwayat has a gap, or it
            closes a visit that is not open.
    """
    if peristiwa.nomor != keadaan.nomor + 1:
        raise ValueError(f"event {peristiwa.nomor} does not follow event {keadaan.nomor}")
    kunjungan = _close(keadaan, peristiwa) + peristiwa.kunjungan_baru
    penutup = STATUS_PENUTUP.get(peristiwa.jenis)
    if peristiwa.jenis in AKSI_TAHAPAN and not kunjungan[-1].is_terbuka:
        penutup = Status.SELESAI
    after = replace(keadaan, nomor=peristiwa.nomor, kunjungan=kunjungan, penutup=penutup)
    if peristiwa.data is not None:
        after = replace(after, data=peristiwa.data)
    if (pengajuan := peristiwa.pengajuan) is not None:
        after = replace(
            after,
            pengaju=pengajuan.pengaju,
            jalur=pengajuan.jalur,
            surat_pengantar=pengajuan.surat_pengantar,
        )
    return after


def replay(awal: Keadaan, riwayat: Iterable[Peristiwa]) -> Keadaan:
    """Fold the whole riwayat over the draft; equals the stored projection (ROUTING §4 I7).

    ``awal`` is ``Keadaan(data=…)`` with the data the berkas holds now.

    Raises:
        ValueError: the riwayat has a gap.
    """
    return reduce(terapkan, riwayat, awal)


def _close(keadaan: Keadaan, peristiwa: Peristiwa) -> tuple[Kunjungan, ...]:
    if peristiwa.ke is None:
        return keadaan.kunjungan
    open_visit = keadaan.terbuka
    if open_visit is None or open_visit.ke != peristiwa.ke:
        raise ValueError(f"event {peristiwa.nomor} closes visit {peristiwa.ke}, which is not open")
    closed = replace(
        open_visit,
        status=STATUS_KUNJUNGAN_TERTUTUP[peristiwa.jenis],
        penugasan_id=peristiwa.pelaku.penugasan_id,
        pengguna_id=peristiwa.pelaku.pengguna_id,
    )
    return (*keadaan.kunjungan[:-1], closed)
