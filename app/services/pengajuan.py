"""Files a berkas: freezes what was answered and who asked, ticks persyaratan, and ajukan."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakDitemukanError
from app.models.berkas import Berkas, SumberDipenuhi
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import (
    SISTEM,
    STATUS_TERTUTUP,
    Aksi,
    Alur,
    JenisAksi,
    Keadaan,
)
from app.services.berkas import (
    REASON,
    Babak,
    act_as,
    load_babak,
    lock,
    require_readable,
)
from app.services.dunia import load_alur, load_dunia, read_versi
from app.services.isian import check_isian
from app.services.keadaan import facts
from app.services.kunci import known_filing
from app.services.nomor import nomor_registrasi
from app.services.pemohon import Pemohon, freeze_identitas, freeze_penduduk
from app.services.persyaratan import (
    Bukti,
    awaiting_approval,
    check_persyaratan,
    letter_rows,
    tick,
    ticks_of,
)
from app.services.rancangan import Pengajuan, draft, filing_post, name_peran, post_in_area
from app.teks import N_


def list_layanan(session: Session, pelaku: Pelaku) -> list[VersiLayanan]:
    """Return the published versions this person may file, by name."""
    versions = session.scalars(
        select(VersiLayanan)
        .join(Layanan)
        .where(VersiLayanan.status == StatusVersi.TERBIT, Layanan.aktif.is_(True))
        .order_by(Layanan.nama)
    )
    return [v for v in versions if filing_post(load_alur(session, v.id), pelaku) is not None]


def may_file(pelaku: Pelaku) -> bool:
    """Whether some published version takes filings from a peran this person holds."""
    # Versions that name their own pengaju are few; `list_layanan` looks at those exactly.
    return pelaku.has_peran("petugas_kelurahan") or any(j.mengajukan for j in pelaku.jabatan)


def load_terbit(session: Session, kode: str) -> VersiLayanan:
    """Return the published version of a layanan.

    Raises:
        TidakDitemukanError: there is none (ROUTING §3 case 36).
    """
    versi = session.scalars(
        select(VersiLayanan)
        .join(Layanan)
        .where(
            Layanan.kode == kode,
            Layanan.aktif.is_(True),
            VersiLayanan.status == StatusVersi.TERBIT,
        )
    ).one_or_none()
    if versi is None:
        raise TidakDitemukanError(N_("Layanan ini belum terbit atau sudah tidak aktif."))
    return versi


def ajukan(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    pengajuan: Pengajuan,
    kunci: str,
    kode_lacak_hmac: str | None = None,
) -> int:
    """Create a berkas and file it; return its id. The same key again gives the same berkas.

    ``kode_lacak_hmac`` is what may be kept of the code the pemohon gets; None: no code is given.

    Raises:
        DataTidakValidError: answers or persyaratan are missing, all in one message each.
        TidakBerwenangError: no appointment of the person may file this.
        TidakDitemukanError: the pemohon is outside the person's area.
    """
    with unscoped(session, REASON):
        known = known_filing(session, kunci, pelaku.pengguna_id, pengajuan.pemohon_id)
    if known is not None:
        return known
    pemohon = _freeze(session, pengajuan, now)
    versi = session.get_one(VersiLayanan, pengajuan.versi_layanan_id)
    alur = load_alur(session, versi.id)
    jabatan = post_in_area(alur, pelaku, pemohon.area, with_letter=pengajuan.surat_pengantar)
    check_asal(session, pengajuan, versi.layanan_id, pemohon)
    isian = check_isian(versi.isian, pengajuan.isian)
    persyaratan = list(versi.persyaratan)
    keadaan = draft(session, pemohon, jabatan, pengajuan.surat_pengantar, isian)
    letters = letter_rows(persyaratan, alur) if pengajuan.surat_pengantar else []
    if pengajuan.surat_pengantar and not letters:
        raise DataTidakValidError(
            {"surat_pengantar": N_("Layanan ini tidak memakai surat pengantar RT/RW.")}
        )
    awaiting = awaiting_approval(persyaratan, alur, keadaan)
    scanned = [row.id for row in letters]
    check_persyaratan(
        persyaratan, pengajuan.bukti, keadaan.data, awaiting=awaiting, scanned=scanned
    )
    with unscoped(session, REASON):
        berkas = Berkas(
            nomor=f"baru-{kunci}"[:60],
            kode_lacak_hmac=kode_lacak_hmac,
            layanan_id=versi.layanan_id,
            versi_layanan_id=versi.id,
            pemohon_id=pemohon.id,
            nama_pemohon=pemohon.data["nama"],
            data_pemohon=pemohon.data,
            wilayah_asal_id=pemohon.wilayah_id,
            jalur=dict(keadaan.jalur),
            isian=isian,
            berkas_asal_id=pengajuan.berkas_asal_id,
            diajukan_oleh_id=jabatan.penugasan_id,
            pengaju_peran=jabatan.peran,
            pengaju_wilayah_id=jabatan.wilayah_id,
            waktu_diajukan=now,
            waktu_lengkap=now,
        )
        session.add(berkas)
        session.flush()
        berkas.nomor = nomor_registrasi(versi.layanan.kode, berkas.id, now)
        tick(session, berkas, persyaratan, pengajuan.bukti, jabatan.penugasan_id, now, awaiting)
        own = replace(pelaku, jabatan=(jabatan,))
        _submit(session, berkas, alur, own, now, kunci, letter=pengajuan.surat_pengantar)
        return berkas.id


def _freeze(session: Session, pengajuan: Pengajuan, now: datetime) -> Pemohon:
    if pengajuan.identitas is not None:
        return freeze_identitas(session, pengajuan.identitas, now)
    return freeze_penduduk(session, pengajuan.pemohon_id or 0)


def check_asal(session: Session, pengajuan: Pengajuan, layanan_id: int, pemohon: Pemohon) -> None:
    """Check the berkas that this one corrects or appeals (ROUTING §3 case 25).

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
        DataTidakValidError: it still runs, or is another layanan's or another pemohon's.
    """
    if pengajuan.berkas_asal_id is None:
        return
    require_readable(session, pengajuan.berkas_asal_id)
    asal = session.get_one(Berkas, pengajuan.berkas_asal_id)
    if str(asal.status) not in {status.value for status in STATUS_TERTUTUP}:
        raise DataTidakValidError({"asal": N_("Berkas asal belum selesai.")})
    if asal.layanan_id != layanan_id or asal.pemohon_id != pemohon.id:
        raise DataTidakValidError({"asal": N_("Berkas asal milik layanan atau pemohon lain.")})


def _submit(
    session: Session,
    berkas: Berkas,
    alur: Alur,
    pelaku: Pelaku,
    now: datetime,
    kunci: str,
    *,
    letter: bool,
) -> None:
    jalur = dict(berkas.jalur)
    dunia = load_dunia(session, alur, {*jalur.values()}, now, berkas.pemohon_id)
    versi = read_versi(session, berkas.versi_layanan_id)
    babak = Babak(berkas, versi, alur, Keadaan(data=facts(berkas), jalur=jalur), dunia)
    aksi = Aksi(JenisAksi.AJUKAN, 0, SISTEM, jalur=jalur, surat_pengantar=letter)
    act_as(session, babak, aksi, pelaku, kunci)


def ajukan_lagi(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    berkas_id: int,
    ke: int,
    pengajuan: Pengajuan,
    kunci: str,
) -> None:
    """Send a returned berkas on its way again, with corrected answers, ticks and files.

    Raises:
        TidakDitemukanError: the berkas is unknown or outside the person's area.
        DataTidakValidError: an answer is missing or wrong.
        BangkitError: the engine refuses.
    """
    require_readable(session, berkas_id)
    with unscoped(session, REASON):
        berkas = lock(session, berkas_id)
        if session.scalars(select(Riwayat).where(Riwayat.kunci == kunci)).first() is not None:
            return
        versi = session.get_one(VersiLayanan, berkas.versi_layanan_id)
        rows = list(versi.persyaratan)
        answers = check_isian(versi.isian, pengajuan.isian)
        babak = load_babak(session, berkas, now)
        berkas.isian = answers
        after = replace(babak.keadaan, data=facts(berkas))
        awaiting = awaiting_approval(rows, babak.alur, after)
        letters = letter_rows(rows, babak.alur) if after.surat_pengantar else []
        bukti = _with_earlier(session, berkas, pengajuan.bukti)
        scanned = [row.id for row in letters]
        check_persyaratan(rows, bukti, after.data, awaiting=awaiting, scanned=scanned)
        aksi = Aksi(JenisAksi.AJUKAN, ke, SISTEM, data=facts(berkas))
        row = act_as(session, babak, aksi, pelaku, kunci)
        tick(session, berkas, rows, bukti, row.penugasan_id, now, awaiting)


def _with_earlier(session: Session, berkas: Berkas, bukti: Bukti) -> Bukti:
    """Add what was met at an earlier filing; what an approval met stands or falls with it."""
    met = [t for t in ticks_of(session, berkas.id) if t.dipenuhi]
    files = {t.persyaratan_id for t in met if t.sumber == SumberDipenuhi.LAMPIRAN}
    papers = {t.persyaratan_id for t in met if t.sumber != SumberDipenuhi.SISTEM}
    return replace(bukti, sudah=frozenset(papers), dipindai=frozenset(files))


def awaiting_of(session: Session, berkas_id: int, now: datetime) -> dict[int, str]:
    """Return persyaratan id → name of the peran whose approval meets it, on a filed berkas.

    Raises:
        TidakDitemukanError: the berkas is unknown or outside the person's area.
    """
    require_readable(session, berkas_id)
    with unscoped(session, REASON):
        berkas = session.get_one(Berkas, berkas_id)
        babak = load_babak(session, berkas, now)
        rows = list(berkas.versi_layanan.persyaratan)
        return name_peran(session, awaiting_approval(rows, babak.alur, babak.keadaan))
