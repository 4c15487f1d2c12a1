"""`bangkit layanan …`: definitions checked, taken in and given out on the server."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.layanan import Layanan
from app.models.versi_layanan import StatusVersi, VersiLayanan


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["bangkit", "layanan", *args])


def versions(session: Session, kode: str) -> list[str]:
    session.rollback()
    query = select(VersiLayanan.status).join(Layanan).where(Layanan.kode == kode)
    return [str(status) for status in session.scalars(query.order_by(VersiLayanan.nomor))]


@pytest.fixture
def sktm(app: Flask, tmp_path: Path) -> Path:
    """The published SKTM as a file."""
    exported = run(app, "ekspor", "SKTM")
    assert exported.exit_code == 0
    path = tmp_path / "sktm.yaml"
    path.write_text(exported.output, encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """Return the number of the first line that holds a text."""
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_good_file_is_checked_and_simulated(app: Flask, sktm: Path) -> None:
    result = run(app, "cek", str(sktm))
    assert result.exit_code == 0, result.output
    assert "SKTM: 54 berkas dicoba, 0 macet, 36 naik, 35–35 menit, sidik " in result.output
    # A problem points at the first line of its row, just above its kode.
    line = line_of(sktm, "kode: 03_petugas_kelurahan") - 1
    assert f"{sktm}:{line}: peringatan: 03_petugas_kelurahan: Belum ada pejabat" in result.output


def test_mistakes_and_problems_are_printed_with_file_and_line(app: Flask, sktm: Path) -> None:
    edit(sktm, "peran: lurah\n", "peran: lurah\n    syarat: [[gaji, ≥, 5]]\n")
    line = line_of(sktm, "kode: 05_lurah") - 1
    result = run(app, "cek", str(sktm))
    assert result.exit_code == 1
    assert f"{sktm}:{line}: galat: 05_lurah: Kolom gaji pada syarat tidak dikenal." in result.output
    edit(sktm, "sop_menit: 35", "sop_menit: lama")
    result = run(app, "cek", str(sktm))
    assert result.exit_code == 1
    assert f"{sktm}:6: Isi sop_menit dengan angka bulat." in result.output


def test_a_file_is_tried_imported_and_then_known(app: Flask, session: Session, sktm: Path) -> None:
    assert "SKTM versi 1: sudah sama." in run(app, "impor", str(sktm)).output
    edit(sktm, "menit: 7", "menit: 6")
    tried = run(app, "impor", "--coba", str(sktm))
    assert "SKTM versi 2: konsep." in tried.output
    assert "tidak ada yang disimpan" in tried.output
    assert versions(session, "SKTM") == [StatusVersi.TERBIT]
    assert run(app, "impor", str(sktm)).exit_code == 0
    assert versions(session, "SKTM") == [StatusVersi.TERBIT, StatusVersi.KONSEP]
    assert "SKTM versi 2: sudah sama." in run(app, "impor", str(sktm)).output


def test_a_file_with_one_mistake_imports_nothing_at_all(
    app: Flask, session: Session, sktm: Path
) -> None:
    before = session.scalar(select(func.count(VersiLayanan.id)))
    text = sktm.read_text("utf-8")
    sktm.write_text(text.replace("SKTM", "BARU") + text.replace("biaya: 0", "biaya: x"), "utf-8")
    result = run(app, "impor", str(sktm))
    assert result.exit_code == 1
    assert "Tidak ada yang diimpor." in result.output
    session.rollback()
    assert session.scalar(select(func.count(VersiLayanan.id))) == before


def test_what_a_row_refuses_is_told_without_a_trace(app: Flask, sktm: Path) -> None:
    edit(sktm, "biaya: 0", "pengaju: [raja]\n  biaya: 0")
    result = run(app, "impor", str(sktm))
    assert result.exit_code == 1
    assert "Ada kode peran yang tidak dikenal." in result.output


def test_an_unknown_layanan_is_not_exported(app: Flask) -> None:
    result = run(app, "ekspor", "TIDAKADA")
    assert result.exit_code == 1
    assert "Layanan ini tidak ada" in result.output
