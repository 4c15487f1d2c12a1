"""Promises of the decision: who may act, with which act, on which visit, and what it leads to."""

import json
from dataclasses import replace

import pytest

from app.routing import (
    Alur,
    JenisAksi,
    KodeTolak,
    Peristiwa,
    Status,
    Tolak,
    aksi_tersedia,
    kandidat,
    klaim_berlaku,
    replay,
    sisi_pengaju,
)
from tests.routing.contoh import (
    JALUR,
    KELURAHAN,
    RANTAI_SKTM,
    Jalan,
    make_alur,
    make_dunia,
    pejabat,
)

LENGKAP = {"alasan_kode": "kurang", "catatan": "KTP kabur"}


@pytest.fixture
def sktm() -> Jalan:
    """A fresh SKTM draft in a fully staffed kecamatan."""
    return Jalan(make_alur(), make_dunia())


def test_sktm_walks_nine_desks_to_selesai_with_ten_events(sktm: Jalan) -> None:
    statuses = []
    sktm.maju("ajukan", pejabat("ketua_rt"))
    for peran, aksi in RANTAI_SKTM:
        statuses.append(sktm.keadaan.status)
        assert sktm.meja() == (peran, pejabat(peran).wilayah_id)
        sktm.maju(aksi, pejabat(peran))
    assert statuses == [
        "diajukan",
        "diproses",
        "diproses",
        "diproses",
        "menunggu_ttd",
        "diproses",
        "diproses",
        "diproses",
        "menunggu_ttd",
    ]
    assert sktm.keadaan.status is Status.SELESAI
    assert [p.nomor for p in sktm.riwayat] == list(range(1, 11))
    assert [k.ke for k in sktm.keadaan.kunjungan] == list(range(1, 10))


def test_serahkan_shows_siap_diambil_and_ends_the_berkas() -> None:
    alur = make_alur([("lurah", "tanda_tangani"), ("petugas_kelurahan", "serahkan")])
    jalan = Jalan(alur, make_dunia()).maju("ajukan", pejabat("lurah"))
    assert jalan.keadaan.status is Status.DIAJUKAN
    jalan.maju("tanda_tangani", pejabat("lurah"))
    assert jalan.keadaan.status is Status.SIAP_DIAMBIL
    assert jalan.maju("serahkan", pejabat("petugas_kelurahan")).keadaan.status is Status.SELESAI


def test_kembalikan_comes_back_to_the_desk_that_returned_it(sktm: Jalan) -> None:
    sktm.sampai(4).kembalikan(pejabat("kasi_kelurahan"))
    assert (sktm.keadaan.status, sktm.keadaan.balik_ke) == ("dikembalikan", "04_kasi_kelurahan")
    assert sisi_pengaju(sktm.alur, sktm.keadaan, sktm.dunia) == (pejabat("ketua_rt"),)
    assert kandidat(sktm.alur, sktm.keadaan, sktm.dunia) == ()

    sktm.maju("ajukan", pejabat("ketua_rt"))
    assert sktm.meja() == ("kasi_kelurahan", KELURAHAN)
    assert [k.urutan for k in sktm.keadaan.kunjungan] == [1, 2, 3, 4, 4]
    assert sktm.sampai(10).keadaan.status is Status.SELESAI


@pytest.mark.parametrize("jenis", ["kembalikan", "tolak"])
@pytest.mark.parametrize(
    ("isi", "kode"),
    [
        ({}, KodeTolak.ALASAN_WAJIB),
        ({"catatan": "KTP kabur"}, KodeTolak.ALASAN_WAJIB),
        ({"alasan_kode": "kurang"}, KodeTolak.CATATAN_WAJIB),
        ({"alasan_kode": "kurang", "catatan": "  \n"}, KodeTolak.CATATAN_WAJIB),
        (LENGKAP, None),
    ],
)
def test_kembalikan_and_tolak_need_a_reason_and_a_note(
    sktm: Jalan, jenis: str, isi: dict[str, str], kode: KodeTolak | None
) -> None:
    hasil = sktm.sampai(4).coba(jenis, pejabat("kasi_kelurahan"), **isi)
    if kode is None:
        assert isinstance(hasil, Peristiwa)
        assert (hasil.alasan_kode, hasil.catatan) == ("kurang", "KTP kabur")
    else:
        assert hasil == Tolak(kode)


def test_tolak_ends_and_nothing_moves_after_it(sktm: Jalan) -> None:
    sktm.sampai(2).maju("tolak", pejabat("ketua_rw"), **LENGKAP)
    assert sktm.keadaan.status is Status.DITOLAK
    for jenis in JenisAksi:
        assert sktm.coba(jenis, pejabat("ketua_rw"), **LENGKAP) == Tolak(KodeTolak.SUDAH_DITUTUP)


def test_an_act_on_an_old_visit_is_refused_even_for_the_holder_of_both_desks() -> None:
    rangkap = pejabat("ketua_rw", pengguna_id=pejabat("ketua_rt").pengguna_id)
    jalan = Jalan(make_alur(), make_dunia(["ketua_rw"], [rangkap])).sampai(1)
    jalan.maju("setujui", pejabat("ketua_rt"), ke=1)
    for pelaku in (pejabat("ketua_rt"), rangkap):
        assert jalan.coba("setujui", pelaku, ke=1) == Tolak(KodeTolak.KUNJUNGAN_USANG)
    assert len(jalan.riwayat) == 2


def test_the_second_officer_on_a_returned_page_is_told_the_visit_is_over(sktm: Jalan) -> None:
    sktm.sampai(4).kembalikan(pejabat("kasi_kelurahan"))
    hasil = sktm.coba("paraf", pejabat("kasi_kelurahan"), ke=4)
    assert hasil == Tolak(KodeTolak.KUNJUNGAN_USANG)


@pytest.mark.parametrize(
    "pelaku",
    [
        pejabat("ketua_rw"),
        pejabat("ketua_rt", wilayah_id=1004),
        pejabat("ketua_rt", penugasan_id=77),
        pejabat("ketua_rt", pengguna_id=77),
    ],
    ids=["other peran", "neighbouring RT", "ended penugasan", "borrowed penugasan"],
)
def test_only_a_current_holder_of_the_open_desk_may_act(sktm: Jalan, pelaku: object) -> None:
    assert sktm.sampai(1).coba("setujui", pelaku) == Tolak(KodeTolak.BUKAN_KANDIDAT)


def test_the_family_of_the_pemohon_is_refused_at_an_open_desk(sktm: Jalan) -> None:
    sktm.sampai(2)
    sktm.dunia = make_dunia(keluarga_pemohon=frozenset({pejabat("ketua_rw").pengguna_id}))
    assert sktm.coba("setujui", pejabat("ketua_rw")) == Tolak(KodeTolak.KELUARGA_PEMOHON)


def test_the_rt_head_files_for_the_own_family_but_the_rw_decides() -> None:
    keluarga = frozenset({pejabat("ketua_rt").pengguna_id})
    jalan = Jalan(make_alur(), make_dunia(keluarga_pemohon=keluarga)).sampai(1)
    assert jalan.meja() == ("ketua_rw", JALUR["rw"])
    assert jalan.coba("setujui", pejabat("ketua_rt")) == Tolak(KodeTolak.KELUARGA_PEMOHON)


def test_each_step_takes_only_its_own_act(sktm: Jalan) -> None:
    sktm.sampai(4)
    for jenis in ("setujui", "teruskan", "tanda_tangani", "serahkan"):
        hasil = sktm.coba(jenis, pejabat("kasi_kelurahan"))
        assert hasil == Tolak(KodeTolak.AKSI_TIDAK_SESUAI)


def test_after_maks_kembali_only_approval_or_tolak_remain() -> None:
    jalan = Jalan(make_alur(maks_kembali=2), make_dunia()).sampai(3)
    petugas = pejabat("petugas_kelurahan")
    for _ in range(2):
        jalan.kembalikan(petugas).maju("ajukan", pejabat("ketua_rt"))
    assert jalan.coba("kembalikan", petugas, **LENGKAP) == Tolak(KodeTolak.MAKS_KEMBALI)
    assert aksi_tersedia(jalan.alur, jalan.keadaan, petugas, jalan.dunia) == (
        "teruskan",
        "tolak",
        "batalkan",
        "ambil",
    )


def test_buttons_are_just_the_acts_the_engine_accepts(sktm: Jalan) -> None:
    def tombol(peran: str) -> tuple[str, ...]:
        return aksi_tersedia(sktm.alur, sktm.keadaan, pejabat(peran), sktm.dunia)

    assert tombol("ketua_rt") == ("ajukan",)
    assert tombol("ketua_rw") == ()
    sktm.sampai(1)
    assert tombol("ketua_rt") == ("setujui", "kembalikan", "tolak", "batalkan", "ambil")
    sktm.sampai(5)
    assert tombol("lurah") == ("tanda_tangani", "kembalikan", "tolak", "ambil")
    assert tombol("ketua_rt") == ("batalkan",)
    sktm.kembalikan(pejabat("lurah"))
    assert tombol("ketua_rt") == ("ajukan", "batalkan")
    assert tombol("lurah") == ("urungkan",)


def test_batalkan_needs_a_note_the_filing_side_and_the_newest_visit(sktm: Jalan) -> None:
    rt = pejabat("ketua_rt")
    sktm.sampai(3)
    assert sktm.coba("batalkan", rt) == Tolak(KodeTolak.CATATAN_WAJIB)
    lain = sktm.coba("batalkan", pejabat("lurah"), catatan="x")
    assert lain == Tolak(KodeTolak.BUKAN_PENGAJU)
    assert sktm.coba("batalkan", rt, catatan="x", ke=2) == Tolak(KodeTolak.KUNJUNGAN_USANG)
    sktm.maju("batalkan", pejabat("petugas_kelurahan"), catatan="permintaan pemohon")
    assert sktm.keadaan.status is Status.DIBATALKAN
    assert sktm.keadaan.kunjungan[-1].status == "dibatalkan"


def test_a_returned_berkas_can_be_cancelled_without_touching_a_visit(sktm: Jalan) -> None:
    sktm.sampai(2).kembalikan(pejabat("ketua_rw"))
    before = sktm.keadaan.kunjungan
    sktm.maju("batalkan", pejabat("ketua_rt"), catatan="tidak jadi")
    assert (sktm.keadaan.status, sktm.keadaan.kunjungan) == ("dibatalkan", before)


def test_replay_of_the_stored_payload_equals_the_projection(sktm: Jalan) -> None:
    sktm.sampai(4).kembalikan(pejabat("kasi_kelurahan"))
    sktm.maju("ajukan", pejabat("ketua_rt"), data={"keperluan": "beasiswa"}).sampai(10)
    stored = [json.loads(json.dumps(p.to_isi())) for p in sktm.riwayat]
    ulang = [
        Peristiwa.from_isi(i, p.catatan, p.alasan_kode)
        for i, p in zip(stored, sktm.riwayat, strict=True)
    ]
    awal = type(sktm.awal)(data={"keperluan": "beasiswa"})
    assert replay(awal, ulang) == sktm.keadaan


def test_the_stored_payload_holds_no_personal_text(sktm: Jalan) -> None:
    sktm.sampai(2).kembalikan(pejabat("ketua_rw"))
    sktm.maju("ajukan", pejabat("ketua_rt"), data={"nama": "Siti"}, catatan="sudah jelas")
    text = json.dumps([p.to_isi() for p in sktm.riwayat])
    assert not {"Siti", "KTP kabur", "sudah jelas"} & set(text.split('"'))
    assert sktm.riwayat[-1].kolom_berubah == ("nama",)


def test_replay_notices_a_missing_event(sktm: Jalan) -> None:
    sktm.sampai(3)
    with pytest.raises(ValueError, match="does not follow"):
        replay(sktm.awal, [sktm.riwayat[0], *sktm.riwayat[2:]])


def test_an_event_that_closes_a_visit_which_is_not_open_is_noticed(sktm: Jalan) -> None:
    sktm.sampai(3)
    broken = replace(sktm.riwayat[-1], nomor=4, ke=1)
    with pytest.raises(ValueError, match="^event 4 closes visit 1, which is not open$"):
        replay(sktm.awal, [*sktm.riwayat, broken])
    sktm.kembalikan(pejabat("petugas_kelurahan"))
    with pytest.raises(ValueError, match="^event 5 closes visit 3, which is not open$"):
        replay(sktm.awal, [*sktm.riwayat, replace(broken, nomor=5, ke=3)])


def test_a_step_of_another_version_is_named(sktm: Jalan) -> None:
    with pytest.raises(KeyError, match="^'99_lain'$"):
        sktm.alur.step("99_lain")


def test_an_alur_that_could_end_without_a_human_is_refused() -> None:
    steps = make_alur().tahapan
    twice = replace(steps[-1], urutan=10)
    for broken, words in (
        ((), "an alur needs steps, each with a kode of its own"),
        ((*steps, twice), "an alur needs steps, each with a kode of its own"),
        (steps[:-1], "the last step must be wajib and without syarat"),
        (steps[1:], "urutan must run 1, 2, … without gaps"),
        ((*steps, steps[-1]), "urutan must run 1, 2, … without gaps"),
    ):
        with pytest.raises(ValueError, match=f"^{words}$"):
            Alur(broken)


def test_nobody_has_claimed_what_is_not_open(sktm: Jalan) -> None:
    assert klaim_berlaku(sktm.alur, sktm.keadaan, sktm.dunia) is None
    sktm.sampai(2).kembalikan(pejabat("ketua_rw"))
    assert klaim_berlaku(sktm.alur, sktm.keadaan, sktm.dunia) is None
