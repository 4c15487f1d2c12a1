"""Runs imports of written files as one of the seeded people, for the tests of imports."""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.generator.describe import describe_all
from app.generator.imports.files import open_table
from app.generator.imports.mapping import build, guess
from app.generator.imports.run import Report, Task, run
from app.models import discover
from app.models.engine import writing
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.policy import bind_pelaku, unscoped
from app.services.impor import catat, mulai
from app.services.pelaku import load_pelaku

SPECS = describe_all(discover())
RT = "RT 001/RW 002 Pilang"
TITLES = (
    *("NIK", "Nama lengkap", "Jenis kelamin", "Tempat lahir", "Tanggal lahir", "Agama"),
    *("Status perkawinan", "Alamat", "RT"),
)


def warga(nomor: int, **facts: str) -> list[str]:
    """Return the row of a woman born on 1 January 1990; serials 99xx are fictional."""
    row = {
        "nik": f"357499410190{nomor:04}",
        "nama": f"Warga {nomor}",
        "kelamin": "Perempuan",
        "tempat": "Probolinggo",
        "lahir": "01-01-1990",
        "agama": "Islam",
        "kawin": "Belum kawin",
        "alamat": f"Jl. Uji {nomor}",
        "rt": RT,
    }
    return list((row | facts).values())


def as_csv(rows: Sequence[Sequence[str]], titles: Sequence[str] = TITLES, sep: str = ";") -> bytes:
    """Return a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=sep).writerows([titles, *rows])
    return text.getvalue().encode()


@dataclass
class Pengimpor:
    """One seeded person at the import."""

    app: Flask
    engine: Engine
    username: str

    def take(self, isi: bytes, resource: str = "Penduduk", **how: Any) -> tuple[Report, int]:
        """Import a file, commit; return the report and the number of the import."""
        spec, now = SPECS[resource], datetime.now(UTC)
        with tempfile.TemporaryDirectory() as folder, self.app.test_request_context():
            path = Path(folder) / "berkas"
            path.write_bytes(isi)
            with writing(), Session(self.engine) as session, open_table(path) as opened:
                with unscoped(session, "uji mencari akun"):
                    query = select(Pengguna.id).where(Pengguna.username == self.username)
                    pelaku = load_pelaku(session, session.scalars(query).one(), now)
                assert pelaku is not None
                bind_pelaku(session, pelaku)
                id_ = mulai(
                    session,
                    pelaku,
                    now,
                    sumber_daya=resource,
                    nama_berkas="uji.csv",
                    ukuran_bytes=len(isi),
                    sha256="0" * 64,
                    kunci="impor/uji",
                )
                codes = guess(spec, SPECS, opened.headers)
                task = Task(spec, SPECS, pelaku, build(spec, opened.headers, codes), **how)
                report = run(
                    session,
                    task,
                    opened.rows,
                    note=lambda s, rows, values: catat(s, spec.model, id_, rows, values),
                )
                session.commit()
        return report, id_

    def told(self, isi: bytes, **how: Any) -> list[tuple[int, str, str]]:
        """Return (row, column, message) of every error of a file."""
        report, _ = self.take(isi, **how)
        return [(p.row, p.column, p.message % dict(p.params)) for p in report.problems]


def find(engine: Engine, nik: str) -> Penduduk | None:
    """Return a resident, wherever."""
    with Session(engine) as session, unscoped(session, "uji membaca"):
        return session.scalar(select(Penduduk).where(Penduduk.nik == nik))
