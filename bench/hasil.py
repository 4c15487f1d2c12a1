"""What a part found: tables in Markdown, limits with their verdict, and its section of HASIL.md."""

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from app.generator.fields import WIB
from bench.data import is_sqlite, plain, say
from bench.sisi import VENV

FILE = Path(__file__).with_name("HASIL.md")


@dataclass(frozen=True)
class Batas:
    """One figure of "Done when": what was measured, its limit, and whether it is met."""

    nama: str
    nilai: str
    batas: str
    tercapai: bool


def paling_banyak(nama: str, nilai: float, batas: float, satuan: str, desimal: int = 1) -> Batas:
    """Return a limit that a figure must stay under."""
    words = f"{angka(nilai, desimal)} {satuan}", f"≤ {angka(batas, desimal)} {satuan}"
    return Batas(nama, words[0].strip(), words[1].strip(), nilai <= batas)


def paling_sedikit(nama: str, nilai: float, batas: float, satuan: str, desimal: int = 1) -> Batas:
    """Return a limit that a figure must reach."""
    words = f"{angka(nilai, desimal)} {satuan}", f"≥ {angka(batas, desimal)} {satuan}"
    return Batas(nama, words[0].strip(), words[1].strip(), nilai >= batas)


def angka(value: float | None, desimal: int = 1) -> str:
    """Return a number as people here write it.

    >>> angka(1234.56), angka(0.5, 2), angka(None)
    ('1.234,6', '0,50', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.{desimal}f}".translate(str.maketrans(",.", ".,"))


def ms(seconds: float | None) -> str:
    """Return seconds as milliseconds with the digits that mean something."""
    if seconds is None:
        return "–"
    value = seconds * 1000
    return angka(value, 1 if value < 100 else 0)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def verdicts(batas: Sequence[Batas]) -> str:
    """Return the table of limits, those that were missed first."""
    rows = [
        [b.nama, b.nilai, b.batas, "tercapai" if b.tercapai else "**tidak**"]
        for b in sorted(batas, key=lambda b: b.tercapai)
    ]
    done = sum(b.tercapai for b in batas)
    head = f'Batas "Done when" issue 5: {done} dari {len(batas)} tercapai.\n\n'
    return head + table(("Ukuran", "Hasil", "Batas", ""), rows)


def versions(urls: Sequence[str], peers: Sequence[str] = ()) -> str:
    """Return one line that says with what was measured."""
    found = [f"CPython {platform.python_version()}"]
    found += [f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy", "psycopg", "granian")]
    for url in urls:
        if is_sqlite(url):
            found.append(f"SQLite {sqlite3.sqlite_version}")
        else:
            with psycopg.connect(plain(url)) as connection:
                row = connection.execute("SHOW server_version").fetchone()
            found.append(f"PostgreSQL {str(row[0]).split()[0] if row else '?'}")
    found += [f"{name} {_peer_version(name)}" for name in peers]
    return ", ".join([*found, f"{os.cpu_count()} inti"]) + "."


def _peer_version(name: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    command = [str(VENV / "python"), "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def write(bagian: str, judul: str, isi: str) -> None:
    """Put the section of this part in HASIL.md in the place of its old one, and print it."""
    hari = f"{datetime.now(WIB):%d-%m-%Y}"
    block = f"<!-- {bagian} -->\n## {judul}, {hari}\n\n{isi.strip()}\n<!-- /{bagian} -->\n"
    text = FILE.read_text()
    pattern = re.compile(rf"<!-- {bagian} -->.*?<!-- /{bagian} -->\n", re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: block, text)
    else:
        text = f"{text.rstrip()}\n\n{block}"
    FILE.write_text(text)
    say(f"\n{block}")
