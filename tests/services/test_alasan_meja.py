"""Every hop says why: one sentence for each cause the engine knows, and none names a person."""

from dataclasses import replace
from typing import Any

import pytest

from app.models.peran import Kewenangan, Peran
from app.models.seksi import Seksi
from app.models.wilayah import Wilayah
from app.routing import Dunia, Peristiwa, Sebab, parse_syarat
from app.services.alasan_meja import Sebutan
from app.services.jejak import Masa, tell, world_at
from app.services.kata_syarat import kata_syarat
from tests.routing.contoh import JALUR, RT, TINGKAT_PERAN, Jalan, make_alur, make_dunia, pejabat

NAMA = {
    "ketua_rt": "Ketua RT",
    "ketua_rw": "Ketua RW",
    "petugas_kelurahan": "Petugas Pelayanan Kelurahan",
    "kasi_kelurahan": "Kepala Seksi Kelurahan",
    "petugas_kecamatan": "Petugas Pelayanan Kecamatan (loket PATEN)",
    "kasi_kecamatan": "Kepala Seksi Kecamatan",
    "sekcam": "Sekretaris Kecamatan",
    "lurah": "Lurah",
    "camat": "Camat",
}
TANDA_TANGAN = {"lurah", "camat"}
UNIT = {"rt": "RT 003/RW 002 Pilang", "rw": "RW 002 Pilang", "kelurahan": "Kelurahan Pilang"}
UNIT["kecamatan"] = "Kecamatan Kademangan"

SEBUTAN = Sebutan(
    peran={
        kode: Peran(
            kode=kode,
            nama=nama,
            kewenangan=Kewenangan.TANDA_TANGAN if kode in TANDA_TANGAN else Kewenangan.TIDAK,
        )
        for kode, nama in NAMA.items()
    },
    wilayah={
        id_: Wilayah(id=id_, nama=UNIT[tingkat].split()[-1], sebutan=UNIT[tingkat])
        for tingkat, id_ in JALUR.items()
    }
    | {1009: Wilayah(id=1009, nama="009", sebutan="RT 009/RW 002 Pilang")},
    seksi={(11, "kesos"): Seksi(wilayah_id=11, kode="kesos", nama="Kesejahteraan Sosial")},
    kolom={"penghasilan": "Penghasilan per bulan", "jenis": "Jenis"},
)


def alasan(jalan: Jalan, **dunia: Any) -> dict[int, str]:
    """Return visit number → what the trail says of it, in the world the berkas walked in."""
    world: Dunia = replace(jalan.dunia, **dunia)
    masa = [Masa(p, world.kini, None) for p in world.pemegang]
    told = tell(jalan.alur, jalan.awal, jalan.riwayat, world, masa, SEBUTAN)
    return {
        hop.ke: " ".join(str(kalimat) for kalimat in hop.alasan)
        for hops in told.values()
        for hop in hops
    }


def test_own_desk_is_named_as_letters_print_it() -> None:
    kasi = pejabat("kasi_kelurahan", seksi_kode="kesos")
    seksi = frozenset({(11, "kesos")})
    world = make_dunia(kosong=["kasi_kelurahan"], tambahan=[kasi], seksi=seksi)
    jalan = Jalan(make_alur(ubah={4: {"seksi_kode": "kesos"}}), world).sampai(3)
    desks = ("Ketua RT 003/RW 002 Pilang", "Ketua RW 002 Pilang")
    assert list(alasan(jalan).values()) == [
        f"Di meja {desk}, yang memegang tahap ini untuk wilayah asal berkas."
        for desk in (*desks, "Petugas Pelayanan Kelurahan Pilang")
    ]
    jalan.maju("teruskan", pejabat("petugas_kelurahan"))
    assert "Kepala Seksi Kesejahteraan Sosial Kelurahan Pilang" in alasan(jalan)[4]


def test_a_vacant_rt_rises_and_says_so() -> None:
    dunia = make_dunia(kosong=["ketua_rt"])
    jalan = Jalan(make_alur(pengaju=("petugas_kelurahan",)), dunia)
    jalan.maju("ajukan", pejabat("petugas_kelurahan"))
    assert alasan(jalan)[1] == (
        "Naik ke meja Ketua RW 002 Pilang. Tahap ini tugas Ketua RT 003/RW 002 Pilang,"
        " tetapi belum ada pejabatnya."
    )


BERHALANGAN = [
    ({}, {"keluarga_pemohon": frozenset({100})}, "milik pejabatnya sendiri atau keluarganya"),
    ({"boleh_pelaksana": False}, {"sifat": "plt"}, "hanya dijabat pelaksana"),
]


@pytest.mark.parametrize(("tahapan", "dunia", "kata"), BERHALANGAN, ids=["keluarga", "plt"])
def test_a_desk_whose_holder_may_not_act_says_why(
    tahapan: dict[str, Any], dunia: dict[str, Any], kata: str
) -> None:
    sifat = dunia.pop("sifat", "definitif")
    world = make_dunia(kosong=["ketua_rt"], tambahan=[pejabat("ketua_rt", sifat=sifat)], **dunia)
    jalan = Jalan(make_alur(ubah={1: tahapan}), world)
    jalan.maju("ajukan", pejabat("ketua_rt", sifat=sifat))
    assert jalan.keadaan.kunjungan[0].sebab is Sebab.NAIK
    assert kata in alasan(jalan)[1]


def test_beda_orang_is_the_reason_when_the_same_person_sat_below() -> None:
    same = pejabat("ketua_rt").pengguna_id
    world = make_dunia(kosong=["ketua_rw"], tambahan=[pejabat("ketua_rw", pengguna_id=same)])
    jalan = Jalan(make_alur(ubah={2: {"beda_orang": True}}), world)
    jalan.maju("ajukan", pejabat("ketua_rt")).maju("setujui", pejabat("ketua_rt"))
    assert "sudah memutus tahap sebelumnya" in alasan(jalan)[2]


def test_nobody_anywhere_waits_visibly_empty() -> None:
    dunia = make_dunia(kosong=[*TINGKAT_PERAN], tambahan=[pejabat("petugas_kelurahan")])
    alur = make_alur(pengaju=("petugas_kelurahan",), ubah={1: {"jika_kosong": "tunggu"}})
    jalan = Jalan(alur, dunia).maju("ajukan", pejabat("petugas_kelurahan"))
    assert alasan(jalan)[1] == (
        "Menunggu di meja Ketua RT 003/RW 002 Pilang, tetapi belum ada pejabatnya."
        " Atasan melihat bahwa meja ini kosong."
    )


def test_a_successor_names_the_unit_it_stands_in_for() -> None:
    heir = pejabat("ketua_rt", wilayah_id=1009)
    world = make_dunia(kosong=["ketua_rt"], tambahan=[heir], pengganti={RT: 1009})
    alur = make_alur(pengaju=("petugas_kelurahan",))
    jalan = Jalan(alur, world).maju("ajukan", pejabat("petugas_kelurahan"))
    assert alasan(jalan)[1] == (
        "Di meja Ketua RT 009/RW 002 Pilang, pengganti RT 003/RW 002 Pilang"
        " yang sudah tidak berlaku."
    )


def lewat(ubah: dict[str, Any], **keadaan: Any) -> str:
    """Return what is said of step 2, skipped because of ``ubah`` or the state."""
    surat = keadaan.pop("surat_pengantar", False)
    pengaju = keadaan.pop("pengaju", "ketua_rt")
    world = keadaan.pop("dunia", make_dunia())
    alur = make_alur(ubah={2: ubah}, pengaju=("ketua_rt", "petugas_kelurahan"))
    jalan = Jalan(alur, world, **keadaan)
    jalan.maju("ajukan", pejabat(pengaju), surat_pengantar=surat)
    if jalan.keadaan.terbuka and jalan.keadaan.terbuka.urutan == 1:
        jalan.maju("setujui", pejabat("ketua_rt"))
    (visit,) = [k for k in jalan.keadaan.kunjungan if k.urutan == 2]
    return alasan(jalan)[visit.ke]


def test_a_skipped_step_tells_its_condition_and_no_answer() -> None:
    syarat = parse_syarat([["penghasilan", "≥", 2_500_000]])
    said = lewat({"syarat": syarat}, data={"penghasilan": 900_000})
    assert said == (
        "Dilewati: tahap ini hanya bila Penghasilan per bulan paling sedikit 2.500.000."
    )
    assert "900" not in said


def test_a_skipped_step_tells_every_other_cause() -> None:
    without_rw = {k: v for k, v in JALUR.items() if k != "rw"}
    assert lewat({}, jalur=without_rw) == ("Dilewati: wilayah asal berkas tidak mempunyai RW.")
    assert "surat pengantar" in lewat({}, pengaju="petugas_kelurahan", surat_pengantar=True)
    assert lewat({"boleh_dilewati": True}, pengaju="petugas_kelurahan") == (
        "Dilewati: tahap RW tidak diwajibkan, dan berkas diajukan di atasnya."
    )
    assert lewat({"jika_kosong": "lewati"}, dunia=make_dunia(kosong=["ketua_rw"])) == (
        "Dilewati: ini tugas Ketua RW 002 Pilang, tetapi belum ada pejabatnya;"
        " tahap ini boleh lewat bila kosong."
    )


def returned(ubah: dict[int, dict[str, Any]], lama: dict[str, Any], **baru: Any) -> str:
    """Return what is said where a berkas that the kasi returned is taken up again."""
    jalan = Jalan(make_alur(ubah=ubah), make_dunia(), data=lama).sampai(4)
    jalan.kembalikan(pejabat("kasi_kelurahan")).maju("ajukan", pejabat("ketua_rt"), **baru)
    return alasan(jalan)[jalan.keadaan.ke]


def test_a_correction_says_where_it_is_taken_up_again_and_why() -> None:
    data = {"penghasilan": 1, "jenis": "A"}
    vouched = {2: {"kolom_dijamin": ("penghasilan",)}}
    due = {2: {"syarat": parse_syarat([["penghasilan", "≥", 5]])}}
    assert returned(vouched, data, data={**data, "jenis": "B"}).startswith(
        "Dilanjutkan di sini sesudah perbaikan, karena tahap ini yang mengembalikan."
    )
    assert returned(vouched, data, data={**data, "penghasilan": 2}).startswith(
        "Dilanjutkan dari sini sesudah perbaikan: Penghasilan per bulan berubah, dijamin tahap ini."
    )
    assert returned(due, data, data={**data, "penghasilan": 9}).startswith(
        "Dilanjutkan dari sini sesudah perbaikan: tadinya dilewati, kini diperlukan."
    )
    elsewhere = {**JALUR, "rt": 1009}
    assert "wilayah asal berkas berubah" in returned({}, data, jalur=elsewhere)


def test_undo_opens_again_and_says_so() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(2)
    jalan.maju("urungkan", pejabat("ketua_rt"))
    assert alasan(jalan)[jalan.keadaan.ke].startswith(
        "Dibuka lagi, karena keputusan sebelumnya diurungkan. Di meja Ketua RT"
    )


def test_the_world_of_the_moment_decides_not_that_of_today() -> None:
    jalan = Jalan(make_alur(pengaju=("petugas_kelurahan",)), make_dunia(kosong=["ketua_rt"]))
    jalan.maju("ajukan", pejabat("petugas_kelurahan"))
    moment = jalan.riwayat[0].pada
    later = moment.replace(year=2026)
    masa = [Masa(p, moment, None) for p in jalan.dunia.pemegang]
    masa.append(Masa(pejabat("ketua_rt"), later, None))
    assert pejabat("ketua_rt") not in world_at(make_dunia(), masa, moment).pemegang
    assert pejabat("ketua_rt") in world_at(make_dunia(), masa, later).pemegang
    (hop,) = tell(jalan.alur, jalan.awal, jalan.riwayat, make_dunia(), masa, SEBUTAN)[1]
    assert "belum ada pejabatnya" in str(hop.alasan[0])


KATA = [
    ([["jenis", "=", "A"]], "Jenis adalah A"),
    ([["jenis", "in", ["A", "B"]]], "Jenis salah satu dari: A, B"),
    (
        [["jenis", "≠", "A"], ["penghasilan", "<", 1500.5]],
        "Jenis bukan A dan Penghasilan per bulan kurang dari 1.500,5",
    ),
    ([["pemohon.agama", "=", "islam"]], "agama pemohon adalah islam"),
    ([["lunas", "=", True]], "lunas adalah ya"),
]


@pytest.mark.parametrize(("raw", "kata"), KATA)
def test_a_condition_in_words(raw: list[list[Any]], kata: str) -> None:
    assert str(kata_syarat(parse_syarat(raw), SEBUTAN.kolom)) == kata


def test_events_survive_the_journal_before_they_are_told() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(3)
    stored = [Peristiwa.from_isi(event.to_isi()) for event in jalan.riwayat]
    before, jalan.riwayat = alasan(jalan), stored
    assert alasan(jalan) == before
