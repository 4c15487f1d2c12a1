"""Publishing checks that need nothing but the definition and the peran there are (ROUTING §3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from app.models.format_nomor import FormatNomorError, parse_format, render
from app.models.tahapan import AksiTahapan, JikaKosong
from app.routing import DERAJAT_TINGKAT, parse_syarat
from app.services.definisi import Definisi, TahapanDefinisi
from app.services.masalah import Masalah
from app.services.syarat_definisi import (
    SUDUT_MAKS,
    Kolom,
    columns_of,
    corners,
    is_contradictory,
    is_well_typed,
    read_syarat,
)
from app.teks import N_

NOMOR_CONTOH: dict[str, str | int | None] = {
    "nomor": 17,
    "kode_unit": "425.xxx",
    "rt": 1,
    "rw": 2,
    "bulan_romawi": 11,
    "tahun": 2026,
}
"""Sample data on which a number format has to yield a text."""


TAK_TERBACA = frozenset({"syarat_rusak", "kolom_tidak_dikenal", "tipe_kolom"})
"""Problems of a condition that leave the longest path unknown."""


def check_definisi(definisi: Definisi, tingkat: Mapping[str, str]) -> list[Masalah]:
    """Return every problem of the definition itself; ``tingkat`` goes by peran."""
    found = [
        *_check_steps(definisi, tingkat),
        *_check_last(definisi),
        *_check_doubles(definisi),
        *_check_conditions(definisi),
        *_check_vouched(definisi),
        *_check_letter(definisi),
        *_check_pengaju(definisi, tingkat),
    ]
    if definisi.tahapan and not any(m.kode in TAK_TERBACA and m.bagian == "tahapan" for m in found):
        found += _check_minutes(definisi)
    return found


def _at(tahapan: TahapanDefinisi, kode: str, pesan: str, **params: object) -> Masalah:
    return Masalah(kode, pesan, params, "tahapan", tahapan.kode)


def _check_steps(definisi: Definisi, tingkat: Mapping[str, str]) -> Iterator[Masalah]:
    if not definisi.tahapan:
        yield Masalah("tanpa_tahapan", N_("Versi ini belum mempunyai tahapan."))
    for due, step in enumerate(definisi.tahapan, start=1):
        if step.urutan != due:
            yield _at(
                step,
                "urutan_bolong",
                N_("Urutan harus 1, 2, … tanpa celah: di sini %(ada)s, seharusnya %(due)s."),
                ada=step.urutan,
                due=due,
            )
            break
    for step in definisi.tahapan:
        yield from _check_step(step, tingkat)
    known = [(s, tingkat[s.peran]) for s in definisi.tahapan if s.peran in tingkat]
    for (_, below), (step, above) in pairwise(known):
        if DERAJAT_TINGKAT[above] < DERAJAT_TINGKAT[below]:
            yield _at(
                step,
                "tingkat_tidak_naik",
                N_("Tingkat turun dari %(dari)s ke %(ke)s; berkas hanya berjalan naik."),
                dari=below,
                ke=above,
            )


def _check_step(step: TahapanDefinisi, tingkat: Mapping[str, str]) -> Iterator[Masalah]:
    if step.peran not in tingkat:
        yield _at(step, "peran_tidak_dikenal", N_("Peran %(p)s tidak dikenal."), p=step.peran)
    if step.aksi not in {a.value for a in AksiTahapan}:
        yield _at(step, "aksi_tidak_dikenal", N_("Tindakan %(a)s tidak dikenal."), a=step.aksi)
    if step.jika_kosong == JikaKosong.LEWATI and step.wajib:
        yield _at(
            step, "lewati_wajib", N_("Tahapan wajib tidak dapat dilewati bila mejanya kosong.")
        )


def _check_last(definisi: Definisi) -> Iterator[Masalah]:
    for step in definisi.tahapan[-1:]:
        if not step.wajib:
            yield _at(step, "terakhir_tidak_wajib", N_("Tahapan terakhir harus wajib."))
        if step.syarat:
            yield _at(step, "terakhir_bersyarat", N_("Tahapan terakhir tidak boleh bersyarat."))


def _check_doubles(definisi: Definisi) -> Iterator[Masalah]:
    for bagian in ("tahapan", "isian", "persyaratan"):
        counted = Counter(row.kode for row in getattr(definisi, bagian))
        for kode in (kode for kode, count in counted.items() if count > 1):
            yield Masalah("kode_ganda", N_("Kode ini dipakai dua kali."), {}, bagian, kode)
    for step in definisi.tahapan:
        rungs = Counter(rung.pada_persen for rung in step.eskalasi)
        for persen in (persen for persen, count in rungs.items() if count > 1):
            yield _at(
                step,
                "tangga_ganda",
                N_("Tangga eskalasi %(persen)s%% tercantum dua kali."),
                persen=persen,
            )


def _check_conditions(definisi: Definisi) -> Iterator[Masalah]:
    columns = columns_of(definisi)
    for bagian in ("tahapan", "isian", "persyaratan"):
        for row in getattr(definisi, bagian):
            yield from _check_condition(row.syarat, bagian, row.kode, columns)


def _check_condition(
    raw: object, bagian: str, baris: str, columns: Mapping[str, Kolom]
) -> Iterator[Masalah]:
    conditions = read_syarat(raw)
    if conditions is None:
        yield Masalah(
            "syarat_rusak",
            N_("Syarat harus berupa daftar [kolom, tanda, nilai]; tandanya =, in, ≠, ≥, atau <."),
            {},
            bagian,
            baris,
        )
        return
    sound = True
    for syarat in conditions:
        kolom = columns.get(syarat.kolom)
        facts = {"kolom": syarat.kolom, "tanda": syarat.op.value}
        if kolom is None:
            sound = False
            pesan = N_("Kolom %(kolom)s pada syarat tidak dikenal.")
            yield Masalah("kolom_tidak_dikenal", pesan, facts, bagian, baris)
        elif not is_well_typed(syarat, kolom):
            sound = False
            pesan = N_("Syarat %(kolom)s %(tanda)s … tidak cocok dengan tipe kolomnya.")
            yield Masalah("tipe_kolom", pesan, facts, bagian, baris)
    if sound and is_contradictory(conditions, columns):
        pesan = N_("Syarat ini saling bertentangan: tidak ada isian yang memenuhinya.")
        yield Masalah("syarat_bertentangan", pesan, {}, bagian, baris)


def _check_vouched(definisi: Definisi) -> Iterator[Masalah]:
    columns = columns_of(definisi)
    for step in definisi.tahapan:
        vouched = step.kolom_dijamin
        if vouched is not None and not (
            isinstance(vouched, list) and all(isinstance(k, str) for k in vouched)
        ):
            yield _at(
                step, "kolom_dijamin_rusak", N_("Kolom yang dijamin harus berupa daftar kolom.")
            )
            continue
        for kolom in vouched or ():
            if kolom not in columns:
                yield _at(
                    step,
                    "kolom_dijamin_tidak_dikenal",
                    N_("Kolom yang dijamin, %(kolom)s, tidak dikenal."),
                    kolom=kolom,
                )


def _check_letter(definisi: Definisi) -> Iterator[Masalah]:
    numbering = [step for step in definisi.tahapan if step.memberi_nomor]
    if not definisi.format_nomor:
        for step in numbering:
            yield _at(
                step,
                "tanpa_format_nomor",
                N_("Tahapan ini memberi nomor, tetapi format nomor surat belum diisi."),
            )
        return
    if len(numbering) != 1:
        yield Masalah(
            "pemberi_nomor",
            N_("Surat memerlukan tepat satu tahapan yang memberi nomor; di sini ada %(n)s."),
            {"n": len(numbering)},
        )
    try:
        render(definisi.format_nomor, {**NOMOR_CONTOH, "klasifikasi": definisi.klasifikasi})
    except FormatNomorError as error:
        yield Masalah("format_nomor", error.message, error.params)


def needs_kode_unit(definisi: Definisi) -> bool:
    """Whether the number of this letter names the unit that gives it; False for a bad format."""
    try:
        parts = parse_format(definisi.format_nomor or "")
    except FormatNomorError:
        return False
    return any(part.nama == "kode_unit" for part in parts)


def _check_pengaju(definisi: Definisi, tingkat: Mapping[str, str]) -> Iterator[Masalah]:
    pengaju = definisi.pengaju
    if pengaju is None:
        return
    if not isinstance(pengaju, list) or not all(isinstance(kode, str) for kode in pengaju):
        yield Masalah("pengaju_rusak", N_("Pengaju harus berupa daftar kode peran."))
        return
    for kode in pengaju:
        if kode not in tingkat:
            yield Masalah("peran_tidak_dikenal", N_("Peran %(p)s tidak dikenal."), {"p": kode})


def _check_minutes(definisi: Definisi) -> Iterator[Masalah]:
    """Compare the longest path with the promise; call it where the conditions are sound."""
    found = corners(definisi)
    if found is None:
        yield Masalah(
            "terlalu_banyak_sudut",
            N_("Syarat tahapan mempunyai lebih dari %(n)s kemungkinan; sederhanakan."),
            {"n": SUDUT_MAKS},
        )
        return
    steps = [(parse_syarat(step.syarat), step) for step in definisi.tahapan]
    longest = max(
        sum(s.sla_menit for syarat, s in steps if s.wajib or all(c.holds(data) for c in syarat))
        for data in found
    )
    if longest > definisi.sla_total_menit:
        yield Masalah(
            "menit_melebihi",
            N_("Jalur terpanjang %(jalur)s menit, melebihi janji %(janji)s menit."),
            {"jalur": longest, "janji": definisi.sla_total_menit},
        )
