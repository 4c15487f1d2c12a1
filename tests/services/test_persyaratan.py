"""What meets a persyaratan: a tick, a file, or the approval that replaces the paper."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.berkas import Berkas, BerkasPersyaratan
from app.models.isian import Isian
from app.models.layanan import Layanan
from app.models.pelaku import Jabatan
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.policy import unscoped
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import JenisAksi
from app.services.berkas import available
from app.services.pemohon import freeze_penduduk
from app.services.pengajuan import ajukan_lagi, awaiting_of, load_terbit
from app.services.rancangan import Pengajuan, plan
from tests.layanan_uji import CAMAT, file_uji, publish_layanan
from tests.services.orang import decide, file_for, scan
from tests.walk import ISIAN, SENIN, act_as, file_sktm, resident_of, take

RT = "RT 001/RW 002 Pilang"
KETUA_RT = "rt001rw002.pilang"


def letter_of(session: Session, berkas_id: int) -> tuple[bool, str | None, str | None]:
    """Return (met, source, jabatan of who met it) of the letter of RT and RW."""
    with unscoped(session, "uji membaca persyaratan"):
        row = session.scalars(
            select(BerkasPersyaratan)
            .join(Persyaratan)
            .where(
                BerkasPersyaratan.berkas_id == berkas_id, Persyaratan.dipenuhi_peran.is_not(None)
            )
        ).one()
        berkas = session.get_one(Berkas, berkas_id)
        who = {r.penugasan_id: r.jabatan for r in berkas.riwayat}.get(row.oleh_id)
        return row.dipenuhi, str(row.sumber) if row.sumber else None, who


def test_the_letter_is_met_when_the_rw_approves_and_not_before(session: Session) -> None:
    berkas_id = file_sktm(session)  # ticks every row, also the one that no tick can meet
    assert letter_of(session, berkas_id) == (False, None, None)
    decide(session, KETUA_RT, berkas_id)
    assert letter_of(session, berkas_id) == (False, None, None)
    decide(session, "rw002.pilang", berkas_id)
    assert letter_of(session, berkas_id) == (True, "sistem", "Ketua RW 002 Pilang")


def test_an_undone_approval_takes_the_letter_back(session: Session) -> None:
    berkas_id = file_sktm(session)
    decide(session, KETUA_RT, berkas_id)
    decide(session, "rw002.pilang", berkas_id)
    take(session, "rw002.pilang", berkas_id, JenisAksi.URUNGKAN)
    assert letter_of(session, berkas_id) == (False, None, None)
    decide(session, "rw002.pilang", berkas_id)
    assert letter_of(session, berkas_id)[0] is True


def return_and_file_again(session: Session, berkas_id: int, answers: dict[str, object]) -> None:
    """Let the counter return a berkas, and the RT head file it again, showing no paper."""
    reason = {"alasan": "tidak_lengkap", "catatan": "Foto buram"}
    take(session, "petugas.pilang", berkas_id, JenisAksi.KEMBALIKAN, **reason)
    pelaku = act_as(session, KETUA_RT)
    ke = available(session, pelaku, SENIN, berkas_id).ke
    versi_id = session.get_one(Berkas, berkas_id).versi_layanan_id
    ajukan_lagi(
        session,
        pelaku,
        SENIN,
        berkas_id=berkas_id,
        ke=ke,
        pengajuan=Pengajuan(versi_id, None, answers),
        kunci=uuid4().hex,
    )
    session.commit()


def test_papers_shown_before_need_not_be_shown_again(session: Session) -> None:
    berkas_id = file_sktm(session)
    decide(session, KETUA_RT, berkas_id)
    decide(session, "rw002.pilang", berkas_id)
    answers = {**ISIAN, "untuk_nik": resident_of(session, RT)[1], "tanggungan": 4}
    return_and_file_again(session, berkas_id, answers)
    assert letter_of(session, berkas_id) == (True, "sistem", "Ketua RW 002 Pilang")
    with unscoped(session, "uji membaca persyaratan"):
        rows = session.scalars(
            select(BerkasPersyaratan).where(BerkasPersyaratan.berkas_id == berkas_id)
        ).all()
        assert all(row.dipenuhi for row in rows)


def publish_uji(session: Session) -> VersiLayanan:
    """Publish a layanan of three steps whose RW vouches for the purpose; commit."""
    with unscoped(session, "uji menerbitkan layanan"):
        peran = dict(session.execute(select(Peran.kode, Peran.id)).all())
        chain = (
            ("ketua_rt", "setujui"),
            ("ketua_rw", "setujui"),
            ("petugas_kelurahan", "teruskan"),
        )
        versi = VersiLayanan(
            layanan=Layanan(kode="UJI", nama="Surat Uji"),
            nomor=1,
            tanggal_mulai=date(2026, 1, 1),
            tingkat_akhir="kelurahan",
            sla_total_menit=15,
            produk="Surat",
            penandatangan="Lurah",
            tahapan=[
                Tahapan(
                    urutan=n,
                    kode=kode,
                    nama=kode,
                    peran_id=peran[kode],
                    aksi=aksi,
                    sla_menit=5,
                    kolom_dijamin=["keperluan"] if kode == "ketua_rw" else None,
                    wajib=n == len(chain),
                    memberi_nomor=n == len(chain),
                )
                for n, (kode, aksi) in enumerate(chain, start=1)
            ],
            isian=[Isian(urutan=1, kode="keperluan", label="Keperluan", tipe="teks", wajib=True)],
            persyaratan=[
                Persyaratan(urutan=1, kode="PGT_RTRW", nama="Surat", dipenuhi_peran="ketua_rw")
            ],
        )
        session.add(versi)
        session.flush()
        versi.status = StatusVersi.TERBIT
    session.commit()
    return load_terbit(session, "UJI")


def test_an_approval_that_falls_after_a_correction_is_asked_again(session: Session) -> None:
    publish_uji(session)
    berkas_id = file_for(session, KETUA_RT, RT, kode="UJI")
    decide(session, KETUA_RT, berkas_id)
    decide(session, "rw002.pilang", berkas_id)
    assert letter_of(session, berkas_id) == (True, "sistem", "Ketua RW 002 Pilang")
    return_and_file_again(session, berkas_id, {"keperluan": "Keperluan lain sekali"})
    assert letter_of(session, berkas_id) == (False, None, None)
    decide(session, "rw002.pilang", berkas_id)
    assert letter_of(session, berkas_id) == (True, "sistem", "Ketua RW 002 Pilang")


def test_a_scanned_letter_stays_the_letter(session: Session) -> None:
    act_as(session, "petugas.pilang")
    versi = load_terbit(session, "SKTM")
    letter = next(row.id for row in versi.persyaratan if row.dipenuhi_peran)
    berkas_id = file_for(
        session, "petugas.pilang", RT, surat_pengantar=True, lampiran={letter: scan()}
    )
    found = letter_of(session, berkas_id)
    assert found == (True, "lampiran", "Petugas Pelayanan Kelurahan Pilang")
    assert awaiting_of(session, berkas_id, SENIN) == {}
    decide(session, "petugas.pilang", berkas_id)
    assert letter_of(session, berkas_id) == found


def test_the_form_knows_what_an_approval_will_meet_and_who_may_bring_paper(
    session: Session,
) -> None:
    penduduk_id, _ = resident_of(session, RT)
    seen = {}
    for username in (KETUA_RT, "petugas.pilang"):
        pelaku = act_as(session, username)
        versi = load_terbit(session, "SKTM")
        plans = [
            plan(session, pelaku, versi, freeze_penduduk(session, penduduk_id)),
            plan(session, pelaku, versi, None),
        ]
        assert plans[0] == plans[1]
        assert isinstance(plans[0].jabatan, Jabatan)
        seen[username] = (list(plans[0].menunggu.values()), len(plans[0].surat))
    assert seen == {KETUA_RT: (["Ketua RW"], 0), "petugas.pilang": (["Ketua RW"], 1)}


def test_a_condition_may_ask_facts_of_the_pemohon(session: Session) -> None:
    penduduk_id, _ = resident_of(session, RT)
    act_as(session, "petugas.pilang")
    kelamin = freeze_penduduk(session, penduduk_id).data["jenis_kelamin"]
    other = {"l": "p", "p": "l"}[kelamin]
    rows = [
        Persyaratan(
            urutan=n, kode=f"S{n}", nama=nama, syarat=[["pemohon.jenis_kelamin", "=", value]]
        )
        for n, (nama, value) in enumerate([("Surat terkait", kelamin), ("Surat lain", other)], 1)
    ]
    versi_id = publish_layanan(session, "SYARAT", CAMAT, persyaratan=rows)
    pelaku = act_as(session, "petugas.pilang")
    with pytest.raises(DataTidakValidError) as caught:
        file_uji(session, pelaku, versi_id, penduduk_id)
    assert caught.value.params == {"daftar": "Surat terkait"}
