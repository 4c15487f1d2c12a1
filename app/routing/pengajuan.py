"""Filing: ajukan for the first time, and again after a berkas was returned."""

from dataclasses import replace

from app.routing.aksi import Aksi
from app.routing.alur import Alur
from app.routing.berikut import berikut, cause_to_skip
from app.routing.dunia import Dunia
from app.routing.kandidat import sisi_pengaju
from app.routing.keadaan import Keadaan, MejaPengaju, Sebab, StatusKunjungan
from app.routing.kunjungan import number_visits
from app.routing.peristiwa import Pengajuan, Peristiwa, event_of
from app.routing.tolak import KodeTolak, Tolak


def ajukan(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Decide a filing; the caller has checked that the berkas is open and the page is fresh."""
    if keadaan.terbuka is not None:
        return Tolak(KodeTolak.SUDAH_DIAJUKAN)
    jalur = keadaan.jalur if aksi.jalur is None else aksi.jalur
    pengaju = _filing_desk(alur, replace(keadaan, jalur=jalur), aksi, dunia)
    if pengaju is None:
        return Tolak(KodeTolak.BUKAN_PENGAJU)
    if alur.tahapan[-1].tingkat not in jalur:
        # Without the unit of the last step nobody would ever decide (ROUTING §3 case 38).
        return Tolak(KodeTolak.JALUR_TIDAK_LENGKAP)
    first = keadaan.pengaju is None
    filed = replace(
        keadaan,
        jalur=jalur,
        pengaju=pengaju,
        surat_pengantar=aksi.surat_pengantar if first else keadaan.surat_pengantar,
        data=keadaan.data if aksi.data is None else aksi.data,
    )
    changed = changed_columns(keadaan, filed)
    lewatan, meja = berikut(alur, filed, resume_at(alur, keadaan, filed), dunia)
    return event_of(
        keadaan,
        aksi,
        dunia,
        kunjungan_baru=number_visits(alur, keadaan.ke, lewatan, meja),
        pengajuan=Pengajuan(pengaju, dict(jalur), filed.surat_pengantar),
        kolom_berubah=() if first else changed,
        data=aksi.data,
    )


def resume_at(alur: Alur, before: Keadaan, after: Keadaan) -> int:
    """Return the urutan where a filing starts: 1 at first, later the earliest step concerned.

    That is the returning desk (ROUTING §3 case 20), a desk that vouched for a changed column
    (case 21), a step skipped by its syarat that is now due (case 22), or step 1 when the jalur
    changed (case 23).
    """
    if before.balik_ke is None or dict(before.jalur) != dict(after.jalur):
        return 1
    changed = set(changed_columns(before, after))
    starts = [alur.step(before.balik_ke).urutan]
    for kunjungan in before.berlaku:
        step = alur.step(kunjungan.tahapan)
        vouched = kunjungan.status is StatusKunjungan.DISETUJUI and changed & {*step.kolom_dijamin}
        now_due = kunjungan.sebab is Sebab.SYARAT and cause_to_skip(step, after) is None
        if vouched or now_due:
            starts.append(step.urutan)
    return min(starts)


def changed_columns(before: Keadaan, after: Keadaan) -> tuple[str, ...]:
    """Return the names of the columns whose value differs, sorted."""
    names = {*before.data, *after.data}
    return tuple(sorted(n for n in names if before.data.get(n) != after.data.get(n)))


def _filing_desk(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> MejaPengaju | None:
    """Return the filing desk when the pelaku may file from it, else None."""
    pelaku = aksi.pelaku
    if keadaan.pengaju is not None:
        return keadaan.pengaju if pelaku in sisi_pengaju(alur, keadaan, dunia) else None
    if pelaku not in dunia.pemegang or pelaku.peran not in alur.peran_pengaju:
        return None
    for tingkat, wilayah_id in keadaan.jalur.items():
        # Where a unit was retired, its successor files (ROUTING §3 case 32).
        if dunia.current_unit(wilayah_id) == pelaku.wilayah_id:
            return MejaPengaju(pelaku.peran, pelaku.wilayah_id, tingkat)
    return None
