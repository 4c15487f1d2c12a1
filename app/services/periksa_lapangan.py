"""Publishing checks of a sound definition against the units, posts and hours there are now."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.routing import Alur, Dunia, Tahapan
from app.services.definisi import Definisi
from app.services.jelajah import Jelajah
from app.services.lapangan import Lapangan
from app.services.masalah import Berat, Masalah
from app.services.periksa_definisi import needs_kode_unit
from app.teks import N_

NAMA_MAKS = 8
"""How many units one message names; the rest is counted."""


def check_lapangan(definisi: Definisi, lapangan: Lapangan) -> list[Masalah]:
    """Return every problem of the levels and units that the steps stand on, before simulation."""
    levels = {
        tingkat: [s for s in definisi.tahapan if lapangan.peran.get(s.peran) == tingkat]
        for tingkat in dict.fromkeys(lapangan.peran.values())
    }
    found: list[Masalah] = []
    for tingkat, steps in levels.items():
        if not steps:
            continue
        if tingkat not in lapangan.tingkat:
            pesan = N_("Tidak ada wilayah bertingkat %(tingkat)s yang dilalui berkas.")
            found += [
                Masalah("tingkat_tidak_ada", pesan, {"tingkat": tingkat}, "tahapan", s.kode)
                for s in steps
            ]
            continue
        found += _check_units(steps[0].kode, tingkat, lapangan)
    return found


def _check_units(baris: str, tingkat: str, lapangan: Lapangan) -> Iterator[Masalah]:
    """Check hours and successors of the units of one level; told at its first step."""
    here = lapangan.units(tingkat)
    if closed := [unit for unit in here if unit in lapangan.tanpa_jam]:
        pesan = N_("Tidak ada jam layanan di %(unit)s.")
        yield Masalah("tanpa_jam", pesan, _names(closed, lapangan), "tahapan", baris)
    same = {tingkat, "desa"} if tingkat == "kelurahan" else {tingkat}
    if gone := [unit for unit, of in lapangan.tanpa_pengganti if of in same]:
        pesan = N_("Sudah berakhir tanpa wilayah pengganti: %(unit)s.")
        yield Masalah("tanpa_pengganti", pesan, _names(gone, lapangan), "tahapan", baris)


def warn(definisi: Definisi, alur: Alur, lapangan: Lapangan, jelajah: Jelajah) -> list[Masalah]:
    """Return what an admin should know before publishing; none of it refuses."""
    dunia = Dunia(
        pemegang=tuple(p for held in lapangan.pemegang.values() for p in held),
        pengganti=lapangan.pengganti,
        seksi=lapangan.seksi,
    )
    found = [m for step in alur.tahapan for m in _warn_step(step, lapangan, dunia)]
    found += [
        Masalah("tidak_tercapai", N_("Tidak ada RT yang sampai ke tahapan ini."), {}, "tahapan", k)
        for k in (step.kode for step in alur.tahapan)
        if k not in jelajah.dibuka
    ]
    found += _warn_same_person(alur, lapangan)
    if needs_kode_unit(definisi):
        found += _warn_unit_code(alur, lapangan)
    peran = {step.peran for step in alur.tahapan}
    found += [
        Masalah(
            "persetujuan_tidak_ada",
            N_("Tidak ada tahapan %(p)s yang persetujuannya memenuhi persyaratan ini."),
            {"p": row.dipenuhi_peran},
            "persyaratan",
            row.kode,
        )
        for row in definisi.persyaratan
        if row.dipenuhi_peran and row.dipenuhi_peran not in peran
    ]
    return [replace(masalah, berat=Berat.PERINGATAN) for masalah in found]


def _warn_step(step: Tahapan, lapangan: Lapangan, dunia: Dunia) -> Iterator[Masalah]:
    vacant, acting = [], []
    for unit in lapangan.units(step.tingkat):
        here = dunia.current_unit(unit)
        held = [
            p
            for p in lapangan.pemegang.get(here, ())
            if p.peran == step.peran
            and dunia.current_seksi(here, step.seksi_kode) in (None, p.seksi_kode)
        ]
        if not held:
            vacant.append(unit)
        elif not step.boleh_pelaksana and all(p.is_pelaksana for p in held):
            acting.append(unit)
    if vacant:
        pesan = N_("Belum ada pejabat di %(unit)s.")
        yield Masalah("tanpa_pejabat", pesan, _names(vacant, lapangan), "tahapan", step.kode)
    if acting:
        pesan = N_("Hanya ada pelaksana (Plt./Plh.), yang tidak boleh bertindak, di %(unit)s.")
        yield Masalah("hanya_pelaksana", pesan, _names(acting, lapangan), "tahapan", step.kode)


def _warn_same_person(alur: Alur, lapangan: Lapangan) -> Iterator[Masalah]:
    """Name the units where one person holds the post of a beda_orang step and of an earlier one."""
    for step in alur.tahapan:
        if not step.beda_orang:
            continue
        earlier = {s.peran for s in alur.tahapan[: step.urutan - 1]}
        units = set()
        for asal in lapangan.asal:
            own = asal.jalur.get(step.tingkat, 0)
            before = {
                p.pengguna_id
                for unit in asal.jalur.values()
                for p in lapangan.pemegang.get(unit, ())
                if p.peran in earlier
            }
            held = (p for p in lapangan.pemegang.get(own, ()) if p.peran == step.peran)
            if any(p.pengguna_id in before for p in held):
                units.add(own)
        if units:
            pesan = N_("Harus orang berbeda, tetapi satu orang memegang dua meja di %(unit)s.")
            ordered = sorted(units, key=lambda id_: lapangan.nama[id_])
            yield Masalah("orang_sama", pesan, _names(ordered, lapangan), "tahapan", step.kode)


def _warn_unit_code(alur: Alur, lapangan: Lapangan) -> Iterator[Masalah]:
    for step in alur.tahapan:
        units = lapangan.units(step.tingkat) if step.memberi_nomor else ()
        if missing := [unit for unit in units if not lapangan.kode_unit.get(unit)]:
            pesan = N_("Kode unit untuk nomor surat belum diisi di %(unit)s.")
            yield Masalah("tanpa_kode_unit", pesan, _names(missing, lapangan), "tahapan", step.kode)


def _names(units: Iterable[int], lapangan: Lapangan) -> dict[str, object]:
    names = [lapangan.nama[unit] for unit in units]
    more = len(names) - NAMA_MAKS
    # The count of the rest reads the same in every language.
    return {"unit": ", ".join(names[:NAMA_MAKS]) + (f", … (+{more})" if more > 0 else "")}
