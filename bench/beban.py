"""Load: twenty simulated officers on PostgreSQL, and the list under sixteen connections."""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from app.services.benih_akun import SANDI_CONTOH
from bench.data import ready, say
from bench.hasil import Batas, angka, paling_banyak, paling_sedikit, table, verdicts, versions
from bench.hasil import write as write_section
from bench.hujan import Hujan, requests_a_second
from bench.server import Server
from bench.sisi import HAL1, KAMI, PEERS, SISI, VENV, bahan, running
from config import PROJECT

PORT = 8110
ORANG = 20
CONNECTIONS = 16
ROUNDS = 3
AKUN = (
    *("admin", "camat", "sekcam", "auditor", "petugas.kecamatan", "lurah.pilang", "sekkel.pilang"),
    *("petugas.pilang", "rt001rw002.pilang", "rw002.pilang"),
)
WORK = ("daftar", "cari", "rincian")


def crowd(server: Server, people: int, seconds: int) -> dict[str, dict[str, float]]:
    """Let so many officers work; return for each kind of work its figures in milliseconds."""
    command = [str(VENV / "locust"), "--headless", "--json", "--only-summary"]
    # Passwords are slow on purpose: what all take to sign in at once is not counted.
    command += ["-f", "bench/petugas.py", "-u", str(people), "-r", "4", "--reset-stats"]
    command += ["-t", f"{seconds}s", "--host", f"http://127.0.0.1:{server.port}"]
    env = {**os.environ, "UKUR_AKUN": " ".join(AKUN), "UKUR_SANDI": SANDI_CONTOH}
    done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True)
    if not done.stdout.strip():
        raise RuntimeError(f"locust said nothing:\n{done.stderr[-2000:]}")
    return {row["name"]: _figures(row) for row in json.loads(done.stdout)}


def _figures(row: dict[str, object]) -> dict[str, float]:
    """Read median and 95th percentile from locust's histogram of milliseconds."""
    times: list[float] = []
    histogram = row["response_times"]
    assert isinstance(histogram, dict), "locust changed its JSON"
    for ms, count in histogram.items():
        times += [float(ms)] * int(count)
    times.sort()
    return {
        "n": len(times),
        "galat": float(str(row["num_failures"])),
        "median": median(times),
        "p95": times[int(len(times) * 0.95)],
    }


def storm(url: str, *, cepat: bool) -> dict[str, tuple[float, int]]:
    """Return requests a second of every side under sixteen connections, and its errors."""
    b = bahan(url)
    found: dict[str, list[tuple[float, int]]] = {}
    with ExitStack() as stack:
        servers = {
            sisi.nama: (stack.enter_context(running(sisi, url, b, PORT + 1 + n)), sisi)
            for n, sisi in enumerate(SISI)
        }
        for _ in range(1 if cepat else ROUNDS):
            for nama, (server, sisi) in servers.items():
                path = str(sisi.alamat(b, HAL1))
                server.get(path)
                rain = Hujan(server.port, path, server.cookie, CONNECTIONS, 3 if cepat else 6)
                found.setdefault(nama, []).append(requests_a_second(rain))
                say(f"  {nama}: {found[nama][-1][0]:.1f} per detik")
    return {
        nama: (median(rate for rate, _ in runs), sum(errors for _, errors in runs))
        for nama, runs in found.items()
    }


def limits(
    idle: dict[str, dict[str, float]],
    busy: dict[str, dict[str, float]],
    rates: dict[str, tuple[float, int]],
) -> list[Batas]:
    """Return the limits of issue 5 under load."""
    errors = sum(row["galat"] for row in busy.values())
    batas = [paling_banyak(f"{ORANG} petugas: galat", errors, 0, "", 0)]
    for work in WORK:
        ratio = busy[work]["p95"] / idle[work]["median"]
        batas.append(paling_banyak(f"{ORANG} petugas, {work}: p95 dibanding sepi", ratio, 3, "×"))
    best, nama = max((rates[peer][0], peer) for peer in PEERS)
    batas.append(
        paling_sedikit(
            f"daftar, {CONNECTIONS} sambungan, dibanding {nama}", rates[KAMI][0] / best, 5, "×"
        )
    )
    batas.append(paling_banyak(f"daftar, {CONNECTIONS} sambungan: galat", rates[KAMI][1], 0, "", 0))
    return batas


def run(kinds: Sequence[str], rows: int, *, cepat: bool) -> None:
    """Measure this part, on PostgreSQL only, and write its section."""
    if "postgresql" not in kinds:
        say("beban diukur di PostgreSQL saja")
        return
    url = ready("postgresql", rows)
    say("beban, PostgreSQL")
    seconds = 15 if cepat else 60
    with running(SISI[0], url, bahan(url), PORT) as server:
        idle = crowd(server, 1, 20)
        busy = crowd(server, ORANG, seconds)
    rates = storm(url, cepat=cepat)
    people = [
        [
            *(work, ms_(idle[work]["median"]), ms_(busy[work]["median"]), ms_(busy[work]["p95"])),
            *(angka(busy[work]["n"], 0), angka(busy[work]["galat"], 0)),
        ]
        for work in WORK
    ]
    head = ("", "sepi: median (ms)", "ramai: median", "ramai: p95", "permintaan", "galat")
    lines = [
        [nama, angka(rate), angka(errors, 0), angka(rates[KAMI][0] / rate, 1)]
        for nama, (rate, errors) in rates.items()
    ]
    isi = f"""{versions([url], ("locust",))}
{ORANG} petugas simulasi (locust) selama {seconds} detik pada {angka(rows, 0)} penduduk,
masing-masing berhenti 0,5–1,5 detik di antara dua halaman; "sepi" adalah satu
petugas. Satu pekerja granian.

{table(head, people)}
Daftar halaman 1 di bawah {CONNECTIONS} sambungan:

{table(("", "permintaan/dtk", "galat", "kami × ini"), lines)}
{verdicts(limits(idle, busy, rates))}"""
    write_section("beban", "Beban", isi)


def ms_(value: float) -> str:
    """Return milliseconds as they are."""
    return angka(value, 0)
