"""What if: a layanan simulated with SimPy, from arrivals, officers, calendars and the real alur.

Pure and seeded: the same `Rencana` and `Pengaturan` give the same numbers. What the world holds is
read by `rencana_simulasi`.

Assumptions, all shown on the page: arrivals are a Poisson process inside the opening hours of the
kecamatan, each from an RT drawn evenly; work on a step takes `KERJA` of its SOP minutes
(triangular), in whole minutes; a desk serves in order of arrival, each of its officers one berkas
at a time; nobody sends a berkas back.
"""

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from random import Random
from statistics import mean, median
from typing import Any

import simpy

from app.errors import BangkitError
from app.routing import Kalender, menit, tambah
from app.services.pengaturan_simulasi import Pengaturan
from app.teks import N_

KERJA = (0.5, 0.9, 1.2)
"""Least, most frequent and most work on a step, as parts of its SOP minutes: the SOP is a promise
that ordinary work keeps, seldom overruns, and at best halves."""

BERKAS_TERBANYAK = 5000
"""Berkas expected at most, so that a page answers within seconds."""

LAJUR = 12
"""Bars of the chart at most."""

Meja = tuple[str, int, str | None]
"""A desk: peran, unit, section."""


@dataclass(frozen=True)
class Singgah:
    """One step of a route and the desk it opens at; a desk without officers has no ``petugas``."""

    tahapan: str
    meja: Meja
    petugas: int


@dataclass(frozen=True)
class Rencana:
    """What the world gives: routes to draw from, calendars by unit, SOP minutes by step.

    ``rute`` has one list of routes for each RT: one for each corner of the conditions.
    ``loket`` is the unit whose opening hours bring berkas in; ``mulai`` the first moment, a full
    minute.
    """

    rute: Sequence[Sequence[tuple[Singgah, ...]]]
    kalender: Mapping[int, Kalender]
    menit: Mapping[str, int]
    sla_total: int
    loket: int
    mulai: datetime


@dataclass(frozen=True)
class HasilTahapan:
    """One step over all berkas: service minutes of waiting and of work; ``beban`` is the share of
    its busiest desk's time that work asks for, above 1 where the queue grows without end."""

    kode: str
    singgah: int
    tunggu_rata: float
    tunggu_p90: float
    kerja_rata: float
    beban: float


@dataclass(frozen=True)
class Hasil:
    """The answer, in service minutes; ``penahan`` is the step with the longest mean wait.

    ``masuk`` counts what was filed, ``tertahan`` what stands at a desk without officers.
    ``sebaran`` holds (above, up to, berkas).
    """

    masuk: int
    selesai: int
    tertahan: int
    dalam_sla: float
    median: float
    p90: float
    penahan: str | None
    tahapan: tuple[HasilTahapan, ...]
    sebaran: tuple[tuple[int, int, int], ...]


@dataclass
class Catatan:
    """What one run writes down."""

    total: list[float] = field(default_factory=list)
    tertahan: int = 0
    tunggu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    kerja: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sibuk: dict[Meja, int] = field(default_factory=lambda: defaultdict(int))


def simulate(rencana: Rencana, pengaturan: Pengaturan) -> Hasil:
    """Run the simulation until every berkas that came in is done, or stands at an empty desk.

    Raises:
        BangkitError: more berkas would come in than `BERKAS_TERBANYAK`.
    """
    _require_bearable(rencana, pengaturan)
    acak = Random(pengaturan.benih)
    datang = arrivals(rencana, pengaturan, acak)
    env = simpy.Environment()
    officers: dict[Meja, int] = defaultdict(int)
    for singgah in {s for rt in rencana.rute for rute in rt for s in rute}:
        officers[singgah.meja] = max(officers[singgah.meja], singgah.petugas)
    meja = {m: simpy.Resource(env, capacity=n) for m, n in sorted(officers.items(), key=str) if n}
    catatan = Catatan()
    for waktu in datang:
        rute = acak.choice(acak.choice(rencana.rute))
        kerja = [work_minutes(rencana.menit[s.tahapan], acak) for s in rute]
        env.process(_walk(env, rencana, meja, waktu, list(zip(rute, kerja, strict=True)), catatan))
    env.run()
    akhir = _end(rencana, pengaturan.hari)
    return _summary(rencana, officers, akhir, len(datang), catatan)


def _require_bearable(rencana: Rencana, pengaturan: Pengaturan) -> None:
    jam = rencana.kalender[rencana.loket]
    hours = menit(rencana.mulai, _end(rencana, pengaturan.hari), jam) / 60
    if hours * pengaturan.per_jam > BERKAS_TERBANYAK:
        raise BangkitError(
            N_("Terlalu banyak berkas untuk disimulasikan (paling banyak %(n)s). Kurangi harinya."),
            n=BERKAS_TERBANYAK,
        )


def arrivals(rencana: Rencana, pengaturan: Pengaturan, acak: Random) -> list[datetime]:
    """Return the moments berkas come in: exponential gaps in the loket's service minutes."""
    jam = rencana.kalender[rencana.loket]
    total = menit(rencana.mulai, _end(rencana, pengaturan.hari), jam)
    found: list[datetime] = []
    passed = acak.expovariate(pengaturan.per_jam / 60)
    while passed < total:
        # Back from the end of its minute: counted from the start it could lie past closing time.
        minute = tambah(rencana.mulai, int(passed) + 1, jam)
        assert minute is not None, "a loket with minutes left opens again"
        found.append(minute - timedelta(seconds=60 - int(passed % 1 * 60)))
        passed += acak.expovariate(pengaturan.per_jam / 60)
    return found


def work_minutes(sla_menit: int, acak: Random) -> int:
    """Return how long the work on a step takes this time, at least a minute."""
    least, usual, most = KERJA
    return max(1, round(sla_menit * acak.triangular(least, most, usual)))


def _end(rencana: Rencana, hari: int) -> datetime:
    """Return when the loket closes on the last of so many days on which it opens."""
    jam = rencana.kalender[rencana.loket]
    tanggal, left, akhir = jam.local_date(rencana.mulai), hari, rencana.mulai
    for _ in range(400 + 2 * hari):
        closing = [tutup for _, tutup in jam.intervals(tanggal) if tutup > rencana.mulai]
        if closing and left:
            akhir, left = closing[-1], left - 1
        tanggal += timedelta(days=1)
    return akhir


def _walk(
    env: simpy.Environment,
    rencana: Rencana,
    meja: Mapping[Meja, simpy.Resource],
    datang: datetime,
    rute: Sequence[tuple[Singgah, int]],
    catatan: Catatan,
) -> Generator[Any, Any, None]:
    """Let one berkas arrive and pass its desks; minutes count by the calendar of each desk."""
    yield env.timeout((datang - rencana.mulai).total_seconds())
    total = 0.0
    for singgah, kerja in rute:
        if not singgah.petugas:
            catatan.tertahan += 1
            return
        jam = rencana.kalender[singgah.meja[1]]
        tiba = rencana.mulai + timedelta(seconds=env.now)
        with meja[singgah.meja].request() as giliran:
            yield giliran
            mulai = rencana.mulai + timedelta(seconds=env.now)
            selesai = tambah(mulai, kerja, jam)
            if selesai is None:
                catatan.tertahan += 1
                return
            yield env.timeout((selesai - mulai).total_seconds())
        lama = menit(tiba, selesai, jam)
        total += lama
        catatan.tunggu[singgah.tahapan].append(max(0.0, lama - kerja))
        catatan.kerja[singgah.tahapan].append(kerja)
        catatan.sibuk[singgah.meja] += kerja
    catatan.total.append(total)


def _summary(
    rencana: Rencana, officers: Mapping[Meja, int], akhir: datetime, masuk: int, catatan: Catatan
) -> Hasil:
    beban = {
        desk: sibuk
        / (officers[desk] * (menit(rencana.mulai, akhir, rencana.kalender[desk[1]]) or 1))
        for desk, sibuk in catatan.sibuk.items()
    }
    by_step: dict[str, float] = defaultdict(float)
    for singgah in {s for rt in rencana.rute for rute in rt for s in rute}:
        by_step[singgah.tahapan] = max(by_step[singgah.tahapan], beban.get(singgah.meja, 0.0))
    tahapan = tuple(
        HasilTahapan(
            kode,
            len(tunggu),
            mean(tunggu),
            percentile(tunggu, 0.9),
            mean(catatan.kerja[kode]),
            by_step[kode],
        )
        for kode in rencana.menit
        if (tunggu := catatan.tunggu.get(kode))
    )
    slowest = max(tahapan, key=lambda t: (t.tunggu_rata, t.beban), default=None)
    total = catatan.total
    return Hasil(
        masuk=masuk,
        selesai=len(total),
        tertahan=catatan.tertahan,
        dalam_sla=sum(t <= rencana.sla_total for t in total) / masuk if masuk else 0.0,
        median=median(total) if total else 0.0,
        p90=percentile(total, 0.9),
        penahan=slowest.kode if slowest and slowest.tunggu_rata >= 0.1 else None,
        tahapan=tahapan,
        sebaran=spread(total, rencana.sla_total),
    )


def percentile(values: Sequence[float], part: float) -> float:
    """Return the nearest-rank percentile; 0 of nothing.

    >>> percentile([5, 1, 4, 2, 3], 0.9)
    5
    """
    return sorted(values)[ceil(part * len(values)) - 1] if values else 0.0


def spread(values: Sequence[float], edge: int) -> tuple[tuple[int, int, int], ...]:
    """Return (above, up to, count) of bars as wide as it takes for `LAJUR` of them.

    Bars are laid so that one ends at ``edge``, the promise: no bar is half late.

    >>> spread([3, 4, 12, 35], 35)
    ((0, 5, 2), (5, 10, 0), (10, 15, 1), (15, 20, 0), (20, 25, 0), (25, 30, 0), (30, 35, 1))
    >>> spread([12, 100], 35)
    ((0, 5, 0), (5, 15, 1), (15, 25, 0), (25, 35, 0), (35, 45, 0), (45, 55, 0), (55, 65, 0), \
(65, 75, 0), (75, 85, 0), (85, 95, 0), (95, 105, 1))
    """
    if not values:
        return ()
    width = 5 * max(1, ceil(max(values) / 5 / LAJUR))
    first = edge % width or width
    bars = [max(0, ceil((value - first) / width)) for value in values]
    return tuple(
        (max(0, first + (n - 1) * width), first + n * width, bars.count(n))
        for n in range(max(bars) + 1)
    )
