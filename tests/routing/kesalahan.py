"""Faults of other systems, planted one at a time in the engine by tests/routing/test_kesalahan.

Each is a faulty stand-in for one function, with the system and the bug it is taken from (ROUTING,
"What others got wrong", and §3).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.routing import JenisAksi, Keadaan, Kunjungan, Sebab, StatusKunjungan, Tolak
from app.routing.alur import JikaKosong
from app.routing.berikut import cause_to_skip, place
from app.routing.dunia import Dunia
from app.routing.kalender import tambah
from app.routing.kandidat import (
    earlier_approvers,
    eligible,
    klaim_berlaku,
    rise,
    sisi_pengaju,
    steps_above,
)
from app.routing.keadaan import Status
from app.routing.kunjungan import number_visits
from app.routing.meja import is_claimed_by_other, lepas
from app.routing.pengajuan import resume_at
from app.routing.peristiwa import event_of
from app.routing.putuskan import putuskan
from app.routing.sistem import kedaluwarsa, migrasi
from app.routing.syarat import Syarat
from app.routing.urungkan import urungkan


@dataclass(frozen=True)
class Kesalahan:
    """One fault: where it comes from, the part it replaces, and the faulty part."""

    asal: str
    asli: Any
    tiruan: Any
    kelas: type | None = None


SEMUA: list[Kesalahan] = []


def plant(asal: str, asli: Any, kelas: type | None = None) -> Callable[[Any], Any]:
    """Register the decorated function as the faulty stand-in for ``asli``."""

    def register(tiruan: Any) -> Any:
        SEMUA.append(Kesalahan(asal, asli, tiruan, kelas))
        return tiruan

    return register


@plant("Semua: tindakan tidak menyebut kunjungan, klik ganda melewati dua tahap", putuskan)
def acts_on_whatever_is_open(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    return putuskan(alur, keadaan, replace(aksi, ke=keadaan.ke), dunia)


@plant("Frappe Workflow: berkas yang ditolak dibuka lagi dengan tombol biasa", putuskan)
def closed_berkas_reopen(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    if keadaan.penutup is Status.DITOLAK and aksi.jenis == "ajukan":
        return putuskan(alur, replace(keadaan, penutup=None), aksi, dunia)
    return putuskan(alur, keadaan, aksi, dunia)


@plant("DIGIT: wilayah kerja dicocokkan sebagai potongan kode", "holders", Dunia)
def area_by_prefix(self: Dunia, peran: str, wilayah_id: int, seksi_kode: str | None = None) -> Any:
    near = str(wilayah_id)[:-1]
    return tuple(
        p
        for p in self.pemegang
        if p.peran == peran
        and str(p.wilayah_id)[:-1] == near
        and seksi_kode in (None, p.seksi_kode)
    )


@plant("Frappe PR #41691: berkas yang kembali ke meja tidak menjadi pekerjaan baru", number_visits)
def return_is_no_new_visit(alur: Any, ke: int, lewatan: Any, meja: Any) -> Any:
    visits = number_visits(alur, ke, lewatan, meja)
    return tuple(replace(v, ke=min(v.ke, len(alur.tahapan))) for v in visits)


@plant("OCA tier #306: perbaikan mengulang semua persetujuan dari awal", resume_at)
def correction_starts_over(alur: Any, before: Any, after: Any) -> int:
    return 1


@plant("Rancangan pertama: tahap yang pernah dilewati tetap dilewati sesudah perbaikan", resume_at)
def skipped_stays_skipped(alur: Any, before: Any, after: Any) -> int:
    visits = tuple(replace(k, sebab=None) for k in before.kunjungan)
    return resume_at(alur, replace(before, kunjungan=visits), after)


@plant("DIGIT: persetujuan bertahan walau data yang dijamin berubah", resume_at)
def approvals_outlive_their_data(alur: Any, before: Any, after: Any) -> int:
    return resume_at(alur, replace(before, data=after.data), after)


@plant("OpenSID: jenjang tetap, tingkat yang tidak ada tidak dilewati", cause_to_skip)
def levels_are_fixed(tahapan: Any, keadaan: Any) -> Any:
    if tahapan.tingkat not in keadaan.jalur:
        return Sebab.SYARAT
    return cause_to_skip(tahapan, keadaan)


@plant("OpenCRVS #9851: berkas di meja kosong hilang dari antrean siapa pun", place)
def empty_desk_is_skipped(alur: Any, keadaan: Any, tahapan: Any, dunia: Any, approvers: Any) -> Any:
    step = replace(tahapan, jika_kosong=JikaKosong.LEWATI, wajib=False)
    return place(alur, keadaan, step, dunia, approvers)


@plant("Flowable: penerima pengganti tidak diperiksa wewenangnya", rise)
def a_counter_may_sign(
    alur: Any, keadaan: Any, tahapan: Any, dunia: Any, approvers: Any, derajat: Any = None
) -> Any:
    weak = replace(tahapan, aksi=JenisAksi.TERUSKAN)
    return rise(alur, keadaan, weak, dunia, approvers, derajat)


@plant("frappe #26878: meja kosong langsung melompat ke puncak", steps_above)
def straight_to_the_top(alur: Any, keadaan: Any, derajat: int) -> Any:
    return reversed(list(steps_above(alur, keadaan, derajat)))


@plant("Viewflow: klaim tidak pernah habis", klaim_berlaku)
def claims_last_for_ever(alur: Any, keadaan: Any, dunia: Any) -> Any:
    return klaim_berlaku(alur, keadaan, replace(dunia, kini=dunia.kini - timedelta(days=365)))


@plant("Viewflow: orang yang pindah tetap memegang klaimnya", klaim_berlaku)
def claims_outlive_the_post(alur: Any, keadaan: Any, dunia: Any) -> Any:
    klaim = keadaan.terbuka.klaim if keadaan.terbuka is not None else None
    return klaim if klaim is not None and klaim.sampai > dunia.kini else None


@plant("Frappe Workflow: tugas tanpa pemegang, yang terakhir menyimpan menang", is_claimed_by_other)
def claims_bind_nobody(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> bool:
    return False


@plant("OpenSID: kepala menandatangani surat keluarganya sendiri", eligible)
def own_family_is_no_matter(tahapan: Any, meja: Any, dunia: Any, approvers: Any) -> Any:
    return eligible(tahapan, meja, replace(dunia, keluarga_pemohon=frozenset()), approvers)


@plant("Camunda: pelaksana dianggap sama dengan definitif", eligible)
def acting_is_definitive(tahapan: Any, meja: Any, dunia: Any, approvers: Any) -> Any:
    return eligible(replace(tahapan, boleh_pelaksana=True), meja, dunia, approvers)


@plant("OCA tier: orang berbeda hanya diperiksa terhadap tahap tepat sebelumnya", earlier_approvers)
def only_the_neighbour_is_barred(keadaan: Any, before: int) -> Any:
    kept = tuple(k for k in keadaan.kunjungan if k.urutan >= before - 1)
    return earlier_approvers(replace(keadaan, kunjungan=kept), before)


@plant("DIGIT: menunggu terlalu lama dianggap disetujui", kedaluwarsa)
def time_closes_running_berkas(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    return event_of(keadaan, aksi, dunia)


@plant("Odoo: keputusan dapat ditarik kapan saja, juga tanda tangan", urungkan)
def undo_knows_no_end(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    last = keadaan.terakhir
    if last is None or last.ke is None:
        return urungkan(alur, keadaan, aksi, dunia)
    fresh = replace(last, pada=dunia.kini, jenis=JenisAksi.SETUJUI)
    return urungkan(alur, replace(keadaan, terakhir=fresh), aksi, dunia)


@plant("Frappe #19425: versi baru berlaku juga bila tahapnya tidak ada lagi", migrasi)
def every_version_fits(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    outcome = migrasi(alur, keadaan, aksi, dunia)
    return event_of(keadaan, aksi, dunia) if isinstance(outcome, Tolak) else outcome


@plant("Viewflow #238: tahap yang dihapus menjatuhkan persetujuan lain", "berlaku", Keadaan)
def gone_steps_topple_the_rest(self: Keadaan) -> tuple[Kunjungan, ...]:
    standing: list[Kunjungan] = []
    for kunjungan in self.kunjungan:
        standing = [k for k in standing if k.urutan < kunjungan.urutan]
        standing.append(kunjungan)
    return tuple(standing)


@plant("OpenSID: pengembalian tanpa batas", "kembali", Keadaan)
def returns_are_not_counted(self: Keadaan) -> int:
    newest = self.kunjungan[-1:]
    return sum(k.status is StatusKunjungan.DIKEMBALIKAN for k in newest)


@plant("Excel-like rules: kolom kosong memenuhi syarat 'bukan'", "holds", Syarat)
def empty_is_different(self: Syarat, data: Any) -> bool:
    return data.get(self.kolom) != self.nilai


@plant("DIGIT: unit yang diganti dua kali kehilangan penggantinya", "current_unit", Dunia)
def one_hop_only(self: Dunia, wilayah_id: int) -> int:
    return self.pengganti.get(wilayah_id, wilayah_id)


@plant("Frappe: berkas kembali kepada orang yang mengajukan, bukan mejanya", sisi_pengaju)
def filing_side_is_one_level(alur: Any, keadaan: Any, dunia: Any) -> Any:
    pengaju = keadaan.pengaju
    return dunia.holders(pengaju.peran, pengaju.wilayah_id) if pengaju else ()


@plant("Umum: rekan sejawat dapat melepas klaim siapa pun", lepas)
def anyone_releases(alur: Any, keadaan: Any, aksi: Any, dunia: Any) -> Any:
    outcome = lepas(alur, keadaan, aksi, dunia)
    return event_of(keadaan, aksi, dunia) if isinstance(outcome, Tolak) else outcome


@plant("SLA kebanyakan sistem: menit dihitung menurut jam dinding", tambah)
def wall_clock(mulai: Any, menit: int, kalender: Any) -> Any:
    return mulai + timedelta(minutes=menit)
