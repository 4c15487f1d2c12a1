"""Files a berkas: freezes what was answered and who asked, ticks persyaratan, and ajukan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakBerwenangError, TidakDitemukanError
from app.models.berkas import Berkas, BerkasPersyaratan, SumberDipenuhi
from app.models.biodata import StatusDasar
from app.models.layanan import Layanan
from app.models.pelaku import Jabatan, Pelaku
from app.models.penduduk import Penduduk
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.models.validation import INTEGER_LIMIT
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import SISTEM, Aksi, Alur, JenisAksi, Keadaan, parse_syarat
from app.services.berkas import (
    REASON,
    Babak,
    act_as,
    facts,
    load_babak,
    lock,
    require_readable,
)
from app.services.dunia import load_alur, load_dunia, load_jalur
from app.services.isian import check_isian
from app.services.kunci import known_filing
from app.services.lampiran import Simpanan, attach
from app.services.nomor import nomor_registrasi
from app.teks import N_


@dataclass(frozen=True)
class Pengajuan:
    """A filing as the form gives it; ``lampiran`` and ``dicentang`` go by persyaratan id."""

    versi_layanan_id: int
    pemohon_id: int
    isian: Mapping[str, Any]
    dicentang: frozenset[int] = frozenset()
    lampiran: Mapping[int, Simpanan] = field(default_factory=dict)


def list_layanan(session: Session, pelaku: Pelaku) -> list[VersiLayanan]:
    """Return the published versions this person may file, by name."""
    versions = session.scalars(
        select(VersiLayanan)
        .join(Layanan)
        .where(VersiLayanan.status == StatusVersi.TERBIT, Layanan.aktif.is_(True))
        .order_by(Layanan.nama)
    )
    return [v for v in versions if filing_post(load_alur(session, v.id), pelaku) is not None]


def may_file(session: Session, pelaku: Pelaku) -> bool:
    """Whether some published version takes filings from a peran this person holds."""
    first = (
        select(Peran.kode)
        .join(Tahapan, Tahapan.peran_id == Peran.id)
        .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
        .where(VersiLayanan.status == StatusVersi.TERBIT, Tahapan.urutan == 1)
        .distinct()
    )
    # Versions that name their own pengaju are few; `list_layanan` looks at those exactly.
    filing = {*session.scalars(first), "petugas_kelurahan"}
    return pelaku.has_peran(*filing)


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


def filing_post(alur: Alur, pelaku: Pelaku) -> Jabatan | None:
    """Return the appointment from which this person files, None if none may."""
    return next((j for j in pelaku.jabatan if j.peran in alur.peran_pengaju), None)


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
    pemohon = load_pemohon(session, pengajuan.pemohon_id)
    versi = session.get_one(VersiLayanan, pengajuan.versi_layanan_id)
    alur = load_alur(session, versi.id)
    jabatan = _post_in_area(alur, pelaku, pemohon)
    isian = check_isian(versi.isian, pengajuan.isian)
    persyaratan = list(versi.persyaratan)
    check_persyaratan(persyaratan, pengajuan, isian)
    data_pemohon = freeze_pemohon(pemohon)
    wilayah_id, pemohon_id = pemohon.wilayah_id, pemohon.id
    with unscoped(session, REASON):
        berkas = Berkas(
            nomor=f"baru-{kunci}"[:60],
            kode_lacak_hmac=kode_lacak_hmac,
            layanan_id=versi.layanan_id,
            versi_layanan_id=versi.id,
            pemohon_id=pemohon_id,
            nama_pemohon=data_pemohon["nama"],
            data_pemohon=data_pemohon,
            wilayah_asal_id=wilayah_id,
            jalur=load_jalur(session, wilayah_id),
            isian=isian,
            diajukan_oleh_id=jabatan.penugasan_id,
            pengaju_peran=jabatan.peran,
            pengaju_wilayah_id=jabatan.wilayah_id,
            waktu_diajukan=now,
            waktu_lengkap=now,
        )
        session.add(berkas)
        session.flush()
        berkas.nomor = nomor_registrasi(versi.layanan.kode, berkas.id, now)
        _tick(session, berkas, persyaratan, pengajuan, jabatan.penugasan_id, now)
        _submit(session, berkas, alur, pelaku, now, kunci)
        return berkas.id


def _submit(
    session: Session, berkas: Berkas, alur: Alur, pelaku: Pelaku, now: datetime, kunci: str
) -> None:
    jalur = dict(berkas.jalur)
    dunia = load_dunia(session, alur, {*jalur.values()}, now, berkas.pemohon_id)
    babak = Babak(berkas, alur, Keadaan(data=facts(berkas), jalur=jalur), dunia)
    act_as(session, babak, Aksi(JenisAksi.AJUKAN, 0, SISTEM, jalur=jalur), pelaku, kunci)


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
        answers = check_isian(versi.isian, pengajuan.isian)
        check_persyaratan(list(versi.persyaratan), pengajuan, answers)
        babak = load_babak(session, berkas, now)
        berkas.isian = answers
        aksi = Aksi(JenisAksi.AJUKAN, ke, SISTEM, data=facts(berkas))
        row = act_as(session, babak, aksi, pelaku, kunci)
        _tick(session, berkas, list(versi.persyaratan), pengajuan, row.penugasan_id, now)


def load_pemohon(session: Session, penduduk_id: int) -> Penduduk:
    """Return the resident a berkas is filed for.

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
        DataTidakValidError: the dead and the moved get no new berkas (DOMAIN "Layanan").
    """
    query = select(Penduduk).where(Penduduk.id == penduduk_id)
    pemohon = session.scalars(query).one_or_none() if penduduk_id <= INTEGER_LIMIT else None
    if pemohon is None:
        raise TidakDitemukanError
    if pemohon.status_dasar != StatusDasar.HIDUP:
        raise DataTidakValidError({"pemohon": N_("Penduduk ini tidak berstatus hidup.")})
    return pemohon


def _post_in_area(alur: Alur, pelaku: Pelaku, pemohon: Penduduk) -> Jabatan:
    for jabatan in pelaku.jabatan:
        column, wilayah_id = jabatan.area
        if jabatan.peran in alur.peran_pengaju and getattr(pemohon, column) == wilayah_id:
            return jabatan
    raise TidakBerwenangError(N_("Layanan ini tidak dapat diajukan dari jabatan Anda."))


def freeze_pemohon(pemohon: Penduduk) -> dict[str, Any]:
    """Return the facts of the pemohon as they are now; the berkas shows these for ever."""
    return {
        "nama": pemohon.nama,
        "nik": pemohon.nik,
        "no_kk": pemohon.keluarga.no_kk if pemohon.keluarga else None,
        "jenis_kelamin": str(pemohon.jenis_kelamin),
        "tempat_lahir": pemohon.tempat_lahir,
        "tanggal_lahir": pemohon.tanggal_lahir.isoformat(),
        "agama": str(pemohon.agama),
        "status_kawin": str(pemohon.status_kawin),
        "alamat": pemohon.alamat,
        "wilayah": pemohon.wilayah.sebutan,
    }


def check_persyaratan(
    rows: Sequence[Persyaratan], pengajuan: Pengajuan, isian: Mapping[str, Any]
) -> None:
    """Refuse a filing whose required documents are neither ticked nor attached, all at once.

    Raises:
        DataTidakValidError: names every missing document in one message.
    """
    met = pengajuan.dicentang | set(pengajuan.lampiran)
    missing = [
        row.nama
        for row in rows
        if row.wajib
        and row.id not in met
        and all(syarat.holds(isian) for syarat in parse_syarat(row.syarat))
    ]
    if missing:
        raise DataTidakValidError(
            {"persyaratan": N_("Belum dipenuhi: %(daftar)s.")}, daftar=", ".join(missing)
        )


def _tick(
    session: Session,
    berkas: Berkas,
    rows: Sequence[Persyaratan],
    pengajuan: Pengajuan,
    penugasan_id: int | None,
    now: datetime,
) -> None:
    """Write how each persyaratan is met; one met before keeps who met it and when."""
    before = {
        row.persyaratan_id: row
        for row in session.scalars(
            select(BerkasPersyaratan).where(BerkasPersyaratan.berkas_id == berkas.id)
        )
    }
    for row in rows:
        kept = pengajuan.lampiran.get(row.id)
        if kept is not None:
            attach(session, berkas, kept, persyaratan_id=row.id)
        tick = before.get(row.id) or BerkasPersyaratan(
            berkas_id=berkas.id, persyaratan_id=row.id, dipenuhi=False
        )
        if kept is not None or (row.id in pengajuan.dicentang and not tick.dipenuhi):
            tick.dipenuhi = True
            tick.sumber = SumberDipenuhi.LAMPIRAN if kept else SumberDipenuhi.DICENTANG
            tick.oleh_id, tick.waktu = penugasan_id, now
        session.add(tick)
    session.flush()
