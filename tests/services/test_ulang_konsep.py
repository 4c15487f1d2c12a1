"""The last 90 days under a konsep: what it would have saved, and which steps come and go."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, TidakDitemukanError
from app.models.isian import Isian
from app.models.policy import unscoped
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.routing import Keadaan, parse_syarat
from app.services.pengajuan import load_terbit
from app.services.ulang_konsep import Lampau, compare, find_konsep, ulang
from tests.routing.contoh import JALUR, make_alur
from tests.walk import SENIN, act_as, file_sktm, walk

RANTAI = (("ketua_rt", "setujui"), ("ketua_rw", "setujui"), ("lurah", "tanda_tangani"))
LAMA = {"01_ketua_rt": 4.0, "02_ketua_rw": 6.0, "03_lurah": 10.0}


def lampau(dana: int, **menit: float) -> Lampau:
    return Lampau(Keadaan(jalur=JALUR, data={"dana": dana}), {**LAMA, **menit})


def test_kept_steps_keep_their_minutes_and_new_ones_take_those_of_the_sop() -> None:
    baru = make_alur((RANTAI[0], ("petugas_kelurahan", "teruskan"), RANTAI[2]))
    kode = [step.kode for step in baru.tahapan]
    assert kode == ["01_ketua_rt", "02_petugas_kelurahan", "03_lurah"]
    sop = dict(zip(kode, (5, 2, 5), strict=True))
    hasil = compare(baru, sop, [lampau(1), lampau(1)], {"02_ketua_rw": "Ketua RW"})
    assert (hasil.berkas, hasil.dulu, hasil.nanti, hasil.hemat) == (2, 20.0, 16.0, 4.0)
    assert [(p.kode, p.berkas) for p in hasil.muncul] == [("02_petugas_kelurahan", 2)]
    assert [(p.nama, p.berkas) for p in hasil.hilang] == [("Ketua RW", 2)]


def test_a_condition_is_asked_of_the_frozen_facts_of_each_berkas() -> None:
    baru = make_alur(RANTAI, ubah={2: {"syarat": parse_syarat([["dana", "≥", 5]])}})
    sop = {step.kode: 5 for step in baru.tahapan}
    hasil = compare(baru, sop, [lampau(1), lampau(9), lampau(2)], {})
    assert hasil.hemat == 6.0
    assert [(p.kode, p.berkas) for p in hasil.hilang] == [("02_ketua_rw", 2)]
    assert hasil.muncul == ()


def test_no_berkas_gives_no_answer_and_no_error() -> None:
    hasil = compare(make_alur(RANTAI), {}, [], {})
    assert (hasil.berkas, hasil.hemat, hasil.muncul, hasil.hilang) == (0, 0.0, (), ())


def draft(session: Session, *without: str) -> int:
    """Write a konsep of SKTM that leaves these steps out; commit; return its id."""
    with unscoped(session, "uji menulis konsep"):
        old = load_terbit(session, "SKTM")
        konsep = VersiLayanan(
            layanan_id=old.layanan_id,
            nomor=2,
            tingkat_akhir=old.tingkat_akhir,
            sla_total_menit=35,
            produk=old.produk,
            isian=[Isian(urutan=1, kode="keperluan", label="Keperluan", tipe="teks")],
        )
        kept = [step for step in old.tahapan if step.kode not in without]
        konsep.tahapan = [
            Tahapan(
                urutan=nomor,
                kode=step.kode,
                nama=step.nama,
                peran_id=step.peran_id,
                aksi=step.aksi,
                sla_menit=step.sla_menit,
                wajib=step is kept[-1],
            )
            for nomor, step in enumerate(kept, 1)
        ]
        session.add(konsep)
        session.commit()
        return session.scalars(select(VersiLayanan.id).order_by(VersiLayanan.id.desc())).first()


def test_a_konsep_is_replayed_over_what_the_person_may_read(session: Session) -> None:
    act_as(session, "admin")
    with pytest.raises(TidakDitemukanError, match="konsep"):
        find_konsep(session, "SKTM")
    walk(session, file_sktm(session))
    walk(session, file_sktm(session), stop=4)
    draft(session, "08_sekcam")
    later = SENIN + timedelta(days=89)
    for username, berkas in (("camat", 1), ("lurah.pilang", 1), ("lurah.ketapang", 0)):
        act_as(session, username)
        konsep = find_konsep(session, "SKTM")
        hasil = ulang(session, konsep, later)
        assert hasil.berkas == berkas, username
    act_as(session, "camat")
    konsep = find_konsep(session, "SKTM")
    hasil = ulang(session, konsep, later)
    # Each officer acted a minute after the one before.
    assert (hasil.dulu, hasil.nanti, hasil.hemat) == (8.0, 7.0, 1.0)
    assert [(p.nama, p.berkas) for p in hasil.hilang] == [("Paraf Sekretaris Kecamatan", 1)]
    assert ulang(session, konsep, SENIN + timedelta(days=91)).berkas == 0


def test_a_konsep_that_is_no_flow_yet_says_so(session: Session) -> None:
    act_as(session, "camat")
    with unscoped(session, "uji merusak konsep"):
        konsep = find_konsep(session, "SKTM")
        konsep.tahapan[-1].wajib = False
        session.flush()
        with pytest.raises(BangkitError, match="belum dapat dijalankan"):
            ulang(session, konsep, SENIN)
        session.rollback()
