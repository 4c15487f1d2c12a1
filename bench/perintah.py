"""The same rows by the database's own tool: `psql \\copy` and `sqlite3 -csv`.

On PostgreSQL the statement is the one our export sends, caught on its way. SQLite's tool lacks
the functions our statement uses, so there it is written by hand: same columns, labels, order.
"""

import re
import subprocess
import time
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import make_url

from app import create_app
from app.services.benih_akun import SANDI_CONTOH
from bench.data import FOLDER, is_sqlite, plain
from bench.sisi import Bahan, portal_env
from config import load_config

EKSPOR = "/data/penduduk/export/"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

SQLITE = """SELECT p.nama, substr(p.nik, 1, 4) || '****' || substr(p.nik, 13),
CASE p.jenis_kelamin WHEN 'l' THEN 'Laki-laki' WHEN 'p' THEN 'Perempuan' END,
strftime('%d-%m-%Y', p.tanggal_lahir), w.sebutan,
CASE p.status_dasar WHEN 'hidup' THEN 'Hidup' WHEN 'mati' THEN 'Mati' WHEN 'pindah' THEN 'Pindah'
WHEN 'hilang' THEN 'Hilang' WHEN 'pergi' THEN 'Pergi' ELSE 'Tidak valid' END
FROM penduduk p LEFT JOIN wilayah w ON w.id = p.wilayah_id
WHERE p.kecamatan_id = {kecamatan} ORDER BY p.nama, p.id"""

POSTGRES = """SELECT p.nama, substr(p.nik, 1, 4) || '****' || substr(p.nik, 13),
CASE p.jenis_kelamin WHEN 'l' THEN 'Laki-laki' WHEN 'p' THEN 'Perempuan' END,
to_char(p.tanggal_lahir, 'DD-MM-YYYY'), w.sebutan,
CASE p.status_dasar WHEN 'hidup' THEN 'Hidup' WHEN 'mati' THEN 'Mati' WHEN 'pindah' THEN 'Pindah'
WHEN 'hilang' THEN 'Hilang' WHEN 'pergi' THEN 'Pergi' ELSE 'Tidak valid' END
FROM penduduk p LEFT JOIN wilayah w ON w.id = p.wilayah_id
WHERE p.kecamatan_id = {kecamatan} ORDER BY p.nama, p.id"""


def select_of_export(url: str, b: Bahan) -> tuple[str, str]:
    """Return the SELECT, and where it comes from."""
    if is_sqlite(url):
        return SQLITE.format(kecamatan=b.kecamatan_id), "ditulis tangan"
    caught = _caught(url)
    if caught is not None:
        return caught, "yang dikirim ekspor kami"
    return POSTGRES.format(kecamatan=b.kecamatan_id), "ditulis tangan"


def _caught(url: str) -> str | None:
    """Export one block in this process, and return the COPY it sent, if it sent one."""
    found: list[str] = []
    real = psycopg.Cursor.copy

    def copy(self: Any, statement: Any, params: Any = None, **kwargs: Any) -> Any:
        with psycopg.connect(plain(url)) as other:
            found.append(psycopg.ClientCursor(other).mogrify(statement, params))
        return real(self, statement, params, **kwargs)

    app = create_app(load_config(portal_env(url, 8000), FOLDER / "instance_perintah"))
    client = app.test_client()
    token = TOKEN.search(client.get("/login/").text)
    person = {"username": "admin", "password": SANDI_CONTOH}
    client.post("/login/", data=person | {"csrf_token": token[1] if token else ""})
    with patch.object(psycopg.Cursor, "copy", copy):
        path, body = request_of(lambda path: client.get(path).text)
        answer = client.post(path, data=body) if body else client.get(path)
        for _ in islice(answer.iter_encoded(), 2):  # the head comes before anything is asked
            continue
        answer.close()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    match = re.match(r"COPY \((.*)\) TO STDOUT", found[0], re.DOTALL) if found else None
    return match[1] if match else None


def request_of(page: Any) -> tuple[str, dict[str, str]]:
    """Return path and form of the portal's CSV; ``page`` gets the text of a page.

    Columns that identify people are exported for a reason, by a form.
    """
    text = page(f"{EKSPOR}?flt0_status_dasar_sama=pindah")
    token = TOKEN.search(text)
    if token is None or "alasan" not in text:
        return f"{EKSPOR}csv/", {}
    facts = {"csrf_token": token[1], "format": "csv", "alasan": "Pengukuran kecepatan"}
    return EKSPOR, facts


def run_tool(url: str, select: str) -> tuple[float, str]:
    """Let the database's tool write the rows; return seconds and the first lines."""
    text = " ".join(select.split())
    target = FOLDER / "perintah.csv"
    command: list[str]
    if is_sqlite(url):
        database = str(make_url(url).database)
        command = ["sqlite3", "-readonly", "-csv", "-separator", ";", database, text]
    else:
        options = "(FORMAT csv, DELIMITER ';')"
        command = ["psql", "-qX", plain(url), "-c", f"\\copy ({text}) TO STDOUT {options}"]
    start = time.perf_counter()
    with target.open("wb") as out:
        subprocess.run(command, stdout=out, check=True)
    seconds = time.perf_counter() - start
    with Path(target).open(encoding="utf-8") as lines:
        head = "".join(line for line, _ in zip(lines, range(500), strict=False))
    target.unlink()
    return seconds, head
