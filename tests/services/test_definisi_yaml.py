"""Definitions as files: exact round trip, and a line for every mistake."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.isian import TipeIsian
from app.models.tahapan import AksiTahapan, JikaKosong
from app.models.wilayah import Tingkat
from app.services.benih_sumber import DATA, read_csv
from app.services.definisi import (
    Definisi,
    EskalasiDefinisi,
    IsianDefinisi,
    PersyaratanDefinisi,
    TahapanDefinisi,
    sidik_of,
)
from app.services.definisi_yaml import Acuan, Hasil, dump, parse
from tests.services.definisi_contoh import TINGKAT, katalog, ubah

ACUAN = Acuan(
    frozenset(TINGKAT), {row["kode"]: row["nama"] for row in read_csv("referensi/persyaratan")}
)
KATALOG = (DATA / "layanan.yaml").read_text("utf-8")

ANGKA = st.integers(1, 2**31 - 1)
HURUF = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")


def teks(panjang: int) -> st.SearchStrategy[str]:
    return st.text(HURUF, min_size=1, max_size=panjang).filter(lambda text: text.strip() != "")


def atau_kosong(panjang: int) -> st.SearchStrategy[str | None]:
    return st.none() | st.text(HURUF, max_size=panjang)


def kode(codes: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([str(code) for code in codes])


NAMA = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
NILAI = st.booleans() | st.integers(-(10**9), 10**9) | teks(8) | st.lists(teks(5), max_size=3)
SYARAT = st.none() | st.lists(st.tuples(NAMA, st.sampled_from("=≠≥<"), NILAI).map(list), max_size=2)


def rows(kind: Any, least: int = 0, **facts: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    row = st.builds(kind, **facts)
    return st.lists(row, min_size=least, max_size=4, unique_by=lambda r: r.kode).map(tuple)


DEFINISI = st.builds(
    Definisi,
    kode=teks(20),
    nama=teks(150),
    tingkat_akhir=kode(Tingkat),
    sla_total_menit=ANGKA,
    produk=teks(150),
    tanggal_mulai=st.none() | st.dates(date(2000, 1, 1)),
    pengaju=st.none() | st.lists(kode(TINGKAT), max_size=2),
    maks_kembali=st.integers(0, 9),
    biaya=st.integers(0, 10**6),
    dasar_biaya=teks(200),
    klasifikasi=atau_kosong(20),
    format_nomor=atau_kosong(100),
    masa_berlaku_bulan=st.none() | ANGKA,
    penandatangan=atau_kosong(150),
    catatan=atau_kosong(500),
    tahapan=rows(
        TahapanDefinisi,
        urutan=ANGKA,
        kode=teks(40),
        nama=teks(150),
        peran=kode(TINGKAT),
        aksi=kode(AksiTahapan),
        sla_menit=ANGKA,
        seksi_kode=atau_kosong(40),
        syarat=SYARAT,
        jika_kosong=kode(JikaKosong),
        kolom_dijamin=st.none() | st.lists(NAMA, max_size=2),
        sop=atau_kosong(1000),
        eskalasi=st.lists(
            st.builds(EskalasiDefinisi, ANGKA, kode(["ingatkan", "buka_atasan"])), max_size=2
        ).map(tuple),
    ),
    isian=rows(
        IsianDefinisi,
        urutan=ANGKA,
        kode=NAMA,
        label=teks(150),
        tipe=kode(TipeIsian),
        bantuan=atau_kosong(200),
        bawaan=atau_kosong(200),
        batas=st.none() | st.dictionaries(teks(5), NILAI, max_size=2),
        opsi=st.lists(teks(9), min_size=1, max_size=3),
        syarat=SYARAT,
    ),
    persyaratan=rows(
        PersyaratanDefinisi,
        urutan=ANGKA,
        kode=teks(20),
        nama=teks(200),
        syarat=SYARAT,
        keterangan=atau_kosong(200),
        dipenuhi_peran=atau_kosong(40),
    ),
)


@settings(max_examples=60)
@given(st.lists(DEFINISI, min_size=1, max_size=2))
def test_what_is_dumped_is_read_back_the_same(definitions: list[Definisi]) -> None:
    found = parse(dump(definitions), ACUAN)
    assert [str(k) for k in found.kesalahan] == []
    assert [t.definisi for t in found.terbaca] == definitions


def test_the_catalogue_survives_the_round_trip() -> None:
    found = parse(KATALOG, ACUAN)
    definitions = [t.definisi for t in found.terbaca]
    assert len(definitions) == 24
    again = [t.definisi for t in parse(dump(definitions), ACUAN).terbaca]
    assert again == definitions
    assert [sidik_of(d) for d in again] == [sidik_of(d) for d in definitions]


def test_the_short_form_means_what_routing_says() -> None:
    sktm, pgt, skl = (katalog()[kode] for kode in ("SKTM", "PGT", "SKL"))
    assert [s.kode for s in sktm.tahapan][3] == "04_kasi_kelurahan"
    assert sktm.tahapan[3].seksi_kode == "kesejahteraan_sosial"
    assert [s.urutan for s in sktm.tahapan if s.wajib] == [9]
    assert [s.urutan for s in sktm.tahapan if s.memberi_nomor] == [5]
    assert [s.urutan for s in pgt.tahapan if s.memberi_nomor] == [1]
    assert [s.urutan for s in skl.tahapan if s.boleh_dilewati] == [1, 2]


def told(text: str) -> list[tuple[int, str]]:
    found: Hasil = parse(text, ACUAN)
    assert found.kesalahan, "the file was taken"
    assert found.terbaca == ()
    return [(k.baris, str(k)) for k in found.kesalahan]


LAYANAN = """\
- kode: COBA
  nama: Surat Coba
  tingkat_akhir: kelurahan
  sop_menit: 10
  produk: Surat
  isian:
    - {kode: jenis, label: Jenis, tipe: pilihan, opsi: [A, B]}
  persyaratan: [FC_KTP]
  tahapan:
    - {urutan: 1, peran: petugas_kelurahan, nama: Periksa, aksi: teruskan, menit: 5}
    - {urutan: 2, peran: lurah, nama: Tanda tangan, aksi: tanda_tangani, menit: 5}
"""


def test_a_file_without_mistakes_is_one_definition_with_its_lines() -> None:
    (read,) = parse(LAYANAN, ACUAN).terbaca
    assert read.definisi.tahapan[1].wajib
    assert read.baris == {
        ("versi", None): 1,
        ("isian", "jenis"): 7,
        ("persyaratan", "FC_KTP"): 8,
        ("tahapan", "01_petugas_kelurahan"): 10,
        ("tahapan", "02_lurah"): 11,
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        ("sop_menit: 10", "sop_menit: sepuluh", 4, "sop_menit dengan angka bulat"),
        ("sop_menit: 10", "sop_menit: 0", 4, "sop_menit paling sedikit 1"),
        ("sop_menit: 10", "sop_menit: 99999999999", 4, "terlalu besar"),
        ("  sop_menit: 10\n", "", 1, "Kunci sop_menit wajib diisi"),
        ("nama: Surat Coba", "nama: 5", 2, "nama dengan teks"),
        ("nama: Surat Coba", f"nama: {'x' * 151}", 2, "terlalu panjang"),
        ("nama: Surat Coba", 'nama: "\\0"', 2, "huruf yang tidak dapat disimpan"),
        ("tingkat_akhir: kelurahan", "tingkat_akhir: kampung", 3, "tidak ada pada daftarnya"),
        ("produk: Surat", "produk: Surat\n  warna: biru", 6, "Kunci warna tidak dikenal"),
        ("produk: Surat", "produk: Surat\n  kode: B", 6, "Kunci kode ditulis dua kali"),
        ("produk: Surat", "produk: Surat\n  biaya: 5000", 6, "menyebut Perda"),
        ("produk: Surat", "produk: Surat\n  tanggal_mulai: kemarin", 6, "seperti 2026-11-24"),
        ("opsi: [A, B]", "opsi: []", 7, "perlu opsi"),
        ("kode: jenis", "kode: Jenis Surat", 7, "huruf kecil"),
        ("[FC_KTP]", "[SURAT_X]", 8, "SURAT_X tidak ada di katalog"),
        ("[FC_KTP]", "[FC_KTP, FC_KTP]", 8, "FC_KTP dipakai dua kali"),
        ("[FC_KTP]", "FC_KTP", 8, "harus ada daftar"),
        ("peran: lurah", "peran: kades", 11, "Peran kades tidak dikenal"),
        ("peran: lurah, ", "", 11, "Kunci peran wajib diisi"),
        ("aksi: teruskan", "aksi: lempar", 10, "aksi tidak ada pada daftarnya"),
        ("menit: 5}\n    - {urutan: 2", "menit: 5, wajib: mungkin}\n    - {urutan: 2", 10, "true"),
        ("nama: Periksa", "nama: Periksa, syarat: [[jumlah, ≥, .nan]]", 10, "disimpan"),
        ("nama: Periksa", "nama: Periksa, eskalasi: [{pada_persen: 0}]", 10, "paling sedikit 1"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, text: str) -> None:
    assert old in LAYANAN
    mistakes = told(LAYANAN.replace(old, new, 1))
    assert any(baris == line and text in pesan for baris, pesan in mistakes), mistakes


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = LAYANAN.replace("sop_menit: 10", "sop_menit: x").replace("opsi: [A, B]", "opsi: []")
    mistakes = told(text.replace("peran: lurah", "peran: kades"))
    assert [baris for baris, _ in mistakes] == [4, 7, 11]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("- kode: [", 1),
        ("- a: 1\n  b: {\n", 3),
        ("- &x {kode: A}\n- *x\n", 2),
        ("teks saja", 1),
        ("- 5\n", 1),
        ("[" * 5000, 1),
        ("- kode: A\n--- \n- kode: B\n", 2),
        ("x" * 500_001, 1),
    ],
)
def test_what_is_no_definition_is_refused_with_a_line(text: str, line: int) -> None:
    assert told(text)[0][0] == line


def test_a_date_like_text_stays_a_text() -> None:
    dated = replace(katalog()["SKTM"], catatan="2026-01-01", klasifikasi="470", produk="yes")
    (read,) = parse(dump([dated]), ACUAN).terbaca
    assert read.definisi == dated


def test_the_sidik_follows_the_content_not_the_name_nor_the_ladder() -> None:
    sktm = katalog()["SKTM"]
    same = ubah(replace(sktm, nama="Nama lain"), 1, eskalasi=(EskalasiDefinisi(80, "ingatkan"),))
    assert sidik_of(same) == sidik_of(sktm)
    changed = {sidik_of(ubah(sktm, 1, sla_menit=6)), sidik_of(replace(sktm, biaya=1))}
    assert len(changed | {sidik_of(sktm)}) == 3
