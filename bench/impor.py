"""Import of residents from a CSV: the portal's own way by the browser, and django-import-export.

Both write the same file into a fresh copy of the database of ten thousand. The portal is used as
a person does: upload, columns as guessed, trial, run; the trial and the run are background jobs.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, make_url, text

from bench.daftar import KECIL
from bench.data import FOLDER, LAIN, is_sqlite, plain, ready, say
from bench.hasil import Batas, angka, paling_banyak, paling_sedikit, table, verdicts, versions
from bench.hasil import write as write_section
from bench.perintah import TOKEN
from bench.server import Server
from bench.sisi import SISI, VENV, bahan, jenis_of, running
from bench.warga import PENDUDUK, Warga
from bench.wilayah import places
from config import PROJECT

PORT = 8110
BANYAK = 100_000
STOK = 10_000
"""Rows the stock peer imports: enough for its rows a second, and kinder to it than all."""

MIB = 2**20
WAIT_SECONDS = 600
IMPOR = "/data/penduduk/impor/"
BATAS_KIRIM = "----ukur-batas"
KOLOM = (
    *("nama", "nik", "jenis_kelamin", "tempat_lahir", "agama", "status_kawin", "shdk"),
    *("nama_ibu", "alamat"),
)
SELECT = re.compile(r'<select[^>]*name="(kolom-\d+)".*?</select>', re.DOTALL)
SELECTED = re.compile(r'<option value="([^"]*)"[^>]*\bselected')


@dataclass(frozen=True)
class Terukur:
    """Rows, seconds of the run and of the trial before it, and how much memory it took."""

    rows: int
    seconds: float
    trial: float
    grown: int

    @property
    def per_second(self) -> float:
        """Rows a second of the run alone."""
        return self.rows / self.seconds


def write_file(url: str, rows: int) -> Path:
    """Write residents who are not there yet, in families that are; return the path."""
    engine = create_engine(url)
    with engine.connect() as connection:
        inside, _ = places(connection)
        pairs = connection.execute(text("SELECT id, sebutan FROM wilayah")).all()
        units = {pair.id: pair.sebutan for pair in pairs}
        query = "SELECT rt_id, no_kk FROM keluarga WHERE kecamatan_id = :k ORDER BY id"
        kk: dict[int, list[str]] = {}
        for rt_id, no_kk in connection.execute(text(query), {"k": inside[0].kecamatan_id}):
            kk.setdefault(rt_id, []).append(no_kk)
        codes: dict[str, list[int]] = {}
        for daftar, id_ in connection.execute(text("SELECT daftar, id FROM referensi ORDER BY id")):
            codes.setdefault(daftar, []).append(id_)
    engine.dispose()
    inside = [place for place in inside if place.rt_id in kk]
    path = FOLDER / "impor.csv"
    warga = Warga(codes, bibit=7, urut=60)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([*KOLOM, "tanggal_lahir", "wilayah", "no_kk"])
        for number, (_, people) in enumerate(warga.families(rows, inside, 1, 1)):
            for person in people:
                facts = dict(zip(PENDUDUK, person, strict=True))
                rt_id = int(facts["rt_id"] or 0)
                year, month, day = str(facts["tanggal_lahir"]).split("-")
                own = kk[rt_id][number % len(kk[rt_id])]
                cells = [facts[name] for name in KOLOM]
                writer.writerow([*cells, f"{day}-{month}-{year}", units[rt_id], own])
    return path


@contextmanager
def fresh_copy(url: str) -> Any:
    """Give a copy of a database for the block."""
    if is_sqlite(url):
        target = FOLDER / "bangkit_ukur_impor.db"
        shutil.copy(str(make_url(url).database), target)
        try:
            yield f"sqlite:///{target}"
        finally:
            for path in FOLDER.glob(f"{target.name}*"):
                path.unlink()
        return
    source = str(make_url(url).database)
    copy = make_url(url).set(database="bangkit_ukur_impor")
    server = make_url(plain(url)).set(database="postgres").render_as_string(hide_password=False)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy.database))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(make.format(sql.Identifier(copy.database), sql.Identifier(source)))
        try:
            yield copy.render_as_string(hide_password=False)
        finally:
            connection.execute(drop)


def ours(url: str, path: Path, rows: int) -> Terukur:
    """Import as a person does by the browser."""
    with running(SISI[0], url, bahan(url), PORT) as server:
        token = _token(server, IMPOR)
        where = _upload(server, path, token)
        page = server.get(where, "identity").body.decode()
        form = {"csrf_token": _found(TOKEN.search(page)), "cara": "semua"}
        for found in SELECT.finditer(page):
            chosen = SELECTED.search(found[0])
            form[found[1]] = unescape(chosen[1]) if chosen else ""
        before = server.memory(server.pids())
        number = int(where.split("/impor/")[1].split("/")[0])
        trial = _timed(server, url, number, where, form, "diperiksa")
        run = f"{IMPOR}{number}/jalankan/"
        seconds = _timed(server, url, number, run, {"csrf_token": form["csrf_token"]}, "selesai")
        grown = server.grown({pid: size for pid, size in before.items() if _lives(pid)})
    _check_count(url, rows)
    return Terukur(rows, seconds, trial, grown)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}/status").exists()


def _found(match: re.Match[str] | None) -> str:
    if match is None:
        raise RuntimeError("the import page has no token")
    return match[1]


def _token(server: Server, path: str) -> str:
    return _found(TOKEN.search(server.get(path, "identity").body.decode()))


def _upload(server: Server, path: Path, token: str) -> str:
    head = (
        f'--{BATAS_KIRIM}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{BATAS_KIRIM}\r\nContent-Disposition: form-data; name="berkas"; filename="w.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = head.encode() + path.read_bytes() + f"\r\n--{BATAS_KIRIM}--\r\n".encode()
    answer = server.post(IMPOR, body, f"multipart/form-data; boundary={BATAS_KIRIM}")
    if answer.status != 302:
        raise RuntimeError(f"the upload was answered with {answer.status}")
    return urlsplit(answer.body.decode()).path


def _timed(
    server: Server, url: str, number: int, path: str, form: dict[str, str], status: str
) -> float:
    """Send a form, and wait until the book of imports says so; return the seconds."""
    engine = create_engine(url)
    start = time.perf_counter()
    answer = server.post(path, urlencode(form).encode())
    if answer.status != 302:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    query = text("SELECT status, laporan FROM catatan_impor WHERE id = :id")
    found = ""
    while time.perf_counter() - start < WAIT_SECONDS:
        with engine.connect() as connection:
            found, report = connection.execute(query, {"id": number}).one()
        if found == status:
            engine.dispose()
            return time.perf_counter() - start
        if found == "gagal":
            raise RuntimeError(f"the import failed: {str(report)[:500]}")
        time.sleep(0.05)
    raise RuntimeError(f"the import stands at {found}")


def _check_count(url: str, rows: int) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        serials = "SELECT count(*) FROM penduduk WHERE substr(nik, 13, 4) >= '9960'"
        count = connection.scalar(text(serials))
    engine.dispose()
    if count is None or count < rows:
        raise RuntimeError(f"{count} of {rows} residents were written")


def _drop_others(url: str) -> None:
    """Drop the indexes that only floor and peers of the lists need."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for name in LAIN:
            connection.execute(text(f"DROP INDEX {name}"))
    engine.dispose()


def django(url: str, way: str, path: Path, rows: int) -> Terukur:
    """Import the first rows by django-import-export in a process of its own."""
    command = [str(VENV / "python"), "-m", "bench.peers.django_stok.impor"]
    command += [way, str(path), str(rows)]
    env = {**os.environ, "UKUR_URL": url, "UKUR_KECAMATAN": str(bahan(url).kecamatan_id)}
    done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"django-import-export failed:\n{done.stderr[-2000:]}")
    facts = json.loads(done.stdout)
    _check_count(url, rows)
    return Terukur(facts["rows"], facts["seconds"], 0, facts["grown"])


def run(kinds: Sequence[str], rows: int, *, cepat: bool) -> None:
    """Measure this part and write its section; ``rows`` of other parts do not matter here."""
    banyak = 10_000 if cepat else BANYAK
    batas: list[Batas] = []
    lines, urls = [], []
    for kind in kinds:
        url = ready(kind, KECIL)
        urls.append(url)
        jenis = jenis_of(url)
        say(f"impor, {jenis}")
        path = write_file(url, banyak)
        with fresh_copy(url) as copy:
            _drop_others(copy)
            own = ours(copy, path, banyak)
        say(f"  kami {own.seconds:.1f} dtk, uji {own.trial:.1f} dtk")
        peers = {}
        for way, some in (("stok", min(banyak, STOK)), ("cepat", banyak)):
            with fresh_copy(url) as copy:
                _drop_others(copy)
                peers[way] = django(copy, way, path, some)
            say(f"  django-import-export, {way}: {peers[way].seconds:.1f} dtk")
        named = {f"django-import-export, {way}": one for way, one in peers.items()}
        for nama, one in {"kami": own, **named}.items():
            lines.append(
                [
                    *(jenis, nama, angka(one.rows, 0), angka(one.per_second, 0)),
                    *(angka(one.trial) if one.trial else "–", angka(one.seconds)),
                    *(angka(one.grown / MIB), angka(own.per_second / one.per_second, 1)),
                ]
            )
        if kind == "postgresql":
            ratio = own.per_second / peers["stok"].per_second
            batas += [
                paling_sedikit(f"{jenis}, impor", own.per_second, 5000, "baris/dtk", 0),
                paling_sedikit(f"{jenis}, impor dibanding django-import-export", ratio, 3, "×"),
            ]
        batas.append(paling_banyak(f"{jenis}, impor: memori tumbuh", own.grown / MIB, 200, "MiB"))
    head = ("", "", "baris", "baris/dtk", "uji (dtk)", "jalan (dtk)")
    head += ("memori tumbuh (MiB)", "kami × ini")
    isi = f"""{versions(urls, ("Django", "django-import-export", "tablib"))}
{angka(banyak, 0)} penduduk baru dari satu CSV ke salinan basis data {angka(KECIL, 0)}. Kami:
lewat peramban sampai catatan impor berkata selesai, pekerjaan latar termasuk. Peer: satu proses,
tanpa tampilan uji; "stok" seperti bawaannya ({angka(STOK, 0)} baris pertama), "cepat" ditala untuk
kecepatan: tulis massal, baris terkait dari kamus, hanya NIK yang diperiksa.

{table(head, lines)}
{verdicts(batas)}"""
    write_section("impor", "Impor CSV", isi)
