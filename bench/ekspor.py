"""CSV of all residents: the portal beside the database's own tool and the peers that export."""

import csv
import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from bench.data import is_sqlite, ready, say
from bench.hasil import Batas, angka, ms, paling_banyak, paling_sedikit, table, verdicts, versions
from bench.hasil import write as write_section
from bench.perintah import request_of, run_tool, select_of_export
from bench.server import Server
from bench.sisi import HAL1, KAMI, SISI, Bahan, Sisi, bahan, jenis_of, kami, running
from bench.unduh import Minta, Unduhan, begin, end, unduh

PORT = 8110
PEER_ROWS = 100_000
"""Rows a peer exports: enough for its rows a second, and kinder to it than a million."""

ROUNDS = 3
ALONE = 15
MIB = 2**20
EKSPOR_PEER = {
    "django": "/admin/django_stok/penduduk/export/",
    "flask-admin": "/admin/penduduk/export/csv/",
    "sqladmin": "/admin/penduduk/export/csv",
}
SHARE = {True: 50, False: 60}
BEST_PEER = {True: 8, False: 15}
"""Limits of SQLite and of PostgreSQL."""


@dataclass(frozen=True)
class Terukur:
    """What one side did: rows a second, first byte, and how much its memory grew."""

    per_second: float
    first: float
    grown: int
    rows: int


def measure(url: str, rows: int, *, cepat: bool) -> tuple[dict[str, Terukur], list[float], str]:
    """Return all sides by name, the list's median alone and beside two exports, and a remark."""
    b = bahan(url)
    found: dict[str, Terukur] = {}
    with ExitStack() as stack:
        server = stack.enter_context(running(SISI[0], url, b, PORT))
        found[KAMI], found["alat"], remark = _ours(server, url, b, 1 if cepat else ROUNDS)
        busy = _busy(server, b)
    some = min(rows, 20_000 if cepat else PEER_ROWS)
    peers = {sisi.nama: sisi for sisi in SISI if sisi.nama in EKSPOR_PEER}
    for nama, sisi in peers.items():
        say(f"  ekspor {nama}")
        found[nama] = _peer(sisi, url, b, some)
    if rows > some and not cepat:
        best = max(peers, key=lambda nama: found[nama].per_second)
        say(f"  ekspor {best}, semua baris")
        found[f"{best}, semua"] = _peer(peers[best], url, b, 0)
    return found, busy, remark


def _request(server: Server, narrow: str = "") -> Minta:
    path, body = request_of(lambda path: server.get(path, "identity").body.decode())
    return Minta(server.port, path + narrow, urlencode(body), server.cookie)


def _ours(server: Server, url: str, b: Bahan, rounds: int) -> tuple[Terukur, Terukur, str]:
    """Let the portal and the tool export in turn."""
    select, origin = select_of_export(url, b)
    warm = unduh(_request(server, f"?flt0_wilayah_id_sama={b.kelurahan_id}"))
    _check(warm)
    pids = server.pids()
    ours: list[Unduhan] = []
    tool: list[float] = []
    grown, head = 0, ""
    for _ in range(rounds):
        before = server.memory(pids)
        minta = _request(server)
        ours.append(unduh(Minta(**{**minta.__dict__, "keep": 200_000})))
        grown = max(grown, server.grown(before))
        seconds, head = run_tool(url, select)
        tool.append(seconds)
        say(f"  ekspor kami {ours[-1].seconds:.1f} dtk, alat {seconds:.1f} dtk")
    _check(ours[-1])
    if ours[-1].rows != b.rows:
        raise RuntimeError(f"our export holds {ours[-1].rows} rows of {b.rows}")
    speed = median(one.per_second for one in ours)
    first = median(one.first for one in ours)
    remark = f"SELECT {origin}; 400 baris pertama {_compare(ours[-1].text, head)}"
    own = Terukur(speed, first, grown, b.rows)
    return own, Terukur(b.rows / median(tool), 0, 0, b.rows), remark


def _check(taken: Unduhan) -> None:
    if taken.status != 200 or taken.kind != "text/csv":
        raise RuntimeError(f"the export answers {taken.status} {taken.kind}")


def _compare(ours: str, tool: str) -> str:
    """Say whether both wrote the same cells."""
    rows = [
        list(csv.reader(io.StringIO(text), delimiter=";"))
        for text in (ours.removeprefix("\ufeff"), tool)
    ]
    return "sama" if rows[0][1:401] == rows[1][:400] else "berbeda"


def _busy(server: Server, b: Bahan) -> list[float]:
    """Return the list's median alone, and while two exports run."""
    path = str(kami(b, HAL1))
    server.get(path)
    alone = median(server.get(path).seconds for _ in range(ALONE))
    exports = [begin(_request(server)) for _ in range(2)]
    times: list[float] = []
    while all(export.poll() is None for export in exports):
        times.append(server.get(path).seconds)
    for export in exports:
        end(export)
    return [alone, median(times) if times else alone]


def _peer(sisi: Sisi, url: str, b: Bahan, rows: int) -> Terukur:
    """Let a peer export some rows once, after a small page has warmed it."""
    with running(sisi, url, b, PORT + 1, UKUR_EKSPOR=str(rows)) as server:
        server.get(str(sisi.alamat(b, HAL1)))
        pids = server.pids()
        before = server.memory(pids)
        taken = unduh(Minta(server.port, EKSPOR_PEER[sisi.nama]))
        if taken.status != 200:
            raise RuntimeError(f"{sisi.nama} exports nothing: {taken.status}")
        grown = server.grown(before)
        return Terukur(taken.per_second, taken.first, grown, taken.rows)


def limits(found: dict[str, Terukur], busy: list[float], url: str) -> list[Batas]:
    """Return the limits of issue 5 on exports."""
    jenis, lite = jenis_of(url), is_sqlite(url)
    own = found[KAMI]
    whole = [nama for nama in found if nama.endswith(", semua")]
    peer, nama = max((found[n].per_second, n) for n in whole or EKSPOR_PEER)
    share = 100 * own.per_second / found["alat"].per_second
    return [
        paling_sedikit(f"{jenis}, ekspor dibanding alat basis data", share, SHARE[lite], "%", 0),
        paling_banyak(f"{jenis}, ekspor: byte pertama", own.first, 0.1, "dtk", 3),
        paling_banyak(f"{jenis}, ekspor: memori tumbuh", own.grown / MIB, 20, "MiB"),
        paling_sedikit(
            f"{jenis}, ekspor dibanding {nama}", own.per_second / peer, BEST_PEER[lite], "×"
        ),
        paling_banyak(
            f"{jenis}, daftar selama dua ekspor dibanding sendirian", busy[1] / busy[0], 5, "×"
        ),
    ]


def draw(found: dict[str, Terukur]) -> str:
    """Return the table of one kind of database."""
    lines = []
    for nama, t in found.items():
        is_tool = nama == "alat"
        lines.append(
            [
                *(nama, angka(t.rows, 0), angka(t.per_second, 0)),
                "–" if is_tool else ms(t.first),
                "–" if is_tool else angka(t.grown / MIB),
                angka(found[KAMI].per_second / t.per_second, 2),
            ]
        )
    head = ("", "baris", "baris/dtk", "byte pertama (ms)", "memori tumbuh (MiB)", "kami × ini")
    return table(head, lines)


def run(kinds: Sequence[str], rows: int, *, cepat: bool) -> None:
    """Measure this part and write its section."""
    batas, tables, urls = [], [], []
    for kind in kinds:
        url = ready(kind, rows)
        urls.append(url)
        say(f"ekspor, {jenis_of(url)}")
        found, busy, remark = measure(url, rows, cepat=cepat)
        tables.append(
            f"### {jenis_of(url)}\n\n{draw(found)}\n{remark}. Daftar halaman 1: {ms(busy[0])} ms"
            f" sendirian, {ms(busy[1])} ms selama dua ekspor berjalan."
        )
        batas += limits(found, busy, url)
    isi = f"""{versions(urls, ("Django", "django-import-export", "Flask-Admin", "sqladmin"))}
"alat" adalah `psql \\copy` atau `sqlite3 -csv`. Tiap peer mengekspor paling banyak
{angka(PEER_ROWS, 0)} baris; yang tercepat lalu semuanya. FAB tidak punya ekspor daftar.

{chr(10).join(tables)}

{verdicts(batas)}"""
    write_section("ekspor", "Ekspor CSV", isi)
