"""Reads the worked cases of tests/routing/cases and walks them; the words stand in its README."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from app.routing import (
    SISTEM,
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Pemegang,
    Peristiwa,
    Tolak,
    aksi_tersedia,
    atasan,
    kandidat,
    klaim_berlaku,
    parse_syarat,
    putuskan,
    replay,
    sisi_pengaju,
    terapkan,
)
from tests.routing.contoh import JALUR, RANTAI_SKTM, SEBELAH, TINGKAT_PERAN, make_alur, pejabat

FOLDER = Path(__file__).parent / "cases"
UNIT = {**JALUR, **{f"{t}_sebelah": w for t, w in SEBELAH.items()}, "rt_baru": 1005}
SENIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SATUAN = {"detik": "seconds", "menit": "minutes", "jam": "hours", "hari": "days"}
KETERANGAN = {"nama", "baris", "melalui"}


@dataclass(frozen=True)
class Kasus:
    """One worked case as its file has it; ``isi`` holds everything but name and rows."""

    berkas: str
    nama: str
    baris: tuple[int, ...]
    melalui: str
    isi: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.berkas}: {self.nama}"


def load_kasus(melalui: str | None = None) -> Iterator[Kasus]:
    """Yield every case, or those that run through one engine: mesin, kalender or layanan."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
            isi = {k: v for k, v in raw.items() if k not in KETERANGAN}
            rows = tuple(raw.get("baris", ()))
            kasus = Kasus(path.name, raw["nama"], rows, raw.get("melalui", "mesin"), isi)
            if melalui in (None, kasus.melalui):
                yield kasus


class KasusGagalError(AssertionError):
    """A case did not go as written; the message names the case, the step and the difference."""


@dataclass
class Panggung:
    """One case on its way: the berkas, the world, and the names the case gave to people."""

    kasus: Kasus
    alur: Alur
    dunia: Dunia
    keadaan: Keadaan
    orang: dict[str, Pemegang]
    jalur: Mapping[str, int]
    riwayat: list[Peristiwa] = field(default_factory=list)
    langkah: str = "persiapan"

    def fail(self, apa: str, seharusnya: object, nyatanya: object) -> None:
        """Stop the case with words an official can follow."""
        raise KasusGagalError(
            f"\n  kasus   : {self.kasus}\n  langkah : {self.langkah}"
            f"\n  {apa} seharusnya {seharusnya!r}, nyatanya {nyatanya!r}"
        )

    def who(self, nama: str) -> Pemegang:
        """Return the person a case means: a name it gave, a peran, or ``sistem``."""
        if nama == "sistem":
            return SISTEM
        return self.orang[nama] if nama in self.orang else pejabat(nama)

    def name_of(self, pemegang: Pemegang) -> str:
        """Return how the case calls somebody."""
        names = [n for n, p in self.orang.items() if p == pemegang]
        return names[0] if names else pemegang.peran


def run_kasus(kasus: Kasus) -> None:
    """Walk one case through the pure engine.

    Raises:
        KasusGagalError: something went otherwise than the case says.
    """
    panggung = prepare(kasus)
    for nomor, langkah in enumerate(kasus.isi["langkah"], 1):
        text = yaml.safe_dump(langkah, default_flow_style=True, sort_keys=False, width=1000)
        panggung.langkah = f"{nomor}. {text.strip()}"
        take(panggung, dict(langkah))
    panggung.langkah = "akhir"
    check(panggung, dict(kasus.isi.get("akhir", {})))


def prepare(kasus: Kasus) -> Panggung:
    """Build the definition, the world and the draft that a case starts from."""
    isi = kasus.isi
    unknown = isi.keys() - {"alur", "ubah", "aturan", "dunia", "langkah", "akhir", "data", "tanpa"}
    assert not unknown, f"{kasus}: kata tidak dikenal {sorted(unknown)}"
    jalur = {t: w for t, w in JALUR.items() if t not in isi.get("tanpa", ())}
    kosong = isi.get("dunia", {}).get("kosong", ())
    officers = tuple(pejabat(p) for p in TINGKAT_PERAN if p not in kosong)
    panggung = Panggung(
        kasus,
        read_alur(isi.get("alur"), isi.get("ubah", {}), isi.get("aturan", {})),
        Dunia(pemegang=officers, kini=SENIN),
        Keadaan(jalur=jalur, data=isi.get("data", {})),
        {},
        jalur,
    )
    change_world(panggung, {k: v for k, v in isi.get("dunia", {}).items() if k != "kosong"})
    return panggung


def read_alur(rantai: Any, ubah: Mapping[int, Any], aturan: Mapping[str, Any]) -> Alur:
    """Read a chain of "peran aksi" with changed fields; without one, the nine steps of SKTM."""
    pairs = RANTAI_SKTM if rantai is None else [tuple(step.split()) for step in rantai]
    fields = {}
    for urutan, raw in ubah.items():
        shaped = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
        if "syarat" in raw:
            shaped["syarat"] = parse_syarat(raw["syarat"])
        fields[urutan] = shaped
    rules = {k: tuple(v) if isinstance(v, list) else v for k, v in aturan.items()}
    return make_alur(pairs, fields, **rules)


def change_world(panggung: Panggung, ubah: Mapping[str, Any]) -> None:
    """Let people come and go, units be retired and families be known."""
    unknown = ubah.keys() - {"kosong", "isi", "pengganti", "seksi", "keluarga"}
    assert not unknown, f"{panggung.kasus}: kata dunia tidak dikenal {sorted(unknown)}"
    dunia = panggung.dunia
    gone = {panggung.who(nama) for nama in ubah.get("kosong", ())}
    people = [p for p in dunia.pemegang if p not in gone]
    for nama, raw in ubah.get("isi", {}).items():
        serial = 90 + len(panggung.orang)
        changes = {"penugasan_id": 1000 + serial, "pengguna_id": 1000 + serial}
        if "orang" in raw:
            changes["pengguna_id"] = panggung.who(raw["orang"]).pengguna_id
        if "wilayah" in raw:
            changes["wilayah_id"] = UNIT[raw["wilayah"]]
        changes |= {k: raw[k] for k in ("sifat", "seksi_kode") if k in raw}
        panggung.orang[nama] = replace(pejabat(raw["peran"]), **changes)
        people.append(panggung.orang[nama])
    retired = {UNIT[old]: UNIT[new] for old, new in ubah.get("pengganti", {}).items()}
    family = {panggung.who(nama).pengguna_id for nama in ubah.get("keluarga", ())}
    panggung.dunia = replace(
        dunia,
        pemegang=tuple(people),
        pengganti={**dunia.pengganti, **retired},
        seksi=dunia.seksi | {(UNIT[unit], kode) for unit, kode in ubah.get("seksi", ())},
        keluarga_pemohon=dunia.keluarga_pemohon | family,
    )


def take(panggung: Panggung, langkah: dict[str, Any]) -> None:
    """Walk one step of a case: the world, the clock, an act, then what is to be seen."""
    if (ubah := langkah.pop("dunia", None)) is not None:
        change_world(panggung, ubah)
    if (lewat := langkah.pop("lewat", None)) is not None:
        jumlah, satuan = lewat.split()
        passed = timedelta(**{SATUAN[satuan]: int(jumlah)})
        panggung.dunia = replace(panggung.dunia, kini=panggung.dunia.kini + passed)
    if (urutan := langkah.pop("jalan_sampai", None)) is not None:
        walk(panggung, urutan)
    if "tindakan" in langkah:
        act(panggung, langkah)
    check(panggung, langkah)


def walk(panggung: Panggung, urutan: int) -> None:
    """File from the first desk, then let each desk act until the step ``urutan`` is open."""
    if panggung.keadaan.ke == 0:
        act(panggung, {"siapa": panggung.alur.tahapan[0].peran, "tindakan": "ajukan"})
    while (terbuka := panggung.keadaan.terbuka) is not None and terbuka.urutan < urutan:
        able = kandidat(panggung.alur, panggung.keadaan, panggung.dunia)
        if not able:
            panggung.fail("yang dapat bertindak", "ada", terbuka.tahapan)
        decide(panggung, Aksi(terbuka.aksi, panggung.keadaan.ke, able[0]), None)


def act(panggung: Panggung, langkah: dict[str, Any]) -> None:
    """Take the act of a step, and hold its outcome against ``hasil`` or ``ditolak``."""
    facts = {k: langkah.pop(k) for k in ("data", "surat_pengantar", "rincian") if k in langkah}
    if "jalur" in langkah:
        changed = {t: UNIT[unit] for t, unit in langkah.pop("jalur").items()}
        facts["jalur"] = {**panggung.keadaan.jalur, **changed}
    if "versi_baru" in langkah:
        baru = langkah.pop("versi_baru")
        facts["alur_baru"] = read_versi(panggung.alur, baru)
    aksi = Aksi(
        JenisAksi(langkah.pop("tindakan")),
        langkah.pop("halaman", panggung.keadaan.ke),
        panggung.who(langkah.pop("siapa")),
        langkah.pop("catatan", "catatan"),
        langkah.pop("alasan", "kurang"),
        **facts,
    )
    decide(panggung, aksi, langkah.pop("ditolak", None))
    if "hasil" in langkah:
        langkah["status"] = langkah.pop("hasil")


def read_versi(alur: Alur, baru: Mapping[str, Any]) -> Alur:
    """Read a new version; an old step of the same peran and act keeps its kode."""
    new = read_alur(baru.get("alur"), baru.get("ubah", {}), baru.get("aturan", {}))
    known = {(t.peran, t.aksi): t.kode for t in alur.tahapan}
    steps = tuple(replace(t, kode=known.get((t.peran, t.aksi), t.kode)) for t in new.tahapan)
    return replace(new, tahapan=steps)


def decide(panggung: Panggung, aksi: Aksi, ditolak: str | None) -> None:
    """Ask the engine; apply the event, and prove that riwayat replays to the same state."""
    hasil = putuskan(panggung.alur, panggung.keadaan, aksi, panggung.dunia)
    if isinstance(hasil, Tolak):
        if hasil.kode != ditolak:
            panggung.fail("tindakan", ditolak or "diterima", f"ditolak: {hasil.kode}")
        return
    if ditolak is not None:
        panggung.fail("tindakan", f"ditolak: {ditolak}", "diterima")
    for peristiwa in hasil:
        panggung.keadaan = terapkan(panggung.keadaan, peristiwa)
        panggung.riwayat.append(peristiwa)
    if aksi.alur_baru is not None:
        panggung.alur = aksi.alur_baru
    numbers = [k.ke for k in panggung.keadaan.kunjungan]
    if numbers != list(range(1, len(numbers) + 1)):
        panggung.fail("nomor kunjungan", "1, 2, ... tanpa celah", numbers)
    stored = [json.loads(json.dumps(p.to_isi())) for p in panggung.riwayat]
    awal = Keadaan(data=panggung.keadaan.data, jalur=panggung.jalur)
    ulang = replay(awal, map(Peristiwa.from_isi, stored))
    if ulang != panggung.keadaan:
        panggung.fail("ulangan riwayat", panggung.keadaan, ulang)


def check(panggung: Panggung, langkah: dict[str, Any]) -> None:
    """Hold what a case says is to be seen against what is."""
    for apa, seharusnya in langkah.items():
        nyatanya = LIHAT[apa](panggung, seharusnya)
        if nyatanya != seharusnya:
            panggung.fail(apa, seharusnya, nyatanya)


def _meja(panggung: Panggung, _: Any) -> str | None:
    terbuka = panggung.keadaan.terbuka
    if terbuka is None or terbuka.meja is None:
        return None
    unit = next(nama for nama, w in UNIT.items() if w == terbuka.meja.wilayah_id)
    own = TINGKAT_PERAN[terbuka.meja.peran] == unit
    return terbuka.meja.peran if own else f"{terbuka.meja.peran} di {unit}"


def _names(panggung: Panggung, people: tuple[Pemegang, ...]) -> list[str]:
    return sorted(panggung.name_of(p) for p in people)


def _klaim(panggung: Panggung, _: Any) -> str | None:
    klaim = klaim_berlaku(panggung.alur, panggung.keadaan, panggung.dunia)
    holders = [p for p in panggung.dunia.pemegang if klaim and p.penugasan_id == klaim.penugasan_id]
    return panggung.name_of(holders[0]) if holders else None


def _tombol(panggung: Panggung, seharusnya: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        nama: [
            str(j)
            for j in aksi_tersedia(
                panggung.alur, panggung.keadaan, panggung.who(nama), panggung.dunia
            )
        ]
        for nama in seharusnya
    }


LIHAT = {
    "status": lambda p, _: str(p.keadaan.status),
    "meja": _meja,
    "seharusnya": lambda p, _: next(
        nama for nama, w in UNIT.items() if w == p.keadaan.terbuka.meja.seharusnya_id
    ),
    "tahap": lambda p, _: p.keadaan.terbuka.urutan if p.keadaan.terbuka else None,
    "sebab": lambda p, _: p.keadaan.terbuka.sebab if p.keadaan.terbuka else None,
    "kunjungan_terbuka": lambda p, _: str(p.keadaan.terbuka.status) if p.keadaan.terbuka else None,
    "boleh": lambda p, _: _names(p, kandidat(p.alur, p.keadaan, p.dunia)),
    "atasan": lambda p, _: _names(p, atasan(p.alur, p.keadaan, p.dunia)),
    "pengaju": lambda p, _: _names(p, sisi_pengaju(p.alur, p.keadaan, p.dunia)),
    "klaim": _klaim,
    "tombol": _tombol,
    "kunjungan": lambda p, _: [k.urutan for k in p.keadaan.kunjungan],
    "dilewati": lambda p, _: {
        k.urutan: str(k.sebab) for k in p.keadaan.berlaku if k.status == "dilewati"
    },
    "berlaku": lambda p, _: [k.urutan for k in p.keadaan.berlaku if k.status == "disetujui"],
    "kembali": lambda p, _: p.keadaan.kembali,
    "balik_ke": lambda p, _: p.keadaan.balik_ke,
    "peristiwa": lambda p, _: [str(e.jenis) for e in p.riwayat],
    "pelaku": lambda p, _: [p.name_of(e.pelaku) for e in p.riwayat],
    "sifat": lambda p, _: p.riwayat[-1].pelaku.sifat,
    "pukul": lambda p, _: p.riwayat[-1].pada.isoformat(),
    "kolom_berubah": lambda p, _: list(p.riwayat[-1].kolom_berubah),
    "memuat": lambda p, teks: teks if teks in json.dumps([e.to_isi() for e in p.riwayat]) else None,
    "tidak_memuat": lambda p, teks: (
        None if teks in json.dumps([e.to_isi() for e in p.riwayat]) else teks
    ),
}
"""What a step may say is to be seen, word by word; the README of the cases explains each."""
