"""Reads what `simulasi` and `ulang_konsep` need of a version: its routes, desks and calendars."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import product

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.pelaku import Pelaku
from app.models.policy import unscoped
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Tingkat, Wilayah, WilayahLeluhur
from app.routing import Alur, Dunia, Keadaan, Op, Pemegang, Syarat, Tahapan, berikut
from app.routing.kandidat import eligible
from app.services.dunia import load_alur, load_dunia
from app.services.kalender import load_kalenders
from app.services.nomor import WIB
from app.services.simulasi import Rencana, Singgah
from app.teks import N_

PALING_BANYAK_SUDUT = 64
"""Corners of the conditions looked at; more would only repeat routes."""


def load_rencana(
    session: Session,
    pelaku: Pelaku | None,
    versi: VersiLayanan,
    now: datetime,
    petugas: Mapping[str, int],
) -> Rencana:
    """Return the routes of every RT in the person's area, with the officers who sit there now.

    ``pelaku`` None means the whole portal (the command line). ``petugas`` sets how many sit at
    each desk of a peran, whoever really does.

    Raises:
        BangkitError: the version has no sound steps, or the area has no RT.
    """
    alur = require_alur(session, versi)
    menit = {step.kode: step.sla_menit for step in versi.tahapan}
    with unscoped(session, "simulasi membaca pejabat di sepanjang alur"):
        jalur = _jalur_by_rt(session, _areas(pelaku), now.date())
        units = {unit for path in jalur for unit in path.values()}
        dunia = load_dunia(session, alur, units, now)
        rute = _routes(alur, jalur, staffed(alur, jalur, dunia, petugas))
        loket = max(path.get("kecamatan", 0) for path in jalur)
        desks = {s.meja[1] for rt in rute for steps in rt for s in steps}
        kalender = load_kalenders(session, {*desks, loket})
    # From midnight, so that the same question has the same answer all day.
    mulai = now.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)
    return Rencana(rute, kalender, menit, versi.sla_total_menit, loket, mulai)


def require_alur(session: Session, versi: VersiLayanan) -> Alur:
    """Return the alur of a version that may still be a konsep.

    Raises:
        BangkitError: its steps are not a flow yet.
    """
    try:
        return load_alur(session, versi.id)
    except ValueError as error:
        raise BangkitError(
            N_(
                "%(versi)s belum dapat dijalankan. Periksa tahapannya: urutan, syarat, tahap akhir."
            ),
            versi=versi.sebutan,
        ) from error


def _areas(pelaku: Pelaku | None) -> set[int] | None:
    if pelaku is None:
        return None
    return {wilayah_id for _, wilayah_id in pelaku.area(VersiLayanan.__name__, "simulasi")}


def _jalur_by_rt(session: Session, areas: set[int] | None, on: date) -> list[dict[str, int]]:
    """Return the path from each RT upward, of the RTs below these units on this date."""
    query = select(Wilayah.id).where(
        Wilayah.tingkat == Tingkat.RT,
        or_(Wilayah.tanggal_sampai.is_(None), Wilayah.tanggal_sampai > on),
    )
    if areas is not None:
        below = select(WilayahLeluhur.turunan_id).where(WilayahLeluhur.leluhur_id.in_(areas))
        query = query.where(Wilayah.id.in_(below))
    paths: dict[int, dict[str, int]] = defaultdict(dict)
    for rt, tingkat, unit in session.execute(
        select(WilayahLeluhur.turunan_id, Wilayah.tingkat, Wilayah.id)
        .join(Wilayah, Wilayah.id == WilayahLeluhur.leluhur_id)
        .where(WilayahLeluhur.turunan_id.in_(query))
        .order_by(WilayahLeluhur.turunan_id)
    ):
        paths[rt]["kelurahan" if tingkat == Tingkat.DESA else str(tingkat)] = unit
    if not paths:
        raise BangkitError(N_("Wilayah ini belum mempunyai RT, jadi tidak ada yang disimulasikan."))
    return list(paths.values())


def staffed(
    alur: Alur, jalur: Sequence[Mapping[str, int]], dunia: Dunia, petugas: Mapping[str, int]
) -> Dunia:
    """Return the world with so many definitive officers at each desk of these peran."""
    real = [p for p in dunia.pemegang if p.peran not in petugas]
    posts = {
        (step.peran, path[step.tingkat], step.seksi_kode)
        for step in alur.tahapan
        for path in jalur
        if step.peran in petugas and step.tingkat in path
    }
    extra = [
        Pemegang(-nomor, -nomor, peran, unit, seksi)
        for nomor, (peran, unit, seksi) in enumerate(
            (post for post in sorted(posts, key=str) for _ in range(petugas[post[0]])), 1
        )
    ]
    return replace(dunia, pemegang=(*real, *extra))


def _routes(
    alur: Alur, jalur: Sequence[Mapping[str, int]], dunia: Dunia
) -> list[list[tuple[Singgah, ...]]]:
    """Return for each RT its route at each corner of the conditions."""
    by_unit: dict[int, list[Pemegang]] = defaultdict(list)
    for pemegang in dunia.pemegang:
        by_unit[pemegang.wilayah_id].append(pemegang)
    corners = corners_of(alur)
    found = []
    for path in jalur:
        # Only who sits on this path: holders are searched one by one.
        units = {dunia.current_unit(unit) for unit in path.values()}
        here = replace(dunia, pemegang=tuple(p for u in sorted(units) for p in by_unit[u]))
        found.append([route_of(alur, path, data, here) for data in corners])
    return found


def route_of(
    alur: Alur, jalur: Mapping[str, int], data: Mapping[str, object], dunia: Dunia
) -> tuple[Singgah, ...]:
    """Return the desks a berkas with this data passes, as the routing rule opens them."""
    keadaan = Keadaan(jalur=jalur, data=data)
    found: list[Singgah] = []
    urutan = 0
    while (meja := berikut(alur, keadaan, urutan + 1, dunia)[1]) is not None:
        step: Tahapan = alur.step(meja.tahapan)
        sits = len(eligible(step, meja, dunia, frozenset()))
        found.append(Singgah(step.kode, (meja.peran, meja.wilayah_id, meja.seksi_kode), sits))
        urutan = step.urutan
    return tuple(found)


def corners_of(alur: Alur) -> list[dict[str, object]]:
    """Return data for every mix of the conditions' edges: on each side of every comparison."""
    values: dict[str, list[object]] = {}
    for syarat in (s for step in alur.tahapan for s in step.syarat):
        edges = values.setdefault(syarat.kolom, [])
        edges += [value for value in _edges(syarat) if value not in edges]
    mixes = product(*values.values())
    return [
        dict(zip(values, mix, strict=True))
        for mix, _ in zip(mixes, range(PALING_BANYAK_SUDUT), strict=False)
    ]


def _edges(syarat: Syarat) -> Iterable[object]:
    nilai = syarat.nilai
    if isinstance(nilai, tuple):
        return [*nilai, None]
    if isinstance(nilai, int | float) and syarat.op in (Op.MINIMAL, Op.KURANG):
        return [nilai, nilai - 1]
    return [nilai, None]
