"""The fold: one event turns one projection into the next; replay is this over the whole riwayat."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from app.routing.jenis import AKSI_TAHAPAN, JenisAksi
from app.routing.keadaan import Keadaan, Kunjungan, Status, StatusKunjungan, Terakhir
from app.routing.peristiwa import Peristiwa

STATUS_PENUTUP = {
    JenisAksi.TOLAK: Status.DITOLAK,
    JenisAksi.BATALKAN: Status.DIBATALKAN,
    JenisAksi.KEDALUWARSA: Status.KEDALUWARSA,
}

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
    kunjungan = _changed(keadaan, peristiwa) + peristiwa.kunjungan_baru
    penutup = STATUS_PENUTUP.get(peristiwa.jenis)
    if peristiwa.jenis is JenisAksi.IMPOR:
        penutup = Status(str(peristiwa.rincian["penutup"]))
    if peristiwa.jenis in AKSI_TAHAPAN and not kunjungan[-1].is_terbuka:
        penutup = Status.SELESAI
    after = replace(
        keadaan,
        nomor=peristiwa.nomor,
        kunjungan=kunjungan,
        penutup=penutup,
        terakhir=Terakhir(
            peristiwa.jenis, peristiwa.pelaku.penugasan_id, peristiwa.pada, peristiwa.ke
        ),
    )
    if peristiwa.jenis is JenisAksi.KEMBALIKAN:
        after = replace(after, dikembalikan_pada=peristiwa.pada)
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


def _changed(keadaan: Keadaan, peristiwa: Peristiwa) -> tuple[Kunjungan, ...]:
    """Return the visits with those replaced that the event changed or closed."""
    visits = list(_close(keadaan, peristiwa))
    for kunjungan in peristiwa.kunjungan_ubah:
        visits[kunjungan.ke - 1] = kunjungan
    return tuple(visits)


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
