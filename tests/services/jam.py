"""Set-up of the tests of time: a layanan of one desk, moments in WIB, a sweep at a moment."""

from datetime import date, datetime, timedelta, timezone
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.engine import transaction, writing
from app.models.eskalasi import Eskalasi, TindakanEskalasi
from app.models.hari_libur import HariLibur, JenisLibur
from app.models.kunjungan import Kunjungan
from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.tahapan import AksiTahapan, Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.berkas import available
from app.services.pengajuan import Pengajuan, ajukan, ajukan_lagi, load_terbit
from app.services.sapu import Sapuan, sapu
from tests.walk import act_as, resident_of

WIB = timezone(timedelta(hours=7))
LOKET = "petugas.pilang"
RT = "RT 001/RW 002 Pilang"


def wib(bulan: int, hari: int, jam: int, lewat: int = 0, tahun: int = 2026) -> datetime:
    return datetime(tahun, bulan, hari, jam, lewat, tzinfo=WIB)


def terbitkan_satu_meja(session: Session, sla_menit: int = 35, kode: str = "UJI") -> None:
    """Publish a layanan whose one step is the counter of the kelurahan, with the usual ladder."""
    with unscoped(session, "uji menerbitkan layanan"), writing():
        peran_id = session.scalars(select(Peran.id).where(Peran.kode == "petugas_kelurahan")).one()
        step = Tahapan(
            urutan=1,
            kode="01_petugas_kelurahan",
            nama="Layani di loket",
            peran_id=peran_id,
            aksi=AksiTahapan.SETUJUI,
            sla_menit=sla_menit,
            wajib=True,
        )
        versi = VersiLayanan(
            layanan=Layanan(kode=kode, nama="Uji waktu"),
            nomor=1,
            tingkat_akhir="kelurahan",
            sla_total_menit=35,
            produk="Keterangan",
            tahapan=[step],
        )
        session.add(versi)
        ladder = {80: TindakanEskalasi.INGATKAN, 100: TindakanEskalasi.TAMPILKAN_ATASAN}
        session.add_all(
            Eskalasi(tahapan=step, pada_persen=persen, tindakan=tindakan)
            for persen, tindakan in ladder.items()
        )
        session.flush()
        versi.status = StatusVersi.TERBIT
        session.commit()


def ajukan_di_loket(session: Session, now: datetime, kode: str = "UJI") -> int:
    penduduk_id, _ = resident_of(session, RT)
    pelaku = act_as(session, LOKET, now)
    with writing():
        berkas_id = ajukan(
            session,
            pelaku,
            now,
            Pengajuan(load_terbit(session, kode).id, penduduk_id, {}),
            uuid4().hex,
        )
        session.commit()
    return berkas_id


def perbaiki(session: Session, berkas_id: int, now: datetime, kode: str = "UJI") -> None:
    pelaku = act_as(session, LOKET, now)
    with writing():
        ajukan_lagi(
            session,
            pelaku,
            now,
            berkas_id=berkas_id,
            ke=available(session, pelaku, now, berkas_id).ke,
            pengajuan=Pengajuan(load_terbit(session, kode).id, 0, {}),
            kunci=uuid4().hex,
        )
        session.commit()


def liburkan(session: Session, tanggal: date) -> None:
    """Declare a holiday for every unit."""
    with unscoped(session, "uji menambah libur"), writing():
        session.add(HariLibur(tanggal=tanggal, nama="Libur", jenis=JenisLibur.CUTI_BERSAMA))
        session.commit()


def sapu_pada(engine: Engine, now: datetime, perbaikan_hari: int = 14) -> Sapuan:
    """Run the sweep as the command does."""
    hasil = sapu(lambda: transaction(engine), now, perbaikan_hari)
    assert hasil.gagal == {}
    return hasil


def baca_berkas(session: Session, berkas_id: int) -> Berkas:
    session.rollback()
    with unscoped(session, "uji membaca berkas", keep=True):
        return session.get_one(Berkas, berkas_id, populate_existing=True)


def kunjungan_terakhir(session: Session, berkas_id: int) -> Kunjungan:
    session.rollback()
    with unscoped(session, "uji membaca kunjungan", keep=True):
        return session.scalars(
            select(Kunjungan)
            .where(Kunjungan.berkas_id == berkas_id)
            .order_by(Kunjungan.ke.desc())
            .execution_options(populate_existing=True)
        ).first()  # type: ignore[return-value]


def riwayat_dari(session: Session, berkas_id: int) -> list[Riwayat]:
    session.rollback()
    with unscoped(session, "uji membaca riwayat", keep=True):
        return list(
            session.scalars(
                select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
            )
        )


def jenis_dari(session: Session, berkas_id: int) -> list[str]:
    return [str(row.jenis) for row in riwayat_dari(session, berkas_id)]
