"""Lists, searches, forms and look-ups: the portal at two sizes beside the floor and the peers.

All sides serve the same residents at once and are asked in turn, so that what the machine does
meanwhile falls on all of them. Wall time is the median of all requests; CPU is what the server's
processes spent, so work inside PostgreSQL counts only as wall time.
"""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench.data import ready, say
from bench.hasil import Batas, angka, ms, paling_banyak, table, verdicts, versions, write
from bench.server import Server
from bench.sisi import (
    AKHIR,
    AWALAN,
    CASES,
    FORM,
    HAL1,
    JARANG,
    KAMI,
    KELURAHAN,
    KOSONG,
    LANTAI,
    NIK,
    PEERS,
    PILIH,
    SERING,
    SISI,
    TENGAH,
    Bahan,
    Sisi,
    bahan,
    jenis_of,
    running,
)

KECIL = 10_000
PORT = 8110
ROUNDS, PER_ROUND = 7, 3
CUT_SECONDS = 30.0
"""A side that takes longer for one page is cut off there."""

SLOW_SECONDS = 0.4
OPTIONS_MOST = 50
LISTS = (HAL1, TENGAH, AKHIR, KELURAHAN)
SEARCH_MS = {AWALAN: 80, SERING: 120, JARANG: 120, KOSONG: 40}
AKUN_RT = "rt001rw002.pilang"


@dataclass
class Ukuran:
    """What one side took for one case at one size: seconds of each request, CPU per request."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    cut: bool = False

    @property
    def seconds(self) -> float:
        """The median wall time."""
        return median(self.wall)

    @property
    def cpu_seconds(self) -> float:
        """The median CPU of a request."""
        return median(self.cpu)

    def __str__(self) -> str:
        return f"> {CUT_SECONDS:.0f} dtk" if self.cut else ms(self.seconds)


@dataclass(frozen=True)
class Peserta:
    """One side running at one size."""

    sisi: Sisi
    rows: int
    server: Server
    bahan: Bahan
    pids: list[int]


Hasil = dict[tuple[str, int, str], Ukuran]


def measure(url_by_rows: dict[int, str], cepat: bool) -> tuple[Hasil, dict[str, float], int]:
    """Return all figures of one kind of database, those of an RT head, and the most options."""
    found: Hasil = {}
    rounds = 3 if cepat else ROUNDS
    with ExitStack() as stack:
        peserta = []
        for rows, url in url_by_rows.items():
            facts = bahan(url)
            for sisi in SISI:
                port = PORT + len(peserta)
                server = stack.enter_context(running(sisi, url, facts, port))
                server.timeout = CUT_SECONDS
                peserta.append(Peserta(sisi, rows, server, facts, server.pids()))
        for case in CASES:
            _case(peserta, case, rounds, found)
            say(f"  {case}")
        biggest = max(url_by_rows)
        ours = next(p for p in peserta if p.sisi.nama == KAMI and p.rows == biggest)
        options = _most_options(ours)
        ours.server.sign_in(AKUN_RT, "bangkit-2026")
        narrow = {case: _alone(ours, case) for case in (HAL1, SERING, JARANG, KOSONG)}
    return found, narrow, options


def _case(peserta: Sequence[Peserta], case: str, rounds: int, found: Hasil) -> None:
    """Ask all sides in turn."""
    alamat = {id(p): p.sisi.alamat(p.bahan, case) for p in peserta}
    slow: dict[int, float] = {}
    for p in peserta:
        if path := alamat[id(p)]:
            found[p.sisi.nama, p.rows, case] = Ukuran()
            slow[id(p)] = _warm(p, path, found[p.sisi.nama, p.rows, case])
    for turn in range(rounds):
        for p in peserta:
            path, took = alamat[id(p)], slow.get(id(p), 0.0)
            if path and not found[p.sisi.nama, p.rows, case].cut:
                # A slow peer is asked often enough for a median, and not for an hour.
                if took > SLOW_SECONDS and turn >= 2:
                    continue
                _ask(p, path, 1 if took > SLOW_SECONDS else PER_ROUND, found, case)


def _warm(p: Peserta, path: str, ukuran: Ukuran) -> float:
    """Ask twice before the clock counts; refuse to measure what does not answer as it should."""
    answer = p.server.get(path, "identity")
    if answer.status == 0:
        ukuran.cut = True
        return CUT_SECONDS
    if answer.status != 200:
        raise RuntimeError(f"{p.sisi.nama} answers {path} with {answer.status}")
    return p.server.get(path).seconds


def _ask(p: Peserta, path: str, count: int, found: Hasil, case: str) -> None:
    ukuran = found[p.sisi.nama, p.rows, case]
    before = p.server.cpu(p.pids)
    for _ in range(count):
        answer = p.server.get(path)
        if answer.status == 0:
            ukuran.cut = True
            return
        ukuran.wall.append(answer.seconds)
    ukuran.cpu.append((p.server.cpu(p.pids) - before) / count)


def _alone(p: Peserta, case: str) -> float:
    path = str(p.sisi.alamat(p.bahan, case))
    p.server.get(path)
    return median(p.server.get(path).seconds for _ in range(9))


def _most_options(p: Peserta) -> int:
    """Return the most options of one relation in the form, the list and its filters."""
    most = 0
    for case in (FORM, HAL1):
        body = p.server.get(str(p.sisi.alamat(p.bahan, case)), "identity").body.decode()
        selects = re.findall(r"<select.*?</select>|<datalist.*?</datalist>", body, re.DOTALL)
        most = max([most, *(text.count("<option") for text in selects)])
    return most


def limits(found: Hasil, rows: int, jenis: str, options: int) -> list[Batas]:
    """Return the limits of issue 5 that lists, searches and forms have to keep."""
    own, small = (lambda case: found[KAMI, rows, case]), (lambda case: found[KAMI, KECIL, case])
    lantai = lambda case: found[LANTAI, rows, case]  # noqa: E731 - beside its two siblings
    batas = []
    for case in LISTS:
        nama = f"{jenis}, {case}"
        cpu = own(case).cpu_seconds
        batas += [
            paling_banyak(f"{nama}: CPU dibanding 10k", cpu / small(case).cpu_seconds, 1.2, "×", 2),
            paling_banyak(
                f"{nama}: waktu dibanding 10k", own(case).seconds / small(case).seconds, 1.5, "×", 2
            ),
            paling_banyak(f"{nama}: CPU dibanding lantai", cpu / lantai(case).cpu_seconds, 4, "×"),
        ]
    for size in dict.fromkeys((KECIL, rows)):
        batas += [_beats(found, size, case, jenis) for case in LISTS]
    for case, most in SEARCH_MS.items():
        batas.append(paling_banyak(f"{jenis}, {case}", own(case).seconds * 1000, most, "ms"))
    page = lantai(HAL1).seconds
    batas += [
        paling_banyak(f"{jenis}, {NIK} dibanding lantai", own(NIK).seconds / page, 3, "×"),
        paling_banyak(
            f"{jenis}, {FORM} dibanding 10k", own(FORM).seconds / small(FORM).seconds, 1.2, "×", 2
        ),
        paling_banyak(f"{jenis}, {PILIH}", own(PILIH).seconds * 1000, 30, "ms"),
        paling_banyak(f"{jenis}, pilihan relasi terbanyak", options, OPTIONS_MOST + 1, "", 0),
    ]
    return batas


def _beats(found: Hasil, rows: int, case: str, jenis: str) -> Batas:
    """Return whether the portal was faster than every peer."""
    best, nama = _best_peer(found, rows, case)
    ours = found[KAMI, rows, case].seconds
    ukuran = f"{jenis}, {case}, {angka(rows, 0)}: dibanding {nama}"
    return Batas(ukuran, f"{angka(best / ours, 1)} × lebih cepat", "> 1 ×", ours < best)


def _best_peer(found: Hasil, rows: int, case: str) -> tuple[float, str]:
    known = [(found[peer, rows, case], peer) for peer in PEERS if (peer, rows, case) in found]
    return min((CUT_SECONDS if u.cut else u.seconds, peer) for u, peer in known)


def draw(found: Hasil, rows: int) -> str:
    """Return the table of one kind of database: milliseconds, then ratios."""
    head = ["", "kami 10k", f"kami {angka(rows, 0)}", LANTAI, *PEERS]
    head += ["waktu ×10k", "CPU ×10k", "CPU kami", "CPU ×lantai", "× peer terbaik"]
    lines = []
    for case in CASES:
        own, small = found[KAMI, rows, case], found[KAMI, KECIL, case]
        floor = found.get((LANTAI, rows, case))
        peers = [found.get((peer, rows, case)) for peer in PEERS]
        best, _ = _best_peer(found, rows, case)
        lines.append(
            [
                *(case, str(small), str(own), str(floor or "–")),
                *(str(peer or "–") for peer in peers),
                angka(own.seconds / small.seconds, 2),
                angka(own.cpu_seconds / small.cpu_seconds, 2),
                ms(own.cpu_seconds),
                angka(own.cpu_seconds / floor.cpu_seconds if floor else None),
                angka(best / own.seconds),
            ]
        )
    return table(head, lines)


def run(kinds: Sequence[str], rows: int, *, cepat: bool) -> None:
    """Measure this part and write its section."""
    batas: list[Batas] = []
    tables, urls = [], []
    for kind in kinds:
        url_by_rows = {size: ready(kind, size) for size in (KECIL, rows)}
        urls.append(url_by_rows[rows])
        jenis = jenis_of(urls[-1])
        say(f"daftar, {jenis}")
        found, narrow, options = measure(url_by_rows, cepat)
        tables.append(
            f"### {jenis}\n\n{draw(found, rows)}\n"
            "Ketua RT (hanya RT-nya) pada basis data yang sama: "
            + ", ".join(f"{case} {ms(took)} ms" for case, took in narrow.items())
            + "."
        )
        batas += limits(found, rows, jenis, options)
    isi = f"""{versions(urls, ("Django", "Flask-Admin", "Flask-AppBuilder", "sqladmin"))}
{angka(rows, 0)} penduduk dalam satu kecamatan (dan 4,5% di luarnya), 20 baris per halaman; median
waktu per halaman dalam milidetik. Semua sisi menyaring kecamatan yang sama dan berjalan dengan satu
pekerja granian; peer tanpa login. Kolom CPU: proses server saja, tanpa PostgreSQL.

{chr(10).join(tables)}

{verdicts(batas)}"""
    write("daftar", "Daftar, pencarian, formulir", isi)
