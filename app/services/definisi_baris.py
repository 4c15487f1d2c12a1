"""Between the rows of a version and its `Definisi`: read one from the other, both ways."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.eskalasi import Eskalasi
from app.models.isian import Isian
from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.services.definisi import (
    Definisi,
    EskalasiDefinisi,
    IsianDefinisi,
    PersyaratanDefinisi,
    TahapanDefinisi,
)

PARTS = ("tahapan", "isian", "persyaratan")
OF_LAYANAN = ("kode", "nama")


def load_definisi(session: Session, versi: VersiLayanan) -> Definisi:
    """Return the definition that the rows of a version hold, as they are."""
    peran = dict(session.execute(select(Peran.id, Peran.kode)).all())
    ladders = _load_ladders(session, versi.id)
    facts = _facts(versi, Definisi, (*PARTS, *OF_LAYANAN)) | {
        "kode": versi.layanan.kode,
        "nama": versi.layanan.nama,
        "biaya": int(versi.biaya),
    }
    steps = [
        TahapanDefinisi(
            **_facts(row, TahapanDefinisi, ("peran", "eskalasi")),
            peran=peran[row.peran_id],
            eskalasi=ladders.get(row.id, ()),
        )
        for row in _ordered(session, Tahapan, versi.id)
    ]
    return Definisi(
        **facts,
        tahapan=tuple(steps),
        isian=tuple(
            IsianDefinisi(**_facts(row, IsianDefinisi))
            for row in _ordered(session, Isian, versi.id)
        ),
        persyaratan=tuple(
            PersyaratanDefinisi(**_facts(row, PersyaratanDefinisi))
            for row in _ordered(session, Persyaratan, versi.id)
        ),
    )


def _ordered(session: Session, model: Any, versi_id: int) -> Iterable[Any]:
    query = select(model).where(model.versi_layanan_id == versi_id)
    return session.scalars(query.order_by(model.urutan, model.id))


def row_ids(session: Session, versi_id: int) -> dict[tuple[str, str], int]:
    """Return (bagian, kode) → id of every row of a version: where a problem is mended."""
    return {
        (bagian, row.kode): row.id
        for bagian, model in zip(PARTS, (Tahapan, Isian, Persyaratan), strict=True)
        for row in _ordered(session, model, versi_id)
    }


def _load_ladders(session: Session, versi_id: int) -> dict[int, tuple[EskalasiDefinisi, ...]]:
    rows = session.execute(
        select(Eskalasi.tahapan_id, Eskalasi.pada_persen, Eskalasi.tindakan)
        .join(Tahapan, Tahapan.id == Eskalasi.tahapan_id)
        .where(Tahapan.versi_layanan_id == versi_id)
        .order_by(Eskalasi.pada_persen)
    )
    ladders: dict[int, list[EskalasiDefinisi]] = defaultdict(list)
    for tahapan_id, pada_persen, tindakan in rows:
        ladders[tahapan_id].append(EskalasiDefinisi(pada_persen, str(tindakan)))
    return {tahapan_id: tuple(rungs) for tahapan_id, rungs in ladders.items()}


def _facts(row: Any, kind: Any, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the columns a definition holds; a member of a code list as its plain kode."""
    values = {f.name: getattr(row, f.name) for f in fields(kind) if f.name not in without}
    return {name: str(v) if isinstance(v, str) else v for name, v in values.items()}


def add_versi(
    session: Session, layanan: Layanan, nomor: int, definisi: Definisi, peran: Mapping[str, int]
) -> VersiLayanan:
    """Add a konsep that holds the definition; ``peran`` is kode → id. The caller flushes.

    Raises:
        KeyError: a peran that is not in ``peran``.
    """
    steps = [
        (step, Tahapan(**_facts(step, step, ("peran", "eskalasi")), peran_id=peran[step.peran]))
        for step in definisi.tahapan
    ]
    versi = VersiLayanan(
        **_facts(definisi, Definisi, (*PARTS, *OF_LAYANAN)),
        layanan=layanan,
        nomor=nomor,
        tahapan=[row for _, row in steps],
        isian=[Isian(**_facts(row, row)) for row in definisi.isian],
        persyaratan=[Persyaratan(**_facts(row, row)) for row in definisi.persyaratan],
    )
    session.add(versi)
    session.add_all(
        Eskalasi(tahapan=row, pada_persen=rung.pada_persen, tindakan=rung.tindakan)
        for step, row in steps
        for rung in step.eskalasi
    )
    return versi
